//! Which namespaces did the user type for a context, because he may not list them?

use std::sync::Arc;

use api::{ContextId, Cursor};
use tokio::sync::watch;

use crate::fleet::Fleet;

/// The namespaces that were typed by hand for one context, now and later.
#[derive(Clone)]
pub(crate) struct ByHand {
    fleet: Arc<Fleet>,
    context: ContextId,
}

impl ByHand {
    pub(crate) fn of(fleet: Arc<Fleet>, context: ContextId) -> Self {
        Self { fleet, context }
    }

    pub(crate) fn now(&self) -> Vec<String> {
        let mut typed = vec![];
        self.fleet.contexts().visit(|row| {
            if row.id == self.context {
                typed.clone_from(&row.namespaces);
            }
        });
        typed
    }

    /// Tells when they may be others.
    pub(crate) fn news(&self) -> watch::Receiver<Cursor> {
        self.fleet.contexts().news()
    }
}
