use std::path::Path;

use api::{Timestamp, files::Severity};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{Around, cluster, user};
use crate::{look::Nowhere, parse::parse};

const NOW: Timestamp = Timestamp(1_790_000_000_000);

fn jwt(claims: &str) -> String {
    format!("e30.{}.x", URL_SAFE_NO_PAD.encode(claims))
}

fn user_rules(body: &str) -> Vec<(String, Severity)> {
    let parsed = parse(format!("users:\n- name: u\n  user: {body}\n").as_bytes());
    let around = Around { folder: Path::new("/k"), look: &Nowhere, now: NOW };
    user(&parsed.users[0], &around).into_iter().map(|p| (p.rule, p.severity)).collect()
}

fn rule(rule: &str, severity: Severity) -> Vec<(String, Severity)> {
    vec![(rule.into(), severity)]
}

#[test]
fn credentials_that_end_or_never_end_are_told() {
    assert_eq!(user_rules(&format!("{{token: {}}}", jwt(r#"{"exp":1789999999}"#))), rule("KC24", Severity::Unusable));
    assert_eq!(user_rules(&format!("{{token: {}}}", jwt(r#"{"exp":1790000060}"#))), []);
    assert_eq!(user_rules(&format!("{{token: {}}}", jwt(r#"{"sub":"system:serviceaccount:a:b"}"#))), rule("KC28", Severity::Risk));
    assert_eq!(user_rules("{token: abcdef.0123456789abcdef}"), []);
    assert_eq!(user_rules("{username: a, password: b}"), rule("KC28", Severity::Risk));
}

#[test]
fn old_providers_name_what_replaces_them() {
    assert_eq!(user_rules("{auth-provider: {name: gcp}}"), rule("KC23", Severity::Unusable));
    assert_eq!(user_rules("{auth-provider: {name: azure}}"), rule("KC23", Severity::Unusable));
    assert_eq!(user_rules("{auth-provider: {name: oidc}}"), rule("KC23", Severity::Risk));
}

#[test]
fn acting_as_somebody_is_noted() {
    assert_eq!(user_rules("{as: ada, as-groups: [a]}"), rule("KC29", Severity::Note));
    assert_eq!(user_rules("{as-uid: '7'}"), rule("KC29", Severity::Unusable));
}

#[test]
fn a_cluster_needs_an_address() {
    for body in ["{}", "{server: 'ftp://x'}", "{server: 'https://'}"] {
        let parsed = parse(format!("clusters:\n- name: c\n  cluster: {body}\n").as_bytes());
        let problems = cluster(&parsed.clusters[0], &Around { folder: Path::new("/k"), look: &Nowhere, now: NOW });
        assert_eq!(problems.iter().map(|p| p.rule.as_str()).collect::<Vec<_>>(), ["KC07"], "{body}");
    }
}
