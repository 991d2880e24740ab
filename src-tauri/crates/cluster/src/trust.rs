//! May this program run, and may this file be sent?
//!
//! A kubeconfig can name any program. Nothing runs until the user accepted exactly this program with these arguments
//! from this file for this destination; any change asks again. Describing it runs nothing.
//! A token file that does not belong to its kubeconfig is asked about in the same way (`trust/token_file.rs`).
//! Start at: [`Trust::asked`] and the [`Gate`] that plugins and token files pass.

mod destination;
mod place;
mod policy;
mod signs;
mod store;
#[cfg(test)]
mod tests;
mod token_file;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use api::Millis;
use api::contexts::{self, Asked, TrustQuestion};
use api::visible::{owned, spelled};
use async_trait::async_trait;
use kubeconfig::target::{Header, Plugin, PluginApi, Target, TokenFile};
use sha2::{Digest, Sha256};
use tools::{Program, ProgramError, Programs};

use crate::credentials::CredentialError;
use crate::dial::Unreadable;
pub(crate) use destination::destination;
pub use policy::Policy;
pub use store::{Answer, InFile, InMemory, Kept, TrustStore};

const LIMIT: Millis = Millis::seconds(60);
/// What a plugin sees of our environment, by name and pattern; `tools` decides it, this says it.
const INHERITED: [&str; 20] = [
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "SHELL",
    "TMPDIR",
    "LANG",
    "SSL_CERT_*",
    "XDG_*",
    "*_PROXY",
    "AWS_*",
    "AZURE_*",
    "CLOUDSDK_*",
    "GOOGLE_*",
    "DOCKER_*",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
    "BROWSER",
    "DBUS_SESSION_BUS_ADDRESS",
];

/// Asked before each run of a plugin and each reading of a token file.
#[async_trait]
pub trait Gate: Send + Sync {
    /// Gives the program that may run, as an absolute path.
    ///
    /// Errors: not found, not yet answered, forbidden, against the policy.
    async fn allow(&self, plugin: &Plugin, target: &Target) -> Result<PathBuf, CredentialError>;

    /// Gives the file that may be read and sent, as a path without links.
    ///
    /// Errors: not there, not yet answered, forbidden.
    async fn may_read(&self, named: &TokenFile, target: &Target) -> Result<PathBuf, CredentialError>;
}

/// Questions, answers and the policy of kubectl.
pub struct Trust {
    programs: Arc<dyn Programs>,
    store: Arc<dyn TrustStore>,
    policy: Policy,
    home: PathBuf,
    /// What is allowed until KOS ends, by fingerprint.
    once: Mutex<HashSet<String>>,
}

