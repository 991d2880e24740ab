//! How is a write shown: as the text of its object, and as a command?

use cluster::visible;
use cluster::write::{Patch, Place, Write};
use serde_json::Value;

/// An object as a person would write it down: without what only the server writes.
pub(crate) fn yaml(object: &Value) -> String {
    let mut object = object.clone();
    if let Some(fields) = object.as_object_mut() {
        fields.remove("status");
    }
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        for field in ["managedFields", "resourceVersion", "generation", "uid", "creationTimestamp", "selfLink"] {
            metadata.remove(field);
        }
        if let Some(annotations) = metadata.get_mut("annotations").and_then(Value::as_object_mut) {
            annotations.remove("kubectl.kubernetes.io/last-applied-configuration");
        }
    }
    visible::text(&serde_yaml::to_string(&object).unwrap_or_else(|_| object.to_string())).into_owned()
}

/// The same for a terminal; KOS does not run it.
pub(crate) fn command(context: &str, place: &Place, write: &Write) -> String {
    let kubectl = format!("kubectl --context {}", quoted(context));
    let namespace = if place.namespace.is_empty() { String::new() } else { format!(" -n {}", quoted(&place.namespace)) };
    // The group tells apart what other systems call by the same name.
    let kind = match place.api_version.split_once('/') {
        Some((group, _)) => format!("{}.{group}", place.plural),
        None => place.plural.clone(),
    };
    let on = format!("{kind} {}{namespace}", quoted(&place.name));
    match write {
        Write::Patch { patch: Patch::Merge(fields), .. } => format!("{kubectl} patch {on} --type merge -p {}", quoted(&fields.to_string())),
        Write::Patch { patch: Patch::Steps(steps), .. } => {
            format!("{kubectl} patch {on} --type json -p {}", quoted(&Value::Array(steps.clone()).to_string()))
        }
        Write::Apply { document, .. } => format!("echo {} | {kubectl} apply --server-side -f -", quoted(&document.to_string())),
        Write::Create { document } => format!("echo {} | {kubectl} create -f -", quoted(&document.to_string())),
        Write::Delete { .. } => format!("{kubectl} delete {on}"),
    }
}

/// One word of a shell.
pub(super) fn quoted(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_./:@".contains(&b);
    if !text.is_empty() && text.bytes().all(plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn lab() -> Place {
        Place {
            api_version: "cluster.x-k8s.io/v1beta2".into(),
            kind: "Cluster".into(),
            plural: "clusters".into(),
            namespace: "default".into(),
            name: "lab".into(),
        }
    }

    #[test]
    fn a_write_is_shown_as_the_command_that_does_the_same() {
        let seen = cluster::write::Seen { uid: "u".into(), version: "7".into() };
        let pause = Write::Patch { patch: Patch::Merge(json!({ "spec": { "paused": true } })), seen: seen.clone() };
        let start = "kubectl --context kind-kos-mgmt";
        assert_eq!(
            command("kind-kos-mgmt", &lab(), &pause),
            format!(r#"{start} patch clusters.cluster.x-k8s.io lab -n default --type merge -p '{{"spec":{{"paused":true}}}}'"#)
        );
        assert_eq!(command("kind-kos-mgmt", &lab(), &Write::Delete { seen }), format!("{start} delete clusters.cluster.x-k8s.io lab -n default"));
    }

    #[test]
    fn a_name_cannot_become_a_second_command() {
        let made = Write::Create { document: json!({ "it's": "$(id)" }) };
        assert_eq!(command("a; rm -rf ~", &lab(), &made), r#"echo '{"it'\''s":"$(id)"}' | kubectl --context 'a; rm -rf ~' create -f -"#);
    }

    #[test]
    fn the_text_of_an_object_has_nothing_that_only_the_server_writes() {
        let object = json!({
            "kind": "Cluster", "status": { "phase": "Provisioned" }, "spec": { "paused": true },
            "metadata": { "name": "lab", "uid": "u", "resourceVersion": "7", "generation": 3, "managedFields": [{}], "annotations": { "a": "b" } },
        });
        let text = yaml(&object);
        assert!(text.contains("paused: true") && text.contains("name: lab") && text.contains("a: b"), "{text}");
        for gone in ["status", "uid", "resourceVersion", "generation", "managedFields"] {
            assert!(!text.contains(gone), "{gone}: {text}");
        }
    }
}
