//! What proves to a server who we are, right now?
//!
//! Knows: tokens, token files, certificates and their files, credential plugins. Does not know: connections.
//! On plain http nothing is sent at all. Start at: [`Credentials::pass`].

mod answer;
mod claims;
mod heals;
mod plugin;
mod question;
#[cfg(test)]
mod tests;
mod token;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use api::Timestamp;
use base64::Engine as _;
use http::HeaderValue;
use kubeconfig::target::{Header, Material, Pair, Target, Tls};
use secret::Secret;

use crate::dial::{ClientIdentity, Stamp, Unreadable, read, stamp};
pub use answer::Garbage;
pub(crate) use heals::has_ended;
pub use plugin::Plugins;
pub(crate) use plugin::not_found;
use plugin::{Dropped, Life, PluginSource};
use token::TokenFile;

/// Why there are no credentials. Nothing here holds a secret: plugins are quoted by their error output only.
#[derive(Debug, thiserror::Error)]
pub enum CredentialError {
    #[error("a file that the kubeconfig names cannot be used")]
    File(#[source] Unreadable),
    #[error("the token file {path} is empty")]
    EmptyTokenFile { path: String },
    #[error("the token file {path} does not hold a token")]
    NotAToken { path: String },
    #[error("the client certificate cannot be used: {said}")]
    BadCertificate {
        said: String,
        /// Where it is read; `None` when it stands in the kubeconfig.
        file: Option<PathBuf>,
    },
    #[error("the client certificate has expired")]
    Expired { subject: String, issuer: String, at: Timestamp },
    #[error("the token cannot be sent as a header")]
    Unsendable,
    #[error("{program} was not found")]
    PluginNotFound { program: String, searched: Vec<String>, hint: String },
    #[error("{program} could not be started")]
    PluginNotStarted { program: String, said: String },
    #[error("{program} did not end within {limit_s} s")]
    PluginHung { program: String, limit_s: u64, stderr: String },
    #[error("{program} ended with {end}")]
    PluginFailed { program: String, end: String, stderr: String },
    #[error("{program} did not print credentials")]
    PluginGarbage {
        program: String,
        #[source]
        why: Garbage,
    },
    #[error("{program} needs a terminal")]
    PluginNeedsTerminal { program: String },
    #[error("{program} was stopped")]
    PluginStopped { program: String },
    /// KOS has not been told whether it may run this program.
    #[error("{program} waits for your answer")]
    Untrusted { program: String },
    #[error("you said that {program} must never run")]
    Forbidden { program: String },
    /// KOS has not been told whether it may read and send this file.
    #[error("{path} waits for your answer")]
    UntrustedFile { path: String },
    #[error("you said that {path} must never be sent")]
    ForbiddenFile { path: String },
    #[error("the policy in {policy} does not allow {program}")]
    AgainstPolicy { program: String, policy: String },
    #[error("KOS does not speak auth-provider {provider}")]
    Legacy { provider: String },
}

/// What one request is sent with.
#[derive(Clone)]
pub(crate) struct Pass {
    pub(crate) authorization: Option<HeaderValue>,
    pub(crate) identity: Option<Arc<ClientIdentity>>,
    ends: Ends,
}

/// When a pass ends, beside what its token and its certificate say.
#[derive(Clone, Copy)]
enum Ends {
    AsTheySay,
    /// The program that gave it says so.
    At(Timestamp),
    /// By the clock of this computer it had ended when it came, and so had its token.
    NobodyKnows,
}

/// Whether other credentials may be had after a 401.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Again {
    Yes,
    No,
}

/// The credentials of one context.
pub struct Credentials {
    source: Source,
    pair: Option<PairFiles>,
    /// What the last pass said of itself, for the screen.
    known: Mutex<Known>,
}

/// What is known of the user without asking the server.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    pub identity: Option<api::contexts::Identity>,
    /// The certificate's or the token's end, whichever is first.
    pub expires: Option<Timestamp>,
}

enum Source {
    Nothing,
    Fixed(Secret),
    TokenFile(Box<TokenFile>),
    Plugin(Arc<PluginSource>),
    Legacy { provider: String },
}

