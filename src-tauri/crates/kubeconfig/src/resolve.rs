//! What does one context connect to, and as whom?
//!
//! Pure: the entries were read and checked before. All rules of precedence of client-go are here.

use std::path::{Path, PathBuf};

use api::{
    ContextId, FileId,
    contexts::{SignIn, TlsCheck, Way},
    files::{Problem, Severity},
    visible::owned,
};
use secret::Secret;

use crate::{
    entries::{self, Cluster, Context, Entry, User, Verification},
    lint::{exec, program_path},
    problem::problem,
    server::{Scheme, Server, TlsSettings, server},
    sources::Part,
    target::{ClusterInfo, Compression, Header, Identity, Impersonate, Interactive, Material, Pair, Plugin, PluginApi, Proxy, Target, Tls, TokenFile},
};

/// An entry with the file it comes from and what was found wrong with it.
#[derive(Debug)]
pub(crate) struct Checked<'a, T> {
    pub(crate) file: &'a FileId,
    pub(crate) folder: &'a Path,
    pub(crate) part: Part,
    pub(crate) entry: &'a Entry<T>,
    /// Of the decoder and of the rules.
    pub(crate) problems: Vec<Problem>,
    /// Known for users only.
    pub(crate) expires: Option<api::Timestamp>,
}

/// One context of the fleet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    pub id: ContextId,
    pub name: String,
    pub file: FileId,
    pub line: u32,
    /// `default` when the context names none.
    pub namespace: String,
    /// Empty when the context names no usable cluster.
    pub server: String,
    pub sign_in: SignIn,
    /// The program that signs in, whether or not it is there.
    pub program: Option<SignInProgram>,
    /// The authority, certificate, key and token that its entries name as files, whether or not they are there.
    pub files: Vec<PathBuf>,
    pub tls: TlsCheck,
    pub problems: Vec<Problem>,
    pub current: CurrentContext,
    /// Entries of the same name in later files of the list, which this one hides.
    pub shadows: Vec<Place>,
    /// The problems that keep it from connecting.
    pub target: Result<Target, Vec<Problem>>,
}

/// A program as a kubeconfig names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInProgram {
    /// A bare name, or a whole path.
    pub command: PathBuf,
    /// How one gets it; empty when the kubeconfig does not say.
    pub install_hint: String,
}

/// Where an entry stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub file: FileId,
    pub line: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CurrentContext {
    No,
    /// The `current-context` of its configuration.
    Yes,
}

