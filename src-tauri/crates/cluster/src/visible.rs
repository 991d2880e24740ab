//! How do marks that nobody sees become visible in what a cluster says?
//!
//! What is read to be shown passes here once; what is read to be written back does not. Start at: [`object`].

pub use api::visible::{hides, text};
use serde_json::Value;

/// The same for every text of an object, in place.
pub fn object(value: &mut Value) {
    match value {
        Value::String(said) => {
            if hides(said) {
                *said = text(said).into_owned();
            }
        }
        Value::Array(all) => all.iter_mut().for_each(object),
        Value::Object(all) => {
            if all.keys().any(|name| hides(name)) {
                *all = std::mem::take(all).into_iter().map(|(name, one)| (text(&name).into_owned(), one)).collect();
            }
            all.values_mut().for_each(object);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn every_name_and_text_of_an_object_is_looked_at() {
        let mut object = json!({ "a": "x", "l": [{ "k\u{202e}": "v\u{200b}" }], "n": 1 });
        super::object(&mut object);
        assert_eq!(object, json!({ "a": "x", "l": [{ "k\u{fffd}": "v\u{fffd}" }], "n": 1 }));
    }
}
