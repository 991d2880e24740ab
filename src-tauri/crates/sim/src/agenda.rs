//! What will happen next in the simulated world?
//!
//! One task, owned by the world, does what is due in the order of its time; so a driven clock gives the same run each time.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use api::Timestamp;
use tokio::sync::Notify;

use crate::clock::Clock;

type Deed = Box<dyn FnOnce() + Send>;

#[derive(Clone)]
pub(crate) struct Agenda {
    clock: Clock,
    list: Arc<Mutex<List>>,
    changed: Arc<Notify>,
}

#[derive(Default)]
struct List {
    next: u64,
    deeds: BTreeMap<(Timestamp, u64), Deed>,
}

impl Agenda {
    pub(crate) fn new(clock: Clock) -> Self {
        Self { clock, list: Arc::default(), changed: Arc::default() }
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    pub(crate) fn after(&self, span: Duration, deed: impl FnOnce() + Send + 'static) {
        let due = Timestamp(self.clock.now().0.saturating_add(u64::try_from(span.as_millis()).unwrap_or(u64::MAX)));
        let mut list = self.list.lock().unwrap_or_else(PoisonError::into_inner);
        let number = list.next;
        list.next += 1;
        list.deeds.insert((due, number), Box::new(deed));
        drop(list);
        self.changed.notify_one();
    }

    /// Does what is due, for ever; the owner drops the future.
    pub(crate) async fn keep(self) {
        loop {
            let next = self.list.lock().unwrap_or_else(PoisonError::into_inner).deeds.keys().next().copied();
            match next {
                Some((due, _)) if due <= self.clock.now() => {
                    let deed = self.list.lock().unwrap_or_else(PoisonError::into_inner).deeds.pop_first();
                    if let Some((_, deed)) = deed {
                        deed();
                    }
                }
                Some((due, _)) => tokio::select! {
                    () = self.clock.sleep_until(due) => {}
                    () = self.changed.notified() => {}
                },
                None => self.changed.notified().await,
            }
        }
    }
}

impl std::fmt::Debug for Agenda {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Agenda").field("clock", &self.clock).finish_non_exhaustive()
    }
}
