//! How does what was typed as dots reach the server, and nothing else?
//!
//! Page, draft and plan hold `${NAME}` in its place. It is filled in on the way to the server, taken out of what comes back,
//! and kept in memory alone: until the cluster is made, the form is begun anew, or KOS ends.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use api::{ContextId, Fault};
use capi::form::Documents;
use secret::Secret;
use serde_json::Value;

/// What was typed, by the names of the variables.
pub(crate) type Values = BTreeMap<String, Secret>;

/// The values of the form of each context.
#[derive(Debug, Default)]
pub(super) struct Dots(Mutex<HashMap<ContextId, Values>>);

impl Dots {
    /// Those of an earlier template are forgotten.
    pub(super) fn keep(&self, context: &ContextId, values: Values) {
        self.lock().insert(context.clone(), values);
    }

    pub(super) fn of(&self, context: &ContextId) -> Values {
        self.lock().get(context).cloned().unwrap_or_default()
    }

    pub(super) fn forget(&self, context: &ContextId) {
        self.lock().remove(context);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ContextId, Values>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What stands where the value of a variable belongs.
pub(crate) fn stands_for(name: &str) -> String {
    format!("${{{name}}}")
}

/// The objects as the server gets them. A value is put into texts that were read already, so it can hold whatever it wants.
pub(super) fn filled(documents: &Documents, values: &Values) -> Documents {
    let whole = |object: &Value| {
        let mut object = object.clone();
        each_text(&mut object, &|text| put_in(text, values));
        object
    };
    Documents { cluster: whole(&documents.cluster), others: documents.others.iter().map(whole).collect() }
}

/// An object that a server gave back, as it is shown.
pub(super) fn take_out(object: &mut Value, values: &Values) {
    each_text(object, &|text| without(text, values));
}

/// Words of a server, which quotes what it refuses.
pub(super) fn untold(mut fault: Fault, values: &Values) -> Fault {
    fault.sentence = without(&fault.sentence, values);
    for quote in &mut fault.cause {
        quote.text = without(&quote.text, values);
    }
    fault
}

fn each_text(value: &mut Value, change: &dyn Fn(&str) -> String) {
    match value {
        Value::String(text) => *text = change(text),
        Value::Array(items) => items.iter_mut().for_each(|item| each_text(item, change)),
        Value::Object(fields) => fields.values_mut().for_each(|field| each_text(field, change)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// One pass, so that a value that looks like a variable stays what it is.
fn put_in(text: &str, values: &Values) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, after)) = rest.split_once("${") {
        out.push_str(before);
        let known = after.split_once('}').and_then(|(name, next)| Some((values.get(name)?, next)));
        rest = match known {
            Some((value, next)) => {
                out.push_str(value.reveal());
                next
            }
            None => {
                out.push_str("${");
                after
            }
        };
    }
    out.push_str(rest);
    out
}

/// The longest value goes first: another one may be a part of it.
fn without(text: &str, values: &Values) -> String {
    let mut all: Vec<(&String, &Secret)> = values.iter().filter(|(_, value)| !value.is_empty()).collect();
    all.sort_by_key(|(_, value)| std::cmp::Reverse(value.reveal().len()));
    all.into_iter().fold(text.to_owned(), |text, (name, value)| {
        let plain = text.replace(value.reveal(), &stands_for(name));
        // As it stands between quotes.
        let quoted = format!("{:?}", value.reveal());
        match quoted.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')) {
            Some(inner) => plain.replace(inner, &stands_for(name)),
            None => plain,
        }
    })
}

#[cfg(test)]
mod tests {
    use api::FaultCode;
    use serde_json::json;

    use super::*;

    fn values() -> Values {
        [("A", "one"), ("B", "${A}: #two\n\"'"), ("C", "one more"), ("D", "")].map(|(name, value)| (name.to_owned(), Secret::new(value))).into()
    }

    #[test]
    fn a_value_takes_the_place_of_its_name_as_it_was_typed_and_every_other_text_stays() {
        let cluster = json!({ "spec": { "list": ["${A}", "a ${A}, ${B} and ${A", 7, null], "${A}": "${OTHER} $${} ${C}" } });
        let other = json!({ "stringData": { "password": "${B}", "none": "${D}" } });
        let got = filled(&Documents { cluster, others: vec![other] }, &values());
        let wanted = json!({ "spec": { "list": ["one", "a one, ${A}: #two\n\"' and ${A", 7, null], "${A}": "${OTHER} $${} one more" } });
        assert_eq!((got.cluster, got.others), (wanted, vec![json!({ "stringData": { "password": "${A}: #two\n\"'", "none": "" } })]));
    }

    #[test]
    fn what_comes_back_from_the_server_holds_names_again() {
        let mut object = json!({ "spec": { "key": "one more", "text": "a one, ${A}: #two\n\"' and", "count": 1 } });
        take_out(&mut object, &values());
        assert_eq!(object, json!({ "spec": { "key": "${C}", "text": "a ${A}, ${B} and", "count": 1 } }));
        let fault = Fault::new(FaultCode::Invalid, "No one.").because("lab", "Invalid value: \"${A}: #two\\n\\\"'\"");
        let untold = untold(fault, &values());
        assert_eq!((untold.sentence.as_str(), untold.cause[0].text.as_str()), ("No ${A}.", "Invalid value: \"${B}\""));
    }
}
