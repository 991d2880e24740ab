//! How many providers were read of a context over the connection that stands?
//!
//! Lives as long as the page: nobody watches providers where they are not shown.

use std::{cell::RefCell, collections::HashMap};

use api::{
    ContextId, Timestamp,
    contexts::{ContextRow, Link},
};

thread_local! {
    static COUNTS: RefCell<HashMap<ContextId, (Timestamp, usize)>> = RefCell::default();
}

/// So many are there now.
pub(crate) fn keep(row: &ContextRow, count: usize) {
    if let Some(since) = since(row) {
        COUNTS.with_borrow_mut(|counts| counts.insert(row.id.clone(), (since, count)));
    }
}

/// A job may make them more or fewer.
pub(crate) fn forget(context: &ContextId) {
    COUNTS.with_borrow_mut(|counts| counts.remove(context));
}

pub(crate) fn count(row: &ContextRow) -> Option<usize> {
    let since = since(row)?;
    COUNTS.with_borrow(|counts| counts.get(&row.id).filter(|(then, _)| *then == since).map(|(_, count)| *count))
}

/// Since when a connection stands.
fn since(row: &ContextRow) -> Option<Timestamp> {
    match &row.link {
        Link::Live { since, .. } => Some(*since),
        Link::Unopened | Link::Opening { .. } | Link::Stale { .. } | Link::Unreachable { .. } | Link::NeedsYou { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use api::Millis;

    use super::*;
    use crate::model::samples;

    fn live(since: u64, latency: u64) -> ContextRow {
        ContextRow { link: Link::Live { since: Timestamp(since), latency: Millis(latency) }, ..samples::context("mgmt") }
    }

    #[test]
    fn providers_that_were_read_are_known_until_a_job_begins_or_their_connection_ends() {
        assert_eq!(count(&live(1, 3)), None, "nobody read them");
        keep(&live(1, 3), 4);
        assert_eq!(count(&live(1, 5)), Some(4));
        assert_eq!(count(&live(2, 3)), None, "another connection may lead to another cluster");
        assert_eq!(count(&samples::context("mgmt")), None, "a context that is closed");
        forget(&live(1, 3).id);
        assert_eq!(count(&live(1, 3)), None);
        keep(&samples::context("mgmt"), 4);
        assert_eq!(count(&live(1, 3)), None);
    }
}
