//! Which differences did somebody accept?
//!
//! What is accepted is what was shown: as soon as either side says something else it is a difference again.

use api::changes::ClusterAt;
use api::commits::{AcceptDrift, ShowDrift};
use api::definitions::{DriftPart, DriftRow, DriftState, ObjectName};
use api::{Fault, FaultCode};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Drifts, NOTHING};

/// A difference by what it was when it was accepted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Accepted {
    object: ObjectName,
    seen: String,
}

/// All of one cluster.
pub(super) struct AllAccepted(Vec<Accepted>);

impl AllAccepted {
    /// Whether this row is not to be shown as a difference.
    pub(super) fn has(&self, row: &DriftRow) -> bool {
        !row.seen.is_empty() && self.0.iter().any(|one| one.object == row.object && one.seen == row.seen)
    }

    pub(super) fn mark(&self, row: &mut DriftRow) {
        if self.has(row) {
            row.state = DriftState::Accepted;
        }
    }
}

impl Drifts {
    pub(crate) fn accept(&self, call: &AcceptDrift) -> Result<(), Fault> {
        self.ground(&call.at)?;
        self.bound_folder(&call.at)?;
        let rows = self.lock().get(&call.at).and_then(std::sync::Weak::upgrade).map(|view| view.board.rows()).unwrap_or_default();
        let is_shown = |part: &DriftPart| matches!(part, DriftPart::Object(row) if row.object == call.object && row.seen == call.seen && !row.seen.is_empty());
        if !rows.iter().any(is_shown) {
            let sentence = format!("{} {} does not differ like this any more. Look at it again.", call.object.kind, call.object.name);
            return Err(Fault::new(FaultCode::Changed, sentence).unharmed(NOTHING));
        }
        self.keep(&call.at, |all| {
            all.retain(|one| one.object != call.object);
            all.push(Accepted { object: call.object.clone(), seen: call.seen.clone() });
        })
    }

    pub(crate) fn show_again(&self, call: &ShowDrift) -> Result<(), Fault> {
        self.ground(&call.at)?;
        self.keep(&call.at, |all| all.retain(|one| one.object != call.object))
    }

    pub(super) fn accepted(&self, at: &ClusterAt) -> AllAccepted {
        let bindings = self.fleet.memory().read().definitions;
        AllAccepted(bindings.into_iter().find(|known| known.at == *at).map(|known| known.accepted).unwrap_or_default())
    }

    fn keep(&self, at: &ClusterAt, edit: impl FnOnce(&mut Vec<Accepted>)) -> Result<(), Fault> {
        self.fleet.memory().change(|all| {
            if let Some(binding) = all.definitions.iter_mut().find(|known| known.at == *at) {
                edit(&mut binding.accepted);
            }
        })?;
        self.again(at);
        Ok(())
    }
}

/// Names what both sides say of an object, beside all that is alike.
pub(super) fn seen(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
