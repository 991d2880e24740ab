//! What does a kubeconfig look like that KOS keeps for one cluster?
//!
//! It is made of the kubeconfig that a management cluster holds for that cluster, and takes nothing but an address, an
//! authority and a credential from there: a Secret is written by others, so it may not name programs to run, files of
//! this machine to read or proxies to use. Start at: [`Made::of`].

use api::{ContextId, FileId};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secret::Secret;

use crate::{
    edit::{digest, scalar},
    entries::{ActsAs, Cluster, Entry, Parsed, User, Verification},
    parse::parse,
    server::{Scheme, TlsSettings, server},
    target::{Compression, Header, Identity, Material, Pair, Proxy, Target, Tls},
    tree::Layout,
};

/// The whole content of such a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Of the context, its cluster and its user.
    pub name: String,
    /// `https://172.18.0.5:6443`.
    pub server: String,
    pub server_name: Option<String>,
    /// PEM, as decoded.
    pub authority: Secret,
    pub sign_in: SignIn,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignIn {
    Certificate { certificate: Secret, key: Secret },
    Token(Secret),
}

/// Why nothing is made of a kubeconfig.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("it cannot be read as a kubeconfig")]
    Unreadable,
    #[error("it has no usable context")]
    NoContext,
    #[error("its server is no https address")]
    NotHttps,
    #[error("it names no certificate authority of its own, so nobody could tell whether the right server answers")]
    NoAuthority,
    #[error("it switches the check of the server's certificate off, which KOS does not do by itself")]
    Unverified,
    #[error("it wants a program run to sign in, which KOS does not take from a cluster")]
    Program,
    #[error("it names files of the machine that it was written on")]
    Files,
    #[error("it names a proxy, which KOS does not take from a cluster")]
    Proxy,
    #[error("it acts as somebody else")]
    ActsAs,
    #[error("it has neither a client certificate with its key nor a token")]
    NoCredential,
}

impl Made {
    /// Reads the kubeconfig of a cluster; `name` is what the context is called here.
    ///
    /// # Errors
    /// When it lacks something, or asks for more than to connect to one server with one credential.
    pub fn of(bytes: &[u8], name: &str) -> Result<Self, Unfit> {
        let parsed = parse(bytes);
        if parsed.readable == crate::entries::Readable::No {
            return Err(Unfit::Unreadable);
        }
        let (cluster, user) = entries(&parsed).ok_or(Unfit::NoContext)?;
        Ok(Self {
            name: name.to_owned(),
            server: address(cluster)?,
            server_name: cluster.tls_server_name.clone(),
            authority: cluster.ca_data.clone().ok_or(Unfit::NoAuthority)?,
            sign_in: sign_in(user)?,
        })
    }

    /// The text of the file.
    pub fn text(&self) -> Secret {
        Secret::new(self.lines(|_, secret| STANDARD.encode(secret.reveal()), |token| scalar(token.reveal(), Layout::Block)).join("\n") + "\n")
    }

    /// The lines of the file as they may be seen: each credential is named by its digest.
    pub fn shown(&self) -> Vec<String> {
        let named = |what: &str, secret: &Secret| format!("({what}, SHA-256 {}…)", &digest(secret.reveal().as_bytes())[..12]);
        self.lines(named, |token| named("a token", token))
    }

    /// What a connection is made from before the file is kept.
    pub fn target(&self, context: ContextId, file: FileId) -> Target {
        let data = |secret: &Secret| Material::Data(secret.clone());
        let identity = match &self.sign_in {
            SignIn::Certificate { certificate, key } => {
                Identity { certificate: Some(Pair { certificate: data(certificate), key: data(key) }), header: Header::Nothing }
            }
            SignIn::Token(token) => Identity { certificate: None, header: Header::Token(token.clone()) },
        };
        Target {
            context,
            name: self.name.clone(),
            file,
            server: self.server.clone(),
            tls: Tls::Verified { ca: Some(data(&self.authority)), server_name: self.server_name.clone() },
            proxy: Proxy::FromEnvironment,
            compression: Compression::Allowed,
            identity,
            impersonate: None,
            namespace: "default".to_owned(),
        }
    }

