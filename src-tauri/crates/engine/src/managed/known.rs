//! What is known of the clusters of a management cluster?

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use api::capi::{ClusterPart, ClusterRow, Explanation, MachineStep};
use api::runs::RunRow;
use api::watched::WatchedRow;
use api::{Millis, Status};
use capi::{ClusterKey, Events, Facts, Gates, Graph, ObjectId, Page, PageChange, Reached, Seen, Upgrading, Usual, lanes};
use cluster::objects::{Discovered, Objects};
use serde_json::Value;

use super::logs::Lines;
use super::reach::Reach;
use super::reading::{is_of_clusters, is_watched};
use super::runs::Runs;
use crate::fleet::now;

/// What took longer was held up by something: it says nothing of the next machine.
const LONGEST_USUAL: Millis = Millis(30 * 60 * 1_000);

/// The objects of a management cluster, and what was seen of them.
#[derive(Default)]
pub(super) struct Known {
    pub(super) graph: Graph,
    pub(super) events: Events,
    pub(super) lines: HashMap<ClusterKey, Lines>,
    /// With which features the core was started, as its pod told last.
    pub(super) gates: Option<Gates>,
    /// By the uid of a Machine: what it once reached stays reached.
    pub(super) reached: HashMap<Arc<str>, Reached>,
    pub(super) upgrades: HashMap<ClusterKey, Upgrading>,
    pub(super) runs: Runs,
    /// What the list of clusters says of itself.
    pub(super) status: Option<Status>,
    pub(super) kinds: Arc<Vec<Objects>>,
    /// The definitions of kinds are watched: what is not among `kinds` is not served. Who may not list them is told of none.
    pub(super) sees_definitions: bool,
    /// How far they may be listed.
    pub(super) reach: Reach,
}

impl Known {
    /// Clusters are live once every kind has answered: a worker would seem to belong to no pool while sets are on their way.
    pub(super) fn shown(&self) -> Option<Status> {
        match &self.status {
            Some(Status::Live) if !self.reach.stand().has_answered => Some(Status::Loading),
            said => said.clone(),
        }
    }

    /// What a machine of this cluster took from its order to service, the middle of those that were seen.
    pub(super) fn usual_whole(&self, key: &ClusterKey) -> Option<Millis> {
        let took = |machine: &capi::Object| Some(self.reached.get(&machine.uid)?.end(MachineStep::Available)?.since(machine.created?));
        let mut all: Vec<Millis> = self.graph.machines(key).filter_map(took).filter(|took| *took <= LONGEST_USUAL).collect();
        all.sort();
        all.get(all.len() / 2).copied()
    }

    /// Notes what the machines of a cluster have reached and how far its upgrade is, and gives the rows of runs that changed by it.
    pub(super) fn note(&mut self, key: &ClusterKey) -> Vec<RunRow> {
        let is_whole = self.reach.stand().is_whole && !self.kinds.is_empty() && self.reach.sees(&key.namespace);
        let seen = if is_whole { Seen::Whole } else { Seen::Partly };
        self.note_upgrade(key, seen);
        let at = now();
        let look = |m: &capi::Object| (m.uid.clone(), Reached::read(&self.graph, key, m).watched(m, at));
        let seen_now: Vec<(Arc<str>, Reached)> = self.graph.machines(key).map(look).collect();
        for (uid, reached) in seen_now {
            let before = self.reached.get(&uid).copied().unwrap_or_default();
            self.reached.insert(uid, before.or_later(reached));
        }
        self.runs.note(&self.graph, key, &self.reached, seen, at)
    }

    /// While lists are on their way, a machine that is not there may only not have come yet: nothing of an upgrade is noted then.
    fn note_upgrade(&mut self, key: &ClusterKey, seen: Seen) {
        match (self.graph.cluster(key), seen) {
            (Some(cluster), Seen::Whole) => {
                let of_before = || self.runs.upgrade(&cluster.uid).map(Upgrading::kept).unwrap_or_default();
                let upgrading = self.upgrades.entry(key.clone()).or_insert_with(of_before);
                upgrading.note(&self.graph, key, now());
                self.runs.keep_upgrade(&cluster.uid, upgrading.keep());
            }
            (None, Seen::Whole) => drop(self.upgrades.remove(key)),
            (_, Seen::Partly) => {}
        }
    }

