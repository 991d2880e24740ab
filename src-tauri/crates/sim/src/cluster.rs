//! What is one simulated cluster: its objects, its manners and its controllers?
//!
//! Start at: [`Cluster::write`], through which every change goes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use api::Timestamp;
use tokio::sync::watch;

use crate::agenda::Agenda;
use crate::clock::Clock;
use crate::controllers::{self, Act};
use crate::server::access::Access;
use crate::server::store::Store;
use crate::world::WeakWorld;

#[derive(Debug)]
pub struct Cluster {
    name: String,
    agenda: Agenda,
    /// What its controllers do outside of it.
    world: WeakWorld,
    store: Mutex<Store>,
    manners: Mutex<Manners>,
    /// The newest revision, for watches that wait.
    news: watch::Sender<u64>,
}

/// How a cluster answers.
#[derive(Debug, Clone)]
pub struct Manners {
    /// `v1.36.1`.
    pub version: String,
    pub reach: Reach,
    pub latency: Duration,
    pub access: Access,
    /// Webhook services that refuse connections until then, though their pods are ready.
    pub deaf_until: Vec<(String, Timestamp)>,
    /// Paths that the server cannot answer now, each as often as it says.
    pub busy: BTreeMap<String, usize>,
}

/// Whether a connection comes about at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    Answers,
    /// Nothing listens: a stopped container.
    Refused,
    /// A network that is not there: a VPN that is off.
    NoRoute,
    /// Accepts and never answers: a paused container.
    Silent,
}

impl Cluster {
    pub(crate) fn new(name: &str, version: &str, agenda: Agenda, world: WeakWorld) -> Arc<Self> {
        let manners = Manners {
            version: version.into(),
            reach: Reach::Answers,
            latency: Duration::ZERO,
            access: Access::administrator(),
            deaf_until: Vec::new(),
            busy: BTreeMap::new(),
        };
        let (news, _) = watch::channel(0);
        Arc::new(Self { name: name.into(), agenda, world, store: Mutex::new(Store::new()), manners: Mutex::new(manners), news })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn clock(&self) -> &Clock {
        self.agenda.clock()
    }

    pub fn manners(&self) -> Manners {
        self.manners.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Changes how the cluster answers, from the next request on.
    pub fn behave(&self, change: impl FnOnce(&mut Manners)) {
        change(&mut self.manners.lock().unwrap_or_else(PoisonError::into_inner));
        // Open watches look whether they are still connected.
        self.news.send_modify(|_| {});
    }

    /// Whether the server cannot answer this path now; one time of them is used up.
    pub(crate) fn takes_busy(&self, path: &str) -> bool {
        let mut manners = self.manners.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(left) = manners.busy.get_mut(path) else { return false };
        *left = left.saturating_sub(1);
        if *left == 0 {
            manners.busy.remove(path);
        }
        true
    }

    /// Forgets all but the last `changes`: watches and continued lists from before are answered with 410.
    pub fn compact(&self, changes: usize) {
        self.store().keep(changes);
    }

    pub(crate) fn news(&self) -> watch::Receiver<u64> {
        self.news.subscribe()
    }

    pub(crate) fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes objects; watchers hear of it at once, controllers act on it after a while.
    pub(crate) fn write<T>(self: &Arc<Self>, change: impl FnOnce(&mut Store) -> T) -> T {
        let mut store = self.store();
        let before = store.revision();
        let answer = change(&mut store);
        let acts = controllers::react(&store, before);
        let revision = store.revision();
        drop(store);
        if revision != before {
            self.news.send_replace(revision);
        }
        for (after, act) in acts {
            self.later(after, act);
        }
        answer
    }

    /// Puts objects in place without any controller noticing: the state at the start of a scene.
    pub(crate) fn seed(&self, objects: impl IntoIterator<Item = serde_json::Value>) {
        let mut store = self.store();
        for object in objects {
            crate::objects::place(&mut store, object);
        }
        let revision = store.revision();
        drop(store);
        self.news.send_replace(revision);
    }

    fn later(self: &Arc<Self>, after: Duration, act: Act) {
        let cluster = Arc::downgrade(self);
        self.agenda.after(after, move || {
            if let Some(cluster) = cluster.upgrade() {
                let now = cluster.clock().now();
                cluster.write(|store| controllers::perform(store, &act, now));
                if let Some(world) = cluster.world.upgrade() {
                    controllers::outside(&world, &cluster, &act, now);
                }
            }
        });
    }
}
