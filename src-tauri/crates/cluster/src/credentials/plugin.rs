//! How is a credential plugin run once for all who wait for it?
//!
//! One run per plugin and cluster at a time, in the whole process; its answer serves everybody until it expires.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use api::{Millis, Timestamp};
use http::HeaderValue;
use kubeconfig::target::{ClusterInfo, Interactive, Material, Plugin, Target};
use secret::Secret;
use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;
use tools::{Capture, End, Heard, Invocation, Program, ProgramError, Programs, Stream};

use super::answer::{self, Credential, Garbage};
use super::heals::REST;
use super::{Again, CredentialError, question};
use crate::clock::{Clock, Now, System};
use crate::dial::read;
use crate::failure::Heals;
use crate::trust::Gate;

const MOST_STDOUT: usize = 1024 * 1024;
const MOST_STDERR: usize = 64 * 1024;
/// Renewed so long before the end that no request is sent with a token that ends on its way.
const EARLY: Millis = Millis::seconds(60);

/// All credential plugins of this process.
pub struct Plugins {
    programs: Arc<dyn Programs>,
    gate: Arc<dyn Gate>,
    clock: Arc<dyn Clock>,
    limit: Duration,
    home: PathBuf,
    sources: Mutex<HashMap<[u8; 32], Weak<PluginSource>>>,
}

impl std::fmt::Debug for Plugins {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plugins").field("limit", &self.limit).finish_non_exhaustive()
    }
}

impl Plugins {
    /// `home` is where plugins run, `limit` how long they may take (60 s outside of tests).
    pub fn new(programs: Arc<dyn Programs>, gate: Arc<dyn Gate>, home: PathBuf, limit: Duration) -> Self {
        Self { programs, gate, clock: Arc::new(System), limit, home, sources: Mutex::default() }
    }

    /// Lets credentials end by another clock than the machine's; tests turn it.
    #[must_use]
    pub fn by(self, clock: Arc<dyn Clock>) -> Self {
        Self { clock, ..self }
    }

    /// The one source of a plugin and what it is told about the cluster.
    pub(super) fn source(self: &Arc<Self>, plugin: &Plugin, target: &Target) -> Arc<PluginSource> {
        let mut sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        sources.retain(|_, source| source.strong_count() > 0);
        let key = key(plugin, target);
        if let Some(source) = sources.get(&key).and_then(Weak::upgrade) {
            return source;
        }
        let source = Arc::new(PluginSource {
            all: Arc::clone(self),
            plugin: plugin.clone(),
            target: target.clone(),
            held: tokio::sync::Mutex::default(),
            tries: Mutex::new(0),
        });
        sources.insert(key, Arc::downgrade(&source));
        source
    }
}

/// Tells plugins apart by all that reaches them; environment values may be secret, so only a digest is kept.
fn key(plugin: &Plugin, target: &Target) -> [u8; 32] {
    let mut hash = Sha256::new();
    let mut add = |text: &str| {
        hash.update(text.len().to_le_bytes());
        hash.update(text);
    };
    add(plugin.file.as_str());
    add(&plugin.command.to_string_lossy());
    plugin.args.iter().for_each(|arg| add(arg));
    for (name, value) in &plugin.env {
        add(name);
        add(value.reveal());
    }
    add(question::api_version(plugin.api_version));
    match &plugin.provide_cluster_info {
        ClusterInfo::Withheld => {}
        ClusterInfo::Provided { .. } => {
            add(&question::exec_info(plugin, target, None));
            match question::authority(target) {
                Some(Material::Data(pem)) => add(pem.reveal()),
                Some(Material::File(path)) => add(&path.to_string_lossy()),
                None => {}
            }
        }
    }
    hash.finalize().into()
}

/// One plugin with its last answer.
pub(super) struct PluginSource {
    all: Arc<Plugins>,
    plugin: Plugin,
    target: Target,
    held: tokio::sync::Mutex<Held>,
    /// Runs so far, readable without waiting for one.
    tries: Mutex<u64>,
}

#[derive(Default)]
struct Held {
    current: Option<Arc<Credential>>,
    failure: Option<Arc<CredentialError>>,
    /// When the last run began, on the clock that stands still in a sleep.
    began: Option<Millis>,
}

impl Held {
    /// Whether it is worth a run before the credential ends: not at once after another, and not where a person must act.
    fn worth_a_run(&self, now: Now) -> bool {
        let rested = self.began.is_none_or(|began| now.awake.0 >= began.0 + REST.0);
        rested && self.failure.as_ref().is_none_or(|failure| failure.heals() != Heals::WithHelp)
    }

    /// What is there and has not ended.
    fn good(&self, now: Now) -> Option<&Arc<Credential>> {
        self.current.as_ref().filter(|current| standing(current, now.wall) != Standing::Ended)
    }
}

impl PluginSource {
    /// The credential: the one that is there while it is fresh, else of a run that all callers share.
    pub(super) async fn credential(&self) -> Result<Arc<Credential>, Arc<CredentialError>> {
        let tries_before = self.tries();
        let mut held = self.held.lock().await;
        let now = self.all.clock.now();
        if let Some(current) = held.good(now)
            && (standing(current, now.wall) == Standing::Fresh || !held.worth_a_run(now))
        {
            return Ok(Arc::clone(current));
        }
        // Who waited while a run failed shares its failure; otherwise twelve watches would mean twelve runs.
        if let Some(failure) = held.failure.as_ref().filter(|_| self.tries() > tries_before) {
            return Err(Arc::clone(failure));
        }
        held.began = Some(now.awake);
        let outcome = self.run().await.map(Arc::new).map_err(Arc::new);
        *self.tries.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        held.failure = outcome.as_ref().err().cloned();
        // What the server takes until its end is not thrown away because the next one is late.
        let good = held.good(self.all.clock.now()).cloned();
        let outcome = outcome.or_else(|failure| good.ok_or(failure));
        held.current = outcome.as_ref().ok().cloned();
        outcome
    }