    /// Takes in an event; the cluster that it is about is drawn again.
    pub(super) fn hear(&mut self, event: &Value) -> Option<ClusterKey> {
        self.events.put(event, &self.graph)
    }

    /// Events that came before their objects find them.
    pub(super) fn settle(&mut self) {
        self.events.settle(&self.graph);
    }

    pub(super) fn facts(&self, key: &ClusterKey, containers: Vec<capi::Container>) -> Facts {
        let logs = self.lines.get(key).map(Lines::facts).unwrap_or_default();
        let (usual, gone, gates) = (self.usual_whole(key), self.gone(key), self.gates.clone());
        Facts { now: now(), events: self.events.happenings(key), logs, containers, usual, gone, gates }
    }

    /// What machines that go refer to and the server has no more.
    fn gone(&self, key: &ClusterKey) -> Vec<ObjectId> {
        let parts = self.graph.machines(key).filter(|machine| machine.deleting_since.is_some()).filter_map(|machine| machine.infrastructure.as_ref());
        parts.filter(|id| self.graph.get(id).is_none() && self.tells_of(id)).cloned().collect()
    }

    /// Whether an object that is not known is not there: its kind was listed whole, or went with its definition.
    fn tells_of(&self, id: &ObjectId) -> bool {
        let is_served = self.kinds.iter().any(|kind| *kind.group == *id.group && *kind.kind == *id.kind);
        if is_served { self.reach.reads_whole(id) } else { self.sees_definitions && is_of_clusters(&id.group) && !self.reach.is_silent(&id.group) }
    }

    pub(super) fn forget(&mut self, id: &ObjectId) -> Option<ClusterKey> {
        if let Some(object) = self.graph.get(id) {
            self.reached.remove(&object.uid);
        }
        self.graph.remove(id)
    }

    /// Forgets all objects of kinds that are served no longer, and gives the clusters that are drawn otherwise by it. What is
    /// kept of machines that were not listed yet stays: after a restart that is all of them.
    pub(super) fn forget_kinds(&mut self, is_served: impl Fn(&ObjectId) -> bool) -> BTreeSet<ClusterKey> {
        let gone: Vec<ObjectId> = self.graph.ids().filter(|id| !is_served(id)).cloned().collect();
        gone.iter().filter_map(|id| self.forget(id)).collect()
    }

    /// Forgets what stands in namespaces that are read no longer, and gives the clusters that are drawn otherwise by it.
    pub(super) fn lose_sight(&mut self, of: &[Arc<str>]) -> BTreeSet<ClusterKey> {
        let is_lost = |id: &&ObjectId| of.contains(&id.namespace) && self.reach.is_refused(&id.group, &id.kind);
        let gone: Vec<ObjectId> = self.graph.ids().filter(is_lost).cloned().collect();
        gone.iter().filter_map(|id| self.forget(id)).collect()
    }

    /// The kinds of groups that do not say now which they hold, as far as they are known from before.
    pub(super) fn still_held(&self, told: &Discovered) -> Vec<Objects> {
        let is_told = |kind: &Objects| told.kinds.iter().any(|one| one.group == kind.group && one.kind == kind.kind);
        self.kinds.iter().filter(|kind| told.silent.contains_key(&kind.group) && !is_told(kind)).cloned().collect()
    }

    /// How far KOS sees: as many kinds are watched, and where.
    pub(super) fn watched(&self) -> WatchedRow {
        let kinds = self.kinds.iter().filter(|kind| is_watched(kind) && self.reach.watches(kind)).count();
        self.reach.row(u32::try_from(kinds).unwrap_or(u32::MAX))
    }