    /// Names the authority: the same one has the same name.
    pub fn authority_digest(&self) -> String {
        digest(self.authority.reveal().as_bytes())
    }

    fn lines(&self, data: impl Fn(&str, &Secret) -> String, token: impl Fn(&Secret) -> String) -> Vec<String> {
        let name = scalar(&self.name, Layout::Block);
        let mut lines = vec!["apiVersion: v1".to_owned(), "kind: Config".to_owned(), format!("current-context: {name}"), "clusters:".to_owned()];
        lines.push(format!("- name: {name}"));
        lines.push("  cluster:".to_owned());
        lines.push(format!("    server: {}", scalar(&self.server, Layout::Block)));
        if let Some(server_name) = &self.server_name {
            lines.push(format!("    tls-server-name: {}", scalar(server_name, Layout::Block)));
        }
        lines.push(format!("    certificate-authority-data: {}", data("an authority", &self.authority)));
        lines.push("users:".to_owned());
        lines.push(format!("- name: {name}"));
        lines.push("  user:".to_owned());
        match &self.sign_in {
            SignIn::Certificate { certificate, key } => {
                lines.push(format!("    client-certificate-data: {}", data("a certificate", certificate)));
                lines.push(format!("    client-key-data: {}", data("a key", key)));
            }
            SignIn::Token(secret) => lines.push(format!("    token: {}", token(secret))),
        }
        lines.extend(["contexts:".to_owned(), format!("- name: {name}"), "  context:".to_owned(), format!("    cluster: {name}"), format!("    user: {name}")]);
        lines
    }
}

/// The cluster and the user of the current context, else of the only one.
fn entries(parsed: &Parsed) -> Option<(&Cluster, &User)> {
    let current = parsed.current_context.as_ref().and_then(|current| parsed.contexts.iter().find(|c| c.name == current.name));
    let context = current.or_else(|| parsed.contexts.first().filter(|_| parsed.contexts.len() == 1)).filter(|c| c.is_usable())?;
    let cluster = usable(&parsed.clusters, &context.body.cluster)?;
    Some((cluster, usable(&parsed.users, &context.body.user)?))
}

fn usable<'a, T>(entries: &'a [Entry<T>], name: &str) -> Option<&'a T> {
    entries.iter().find(|entry| entry.name == name && entry.is_usable()).map(|entry| &entry.body)
}

fn address(cluster: &Cluster) -> Result<String, Unfit> {
    if cluster.verification == Verification::Skipped {
        return Err(Unfit::Unverified);
    }
    if cluster.ca_file.is_some() {
        return Err(Unfit::Files);
    }
    if cluster.proxy_url.is_some() {
        return Err(Unfit::Proxy);
    }
    server(&cluster.server, TlsSettings::Some).filter(|found| found.scheme == Scheme::Https).map(|found| found.url).ok_or(Unfit::NotHttps)
}

fn sign_in(user: &User) -> Result<SignIn, Unfit> {
    if user.exec.is_some() || user.auth_provider.is_some() {
        return Err(Unfit::Program);
    }
    if user.token_file.is_some() || user.certificate_file.is_some() || user.key_file.is_some() {
        return Err(Unfit::Files);
    }
    if user.acts_as != ActsAs::default() {
        return Err(Unfit::ActsAs);
    }
    match (&user.certificate_data, &user.key_data, &user.token) {
        (Some(certificate), Some(key), _) => Ok(SignIn::Certificate { certificate: certificate.clone(), key: key.clone() }),
        (_, _, Some(token)) if !token.is_empty() => Ok(SignIn::Token(token.clone())),
        (_, _, _) => Err(Unfit::NoCredential),
    }
}

#[cfg(test)]
mod tests;
