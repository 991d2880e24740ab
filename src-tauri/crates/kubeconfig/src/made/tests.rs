use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Made, SignIn, Unfit};
use crate::parse::parse;

/// What Cluster API keeps in the Secret `w1-kubeconfig`, with invented credentials.
fn kubeconfig(cluster: &str, user: &str) -> String {
    let ca = STANDARD.encode(AUTHORITY);
    format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: w1-admin@w1\nclusters:\n- name: w1\n  cluster:\n    certificate-authority-data: {ca}\n    server: https://172.18.0.5:6443\n{cluster}\
         contexts:\n- name: w1-admin@w1\n  context:\n    cluster: w1\n    user: w1-admin\nusers:\n- name: w1-admin\n  user:\n{user}"
    )
}

const AUTHORITY: &str = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

fn certificate() -> String {
    let data = |text: &str| STANDARD.encode(format!("-----BEGIN {text}-----\nMIIB\n-----END {text}-----\n"));
    format!("    client-certificate-data: {}\n    client-key-data: {}\n", data("CERTIFICATE"), data("RSA PRIVATE KEY"))
}

#[test]
fn of_a_secret_only_address_authority_and_credential_are_taken() {
    let made = Made::of(kubeconfig("", &certificate()).as_bytes(), "w1").unwrap();
    assert_eq!((made.name.as_str(), made.server.as_str(), &made.server_name), ("w1", "https://172.18.0.5:6443", &None));
    assert_eq!(made.authority.reveal(), AUTHORITY);
    let token = Made::of(kubeconfig("", "    token: ey.J.x\n").as_bytes(), "w1").unwrap();
    assert!(matches!(token.sign_in, SignIn::Token(_)));
}

#[test]
fn what_is_made_reads_back_as_what_it_was_made_of() {
    for user in [certificate(), "    token: \"123: x\"\n".to_owned()] {
        let mut made = Made::of(kubeconfig("", &user).as_bytes(), "true").unwrap();
        made.server = "https://127.0.0.1:55002".into();
        made.server_name = Some("localhost".into());
        let text = made.text();
        assert_eq!(Made::of(text.reveal().as_bytes(), "true").unwrap(), made, "{}", text.reveal());
        let parsed = parse(text.reveal().as_bytes());
        assert!(parsed.problems.is_empty() && parsed.contexts.iter().all(|c| c.problems.is_empty()), "{parsed:?}");
    }
}

#[test]
fn no_credential_stands_in_what_is_shown_and_another_one_is_another_line() {
    let shown = |token: &str| Made::of(kubeconfig("", &format!("    token: {token}\n")).as_bytes(), "w1").unwrap().shown().join("\n");
    let (one, other) = (shown("first-token-of-w1"), shown("second-token-of-w1"));
    assert!(!one.contains("first-token") && one.contains("a token, SHA-256"), "{one}");
    assert_ne!(one, other);
    let whole = Made::of(kubeconfig("", &certificate()).as_bytes(), "w1").unwrap().shown().join("\n");
    assert!(!whole.contains(&STANDARD.encode(AUTHORITY)) && whole.contains("a key, SHA-256"), "{whole}");
}

#[test]
fn a_secret_that_asks_for_more_than_a_connection_is_refused() {
    let exec = "    exec:\n      apiVersion: client.authentication.k8s.io/v1\n      command: /bin/sh\n      interactiveMode: Never\n";
    for (cluster, user, why) in [
        ("    insecure-skip-tls-verify: true\n", certificate().as_str(), Unfit::Unverified),
        ("    proxy-url: http://evil.example:3128\n", certificate().as_str(), Unfit::Proxy),
        ("    certificate-authority: /etc/shadow\n", certificate().as_str(), Unfit::Files),
        ("", exec, Unfit::Program),
        ("", "    tokenFile: /etc/shadow\n", Unfit::Files),
        ("", "    client-certificate: /x\n    client-key: /y\n", Unfit::Files),
        ("", "    token: a\n    as: system:admin\n", Unfit::ActsAs),
        ("", "    username: a\n    password: b\n", Unfit::NoCredential),
    ] {
        // A problem of the entry itself may be found first: what counts is that nothing is made of it.
        let refused = Made::of(kubeconfig(cluster, user).as_bytes(), "w1").unwrap_err();
        assert!(refused == why || refused == Unfit::NoContext, "{cluster}{user}: {refused:?}");
    }
    assert_eq!(Made::of(kubeconfig("", &certificate()).replace("https:", "http:").as_bytes(), "w1").unwrap_err(), Unfit::NotHttps);
    assert_eq!(Made::of(b"\0", "w1").unwrap_err(), Unfit::Unreadable);
}