    /// Drops the credential that the server refused, unless a newer one is there already.
    pub(super) async fn refused(&self, sent: Option<&HeaderValue>) -> Again {
        let mut held = self.held.lock().await;
        let sent_token = sent.and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
        let same = held.current.as_ref().is_some_and(|current| current.token.as_ref().map(|token| token.reveal().as_bytes()) == sent_token);
        if same {
            held.current = None;
        }
        Again::Yes
    }

    fn tries(&self) -> u64 {
        *self.tries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn run(&self) -> Result<Credential, CredentialError> {
        let shown = self.plugin.command.display().to_string();
        match self.plugin.interactive {
            Interactive::Always => return Err(CredentialError::PluginNeedsTerminal { program: shown }),
            Interactive::Never | Interactive::IfAvailable => {}
        }
        let allowed = self.all.gate.allow(&self.plugin, &self.target).await?;
        let ca = match question::authority(&self.target) {
            Some(ca) if matches!(self.plugin.provide_cluster_info, ClusterInfo::Provided { .. }) => Some(read(ca).await.map_err(CredentialError::File)?.0),
            Some(_) | None => None,
        };
        let info = question::exec_info(&self.plugin, &self.target, ca.as_deref().map(Vec::as_slice));
        let mut env = self.plugin.env.clone();
        env.push(("KUBERNETES_EXEC_INFO".to_owned(), Secret::new(info)));
        let invocation = Invocation {
            program: Program::Plugin(allowed),
            args: self.plugin.args.clone(),
            env,
            cwd: self.all.home.clone(),
            limit: self.all.limit,
            capture: Capture::Memory { most: MOST_STDOUT + 1 },
        };
        let mut stderr = Tail::default();
        let mut heard = |heard: Heard| {
            if let Heard::Line(line) = heard
                && line.from == Stream::Err
            {
                stderr.push(&line.text);
            }
        };
        let exit = self.all.programs.run(invocation, &mut heard, CancellationToken::new()).await;
        let out = match exit {
            Err(error) => return Err(self.not_run(error, stderr.text)),
            Ok(exit) => {
                let out = zeroize::Zeroizing::new(exit.out);
                match exit.end {
                    End::Code(0) => out,
                    End::Code(code) => return Err(CredentialError::PluginFailed { program: shown, end: format!("code {code}"), stderr: stderr.text }),
                    End::Signal(signal) => return Err(CredentialError::PluginFailed { program: shown, end: format!("signal {signal}"), stderr: stderr.text }),
                    End::Unknown => return Err(CredentialError::PluginStopped { program: shown }),
                }
            }
        };
        let read = if out.len() > MOST_STDOUT { Err(Garbage::TooLong) } else { answer::read(&out, self.plugin.api_version) };
        read.map_err(|why| CredentialError::PluginGarbage { program: shown, why })
    }

    /// The last lines of both streams stand in some errors: they may hold the token and are left out.
    fn not_run(&self, error: ProgramError, stderr: String) -> CredentialError {
        let program = self.plugin.command.display().to_string();
        match error {
            ProgramError::NotFound { searched, .. } => not_found(&self.plugin, &searched),
            ProgramError::NotStarted { cause, .. } => CredentialError::PluginNotStarted { program, said: cause.to_string() },
            ProgramError::NotCaptured { cause, .. } => CredentialError::PluginNotStarted { program, said: cause.to_string() },
            ProgramError::TooLong { limit, .. } => CredentialError::PluginHung { program, limit_s: limit.as_secs(), stderr },
            ProgramError::Stopped { .. } => CredentialError::PluginStopped { program },
        }
    }
}

/// Says where a plugin was looked for; the kubeconfig's hint comes from others and is cleaned.
pub(crate) fn not_found(plugin: &Plugin, searched: &[PathBuf]) -> CredentialError {
    CredentialError::PluginNotFound {
        program: plugin.command.display().to_string(),
        searched: searched.iter().map(|folder| folder.display().to_string()).collect(),
        hint: plugin.install_hint.chars().filter(|c| !c.is_control() || *c == '\n').collect(),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Fresh,
    /// Good, and soon not any more.
    Ending,
    Ended,
}

/// A certificate is as old as its dates, a token as old as the plugin says.
fn standing(credential: &Credential, now: Timestamp) -> Standing {
    match credential.expires {
        Some(expires) if now >= expires => Standing::Ended,
        Some(expires) if now.plus(EARLY) >= expires => Standing::Ending,
        Some(_) | None => Standing::Fresh,
    }
}

/// The end of what a program said.
#[derive(Default)]
struct Tail {
    text: String,
}

impl Tail {
    fn push(&mut self, line: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(line);
        if self.text.len() > MOST_STDERR {
            let cut = self.text.len() - MOST_STDERR;
            let cut = (cut..self.text.len()).find(|at| self.text.is_char_boundary(*at)).unwrap_or(0);
            self.text.drain(..cut);
        }
    }
}
