//! What is wrong with an entry, told without contacting anybody?
//!
//! Start at: [`cluster`], [`user`]; what needs two entries is in [`crate::resolve`].

pub(crate) mod exec;

use std::path::{Path, PathBuf};

use api::{
    Millis, Timestamp,
    files::{Problem, Severity},
};
use secret::Secret;

use crate::{
    entries::{Cluster, Context, Entry, User, Verification},
    expiry::{certificate_expiry, is_endless_token, token_expiry},
    look::{FileFact, Look},
    problem::problem,
    server::{TlsSettings, is_proxy, server},
};

const EXPIRES_SOON: Millis = Millis::seconds(30 * 24 * 3600);

/// What a rule may look at beside the entry.
pub(crate) struct Around<'a> {
    /// The folder that relative paths of the file start from.
    pub(crate) folder: &'a Path,
    pub(crate) look: &'a dyn Look,
    pub(crate) now: Timestamp,
}

/// Collects what is said about one entry.
struct Say<'e> {
    kind: &'static str,
    name: &'e str,
    line: u32,
    problems: Vec<Problem>,
}

impl Say<'_> {
    fn add(&mut self, rule: &str, severity: Severity, sentence: impl Into<String>) {
        self.problems.push(problem(rule, severity, self.line, self.kind, self.name, sentence));
    }

    fn both(&mut self, data: bool, file: bool, key: &str) {
        if data && file {
            self.add("KC11", Severity::Unusable, format!("{key} and {key}-data are both set; kubectl refuses that. Keep one."));
        }
    }

    fn referenced(&mut self, around: &Around<'_>, key: &str, path: Option<&String>) {
        let Some(path) = path else { return };
        let why = match around.look.file(&around.folder.join(path)) {
            FileFact::Regular { .. } => return,
            FileFact::Missing => "does not exist",
            FileFact::NotReadable => "cannot be read",
            FileFact::NotAFile => "is not a file",
        };
        self.add("KC13", Severity::Unusable, format!("The file that {key} names {why}."));
    }
}

pub(crate) fn cluster(entry: &Entry<Cluster>, around: &Around<'_>) -> Vec<Problem> {
    let body = &entry.body;
    let mut say = Say { kind: "cluster", name: &entry.name, line: entry.line, problems: vec![] };
    if body.server.is_empty() {
        say.add("KC07", Severity::Unusable, "The cluster has no server address.");
    } else if server(&body.server, TlsSettings::None).is_none() {
        say.add("KC07", Severity::Unusable, "The server is not an http or https address.");
    }
    say.both(body.ca_data.is_some(), body.ca_file.is_some(), "certificate-authority");
    say.referenced(around, "certificate-authority", body.ca_file.as_ref());
    let has_ca = body.ca_data.is_some() || body.ca_file.is_some();
    match (body.verification, has_ca) {
        (Verification::Skipped, true) => say.add(
            "KC15",
            Severity::Unusable,
            "insecure-skip-tls-verify and a certificate authority are both set; kubectl refuses that. Remove insecure-skip-tls-verify.",
        ),
        (Verification::Skipped, false) => {
            say.add("KC14", Severity::Risk, "The server's certificate is not checked, so anybody on the way can read and change everything.");
        }
        (Verification::On, _) => {}
    }
    if body.proxy_url.as_ref().is_some_and(|url| !is_proxy(url)) {
        say.add("KC17", Severity::Unusable, "proxy-url must begin with http://, https:// or socks5:// and name a host.");
    }
    say.problems
}

pub(crate) fn user(entry: &Entry<User>, around: &Around<'_>) -> Vec<Problem> {
    let body = &entry.body;
    let mut say = Say { kind: "user", name: &entry.name, line: entry.line, problems: vec![] };
    certificate(&mut say, body, around);
    token(&mut say, body, around);
    if body.has_token() && body.has_basic() {
        say.add("KC18", Severity::Unusable, "A token and a password are both set; kubectl refuses that. Keep one.");
    }
    if body.exec.is_some() && body.auth_provider.is_some() {
        say.add("KC18", Severity::Unusable, "exec and auth-provider are both set; kubectl refuses that. Keep one.");
    }
    if body.has_basic() {
        say.add("KC28", Severity::Risk, "Signs in with a password, which no API server has accepted since Kubernetes 1.19.");
    }
    if let Some(exec) = &body.exec {
        exec::check(&mut say, exec, around);
        if body.has_token() || body.has_basic() || body.has_certificate() {
            say.add("KC19", Severity::Risk, "The credential program is never run, because a token, a password or a certificate is set as well.");
        }
    }
    if let Some(name) = &body.auth_provider {
        provider(&mut say, name);
    }
    if body.acts_as.lacks_user() {
        say.add("KC29", Severity::Unusable, "as-uid, as-groups or as-user-extra is set without as; kubectl refuses that.");
    } else if body.acts_as.is_set() {
        say.add("KC29", Severity::Note, "Every request is made in the name of somebody else (as).");
    }
    say.problems
}