/// A client certificate, read again when one of its files changes.
struct PairFiles {
    pair: Pair,
    held: tokio::sync::Mutex<Option<HeldPair>>,
}

struct HeldPair {
    stamps: [Option<Stamp>; 2],
    identity: Arc<ClientIdentity>,
}

impl Credentials {
    /// Credentials that prove nothing, for servers that do not ask.
    pub fn none() -> Self {
        Self { source: Source::Nothing, pair: None, known: Mutex::default() }
    }

    pub(crate) fn of(target: &Target, plugins: &Arc<Plugins>) -> Self {
        if target.tls == Tls::Off {
            return Self::none();
        }
        let source = match &target.identity.header {
            Header::Nothing => Source::Nothing,
            Header::Token(token) => Source::Fixed(Secret::new(format!("Bearer {}", token.reveal()))),
            Header::TokenFile(named) => Source::TokenFile(Box::new(TokenFile::new(named.clone(), target.clone(), plugins.gate()))),
            Header::Basic { user, password } => {
                let login = zeroize::Zeroizing::new(format!("{user}:{}", password.reveal()));
                Source::Fixed(Secret::new(format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(login.as_bytes()))))
            }
            Header::Plugin(plugin) => Source::Plugin(plugins.source(plugin, target)),
            Header::Legacy { provider } => Source::Legacy { provider: provider.clone() },
        };
        let pair = target.identity.certificate.clone().map(|pair| PairFiles { pair, held: tokio::sync::Mutex::new(None) });
        Self { source, pair, known: Mutex::default() }
    }

    /// What is known from the certificate or the token alone.
    pub fn known(&self) -> Known {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Gives what the next request is sent with; runs the plugin when nothing fresh is there.
    pub(crate) async fn pass(&self) -> Result<Pass, Arc<CredentialError>> {
        match (self.once().await, &self.source) {
            // What the plugin gave has ended, and the server never sees it: the plugin is asked for another, once.
            (Err(why), Source::Plugin(plugin)) if matches!(*why, CredentialError::Expired { .. }) => match plugin.drop_ended(wall()) {
                Dropped::One => self.once().await,
                Dropped::Nothing => Err(why),
            },
            (outcome, Source::Nothing | Source::Fixed(_) | Source::TokenFile(_) | Source::Plugin(_) | Source::Legacy { .. }) => outcome,
        }
    }

    async fn once(&self) -> Result<Pass, Arc<CredentialError>> {
        let mut pass = Pass { authorization: None, identity: None, ends: Ends::AsTheySay };
        let mut token = None;
        if let Some(pair) = &self.pair {
            pass.identity = Some(pair.identity().await?);
        }
        match &self.source {
            Source::Nothing => {}
            Source::Fixed(header) => pass.authorization = Some(sensitive(header.reveal())?),
            Source::TokenFile(file) => token = Some(file.token().await?),
            Source::Plugin(plugin) => {
                let got = plugin.credential().await?;
                pass.ends = match got.life {
                    Life::Doubted => Ends::NobodyKnows,
                    Life::Open | Life::Until(_) => got.credential.expires.map_or(Ends::AsTheySay, Ends::At),
                };
                pass.identity = got.credential.identity.clone().or(pass.identity);
                token.clone_from(&got.credential.token);
            }
            Source::Legacy { provider } => return Err(Arc::new(CredentialError::Legacy { provider: provider.clone() })),
        }
        if let Some(token) = &token {
            pass.authorization = Some(sensitive(zeroize::Zeroizing::new(format!("Bearer {}", token.reveal())).as_str())?);
        }
        self.note(&pass)?;
        Ok(pass)
    }

    /// Says that the server answered 401 to a pass.
    pub(crate) async fn refused(&self, pass: &Pass) -> Again {
        match &self.source {
            Source::Nothing | Source::Fixed(_) | Source::Legacy { .. } => Again::No,
            Source::TokenFile(file) => {
                file.forget().await;
                let now = file.token().await.ok().map(|token| Secret::new(format!("Bearer {}", token.reveal())));
                let same = now.is_some_and(|now| pass.authorization.as_ref().is_some_and(|sent| sent.as_bytes() == now.reveal().as_bytes()));
                if same { Again::No } else { Again::Yes }
            }
            Source::Plugin(plugin) => plugin.refused(pass.authorization.as_ref()),
        }
    }

    fn note(&self, pass: &Pass) -> Result<(), Arc<CredentialError>> {
        let facts = pass.identity.as_ref().and_then(|identity| identity.facts.as_ref());
        if let Some(facts) = facts
            && wall() > facts.until
        {
            let (subject, issuer) = (facts.subject.clone(), facts.issuer.clone());
            return Err(Arc::new(CredentialError::Expired { subject, issuer, at: facts.until }));
        }
        let claims = pass.authorization.as_ref().and_then(|header| header.to_str().ok()).and_then(|text| text.strip_prefix("Bearer ")).and_then(claims::read);
        let (certificate, token) = (facts.map(|facts| facts.until), claims.as_ref().and_then(|claims| claims.expires));
        let expires = match pass.ends {
            Ends::AsTheySay => [certificate, token].into_iter().flatten().min(),
            Ends::At(end) => [certificate, token, Some(end)].into_iter().flatten().min(),
            Ends::NobodyKnows => certificate,
        };
        let from_certificate = facts
            .filter(|facts| !facts.common_name.is_empty())
            .map(|facts| api::contexts::Identity { user: facts.common_name.clone(), groups: facts.organisations.clone() });
        let known = Known { identity: from_certificate.or(claims.and_then(|claims| claims.identity)), expires };
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = known;
        Ok(())
    }
}

