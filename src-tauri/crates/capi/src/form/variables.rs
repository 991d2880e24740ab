//! Do the variables of a form fit what its class asks for?

use api::drawing::{ClassView, ClusterForm, FormCheck, FormField, Need, Shape, Variable};
use serde_json::Value;

use super::{risks, stops};

pub(super) fn checks(form: &ClusterForm, class: &ClassView) -> Vec<FormCheck> {
    let mut found: Vec<FormCheck> = class.variables.iter().filter_map(|variable| one(variable, form.variables.get(&variable.name))).collect();
    let unknown = form.variables.keys().filter(|name| !class.variables.iter().any(|v| v.name == **name));
    // Runtime extensions bring variables of their own, which stand in no spec.
    found.extend(
        unknown.map(|name| risks(FormField::Variable(name.clone()), "A variable is unknown", format!("The class {} does not list {name}.", class.name.name))),
    );
    found
}

fn one(variable: &Variable, value: Option<&String>) -> Option<FormCheck> {
    let wrong = |says: String| Some(stops(FormField::Variable(variable.name.clone()), "A variable does not fit", says));
    let Some(text) = value else {
        let missing = variable.need == Need::Required && variable.default.is_none();
        return missing
            .then(|| stops(FormField::Variable(variable.name.clone()), "A variable is missing", format!("The class needs a value for {}.", variable.name)));
    };
    let Ok(value) = serde_json::from_str::<Value>(text) else { return wrong(format!("{}: “{text}” is no JSON.", variable.name)) };
    if !variable.choices.is_empty() && !variable.choices.iter().any(|c| serde_json::from_str::<Value>(c).is_ok_and(|c| c == value)) {
        return wrong(format!("{} is one of {}.", variable.name, variable.choices.join(", ")));
    }
    let why = misfit(&variable.shape, &value)?;
    wrong(format!("{} {why}", variable.name))
}

/// What only a server can judge, such as a pattern, is left to the dry run.
fn misfit(shape: &Shape, value: &Value) -> Option<String> {
    match shape {
        Shape::Truth => (!value.is_boolean()).then(|| "is true or false.".to_owned()),
        Shape::Text { shortest, longest, .. } => {
            let Some(text) = value.as_str() else { return Some("is a text.".to_owned()) };
            let length = text.chars().count() as u64;
            if let Some(longest) = longest.filter(|most| length > *most) {
                return Some(format!("has at most {longest} characters."));
            }
            shortest.filter(|least| length < *least).map(|least| format!("has at least {least} characters."))
        }
        Shape::Whole { min, max } => {
            let Some(number) = value.as_i64() else { return Some("is a whole number.".to_owned()) };
            if let Some(min) = min.filter(|min| number < *min) {
                return Some(format!("is at least {min}."));
            }
            max.filter(|max| number > *max).map(|max| format!("is at most {max}."))
        }
        Shape::Number => (!value.is_number()).then(|| "is a number.".to_owned()),
        Shape::Tree => None,
    }
}
