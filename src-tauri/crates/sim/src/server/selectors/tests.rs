use serde_json::json;

use super::Selector;
use crate::server::store::Stored;

fn check(labels: &str, fields: &str, expected: bool) {
    let object = Stored::of(&json!({
        "metadata": { "name": "web-1", "namespace": "shop", "labels": { "app": "web", "tier": "front" } },
        "spec": { "nodeName": "ip-10-4-31-87" }, "status": { "phase": "Running" },
    }));
    let selector = Selector::parse(labels, fields).unwrap();
    assert_eq!(selector.matches(&object), expected, "labels {labels:?}, fields {fields:?}");
}

#[test]
fn labels_are_compared_as_a_server_does() {
    check("", "", true);
    check("app=web", "", true);
    check("app==web,tier!=back", "", true);
    check("app in (api, web),tier", "", true);
    check("app notin (api,web)", "", false);
    check("missing!=x", "", true);
    check("!app", "", false);
    check("missing", "", false);
}

#[test]
fn fields_are_read_from_the_object() {
    check("", "metadata.name=web-1", true);
    check("", "spec.nodeName=ip-10-4-31-87,status.phase!=Succeeded", true);
    check("", "status.phase=Failed", false);
    assert!(Selector::parse("", "nonsense").is_err());
}
