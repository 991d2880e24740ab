//! Answers every call and feeds every stream.
//!
//! Knows: all crates below. Does not know: Tauri, Yew. Start at: [`Engine`].

mod answers;
mod aside;
mod board;
mod budget;
mod by_hand;
mod changing;
mod clients;
mod connecting;
#[cfg(test)]
mod demo_fleet;
mod doctor;
mod drawing;
mod drift;
mod fetching;
mod file_manager;
mod fleet;
pub mod home;
mod impact;
mod keep;
mod leftovers;
mod lid;
mod limits;
mod local;
mod managed;
mod memory;
mod network;
mod objects;
mod providers;
mod realm;
mod sessions;
mod settings;
mod sleeping;
mod stage;
mod streams;
mod takes;
mod tasks;
mod tile;
mod token;
mod unwatched;
mod web;
mod whole;
mod work;
mod world;

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use api::app::SetMode;
use api::{Done, Fault, FaultCode, Pull, Request, StreamId, Topic};
use futures::FutureExt;

pub use board::Encoding;
pub use home::Home;
pub use stage::{Demo, Pace, Scene, Stage, Tongue, UnknownScene, WrongStage};

use realm::Realm;
use settings::Settings;
use streams::Streams;
use tasks::Task;

/// The whole core behind two mechanisms: one call, one subscription.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    home: Home,
    settings: Arc<Settings>,
    /// The real machine, or the demo fleet.
    realm: RwLock<Arc<Realm>>,
    /// Two changes of the mode at once would each open a realm.
    changing: tokio::sync::Mutex<()>,
    streams: Streams,
    /// How many pages have drawn their first view.
    drawn: tokio::sync::watch::Sender<u64>,
    /// How often this computer was about to sleep.
    sleeps: tokio::sync::watch::Sender<u64>,
    /// Hears when it does; the demo alone asks nothing of this computer.
    lid: Mutex<Option<Task>>,
}

impl Engine {
    /// Reads files and the journal of jobs; on the real machine it contacts nobody and runs nothing.
    ///
    /// Errors: the state folder cannot be made or read.
    pub async fn start(home: Home, stage: Stage) -> Result<Self, Fault> {
        limits::raise_open_files();
        let pasted = home.config.join(answers::PASTED);
        let ours = [home.config.clone(), pasted, home.state.clone(), home.state.join(drawing::DRAFTS), home.kubeconfigs.clone()];
        ours.iter().for_each(|folder| kubeconfig::temporary::sweep(folder));
        let settings = Arc::new(Settings::of(&home));
        let realm = Realm::open(&home, &settings, stage).await?;
        if realm.work.jobs.access() == jobs::Access::Nowhere {
            settings.nothing_is_kept(&home.state);
        }
        let inner = Inner {
            home,
            settings,
            realm: RwLock::new(realm),
            changing: Default::default(),
            streams: Streams::default(),
            drawn: Default::default(),
            sleeps: Default::default(),
            lid: Default::default(),
        };
        let engine = Self { inner: Arc::new(inner) };
        engine.mind_the_lid();
        Ok(engine)
    }

    /// Answers one request with its reply as JSON.
    ///
    /// Errors: the fault of the call; a panic in it is its fault too, not the end of the window.
    pub async fn call(&self, request: Request) -> Result<Vec<u8>, Fault> {
        let answer = async {
            if let Request::SetMode(call) = &request {
                self.set_mode(call).await
            } else if let Request::TellDrawn(_) = &request {
                self.inner.drawn.send_modify(|pages| *pages += 1);
                done()
            } else {
                answers::answer(&self.realm(), request).await
            }
        };
        AssertUnwindSafe(answer)
            .catch_unwind()
            .await
            .unwrap_or_else(|_| Err(Fault::new(FaultCode::Bug, "KOS made a mistake and could not do this.").unharmed("Everything else goes on.")))
    }

    /// Opens a live view.
    pub async fn subscribe(&self, topic: Topic) -> Result<StreamId, Fault> {
        limits::room_for_a_view()?;
        let (board, interest) = self.realm().look_at(&topic).await?;
        self.inner.streams.add(board, interest)
    }

    /// Waits for the next batch of a live view and gives it as postcard bytes.
    pub async fn pull(&self, pull: Pull) -> Result<Vec<u8>, Fault> {
        self.pull_as(pull, Encoding::Postcard).await
    }