pub(crate) fn resolve(id: ContextId, context: &Checked<'_, Context>, cluster: Option<&Checked<'_, Cluster>>, user: Option<&Checked<'_, User>>) -> Resolved {
    let name = &context.entry.name;
    let mut problems = context.problems.clone();
    let mut say = |rule: &str, severity, sentence: String| problems.push(problem(rule, severity, context.entry.line, "context", name, sentence));
    match (cluster, context.entry.body.cluster.as_str()) {
        (Some(_), _) => {}
        (None, "") => say("KC07", Severity::Unusable, "The context names no cluster.".into()),
        (None, missing) => say("KC07", Severity::Unusable, format!("The context names the cluster {missing:?}, which is in no file.")),
    }
    match (user, context.entry.body.user.as_str()) {
        (Some(_), _) => {}
        (None, "") => say("KC08", Severity::Risk, "The context names no user, so no credential is sent.".into()),
        (None, missing) => say("KC08", Severity::Risk, format!("The context names the user {missing:?}, which is in no file, so no credential is sent.")),
    }
    let nobody = User::default();
    let body = user.map_or(&nobody, |user| &user.entry.body);
    let address = cluster.and_then(|cluster| server(&cluster.entry.body.server, tls_settings(&cluster.entry.body, body)));
    let plain = address.as_ref().is_some_and(|server| server.scheme == Scheme::Http);
    let asked = way(body);
    if plain && asked != Way::Nothing {
        say("KC16", Severity::Risk, "The server is plain http, so the credential is never sent and everything can be read on the way.".into());
    }
    problems.extend(cluster.iter().flat_map(|cluster| cluster.problems.iter().cloned()));
    problems.extend(user.iter().flat_map(|user| user.problems.iter().cloned()));

    let way = if plain { Way::Nothing } else { asked };
    let program = user.filter(|_| matches!(way, Way::Plugin { .. })).and_then(program);
    let namespace = Some(&context.entry.body.namespace).filter(|name| !name.is_empty()).cloned().unwrap_or_else(|| "default".into());
    let barred: Vec<Problem> = problems.iter().filter(|problem| problem.severity == Severity::Unusable).cloned().collect();
    let target = match (cluster, &address) {
        (Some(cluster), Some(address)) if barred.is_empty() => Ok(Target {
            context: id.clone(),
            name: name.clone(),
            file: context.file.clone(),
            server: address.url.clone(),
            tls: tls(address, cluster),
            proxy: cluster.entry.body.proxy_url.clone().map_or(Proxy::FromEnvironment, Proxy::Explicit),
            compression: match cluster.entry.body.compression {
                entries::Compression::Allowed => Compression::Allowed,
                entries::Compression::Off => Compression::Off,
            },
            identity: identity(address, cluster, user),
            impersonate: user.and_then(|user| impersonate(&user.entry.body)),
            namespace: namespace.clone(),
        }),
        (_, _) => Err(barred),
    };
    Resolved {
        id,
        name: name.clone(),
        file: context.file.clone(),
        line: context.entry.line,
        namespace,
        tls: match (&address, cluster.map(|cluster| cluster.entry.body.verification)) {
            (Some(Server { scheme: Scheme::Http, .. }), _) => TlsCheck::PlainHttp,
            (_, Some(Verification::Skipped)) => TlsCheck::NotVerified,
            (_, Some(Verification::On) | None) => TlsCheck::Verified,
        },
        server: address.map(|server| server.url).unwrap_or_default(),
        sign_in: SignIn { way, expires: user.and_then(|user| user.expires) },
        program,
        files: files(cluster, user),
        problems,
        current: CurrentContext::No,
        shadows: vec![],
        target,
    }
}

/// Settings that turn an address without a scheme into https.
fn tls_settings(cluster: &Cluster, user: &User) -> TlsSettings {
    let asks = cluster.verification == Verification::Skipped || cluster.ca_data.is_some() || cluster.ca_file.is_some() || user.has_certificate();
    if asks { TlsSettings::Some } else { TlsSettings::None }
}

/// The strongest way of the entry, as client-go picks it.
fn way(user: &User) -> Way {
    match user {
        User { token_file: Some(_), .. } => Way::TokenFile,
        User { token: Some(_), .. } => Way::Token,
        _ if user.has_basic() => Way::Basic,
        _ if user.has_certificate() => Way::ClientCertificate,
        User { exec: Some(exec), .. } => Way::Plugin { command: owned(shown(exec)) },
        User { auth_provider: Some(name), .. } => Way::Legacy { name: owned(name) },
        _ => Way::Nothing,
    }
}

fn program(user: &Checked<'_, User>) -> Option<SignInProgram> {
    let exec = user.entry.body.exec.as_ref().filter(|exec| !exec.command.is_empty())?;
    Some(SignInProgram { command: program_path(&exec.command, user.folder), install_hint: exec.install_hint.clone() })
}

fn files(cluster: Option<&Checked<'_, Cluster>>, user: Option<&Checked<'_, User>>) -> Vec<PathBuf> {
    let mut all = vec![];
    if let Some(Checked { folder, entry, .. }) = cluster {
        all.extend(entry.body.ca_file.iter().map(|file| folder.join(file)));
    }
    if let Some(Checked { folder, entry, .. }) = user {
        let named = [&entry.body.certificate_file, &entry.body.key_file, &entry.body.token_file];
        all.extend(named.into_iter().flatten().map(|file| folder.join(file)));
    }
    all
}

