//! Does an object match a label or field selector?

use serde_json::Value;

use super::status::Refusal;
use super::store::Stored;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Selector {
    labels: Vec<Need>,
    fields: Vec<(String, Sign, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Is,
    IsNot,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Need {
    In(String, Vec<String>),
    NotIn(String, Vec<String>),
    Has(String),
    HasNot(String),
}

impl Selector {
    pub(crate) fn parse(labels: &str, fields: &str) -> Result<Self, Refusal> {
        let fields = fields.split(',').filter(|part| !part.trim().is_empty()).map(field).collect::<Result<_, _>>()?;
        Ok(Self { labels: split_top(labels).into_iter().map(need).collect(), fields })
    }

    pub(crate) fn matches(&self, object: &Stored) -> bool {
        let label = |key: &str| object.labels.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str());
        let labels = self.labels.iter().all(|need| match need {
            Need::In(key, values) => label(key).is_some_and(|value| values.iter().any(|one| one == value)),
            Need::NotIn(key, values) => !label(key).is_some_and(|value| values.iter().any(|one| one == value)),
            Need::Has(key) => label(key).is_some(),
            Need::HasNot(key) => label(key).is_none(),
        });
        labels && (self.fields.is_empty() || self.fields_match(object))
    }

    fn fields_match(&self, object: &Stored) -> bool {
        let mut whole: Option<Value> = None;
        self.fields.iter().all(|(path, sign, wanted)| {
            let equal = match path.as_str() {
                "metadata.name" => object.name == *wanted,
                "metadata.namespace" => object.namespace == *wanted,
                path => {
                    let whole = whole.get_or_insert_with(|| object.value());
                    let found = path.split('.').try_fold(&*whole, |at, key| at.get(key));
                    found.and_then(Value::as_str).unwrap_or_default() == wanted
                }
            };
            equal == (*sign == Sign::Is)
        })
    }
}

fn field(part: &str) -> Result<(String, Sign, String), Refusal> {
    let (sign, (path, value)) = match (part.split_once("!="), part.split_once("==")) {
        (Some(pair), _) => (Sign::IsNot, pair),
        (None, Some(pair)) => (Sign::Is, pair),
        (None, None) => (Sign::Is, part.split_once('=').ok_or_else(|| Refusal::bad_request(format!("invalid selector: '{part}'; can't understand '{part}'")))?),
    };
    Ok((path.trim().into(), sign, value.trim().into()))
}

/// Commas within the brackets of a set do not part the needs.
fn split_top(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut from) = (Vec::new(), 0_usize, 0);
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}

fn need(part: &str) -> Need {
    let list = |text: &str| text.trim().trim_matches(['(', ')']).split(',').map(|one| one.trim().to_owned()).collect();
    let key = |text: &str| text.trim().to_owned();
    if let Some((name, values)) = part.split_once(" notin ") {
        Need::NotIn(key(name), list(values))
    } else if let Some((name, values)) = part.split_once(" in ") {
        Need::In(key(name), list(values))
    } else if let Some((name, value)) = part.split_once("!=") {
        Need::NotIn(key(name), vec![key(value)])
    } else if let Some((name, value)) = part.split_once("==").or_else(|| part.split_once('=')) {
        Need::In(key(name), vec![key(value)])
    } else if let Some(name) = part.strip_prefix('!') {
        Need::HasNot(key(name))
    } else {
        Need::Has(key(part))
    }
}

#[cfg(test)]
mod tests;
