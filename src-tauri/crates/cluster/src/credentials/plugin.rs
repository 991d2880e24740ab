//! How is a credential plugin run once for all who wait for it?
//!
//! One run per plugin and destination at a time, in the whole process; its answer serves everybody until it ends.
//! Who gives up waiting for a run does not end it: it ends with the last context that it is for.

mod life;
mod run;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use api::{Millis, Timestamp};
use futures::FutureExt as _;
use futures::future::{BoxFuture, Shared};
use http::HeaderValue;
use kubeconfig::target::{ClusterInfo, Material, Plugin, Target};
use sha2::{Digest, Sha256};
use tokio::task::JoinSet;
use tools::Programs;

use super::answer::Credential;
use super::heals::REST;
use super::{Again, CredentialError, question};
use crate::clock::{Clock, Now, System};
use crate::failure::Heals;
use crate::trust::{Gate, destination};
pub(super) use life::Life;
use life::Standing;
use run::Recipe;
pub(crate) use run::not_found;

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

    /// Who is asked before a program runs or a file is sent.
    pub(super) fn gate(&self) -> Arc<dyn Gate> {
        Arc::clone(&self.gate)
    }

    /// The one source of a plugin, where its answer goes and what it is told about the cluster.
    pub(super) fn source(self: &Arc<Self>, plugin: &Plugin, target: &Target) -> Arc<PluginSource> {
        let mut sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        sources.retain(|_, source| source.strong_count() > 0);
        let key = key(plugin, target);
        if let Some(source) = sources.get(&key).and_then(Weak::upgrade) {
            return source;
        }
        let recipe = Recipe { all: Arc::clone(self), plugin: plugin.clone(), target: target.clone() };
        let source = Arc::new(PluginSource { recipe: Arc::new(recipe), held: Mutex::default() });
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
    // Whether it may run is asked for each destination, so nobody takes what another one was given.
    destination(target).iter().for_each(|part| add(part));
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
    recipe: Arc<Recipe>,
    held: Mutex<Held>,
}

/// Whether something was there to be dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dropped {
    One,
    Nothing,
}

/// A credential as it came.
pub(super) struct Received {
    pub(super) credential: Credential,
    pub(super) life: Life,
}

type Outcome = Result<Arc<Received>, Arc<CredentialError>>;
/// A run that any number wait for. Its task is its own and ends when nobody holds this any more.
type Running = Shared<BoxFuture<'static, Outcome>>;

#[derive(Default)]
struct Held {
    current: Option<Arc<Received>>,
    failure: Option<Arc<CredentialError>>,
    running: Option<Running>,
    /// When the last run began, on the clock that stands still in a sleep.
    began: Option<Millis>,
}

/// What a request is served with.
enum Serves {
    Current(Arc<Received>),
    WhatComes(Running),
}

impl Held {
    /// Takes over what a run brought that is over.
    fn settle(&mut self) {
        let Some(outcome) = self.running.clone().and_then(|running| running.now_or_never()) else { return };
        self.running = None;
        match outcome {
            Ok(current) => (self.current, self.failure) = (Some(current), None),
            // What the server takes until its end is not thrown away because the next one is late.
            Err(failure) => self.failure = Some(failure),
        }
    }

    /// What is there and has not ended.
    fn good(&self, now: Now) -> Option<&Arc<Received>> {
        self.current.as_ref().filter(|current| current.life.standing(now) != Standing::Ended)
    }

    /// Whether it is worth a run before the credential ends: not at once after another, and not where a person must act.
    fn worth_a_run(&self, now: Now) -> bool {
        let rested = self.began.is_none_or(|began| now.awake.0 >= began.0 + REST.0);
        self.running.is_none() && rested && self.failure.as_ref().is_none_or(|failure| failure.heals() != Heals::WithHelp)
    }

    fn start(&mut self, recipe: &Arc<Recipe>, now: Now) -> Running {
        let (program, recipe, mut task) = (recipe.shown(), Arc::clone(recipe), JoinSet::new());
        let before = self.current.as_ref().map(|current| (current.credential.expires, current.life));
        task.spawn(async move {
            let received = |credential: Credential| {
                let same = before.filter(|(expires, _)| *expires == credential.expires).map(|(_, life)| life);
                let life = Life::after(same, credential.expires, recipe.all.clock.now());
                Arc::new(Received { credential, life })
            };
            recipe.once().await.map(received).map_err(Arc::new)
        });
        let outcome = async move {
            match task.join_next().await {
                Some(Ok(outcome)) => outcome,
                Some(Err(_)) | None => Err(Arc::new(CredentialError::PluginStopped { program })),
            }
        };
        let running = outcome.boxed().shared();
        (self.running, self.began) = (Some(running.clone()), Some(now.awake));
        running
    }
}

impl PluginSource {
    /// The credential: the one that is there until it ends, else of a run that all callers share.
    pub(super) async fn credential(&self) -> Outcome {
        match self.serves() {
            Serves::Current(current) => Ok(current),
            Serves::WhatComes(running) => running.await,
        }
    }

    fn serves(&self) -> Serves {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.settle();
        let now = self.recipe.all.clock.now();
        let Some(current) = held.good(now).cloned() else {
            let running = held.running.clone();
            return Serves::WhatComes(running.unwrap_or_else(|| held.start(&self.recipe, now)));
        };
        // The next one is fetched while this one serves: nobody waits for it.
        if current.life.standing(now) == Standing::Ending && held.worth_a_run(now) {
            drop(held.start(&self.recipe, now));
        }
        Serves::Current(current)
    }

    /// Drops the credential whose certificate has ended, and tells whether there was one.
    pub(super) fn drop_ended(&self, wall: Timestamp) -> Dropped {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.settle();
        let facts = |current: &Received| current.credential.identity.as_ref().and_then(|identity| identity.facts.as_ref()).map(|facts| facts.until);
        match held.current.take_if(|current| facts(current).is_some_and(|until| wall > until)) {
            Some(_) => Dropped::One,
            None => Dropped::Nothing,
        }
    }

    /// Drops the credential that the server refused, unless a newer one is there already.
    pub(super) fn refused(&self, sent: Option<&HeaderValue>) -> Again {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.settle();
        let sent_token = sent.and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
        let same = held.current.as_ref().is_some_and(|current| current.credential.token.as_ref().map(|token| token.reveal().as_bytes()) == sent_token);
        if same {
            held.current = None;
        }
        Again::Yes
    }
}
