//! What stays of a kubeconfig of ours when its cluster is gone?

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use api::{Fault, FaultCode};
use serde_json::Value;

/// Whether nothing can be opened with the file any more: kind takes its entries out and leaves the rest.
pub(super) fn is_emptied(file: &Path) -> bool {
    fs::read_to_string(file).is_ok_and(|text| holds_nothing(&text))
}

/// Removes the file when nothing can be opened with it; what somebody added to it stays, and keeps the file.
pub(super) fn sweep(file: &Path) -> Result<(), Fault> {
    if !is_emptied(file) {
        return Ok(());
    }
    match fs::remove_file(file) {
        Err(e) if e.kind() != ErrorKind::NotFound => {
            Err(Fault::new(FaultCode::Write, format!("{} was not removed.", file.display())).because("operating system", e.to_string()))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

fn holds_nothing(text: &str) -> bool {
    let empty = |list: Option<&Value>| list.is_none_or(|list| list.is_null() || list.as_array().is_some_and(Vec::is_empty));
    match capi::yaml::one(text) {
        Ok(Value::Null) => true,
        Ok(Value::Object(file)) => ["clusters", "contexts", "users"].iter().all(|part| empty(file.get(*part))),
        // What cannot be read was not written by kind.
        Ok(_) | Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::holds_nothing;

    #[test]
    fn only_a_file_without_entries_is_emptied() {
        for (text, emptied) in [
            ("", true),
            ("apiVersion: v1\nkind: Config\npreferences: {}\n", true),
            ("apiVersion: v1\nclusters: null\ncontexts: []\nusers: null\n", true),
            ("users:\n- name: mine\n  user: {}\n", false),
            ("clusters:\n- name: other\n", false),
            ("a note of the user", false),
            ("clusters: [", false),
        ] {
            assert_eq!(holds_nothing(text), emptied, "{text:?}");
        }
    }
}
