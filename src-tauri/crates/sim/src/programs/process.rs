//! Which simulated processes live?

use std::collections::BTreeMap;

use api::Timestamp;
use tokio_util::sync::CancellationToken;
use tools::{Invocation, ProcessId};

#[derive(Debug, Default)]
pub(crate) struct Processes {
    next: u32,
    living: BTreeMap<u32, Living>,
}

#[derive(Debug)]
struct Living {
    id: ProcessId,
    program: String,
    end: CancellationToken,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    Code(i32),
    Signal(i32),
}

impl Processes {
    pub(crate) fn begin(&mut self, invocation: &Invocation, now: Timestamp) -> ProcessId {
        self.next += 1;
        let id = ProcessId { pid: 4_000 + self.next, started: now.0 / 10 };
        let living = Living { id, program: invocation.program.name(), end: CancellationToken::new() };
        self.living.insert(id.pid, living);
        id
    }

    pub(crate) fn lives(&self, id: ProcessId) -> bool {
        self.living.get(&id.pid).is_some_and(|one| one.id == id)
    }

    pub(crate) fn program(&self, id: ProcessId) -> String {
        self.living.get(&id.pid).map_or_else(|| "the program".to_owned(), |one| one.program.clone())
    }

    pub(crate) fn ending(&self, id: ProcessId) -> Option<CancellationToken> {
        self.living.get(&id.pid).filter(|one| one.id == id).map(|one| one.end.clone())
    }

    pub(crate) fn end_all(&mut self) {
        std::mem::take(&mut self.living).into_values().for_each(|one| one.end.cancel());
    }

    /// Another process of the same number is left alone; how one ended only its parent can know.
    pub(crate) fn end(&mut self, id: ProcessId) {
        if self.lives(id)
            && let Some(one) = self.living.remove(&id.pid)
        {
            one.end.cancel();
        }
    }
}
