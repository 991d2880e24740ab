//! What else does a management cluster show: all its machines, its classes, what was kept, and what a container writes?

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, PoisonError};

use api::local::LocalRow;
use api::machines::{ClassRow, MachineRow, SaidLine};
use api::runs::{Run, RunRow};
use api::watched::WatchedRow;
use api::{Row as _, Status};
use capi::ClusterKey;
use capi::log::masked;

use super::reach::newest;
use super::{Drawn, Known, Managed, containers_of, runs};
use crate::board::Board;

/// Read of a container's past when somebody asks for it.
const LINES: u32 = 400;

impl Managed {
    pub(crate) fn classes(&self) -> Arc<Board<ClassRow>> {
        self.drawn.classes.clone()
    }

    /// How far KOS sees.
    pub(crate) fn watched(&self) -> Arc<Board<WatchedRow>> {
        self.drawn.watched.clone()
    }

    /// Whether a cluster that is not listed is not there.
    pub(crate) fn sees_all(&self) -> bool {
        self.unseen().is_none()
    }

    /// Why clusters may be there that are not listed.
    pub(crate) fn unseen(&self) -> Option<&'static str> {
        let known = self.drawn.known();
        if known.watched().denied.is_some() {
            return Some("its clusters may not be listed in all namespaces");
        }
        (!known.reach.knows_core()).then_some("it does not say now which kinds it holds")
    }

    /// The namespaces that are read where not all may be.
    pub(crate) fn typed(&self) -> Vec<String> {
        newest(&self.by_hand.now()).to_vec()
    }

    /// The machines of all clusters, drawn as long as somebody looks at them.
    pub(crate) fn machines(&self) -> Arc<Board<MachineRow>> {
        let (board, is_new) = {
            let mut machines = self.drawn.machines.lock().unwrap_or_else(PoisonError::into_inner);
            match machines.upgrade() {
                Some(board) => (board, false),
                None => {
                    let board = Arc::new(Board::new(Status::Loading));
                    *machines = Arc::downgrade(&board);
                    (board, true)
                }
            }
        };
        if is_new {
            let containers = self.drawn.local.rows();
            let known = self.drawn.known();
            let all: BTreeSet<ClusterKey> = known.graph.clusters().cloned().collect();
            self.drawn.draw_machines(&known, &all, &containers);
            if let Some(status) = known.shown() {
                board.status(status);
            }
        }
        board
    }

    /// The runs that are kept of this context.
    pub(crate) fn runs(&self) -> Arc<Board<RunRow>> {
        self.drawn.kept.clone()
    }

    pub(crate) fn run(&self, id: &str) -> Option<Run> {
        let mut known = self.drawn.known();
        let Known { runs, events, .. } = &mut *known;
        runs.read(id, events)
    }

    /// Keeps all that is new of the runs.
    pub(crate) async fn keep_runs(&self) {
        while self.drawn.save().await > 0 {}
    }

    /// The container of a machine as Docker tells; `None` where it is no container of this computer.
    ///
    /// # Errors
    /// When Docker does not answer.
    pub(crate) async fn machine_host(&self, key: &ClusterKey, machine: &str) -> Result<Option<provision::local::OneContainer>, api::Fault> {
        if !self.is_here(key, machine) {
            return Ok(None);
        }
        provision::local::container(self.programs.as_ref(), machine).await
    }

    fn is_here(&self, key: &ClusterKey, machine: &str) -> bool {
        let is_machine = self.drawn.known().graph.machines(key).any(|one| *one.id.name == *machine);
        is_machine && containers_of(&self.drawn.local.rows(), key).iter().any(|container| container.name == machine)
    }

    /// What the container of a machine wrote last; `None` where it is no container of this computer.
    pub(crate) async fn machine_log(&self, key: &ClusterKey, machine: &str) -> Option<Vec<SaidLine>> {
        if !self.is_here(key, machine) {
            return None;
        }
        let lines = provision::local::last_lines(self.programs.as_ref(), machine, LINES).await;
        Some(lines.into_iter().map(|line| SaidLine { at: line.at, text: masked(&line.text) }).collect())
    }
}

/// What was seen since the last time is kept when the last one stops looking.
impl Drop for Managed {
    fn drop(&mut self) {
        runs::save(&self.drawn.runs, &self.drawn.unsaved());
    }
}

impl Drawn {
    pub(super) fn all_machines(&self) -> Option<Arc<Board<MachineRow>>> {
        self.machines.lock().unwrap_or_else(PoisonError::into_inner).upgrade()
    }

    /// Draws the machines of these clusters anew where somebody looks at all machines.
    pub(super) fn draw_machines(&self, known: &Known, touched: &BTreeSet<ClusterKey>, containers: &[LocalRow]) {
        let Some(board) = self.all_machines() else { return };
        let mut set = vec![];
        for key in touched {
            let facts = known.facts(key, containers_of(containers, key));
            set.extend(capi::machines(&known.graph, key, &facts));
        }
        let there: BTreeSet<_> = set.iter().map(MachineRow::id).collect();
        let mut gone = vec![];
        board.visit(|row| {
            let is_touched = touched.iter().any(|key| *key.name == *row.cluster && *key.namespace == *row.namespace);
            if is_touched && !there.contains(&row.id()) {
                gone.push(row.id());
            }
        });
        board.apply(set, gone);
    }

    /// Clusters of which the containers on this machine are others, or stand otherwise, than at the last look.
    pub(super) fn stirred(&self, before: &mut HashMap<ClusterKey, Vec<capi::Container>>) -> BTreeSet<ClusterKey> {
        let rows = self.local.rows();
        let all: Vec<ClusterKey> = self.known().graph.clusters().cloned().collect();
        let now: HashMap<ClusterKey, Vec<capi::Container>> = all.iter().map(|key| (key.clone(), containers_of(&rows, key))).collect();
        let of = |seen: &HashMap<ClusterKey, Vec<capi::Container>>, key: &ClusterKey| seen.get(key).cloned().unwrap_or_default();
        let stirred = all.into_iter().filter(|key| of(before, key) != of(&now, key)).collect();
        *before = now;
        stirred
    }

    fn unsaved(&self) -> Vec<Run> {
        let mut known = self.known();
        let Known { runs, events, .. } = &mut *known;
        runs.take_unsaved(events)
    }

    /// Keeps some of what is new of the runs, and gives of how many.
    pub(super) async fn save(&self) -> usize {
        let (unsaved, folder) = (self.unsaved(), self.runs.clone());
        let taken = unsaved.len();
        if !unsaved.is_empty() && tokio::task::spawn_blocking(move || runs::save(&folder, &unsaved)).await.is_err() {
            tracing::error!("keeping runs panicked");
        }
        taken
    }
}
