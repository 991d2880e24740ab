//! What does a document say when the cluster is right?

use serde_json::{Map, Value};

use super::differ::{Field, Step};

/// The document with these fields as the cluster has them; all else stays as it was written.
pub fn taken(document: &Value, fields: &[Field]) -> Value {
    let mut next = document.clone();
    for field in fields {
        put(&mut next, &field.path, field.cluster.as_ref());
    }
    next
}

fn put(at: &mut Value, path: &[Step], value: Option<&Value>) {
    let Some((first, rest)) = path.split_first() else { return };
    match first {
        Step::Key(key) => {
            if at.is_null() {
                *at = Value::Object(Map::new());
            }
            let Some(fields) = at.as_object_mut() else { return };
            match (rest.is_empty(), value) {
                (true, Some(value)) => drop(fields.insert(key.clone(), value.clone())),
                (true, None) => drop(fields.remove(key)),
                (false, Some(_)) => put(fields.entry(key.clone()).or_insert(Value::Null), rest, value),
                (false, None) => {
                    if let Some(inner) = fields.get_mut(key) {
                        put(inner, rest, value);
                    }
                }
            }
        }
        Step::Entry { by, is } => {
            if at.is_null() {
                *at = Value::Array(vec![]);
            }
            let Some(list) = at.as_array_mut() else { return };
            let place = list.iter().position(|one| one[by] == is.as_str());
            match (place, rest.is_empty(), value) {
                (Some(place), true, Some(value)) => list[place] = value.clone(),
                (Some(place), true, None) => drop(list.remove(place)),
                (Some(place), false, _) => put(&mut list[place], rest, value),
                (None, true, Some(value)) => list.push(value.clone()),
                (None, ..) => {}
            }
        }
        Step::Place(place) => {
            if let Some(one) = at.as_array_mut().and_then(|list| list.get_mut(*place)) {
                match (rest.is_empty(), value) {
                    (true, Some(value)) => *one = value.clone(),
                    (true, None) => {}
                    (false, _) => put(one, rest, value),
                }
            }
        }
    }
}