#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    #[error("nothing is asked about the context {context}")]
    NoQuestion { context: String },
    #[error("the program or the entry changed while you read")]
    Changed,
    #[error("the file or the entry changed while you read")]
    FileChanged,
    #[error("the token file cannot be used")]
    File(#[source] Unreadable),
    #[error("the answer could not be kept")]
    NotKept(#[source] std::io::Error),
}

/// What stands behind a command at this moment.
struct Seen {
    program: PathBuf,
    found: Result<(), ProgramError>,
    /// Of what runs; an answer is for this and where it goes.
    fingerprint: String,
}

impl Trust {
    pub fn new(programs: Arc<dyn Programs>, store: Arc<dyn TrustStore>, policy: Policy, home: PathBuf) -> Self {
        Self { programs, store, policy, home, once: Mutex::default() }
    }

    /// Describes what a context waits for a word on; runs nothing, and reads no token.
    pub async fn asked(&self, target: &Target) -> Result<Asked, TrustError> {
        match &target.identity.header {
            Header::TokenFile(named) => self.about_file(named, target).await.map(Asked::TokenFile),
            Header::Plugin(_) | Header::Nothing | Header::Token(_) | Header::Basic { .. } | Header::Legacy { .. } => {
                self.question(target).await.map(Asked::Program)
            }
        }
    }

    /// Describes what a context would run; finds and reads the program, and runs nothing.
    pub async fn question(&self, target: &Target) -> Result<TrustQuestion, TrustError> {
        let plugin = plugin(target)?;
        let seen = self.look(plugin).await;
        let changed = changed(&*self.store, plugin, target, &seen.fingerprint);
        let policy = self.policy_says(plugin, &seen).await;
        let place = place::look_at(&seen.program).await;
        let mut signs = destination::doubts(target);
        signs.extend(signs::signs(&signs::Evidence { plugin, program: &seen.program, found: seen.found.is_ok(), place, changed, policy, home: &self.home }));
        Ok(TrustQuestion {
            context: target.context.clone(),
            context_name: owned(&target.name),
            signs,
            program: spelled(&seen.program.to_string_lossy()),
            args: plugin.args.iter().map(|arg| spelled(arg)).collect(),
            sets: plugin.env.iter().map(|(name, _)| spelled(name)).collect(),
            inherits: INHERITED.map(str::to_owned).to_vec(),
            server: spelled(&target.server),
            asked_by: spelled(&kubeconfig::sources::shown(Path::new(plugin.file.as_str()), Some(&self.home))),
            line: plugin.line,
            seen: sent(&seen.fingerprint, target),
            limit: LIMIT,
        })
    }

    /// Keeps an answer to a question as it was read.
    ///
    /// Errors: `Changed` or `FileChanged` when what is run or sent, the entry or the destination are other ones by now.
    pub async fn answer(&self, target: &Target, read: &str, answer: contexts::Trust) -> Result<(), TrustError> {
        let (about, exactly, changed) = match &target.identity.header {
            Header::TokenFile(named) => {
                let real = self.stray(named, target).await?;
                (token_file::subject(named), token_file::fingerprint(named, &real), TrustError::FileChanged)
            }
            Header::Plugin(_) | Header::Nothing | Header::Token(_) | Header::Basic { .. } | Header::Legacy { .. } => {
                let plugin = plugin(target)?;
                (subject(plugin), self.look(plugin).await.fingerprint, TrustError::Changed)
            }
        };
        let fingerprint = sent(&exactly, target);
        if fingerprint != read {
            return Err(changed);
        }
        let keep = |answer| self.store.keep(&sent(&about, target), Kept { fingerprint: fingerprint.clone(), answer }).map_err(TrustError::NotKept);
        match answer {
            contexts::Trust::Once => {
                self.once.lock().unwrap_or_else(PoisonError::into_inner).insert(fingerprint);
                Ok(())
            }
            contexts::Trust::Always => keep(Answer::Always),
            contexts::Trust::Never => {
                self.once.lock().unwrap_or_else(PoisonError::into_inner).remove(&fingerprint);
                keep(Answer::Never)
            }
        }
    }

    async fn look(&self, plugin: &Plugin) -> Seen {
        // What was not found is no program, whatever stands under its name: it is not read.
        let (program, found, bytes) = match self.programs.find(&Program::Plugin(plugin.command.clone())).await {
            Ok(found) => {
                let bytes = digest(&found.path).await;
                (found.path, Ok(()), bytes)
            }
            Err(error) => (plugin.command.clone(), Err(error), None),
        };
        Seen { fingerprint: fingerprint(plugin, &program, bytes.as_deref()), program, found }
    }

    async fn policy_says(&self, plugin: &Plugin, seen: &Seen) -> policy::Says {
        match &self.policy {
            Policy::AllowAll => policy::Says::Nothing,
            Policy::DenyAll { file } | Policy::Malformed { file } => policy::Says::Denies { file: file.clone() },
            Policy::Allowlist { file, commands } => {
                for command in commands {
                    // An entry and the command must be the same program, however each is written.
                    let same = match self.programs.find(&Program::Plugin(PathBuf::from(command))).await {
                        Ok(found) => found.path == seen.program,
                        Err(_) => false,
                    };
                    if same {
                        return policy::Says::Allows { file: file.clone(), command: plugin.command.display().to_string() };
                    }
                }
                policy::Says::Denies { file: file.clone() }
            }
        }
    }
}

#[async_trait]
impl Gate for Trust {
    async fn allow(&self, plugin: &Plugin, target: &Target) -> Result<PathBuf, CredentialError> {
        let seen = self.look(plugin).await;
        let program = || seen.program.display().to_string();
        match self.policy_says(plugin, &seen).await {
            policy::Says::Denies { file } => return Err(CredentialError::AgainstPolicy { program: program(), policy: file }),
            policy::Says::Allows { .. } | policy::Says::Nothing => {}
        }
        match &seen.found {
            Err(ProgramError::NotFound { searched, .. }) => return Err(crate::credentials::not_found(plugin, searched)),
            Err(error) => return Err(CredentialError::PluginNotStarted { program: program(), said: error.to_string() }),
            Ok(()) => {}
        }
        let once = self.once.lock().unwrap_or_else(PoisonError::into_inner);
        // Under the lock: of two destinations that come at once, one takes over what an older KOS kept.
        let kept = kept(&*self.store, plugin, target, &seen.fingerprint);
        let once = once.contains(&sent(&seen.fingerprint, target));
        match kept {
            Some(Answer::Always) => Ok(seen.program),
            _ if once => Ok(seen.program),
            Some(Answer::Never) => Err(CredentialError::Forbidden { program: program() }),
            None => Err(CredentialError::Untrusted { program: program() }),
        }
    }

    async fn may_read(&self, named: &TokenFile, target: &Target) -> Result<PathBuf, CredentialError> {
        self.file_to_send(named, target).await
    }
}

fn plugin(target: &Target) -> Result<&Plugin, TrustError> {
    match &target.identity.header {
        Header::Plugin(plugin) => Ok(plugin),
        Header::Nothing | Header::Token(_) | Header::TokenFile(_) | Header::Basic { .. } | Header::Legacy { .. } => {
            Err(TrustError::NoQuestion { context: target.name.clone() })
        }
    }
}

/// The answer for exactly this program, whose fingerprint is `runs`, and this destination.
///
/// What an older KOS kept does not say where to. A refusal holds for every destination. A permission holds for the first that
/// it is used for, and for no other from then on: most entries have one, so few are asked twice, and none is given away twice.
fn kept(store: &dyn TrustStore, plugin: &Plugin, target: &Target, runs: &str) -> Option<Answer> {
    let (about, exactly) = (sent(&subject(plugin), target), sent(runs, target));
    if let Some(kept) = store.kept(&about) {
        return (kept.fingerprint == exactly).then_some(kept.answer);
    }
    let (before, kept) = [subject(plugin), subject_of_old(plugin)].into_iter().find_map(|before| store.kept(&before).map(|kept| (before, kept)))?;
    if kept.fingerprint != runs {
        return None;
    }
    match kept.answer {
        Answer::Never => Some(Answer::Never),
        Answer::Always => {
            let bound = Kept { fingerprint: exactly, answer: Answer::Always };
            // The old one first: where the second is not written, somebody is asked once more.
            let written = [&before, &about].into_iter().try_for_each(|subject| store.keep(subject, bound.clone()));
            written.ok().map(|()| Answer::Always)
        }
    }
}

/// Whether another program was allowed for this very entry and destination. An old answer may be that of another entry.
fn changed(store: &dyn TrustStore, plugin: &Plugin, target: &Target, runs: &str) -> bool {
    let kept = store.kept(&sent(&subject(plugin), target));
    kept.is_some_and(|kept| kept.answer == Answer::Always && kept.fingerprint != sent(runs, target))
}

/// Names what is asked together with where its answer goes: contexts of one user may lead to servers of others.
fn sent(what: &str, target: &Target) -> String {
    let mut hash = Parts::default();
    hash.add(what);
    destination(target).iter().for_each(|part| hash.add(part));
    hash.end()
}

/// What stays the same when a program is replaced: the file and all that the entry asks for. Two entries that differ only in
/// a variable, as those of two profiles of aws, are two.
fn subject(plugin: &Plugin) -> String {
    asked_for(plugin, &plugin.command).end()
}

/// All that an entry asks for of a program.
fn asked_for(plugin: &Plugin, program: &Path) -> Parts {
    let mut hash = Parts::default();
    hash.add(plugin.file.as_str());
    hash.add(&program.to_string_lossy());
    hash.add(&plugin.args.len().to_string());
    plugin.args.iter().for_each(|arg| hash.add(arg));
    for (name, value) in &plugin.env {
        hash.add(name);
        hash.add(value.reveal());
    }
    hash.add(spoken(plugin.api_version));
    hash
}

/// How answers were kept at first: entries that differ only in their variables shared one.
fn subject_of_old(plugin: &Plugin) -> String {
    let mut hash = Parts::default();
    hash.add(plugin.file.as_str());
    hash.add(&plugin.command.to_string_lossy());
    plugin.args.iter().for_each(|arg| hash.add(arg));
    hash.end()
}

/// Names exactly this program, file and arguments.
///
/// The line of the entry is left out: another entry above it would ask again for the same thing.
fn fingerprint(plugin: &Plugin, program: &Path, bytes: Option<&str>) -> String {
    let mut hash = asked_for(plugin, program);
    hash.add(bytes.unwrap_or("absent"));
    hash.end()
}

fn spoken(version: PluginApi) -> &'static str {
    match version {
        PluginApi::V1 => "v1",
        PluginApi::V1Beta1 => "v1beta1",
    }
}

/// Texts hashed so that no two lists of texts look alike.
#[derive(Default)]
struct Parts(Sha256);

impl Parts {
    fn add(&mut self, text: &str) {
        self.0.update(text.len().to_le_bytes());
        self.0.update(text);
    }

    fn end(self) -> String {
        hex(&self.0.finalize())
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The digest of a program's bytes, `None` when it cannot be read or is no regular file.
async fn digest(program: &Path) -> Option<String> {
    let program = program.to_owned();
    let read = move || -> Option<String> {
        let (mut file, _) = kubeconfig::disk::regular(&program).ok().flatten()?;
        let mut hash = Sha256::new();
        std::io::copy(&mut file, &mut hash).ok()?;
        Some(hex(&hash.finalize()))
    };
    tokio::task::spawn_blocking(read).await.ok().flatten()
}