/// A program and its verbs: `aws eks get-token`. Options are left out, because their values may be secrets.
fn shown(exec: &entries::Exec) -> String {
    let program = exec.command.rsplit('/').next().unwrap_or_default();
    let is_verb = |arg: &&String| !arg.is_empty() && arg.len() <= 24 && arg.chars().all(|c| c.is_ascii_lowercase() || c == '-') && !arg.starts_with('-');
    let verbs = exec.args.iter().take_while(is_verb).take(3);
    std::iter::once(program).chain(verbs.map(String::as_str)).collect::<Vec<_>>().join(" ")
}

fn tls(address: &Server, cluster: &Checked<'_, Cluster>) -> Tls {
    let body = &cluster.entry.body;
    let server_name = body.tls_server_name.clone();
    match (address.scheme, body.verification) {
        (Scheme::Http, _) => Tls::Off,
        (Scheme::Https, Verification::Skipped) => Tls::NotVerified { server_name },
        (Scheme::Https, Verification::On) => Tls::Verified { ca: material(body.ca_data.as_ref(), body.ca_file.as_ref(), cluster.folder), server_name },
    }
}

fn material(data: Option<&Secret>, file: Option<&String>, folder: &Path) -> Option<Material> {
    data.cloned().map(Material::Data).or_else(|| file.map(|file| Material::File(folder.join(file))))
}

fn identity(address: &Server, cluster: &Checked<'_, Cluster>, user: Option<&Checked<'_, User>>) -> Identity {
    let nothing = Identity { certificate: None, header: Header::Nothing };
    // client-go sends no credential over plain http.
    let (Scheme::Https, Some(user)) = (address.scheme, user) else { return nothing };
    let body = &user.entry.body;
    let certificate = material(body.certificate_data.as_ref(), body.certificate_file.as_ref(), user.folder);
    let key = material(body.key_data.as_ref(), body.key_file.as_ref(), user.folder);
    Identity { certificate: certificate.zip(key).map(|(certificate, key)| Pair { certificate, key }), header: header(cluster, user) }
}

fn header(cluster: &Checked<'_, Cluster>, user: &Checked<'_, User>) -> Header {
    let body = &user.entry.body;
    if let Some(path) = &body.token_file {
        return Header::TokenFile(TokenFile {
            path: user.folder.join(path),
            fallback: body.token.clone(),
            file: user.file.clone(),
            line: user.entry.line,
            part: user.part,
        });
    }
    if let Some(token) = &body.token {
        return Header::Token(token.clone());
    }
    if body.has_basic() {
        return Header::Basic { user: body.username.clone().unwrap_or_default(), password: body.password.clone().unwrap_or_default() };
    }
    if body.has_certificate() {
        // A plugin beside a certificate is never run.
        return Header::Nothing;
    }
    match (&body.exec, &body.auth_provider) {
        (Some(exec), _) => Header::Plugin(plugin(exec, cluster, user)),
        (None, Some(provider)) => Header::Legacy { provider: provider.clone() },
        (None, None) => Header::Nothing,
    }
}

fn plugin(exec: &entries::Exec, cluster: &Checked<'_, Cluster>, user: &Checked<'_, User>) -> Plugin {
    Plugin {
        // A version or mode that is not known was reported as unusable, so no target is built from it.
        api_version: exec::api_version(&exec.api_version).unwrap_or(PluginApi::V1Beta1),
        command: program_path(&exec.command, user.folder),
        args: exec.args.clone(),
        env: exec.env.clone(),
        interactive: exec::interactive(&exec.interactive_mode).unwrap_or(Interactive::Never),
        provide_cluster_info: match exec.provide_cluster_info {
            entries::ClusterInfo::Withheld => ClusterInfo::Withheld,
            entries::ClusterInfo::Provided => ClusterInfo::Provided { config: cluster.entry.body.plugin_config.clone().unwrap_or_else(|| "null".to_owned()) },
        },
        install_hint: exec.install_hint.clone(),
        file: user.file.clone(),
        line: user.entry.line,
    }
}

fn impersonate(user: &User) -> Option<Impersonate> {
    let acts = &user.acts_as;
    (!acts.user.is_empty()).then(|| Impersonate { user: acts.user.clone(), uid: acts.uid.clone(), groups: acts.groups.clone(), extra: acts.extra.clone() })
}