fn certificate(say: &mut Say<'_>, body: &User, around: &Around<'_>) {
    say.both(body.certificate_data.is_some(), body.certificate_file.is_some(), "client-certificate");
    say.both(body.key_data.is_some(), body.key_file.is_some(), "client-key");
    say.referenced(around, "client-certificate", body.certificate_file.as_ref());
    say.referenced(around, "client-key", body.key_file.as_ref());
    match (body.has_certificate(), body.has_key()) {
        (true, false) => say.add("KC12", Severity::Unusable, "There is a client certificate but no key."),
        (false, true) => say.add("KC12", Severity::Unusable, "There is a client key but no certificate."),
        (true, true) | (false, false) => {}
    }
    if let Some(expires) = certificate_end(body, around) {
        ends(say, "client certificate", expires, around.now);
    }
}

fn ends(say: &mut Say<'_>, what: &str, expires: Timestamp, now: Timestamp) {
    if expires <= now {
        say.add("KC24", Severity::Unusable, format!("The {what} expired on {}.", day(expires)));
    } else if expires < now.plus(EXPIRES_SOON) {
        say.add("KC24", Severity::Risk, format!("The {what} expires on {}.", day(expires)));
    }
}

fn token(say: &mut Say<'_>, body: &User, around: &Around<'_>) {
    match (&body.token_file, &body.token) {
        (Some(path), Some(_)) if !matches!(around.look.file(&around.folder.join(path)), FileFact::Regular { .. }) => {
            say.add("KC13", Severity::Risk, "The file that tokenFile names cannot be read; the token beside it is sent instead.");
        }
        (Some(_), None) => say.referenced(around, "tokenFile", body.token_file.as_ref()),
        (Some(_) | None, _) => {}
    }
    let Some(token) = &body.token else { return };
    if let Some(expires) = token_expiry(token.reveal()).filter(|_| body.token_file.is_none()) {
        // A token of an hour is no reason to warn a month ahead.
        if expires <= around.now {
            say.add("KC24", Severity::Unusable, format!("The token expired on {}.", day(expires)));
        }
    }
    if is_endless_token(token.reveal()) {
        say.add("KC28", Severity::Risk, "The token never expires; whoever has this file has the access for ever.");
    }
}

fn provider(say: &mut Say<'_>, name: &str) {
    match name {
        "gcp" => say.add("KC23", Severity::Unusable, "auth-provider gcp was removed from kubectl; gke-gcloud-auth-plugin replaces it."),
        "azure" => say.add("KC23", Severity::Unusable, "auth-provider azure was removed from kubectl; kubelogin replaces it."),
        "oidc" => say.add("KC23", Severity::Risk, "KOS does not speak auth-provider oidc; exec with kubelogin replaces it."),
        _ => say.add("KC23", Severity::Unusable, "This auth-provider is unknown to kubectl and to KOS."),
    }
}

/// Rules about a context that need no other entry.
pub(crate) fn context(entry: &Entry<Context>) -> Vec<Problem> {
    let mut say = Say { kind: "context", name: &entry.name, line: entry.line, problems: vec![] };
    let namespace = &entry.body.namespace;
    if !namespace.is_empty() && !is_dns_label(namespace) {
        say.add("KC27", Severity::Unusable, "The namespace is not a valid name: lower-case letters, digits and -, at most 63.");
    }
    say.problems
}

/// When the user's certificate ends; a file is read only when it is small and regular.
pub(crate) fn certificate_end(body: &User, around: &Around<'_>) -> Option<Timestamp> {
    let pem: Option<Secret> = body.certificate_data.clone().or_else(|| around.look.text(&around.folder.join(body.certificate_file.as_ref()?)));
    certificate_expiry(pem?.reveal())
}

/// A program with a separator is a path from the folder of the file; without one it is looked up.
pub(crate) fn program_path(command: &str, folder: &Path) -> PathBuf {
    if command.contains('/') { folder.join(command) } else { PathBuf::from(command) }
}

fn is_dns_label(text: &str) -> bool {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    text.len() <= 63 && text.starts_with(inner) && text.ends_with(inner) && text.chars().all(|c| inner(c) || c == '-')
}

fn day(moment: Timestamp) -> String {
    i64::try_from(moment.0)
        .ok()
        .and_then(|millis| jiff::Timestamp::from_millisecond(millis).ok())
        .map_or_else(|| "a day far away".to_owned(), |moment| moment.strftime("%Y-%m-%d").to_string())
}

#[cfg(test)]
mod tests;
