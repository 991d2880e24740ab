//! What could be said of a commit that takes fields from a cluster?

use serde_json::Value;

use super::differ::{Field, Step};

/// As long as the first line of a commit may be.
const MOST_LETTERS: usize = 72;

/// `lab-a: md-0 replicas 3, version v1.36.2`; only counted where that is too long.
pub fn subject(cluster: &str, fields: &[&Field]) -> String {
    let words = fields.iter().map(|field| said(field)).collect::<Vec<_>>().join(", ");
    let said = format!("{cluster}: {words}");
    match fields.len() {
        0 => format!("{cluster}: as it runs"),
        _ if said.chars().count() <= MOST_LETTERS && !said.contains(char::is_control) => said,
        1 => format!("{cluster}: 1 field as it runs"),
        many => format!("{cluster}: {many} fields as they run"),
    }
}

/// `md-0 replicas 3`: the entry of a list that it is in, its name, what it becomes.
fn said(field: &Field) -> String {
    let entry = field.path.iter().rev().find_map(|step| if let Step::Entry { is, .. } = step { Some(is.as_str()) } else { None });
    let key = field.path.last().and_then(|step| if let Step::Key(key) = step { Some(key.as_str()) } else { None });
    let value = match &field.cluster {
        None => Some("removed".to_owned()),
        Some(Value::String(text)) => Some(text.clone()),
        Some(value @ (Value::Number(_) | Value::Bool(_))) => Some(value.to_string()),
        Some(Value::Null | Value::Array(_) | Value::Object(_)) if key.is_none() => Some("added".to_owned()),
        Some(Value::Null | Value::Array(_) | Value::Object(_)) => None,
    };
    [entry.map(str::to_owned), key.map(str::to_owned), value].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::differ::Applied;
    use super::*;

    #[test]
    fn a_commit_says_what_it_changes_in_a_line() {
        let key = |key: &str| Step::Key(key.to_owned());
        let pool = |is: &str| Step::Entry { by: "name", is: is.to_owned() };
        let field = |path: &[Step], cluster: Option<Value>| Field { path: path.to_vec(), file: None, cluster, applied: Applied::Follows };
        let replicas = field(&[key("machineDeployments"), pool("md-0"), key("replicas")], Some(json!(3)));
        let drain = field(&[pool("md-0"), key("deletion")], Some(json!({ "nodeDrainTimeoutSeconds": 120 })));
        let version = field(&[key("topology"), key("version")], Some(json!("v1.36.2")));
        let gone = field(&[key("spec"), key("paused")], None);
        let added = field(&[pool("gpu")], Some(json!({ "name": "gpu" })));
        let long = field(&[key("x")], Some(json!("y".repeat(80))));
        let odd = field(&[key("x")], Some(json!("a\nb")));
        for (fields, words) in [
            (vec![&replicas], "lab-a: md-0 replicas 3"),
            (vec![&replicas, &drain], "lab-a: md-0 replicas 3, md-0 deletion"),
            (vec![&version, &gone], "lab-a: version v1.36.2, paused removed"),
            (vec![&added], "lab-a: gpu added"),
            (vec![&long], "lab-a: 1 field as it runs"),
            (vec![&long, &odd], "lab-a: 2 fields as they run"),
            (vec![&odd], "lab-a: 1 field as it runs"),
            (vec![], "lab-a: as it runs"),
        ] {
            assert_eq!(subject("lab-a", &fields), words);
        }
    }
}
