//! Which form did a job come from, and with which does the next one open?
//!
//! Lives as long as the page; after a restart the core knows what the form said.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
};

use api::{JobId, local::Purpose};

use crate::model::create::Draft;

thread_local! {
    static BY_JOB: RefCell<HashMap<JobId, Draft>> = RefCell::default();
    static NEXT: RefCell<Option<Draft>> = const { RefCell::new(None) };
    static PURPOSE: Cell<Option<Purpose>> = const { Cell::new(None) };
}

/// Remembers the form of a job that starts.
pub(crate) fn keep(job: JobId, draft: Draft) {
    BY_JOB.with_borrow_mut(|kept| kept.insert(job, draft));
}

pub(crate) fn of(job: &JobId) -> Option<Draft> {
    BY_JOB.with_borrow(|kept| kept.get(job).cloned())
}

/// The form opens with this the next time; with a suggestion when there is none.
pub(crate) fn open_with(draft: Option<Draft>) {
    NEXT.set(draft);
}

/// The form as it was left, for the kind of cluster that is asked for.
pub(crate) fn opened() -> Option<Draft> {
    NEXT.take().map(|left| left.again(PURPOSE.take()))
}

/// The form opens for such a cluster the next time.
pub(crate) fn open_for(purpose: Purpose) {
    PURPOSE.set(Some(purpose));
}

pub(crate) fn purpose() -> Purpose {
    PURPOSE.take().unwrap_or_default()
}