impl PairFiles {
    /// The pair of the files; while they cannot be read, or are not of one pair, the last one.
    async fn identity(&self) -> Result<Arc<ClientIdentity>, Arc<CredentialError>> {
        let mut held = self.held.lock().await;
        let now = [look(&self.pair.certificate).await, look(&self.pair.key).await];
        if let Some(held) = held.as_ref()
            && held.stamps == now
        {
            return Ok(Arc::clone(&held.identity));
        }
        match self.read().await {
            Ok(pair) => Ok(Arc::clone(&held.insert(pair).identity)),
            Err(error) => held.as_ref().map(|held| Arc::clone(&held.identity)).ok_or_else(|| Arc::new(error)),
        }
    }

    async fn read(&self) -> Result<HeldPair, CredentialError> {
        let (certificate, first) = read(&self.pair.certificate).await.map_err(CredentialError::File)?;
        let (key, second) = read(&self.pair.key).await.map_err(CredentialError::File)?;
        let bad = |said: String| CredentialError::BadCertificate { said, file: path(&self.pair.certificate).or(path(&self.pair.key)).cloned() };
        let identity = ClientIdentity::from_pem(&certificate, &key).map_err(|e| bad(e.to_string()))?;
        Ok(HeldPair { stamps: [first, second], identity: Arc::new(identity) })
    }
}

/// Certificates end by the clock of this computer, whatever clock a test turns.
fn wall() -> Timestamp {
    crate::clock::Clock::now(&crate::clock::System).wall
}

fn path(material: &Material) -> Option<&PathBuf> {
    match material {
        Material::Data(_) => None,
        Material::File(path) => Some(path),
    }
}

async fn look(material: &Material) -> Option<Stamp> {
    stamp(path(material)?).await.ok()
}

/// A header value that HTTP layers never print.
fn sensitive(text: &str) -> Result<HeaderValue, Arc<CredentialError>> {
    let mut value = HeaderValue::from_str(text).map_err(|_| Arc::new(CredentialError::Unsendable))?;
    value.set_sensitive(true);
    Ok(value)
}

impl PartialEq for CredentialError {
    /// Two errors are the same when they say the same; sources of I/O cannot be compared otherwise.
    fn eq(&self, other: &Self) -> bool {
        crate::failure::chain(self) == crate::failure::chain(other)
    }
}
impl Eq for CredentialError {}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").field("known", &self.known()).finish_non_exhaustive()
    }
}