    /// Draws on a page what changed since it was drawn last.
    pub(super) fn draw(&self, page: &mut Page, key: &ClusterKey, facts: &Facts, head: Option<(ClusterRow, Explanation)>) -> PageChange {
        let Some(head) = head else { return page.clear() };
        let mut usual = Usual::default();
        for machine in self.graph.machines(key) {
            if let Some(reached) = self.reached.get(&machine.uid) {
                usual.learn(machine, reached);
            }
        }
        let lanes = lanes(&self.graph, key, |m| self.reached.get(&m.uid).copied().unwrap_or_default(), &usual);
        let run = self.upgrades.get(key).and_then(|upgrading| upgrading.run(&self.graph, key, facts.usual));
        let shared = self.graph.cluster(key).map(|cluster| self.runs.shared(&cluster.uid)).unwrap_or_default();
        let watched = ClusterPart::Watched(self.watched().kinds);
        let drawn = lanes.into_iter().map(ClusterPart::Lane).chain(shared.into_iter().map(ClusterPart::Shared));
        let beside = drawn.chain(run.map(ClusterPart::Upgrade)).chain([watched]).collect();
        let mut change = page.draw(&self.graph, key, facts, head, beside);
        let lines = self.lines.get(key);
        page.draw_written(
            self.events.told(key) + lines.map(Lines::told).unwrap_or_default(),
            || {
                let events = self.events.rows(key).into_iter().map(ClusterPart::Event);
                events.chain(lines.map(Lines::rows).unwrap_or_default().into_iter().map(ClusterPart::Log)).collect()
            },
            &mut change,
        );
        change
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::super::reach::{Held, Listing};
    use super::*;

    const GROUP: &str = "infrastructure.cluster.x-k8s.io";

    /// Whether the definitions of kinds are seen, and what the list of DevMachines says, if there is one.
    #[rstest]
    #[case::listed(true, GROUP, Some(Status::Live), true)]
    #[case::not_listed_yet(true, GROUP, Some(Status::Loading), false)]
    #[case::not_to_be_listed(true, GROUP, Some(denied()), false)]
    #[case::not_defined_any_more(true, GROUP, None, true)]
    #[case::maybe_defined(false, GROUP, None, false)]
    #[case::of_a_group_that_is_not_read(true, "infra.example.org", None, false)]
    fn what_a_machine_refers_to_is_gone_only_where_all_of_its_kind_is_seen(
        #[case] sees_definitions: bool,
        #[case] group: &str,
        #[case] says: Option<Status>,
        #[case] is_gone: bool,
    ) {
        let mut known = with_a_machine_that_goes(sees_definitions, group);
        if let Some(status) = says {
            let kind = Objects { group: group.to_owned(), version: "v1beta2".to_owned(), kind: "DevMachine".to_owned(), plural: "devmachines".to_owned() };
            let listing = Listing::everywhere(&kind);
            known.kinds = Arc::new(vec![kind]);
            known.reach.expect(listing.clone());
            known.reach.hear(&listing, &status);
        }
        assert_eq!(known.gone(&w1()).len(), usize::from(is_gone));
    }

    #[test]
    fn a_group_that_does_not_say_what_it_holds_tells_nothing_of_what_is_gone() {
        let mut known = with_a_machine_that_goes(true, GROUP);
        known.reach.miss([(GROUP.to_owned(), Held::Unknown)].into());
        assert_eq!(known.gone(&w1()), []);
        known.reach.miss([("bootstrap.cluster.x-k8s.io".to_owned(), Held::Unknown)].into());
        assert_eq!(known.gone(&w1()).len(), 1, "another group is another matter");
    }

    fn w1() -> ClusterKey {
        ClusterKey { namespace: "default".into(), name: "w1".into() }
    }

    /// Its infrastructure is in this group, and nobody knows of it.
    fn with_a_machine_that_goes(sees_definitions: bool, group: &str) -> Known {
        let mut known = Known { sees_definitions, ..Known::default() };
        let machine = json!({
            "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "Machine",
            "metadata": { "name": "w1-a", "namespace": "default", "uid": "u", "deletionTimestamp": "2026-11-23T14:00:00Z" },
            "spec": { "clusterName": "w1", "infrastructureRef": { "apiGroup": group, "kind": "DevMachine", "name": "w1-a" } },
        });
        known.graph.put(capi::Object::read(&machine).unwrap());
        known
    }

    fn denied() -> Status {
        Status::Denied { why: api::Fault::new(api::FaultCode::Denied, "no") }
    }
}
