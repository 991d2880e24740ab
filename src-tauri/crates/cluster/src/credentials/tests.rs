use kubeconfig::target::{self, ClusterInfo, Compression, Header, Interactive, Material, Plugin, PluginApi, Proxy, Target, Tls};
use rstest::rstest;

use super::answer::{Garbage, read};
use super::{CredentialError, claims, question};
use crate::dial::Unreadable;
use crate::failure::Heals;
use api::{Millis, Timestamp, contexts::Identity};
use base64::Engine as _;

const V1: &str = "client.authentication.k8s.io/v1";

fn printed(status: &str) -> String {
    format!(r#"{{"apiVersion":"{V1}","kind":"ExecCredential","status":{status}}}"#)
}

#[test]
fn a_token_and_its_end_are_read() {
    let credential = read(printed(r#"{"token":"t0k","expirationTimestamp":"1970-01-01T00:01:00Z"}"#).as_bytes(), PluginApi::V1).ok().unwrap();
    assert_eq!((credential.token.unwrap().reveal(), credential.expires), ("t0k", Some(Timestamp(60_000))));
}

#[rstest]
#[case::nothing(" \n".into(), Garbage::Nothing)]
#[case::words("please log in: hunter2".into(), Garbage::NotJson { line: 1, column: 1 })]
#[case::another_kind(r#"{"kind":"Pod"}"#.into(), Garbage::OtherKind)]
#[case::no_status(r#"{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential"}"#.into(), Garbage::Incomplete)]
#[case::half_a_pair(printed(r#"{"clientCertificateData":"x"}"#), Garbage::Incomplete)]
#[case::bad_pair(printed(r#"{"clientCertificateData":"x","clientKeyData":"hunter2"}"#), Garbage::BadCertificate)]
#[case::bad_time(printed(r#"{"token":"hunter2","expirationTimestamp":"soon"}"#), Garbage::BadTime)]
#[case::old_version(
    r#"{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential","status":{"token":"hunter2"}}"#.into(),
    Garbage::OtherVersion { wanted: V1.into(), got: "client.authentication.k8s.io/v1beta1".into() }
)]
#[case::secret_as_version(r#"{"apiVersion":"hunter2","kind":"ExecCredential"}"#.into(), Garbage::OtherVersion { wanted: V1.into(), got: "another one".into() })]
fn what_is_no_credential_is_named_and_never_quoted(#[case] out: String, #[case] wanted: Garbage) {
    let why = read(out.as_bytes(), PluginApi::V1).err().unwrap();
    assert!(!why.to_string().contains("hunter2"));
    assert_eq!(why, wanted);
}

#[test]
fn a_plugin_is_told_all_of_its_cluster_where_its_entry_says_so() {
    let plugin = Plugin {
        api_version: PluginApi::V1,
        command: "aws".into(),
        args: vec![],
        env: vec![],
        interactive: Interactive::Never,
        provide_cluster_info: ClusterInfo::Provided { config: r#"{"audience":"kos"}"#.into() },
        install_hint: String::new(),
        file: "/home/jo/.kube/config".into(),
        line: 1,
    };
    let target = Target {
        context: "#lab".into(),
        name: "lab".into(),
        file: "/home/jo/.kube/config".into(),
        server: "https://lab:6443/k8s".into(),
        tls: Tls::Verified { ca: Some(Material::File("/k/ca.crt".into())), server_name: Some("api.lab".into()) },
        proxy: Proxy::Explicit("http://corp:3128".into()),
        compression: Compression::Off,
        identity: target::Identity { certificate: None, header: Header::Nothing },
        impersonate: None,
        namespace: "default".into(),
    };
    let told: serde_json::Value = serde_json::from_str(&question::exec_info(&plugin, &target, Some(b"PEM"))).unwrap();
    let cluster = serde_json::json!({
        "server": "https://lab:6443/k8s",
        "tls-server-name": "api.lab",
        "certificate-authority-data": "UEVN",
        "proxy-url": "http://corp:3128",
        "disable-compression": true,
        "config": { "audience": "kos" },
    });
    assert_eq!(told, serde_json::json!({ "apiVersion": V1, "kind": "ExecCredential", "spec": { "interactive": false, "cluster": cluster } }));
}

#[test]
fn a_web_token_says_whose_it_is_and_when_it_ends() {
    let encode = |json: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(json);
    let token = format!("h.{}.s", encode(r#"{"sub":"1","email":"jo@acme.dev","groups":["eng"],"exp":60}"#));
    let read = claims::read(&token).unwrap();
    assert_eq!(read.identity, Some(Identity { user: "jo@acme.dev".into(), groups: vec!["eng".into()] }));
    assert_eq!(read.expires, Some(Timestamp(60_000)));
    assert_eq!(claims::read("opaque"), None);
}

/// What kubelogin says after a browser came back from a provider that does not know the user.
const NOT_ASSIGNED: &str = "error: get-token: authentication error: authcode-browser error: authentication error: authorization code flow error: \
    oauth2 error: authorization error: authorization error from server: access_denied User is not assigned to the client application.";

#[test]
fn only_what_needs_no_person_and_opens_no_browser_is_tried_again_by_itself() {
    let program = || "aws".to_owned();
    let failed = |stderr: &str| CredentialError::PluginFailed { program: program(), end: "code 1".into(), stderr: stderr.into() };
    let at_once = Heals::WithTime { rest: Millis(0) };
    for (error, wanted) in [
        (failed("lookup sts.amazonaws.com: no such host"), Heals::WithTime { rest: Millis::seconds(10) }),
        (failed("Please run 'az login' to setup account."), Heals::WithHelp),
        (failed(NOT_ASSIGNED), Heals::WithHelp),
        (CredentialError::File(Unreadable::Io("/k/token".into(), std::io::ErrorKind::NotFound.into())), at_once),
        (CredentialError::EmptyTokenFile { path: "/k/token".into() }, at_once),
        (CredentialError::NotAToken { path: "/k/token".into() }, at_once),
        (CredentialError::BadCertificate { said: "KeyMismatch".into(), file: Some("/k/tls.crt".into()) }, at_once),
        (CredentialError::BadCertificate { said: "KeyMismatch".into(), file: None }, Heals::WithHelp),
        (CredentialError::PluginNotFound { program: program(), searched: vec![], hint: String::new() }, Heals::WithHelp),
        (CredentialError::PluginHung { program: program(), limit_s: 60, stderr: String::new() }, Heals::WithHelp),
        (CredentialError::PluginGarbage { program: program(), why: Garbage::Nothing }, Heals::WithHelp),
        (CredentialError::PluginNeedsTerminal { program: program() }, Heals::WithHelp),
        (CredentialError::Untrusted { program: program() }, Heals::WithHelp),
        (CredentialError::Forbidden { program: program() }, Heals::WithHelp),
        (CredentialError::UntrustedFile { path: "/k/token".into() }, Heals::WithHelp),
        (CredentialError::ForbiddenFile { path: "/k/token".into() }, Heals::WithHelp),
        (CredentialError::AgainstPolicy { program: program(), policy: "kuberc".into() }, Heals::WithHelp),
    ] {
        assert_eq!(error.heals(), wanted, "{error}");
    }
}
