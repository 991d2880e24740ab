//! What stands in the kubeconfig files of the demo fleet?
//!
//! Every credential is invented and says so.

use std::path::{Path, PathBuf};

use api::Timestamp;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rcgen::{CertificateParams, DnType, KeyPair};

use super::url;
use crate::tongue::{Tongue, WORDS, quoted};

pub(crate) const FAKE_TOKEN: &str = "demo-token-that-opens-nothing";

/// An unsigned token for 42 minutes from `now`, to the minute, so that all files of one start agree.
pub(crate) fn sign_in_token(now: Timestamp) -> String {
    let ends = now.0 / 60_000 * 60 + 42 * 60;
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let claims = format!(r#"{{"iss":"https://login.demo.invalid","sub":"jo@acme.dev","aud":"kos","exp":{ends}}}"#);
    format!("{}.{}.{}", part(r#"{"alg":"none"}"#), part(&claims), part("demo"))
}

pub(crate) fn files(tongue: Tongue, home: &Path, now: Timestamp) -> Result<Vec<(PathBuf, String)>, rcgen::Error> {
    let adds = match tongue {
        Tongue::Plain => String::new(),
        Tongue::Hostile => format!("      - {}\n", quoted(WORDS)),
    };
    let exec = |command: &str, args: &str| {
        let args: String = args.split(' ').map(|one| format!("      - {one}\n")).collect();
        format!(
            "    exec:\n      apiVersion: client.authentication.k8s.io/v1\n      command: {command}\n      interactiveMode: IfAvailable\n      args:\n{args}{adds}"
        )
    };
    let token = |text: &str| format!("    token: {text}\n");
    let certificate = |days: i64| {
        pair(now, days)
            .map(|(certificate, key)| format!("    client-certificate-data: {}\n    client-key-data: {}\n", STANDARD.encode(certificate), STANDARD.encode(key)))
    };
    let login = sign_in_token(now);
    let main = [
        ("dev-eu", token(&login)),
        ("staging-eu", exec("aws", "eks get-token --cluster-name staging-eu")),
        ("prod-eu-1", token(&login)),
        ("prod-us-1", exec("kubelogin", "get-token --oidc-issuer-url=https://login.demo.invalid --oidc-client-id=kos")),
        ("perf-lab", certificate(204)?),
    ];
    let lab = [("pi-rack", certificate(12)?), ("nas-k3s", token(FAKE_TOKEN))];
    let gke = [("gke-batch", exec("gke-gcloud-auth-plugin", "--use_application_default_credentials"))];
    let mut files = vec![
        (home.join(".kube/config"), text(&main, Some("dev-eu"))),
        (home.join(".kube/homelab.yaml"), text(&lab, None)),
        (home.join("clients/gke.yaml"), text(&gke, None)),
        (home.join(".kube/old.yaml"), OLD.to_owned()),
    ];
    match tongue {
        Tongue::Plain => {}
        Tongue::Hostile => files.push((home.join(".kube/zz.yaml"), hostile())),
    }
    Ok(files)
}

/// A kubeconfig that somebody sent: every word that may be free is that of an attacker.
fn hostile() -> String {
    let words = quoted(&format!("zz{WORDS}"));
    format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: {words}\nclusters:\n- name: {words}\n  cluster:\n    server: https://zz.demo.invalid:6443\n\
         contexts:\n- name: {words}\n  context: {{cluster: {words}, user: {words}, namespace: {words}}}\n\
         users:\n- name: {words}\n  user:\n    exec: {{apiVersion: client.authentication.k8s.io/v1, command: {words}, args: [{words}], \
         env: [{{name: {words}, value: {words}}}], installHint: {words}, interactiveMode: Never}}\n"
    )
}

/// The authority of every invented workload cluster; nobody has its key.
const AUTHORITY: &str = include_str!("authority.pem");

/// The kubeconfig of a workload cluster, as Cluster API writes it into a Secret and KOS keeps it.
pub(crate) fn workload(name: &str, server: &str) -> String {
    let authority = STANDARD.encode(AUTHORITY);
    format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: {name}\nclusters:\n- name: {name}\n  cluster:\n    server: {server}\n    certificate-authority-data: {authority}\n\
         users:\n- name: {name}\n  user:\n    token: {FAKE_TOKEN}\ncontexts:\n- name: {name}\n  context:\n    cluster: {name}\n    user: {name}\n"
    )
}

/// A file from which all contexts were removed.
pub(crate) fn empty(home: &Path) -> (PathBuf, String) {
    (home.join(".kube/config"), "apiVersion: v1\nkind: Config\nclusters: []\ncontexts: []\nusers: []\n".to_owned())
}

fn text(contexts: &[(&str, String)], current: Option<&str>) -> String {
    let mut text = String::from("apiVersion: v1\nkind: Config\nclusters:\n");
    for (name, _) in contexts {
        // The rack at home signs its own certificate and nobody checks it.
        let tls = if *name == "pi-rack" { "    insecure-skip-tls-verify: true\n" } else { "" };
        text += &format!("- name: {name}\n  cluster:\n    server: {}\n{tls}", url(name));
    }
    text += "contexts:\n";
    for (name, _) in contexts {
        text += &format!("- name: {name}\n  context:\n    cluster: {name}\n    user: {name}\n");
    }
    text += "users:\n";
    for (name, user) in contexts {
        text += &format!("- name: {name}\n  user:\n{user}");
    }
    current.map_or(text.clone(), |current| text + &format!("current-context: {current}\n"))
}

/// Line 14 gives the key `user` a second time.
const OLD: &str = "apiVersion: v1
kind: Config
clusters:
- name: old
  cluster:
    server: https://old.demo.invalid:6443
contexts:
- name: old-dev
  context: {cluster: old, user: old}
- name: old-test
  context:
    cluster: old
    user: old
    user: tester
- name: old-prod
  context: {cluster: old, user: old}
users:
- name: old
  user: {token: demo-token-that-opens-nothing}
";

fn pair(now: Timestamp, days: i64) -> Result<(String, String), rcgen::Error> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::new(Vec::<String>::new())?;
    params.distinguished_name.push(DnType::CommonName, "demo-only");
    let seconds = i64::try_from(now.0 / 1_000).unwrap_or_default();
    // An hour beyond, so that the whole days left stay what they are for a while.
    let day = |from: i64| time_of(seconds + from);
    params.not_before = day(-30 * 86_400);
    params.not_after = day(days * 86_400 + 3_600);
    let certificate = params.self_signed(&key)?;
    Ok((certificate.pem(), key.serialize_pem()))
}

fn time_of(seconds: i64) -> time::OffsetDateTime {
    time::OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(time::OffsetDateTime::UNIX_EPOCH)
}
