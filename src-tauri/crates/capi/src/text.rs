//! How is an object shown as text, without what only the server keeps and without secrets?

use serde_json::Value;

use crate::log::masked;

/// What stands in place of a secret.
const HIDDEN: &str = "(not shown)";
/// Fields of a bootstrap configuration that let somebody in, wherever they stand.
const SECRET: [&str; 5] = ["passwd", "password", "token", "tlsBootstrapToken", "certificateKey"];
/// Files that a machine is given: their text may hold anything.
const FILES: &str = "files";

/// An object as YAML; `managedFields` say who wrote what, and what kubectl last applied is a copy of the object.
pub fn yaml(object: &Value) -> String {
    let mut object = object.clone();
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.remove("managedFields");
        if let Some(annotations) = metadata.get_mut("annotations").and_then(Value::as_object_mut) {
            annotations.remove("kubectl.kubernetes.io/last-applied-configuration");
        }
    }
    if let Some(spec) = object.get_mut("spec") {
        hide(spec);
    }
    let text = serde_yaml::to_string(&object).unwrap_or_else(|_| object.to_string());
    text.lines().map(|line| masked(line) + "\n").collect()
}

fn hide(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, inside) in fields {
                if SECRET.contains(&name.as_str()) && inside.is_string() {
                    *inside = HIDDEN.into();
                } else if name == FILES {
                    inside.as_array_mut().into_iter().flatten().for_each(hide_content);
                } else {
                    hide(inside);
                }
            }
        }
        Value::Array(all) => all.iter_mut().for_each(hide),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn hide_content(file: &mut Value) {
    if let Some(content) = file.get_mut("content").filter(|content| content.is_string()) {
        *content = HIDDEN.into();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::yaml;

    #[test]
    fn what_would_let_somebody_in_and_what_only_the_server_keeps_is_not_shown() {
        let config = json!({
            "kind": "KubeadmConfig", "metadata": { "name": "w-1", "managedFields": [{ "manager": "m" }], "annotations": { "kubectl.kubernetes.io/last-applied-configuration": "{}", "a": "b" } },
            "spec": {
                "joinConfiguration": { "discovery": { "bootstrapToken": { "token": "abcdef.0123456789abcdef", "caCertHashes": ["sha256:1"] }, "tlsBootstrapToken": "x" } },
                "users": [{ "name": "jo", "passwd": "hunter2" }], "files": [{ "path": "/etc/a", "content": "secret" }, { "path": "/etc/b", "contentFrom": { "secret": { "name": "s", "key": "k" } } }],
                "preKubeadmCommands": ["echo abcdef.0123456789abcdef"],
            },
            "status": { "ready": true },
        });
        let text = yaml(&config);
        for gone in ["0123456789abcdef", "hunter2", "content: secret", "managedFields", "last-applied"] {
            assert!(!text.contains(gone), "{gone}: {text}");
        }
        for stays in ["a: b", "sha256:1", "path: /etc/b", "ready: true", "(a bootstrap token)", "key: k"] {
            assert!(text.contains(stays), "{stays}: {text}");
        }
    }
}