    pub async fn pull_as(&self, pull: Pull, encoding: Encoding) -> Result<Vec<u8>, Fault> {
        self.inner.streams.pull(pull, encoding).await
    }

    /// Ends a live view; what nobody looks at any more is not kept up.
    pub async fn unsubscribe(&self, stream: StreamId) -> Result<(), Fault> {
        self.inner.streams.remove(stream);
        Ok(())
    }

    /// Waits until a page has told that its first view is drawn.
    pub async fn drawn(&self) {
        // The sender stands in the engine, which is here.
        let _ = self.inner.drawn.subscribe().wait_for(|pages| *pages > 0).await;
    }

    /// Counts the pages that have told so.
    pub fn pages_drawn(&self) -> u64 {
        *self.inner.drawn.borrow()
    }

    /// Counts how often this computer was about to sleep: what is kept outside of the engine is kept then, too.
    pub fn sleeps(&self) -> tokio::sync::watch::Receiver<u64> {
        self.inner.sleeps.subscribe()
    }

    /// Ends every live view: the page that had them is gone, and the next one opens its own.
    pub fn end_views(&self) {
        self.inner.streams.close();
    }

    /// Ends every task, connection and view. Jobs stay interrupted in their journals, their programs go on.
    pub async fn close(&self) {
        let lid = self.inner.lid.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(lid) = lid {
            lid.end().await;
        }
        self.inner.streams.close();
        self.realm().close().await;
    }

    /// Listens from the first real world on; the demo runs on no clock that a sleep would stop.
    fn mind_the_lid(&self) {
        let mut lid = self.inner.lid.lock().unwrap_or_else(PoisonError::into_inner);
        if lid.is_none() && self.realm().stage == Stage::Real {
            *lid = Some(Task::spawn("sleeps of this computer", lid::follow(Arc::downgrade(&self.inner))));
        }
    }

    async fn set_mode(&self, call: &SetMode) -> Result<Vec<u8>, Fault> {
        let _one_at_a_time = self.inner.changing.lock().await;
        let wanted = Stage::from(call.mode);
        if self.realm().stage != wanted {
            let next = Realm::open(&self.inner.home, &self.inner.settings, wanted).await?;
            let before = {
                let mut realm = self.inner.realm.write().unwrap_or_else(PoisonError::into_inner);
                std::mem::replace(&mut *realm, next)
            };
            // Every view ends and is opened again by the page, on the other world.
            self.inner.streams.close();
            self.mind_the_lid();
            before.close().await;
        }
        done()
    }

    fn realm(&self) -> Arc<Realm> {
        self.inner.realm()
    }
}

impl Inner {
    fn realm(&self) -> Arc<Realm> {
        self.realm.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts on disk what is only in memory yet: the battery may not outlast the sleep.
    async fn before_sleep(&self) {
        self.sleeps.send_modify(|n| *n += 1);
        self.realm().keep().await;
    }

    /// The network is likely another one, so nobody waits for what was tried on the old one.
    fn after_sleep(&self) {
        self.realm().sessions.woke();
    }
}

fn done() -> Result<Vec<u8>, Fault> {
    serde_json::to_vec(&Done).map_err(|e| Fault::new(FaultCode::Bug, "The answer could not be written.").because("KOS", e.to_string()))
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Engine({:?})", self.realm().stage)
    }
}

/// A token that cannot be guessed, for one start of the development server.
pub fn one_time_token() -> std::io::Result<String> {
    let mut bytes = [0; 32];
    let mut source = std::fs::File::open("/dev/urandom")?;
    std::io::Read::read_exact(&mut source, &mut bytes)?;
    Ok(bytes.iter().map(|b| format!("{b:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use api::app::TellDrawn;

    use super::{Demo, Engine, Home, Stage};

    #[tokio::test]
    async fn every_page_that_draws_its_first_view_is_counted() {
        let folder = tempfile::tempdir().unwrap();
        let engine = Engine::start(Home::below(folder.path()), Stage::Demo(Demo::default())).await.unwrap();
        assert_eq!(engine.pages_drawn(), 0);
        for pages in 1..=3 {
            engine.call(TellDrawn.into()).await.unwrap();
            engine.drawn().await;
            assert_eq!(engine.pages_drawn(), pages);
        }
        engine.close().await;
    }
}
