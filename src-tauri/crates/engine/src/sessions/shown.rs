//! Who tells the fleet how a connection stands, and until when?

use std::sync::{Arc, Mutex, PoisonError};

use api::ContextId;
use cluster::session::{Session, SessionView};
use kubeconfig::target::{Target, Tls};
use tokio::sync::watch;

use crate::fleet::{Fleet, Marks, Place, View};
use crate::tasks::Task;

/// Tells it for as long as this value lives and was not hushed.
pub(super) struct Shown {
    voice: Arc<Voice>,
    task: Task,
}

struct Voice {
    fleet: Arc<Fleet>,
    context: ContextId,
    tls: Tls,
    says: Mutex<Says>,
}

/// Whether the row of the context is told by this connection.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Says {
    All,
    Nothing,
}

impl Shown {
    pub(super) fn of(session: &Session, target: &Target, fleet: Arc<Fleet>) -> Self {
        let voice = Arc::new(Voice { fleet, context: target.context.clone(), tls: target.tls.clone(), says: Mutex::new(Says::All) });
        let task = Task::spawn("state of a connection", voice.clone().follow(session.view()));
        Self { voice, task }
    }

    /// Once this returns the row is told by others, wherever the task stands: a task that is ended may still finish a step.
    pub(super) fn hush(&self) {
        *self.voice.says.lock().unwrap_or_else(PoisonError::into_inner) = Says::Nothing;
    }

    pub(super) async fn end(self) {
        self.task.end().await;
    }
}

impl Voice {
    async fn follow(self: Arc<Self>, mut view: watch::Receiver<SessionView>) {
        let (mut place, mut authority) = (Place::Same, None);
        loop {
            let now = view.borrow_and_update().clone();
            // Before it was asked nobody knows whether it says which one it is.
            if now.asked && authority.is_none() {
                authority = cluster::dial::authority(&self.tls).await;
            }
            if !now.version.is_empty() {
                // What cannot be saved is asked again next time.
                let _ = self.fleet.memory().change_context(&self.context, |known| {
                    known.version.clone_from(&now.version);
                    let before = Marks { uid: known.cluster.as_deref(), authority: known.authority.as_deref() };
                    place = place.after(before, Marks { uid: now.cluster.as_deref(), authority: authority.as_deref() });
                    known.cluster = now.cluster.clone().or(known.cluster.take());
                    known.authority = authority.clone().or(known.authority.take());
                });
            }
            self.say(View { link: now.link, version: now.version, identity: now.identity, expires: now.expires, place, away: now.away, skew: now.skew });
            if view.changed().await.is_err() {
                return;
            }
        }
    }

    fn say(&self, view: View) {
        let says = self.says.lock().unwrap_or_else(PoisonError::into_inner);
        if *says == Says::All {
            self.fleet.view(&self.context, Some(view));
        }
    }
}
