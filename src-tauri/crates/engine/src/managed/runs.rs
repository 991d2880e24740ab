//! What did KOS see of the clusters of a management cluster, also of those that are gone?
//!
//! A condition keeps only its latest change: without this a lane would lose its past with every restart, and a cluster
//! that is gone could not be looked at any more. A file a run; the oldest of clusters that are gone leave first.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use api::runs::{KeptUpgrade, Run, RunRow};
use api::shared::{Shared, SharedLane};
use api::{ContextId, Timestamp};
use capi::{ClusterKey, Events, Graph, MOST_EVENTS_KEPT, Reached, Seen, note, note_shared, started};
use kubeconfig::edit::digest;
use kubeconfig::temporary;

use crate::keep;

/// Kept of clusters that are gone.
const MOST_GONE: usize = 300;
/// Written at once: the others have their turn at the next time.
const MOST_AT_ONCE: usize = 64;

/// The runs of a management cluster.
#[derive(Debug, Default)]
pub(super) struct Runs {
    of: HashMap<Arc<str>, Run>,
    unsaved: BTreeSet<Arc<str>>,
}

impl Runs {
    /// What was kept; a file that cannot be read is as good as none, since it is only remembered and never relied on.
    pub(super) fn load(folder: &Path) -> Self {
        // A run that a killed KOS wrote half, or whole beside the one before, is no second run.
        temporary::sweep(folder);
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let read = |path: PathBuf| {
            let run: Run = serde_json::from_str(&keep::read(&path).ok().flatten()?).ok()?;
            Some((path, run))
        };
        let mut found: Vec<(PathBuf, Run)> = entries.filter_map(|entry| read(entry.path())).collect();
        found.sort_by_key(|(_, run)| (run.row.gone.is_some(), std::cmp::Reverse(run.row.gone)));
        let there = found.iter().filter(|(_, run)| run.row.gone.is_none()).count();
        for (path, _) in found.drain((there + MOST_GONE).min(found.len())..) {
            if let Err(cause) = std::fs::remove_file(&path) {
                tracing::warn!(file = %path.display(), %cause, "an old run stays");
            }
        }
        Self { of: found.into_iter().map(|(_, run)| (run.row.id.as_str().into(), run)).collect(), unsaved: BTreeSet::new() }
    }

    /// What the machines of all runs reached, by their uid.
    pub(super) fn reached(&self) -> HashMap<Arc<str>, Reached> {
        let machines = self.of.values().flat_map(|run| &run.machines).filter(|machine| machine.gone.is_none());
        machines.map(|machine| (machine.uid.as_str().into(), Reached::of(machine.ends).left(&machine.leaves))).collect()
    }

    /// Notes what is there of a cluster, and what went; gives the rows that changed by it.
    pub(super) fn note(&mut self, graph: &Graph, key: &ClusterKey, reached: &HashMap<Arc<str>, Reached>, seen: Seen, now: Timestamp) -> Vec<RunRow> {
        let there = graph.cluster(key);
        if let Some(cluster) = there {
            self.of.entry(cluster.uid.clone()).or_insert_with(|| started(cluster));
        }
        // One that was taken for gone and is there goes on.
        let mine = self.of.iter_mut().filter(|(uid, run)| {
            there.is_some_and(|cluster| cluster.uid == **uid) || (run.row.gone.is_none() && run.row.name == *key.name && run.row.namespace == *key.namespace)
        });
        let mut changed = vec![];
        for (uid, run) in mine {
            if note(run, graph, key, |machine| reached.get(&machine.uid).copied().unwrap_or_default(), seen, now) {
                self.unsaved.insert(uid.clone());
                changed.push(run.row.clone());
            }
        }
        changed
    }

    /// The upgrade that was seen last of the cluster with this uid.
    pub(super) fn upgrade(&self, uid: &str) -> Option<KeptUpgrade> {
        self.of.get(uid)?.upgrade.clone()
    }

    /// Keeps what is new of it with the run; one that nothing is kept of yet comes with its next note.
    pub(super) fn keep_upgrade(&mut self, uid: &Arc<str>, upgrade: Option<KeptUpgrade>) {
        let Some(run) = self.of.get_mut(uid).filter(|run| run.upgrade != upgrade) else { return };
        run.upgrade = upgrade;
        self.unsaved.insert(uid.clone());
    }

    /// What the machines of the cluster with this uid share.
    pub(super) fn shared(&self, uid: &str) -> Vec<SharedLane> {
        self.of.get(uid).map(|run| run.shared.clone()).unwrap_or_default()
    }

    /// Notes what no object of the management cluster tells, since KOS itself put it into the cluster.
    pub(super) fn note_add_on(&mut self, uid: &Arc<str>, name: &str, began: Timestamp, made: Timestamp) {
        let Some(run) = self.of.get_mut(uid) else { return };
        let base = run.shared.iter().find(|lane| !matches!(lane.what, Shared::AddOn { .. })).and_then(|lane| lane.made);
        let asked = base.unwrap_or(run.row.started).min(began);
        let lane = SharedLane { what: Shared::AddOn { name: name.to_owned() }, asked, began: Some(began), made: Some(made), lost: None };
        note_shared(&mut run.shared, vec![lane], made);
        self.unsaved.insert(uid.clone());
    }

    /// The clusters of which a run goes on, as far as it was last seen.
    pub(super) fn going_on(&self) -> BTreeSet<ClusterKey> {
        let rows = self.of.values().map(|run| &run.row).filter(|row| row.gone.is_none());
        rows.map(|row| ClusterKey { namespace: row.namespace.as_str().into(), name: row.name.as_str().into() }).collect()
    }

    pub(super) fn rows(&self) -> Vec<RunRow> {
        self.of.values().map(|run| run.row.clone()).collect()
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Run> {
        self.of.values()
    }

    /// One run with the newest events that are known of it.
    pub(super) fn read(&mut self, id: &str, events: &Events) -> Option<Run> {
        let run = self.of.get_mut(id)?;
        take_events(run, events);
        Some(run.clone())
    }

    /// Some of the runs that changed, each to be written into its file.
    pub(super) fn take_unsaved(&mut self, events: &Events) -> Vec<Run> {
        let now: Vec<Arc<str>> = self.unsaved.iter().take(MOST_AT_ONCE).cloned().collect();
        let mut taken = vec![];
        for id in now {
            self.unsaved.remove(&id);
            if let Some(run) = self.of.get_mut(&id) {
                take_events(run, events);
                taken.push(run.clone());
            }
        }
        taken
    }
}

/// The server forgets events after an hour, and KOS those of a cluster that is gone with the context: a run keeps what it has.
fn take_events(run: &mut Run, events: &Events) {
    if run.row.gone.is_some() && !run.events.is_empty() {
        return;
    }
    let key = ClusterKey { namespace: run.row.namespace.as_str().into(), name: run.row.name.as_str().into() };
    let mut all = events.rows(&key);
    all.extend(std::mem::take(&mut run.events).into_iter().filter(|kept| kept.at >= run.row.started));
    let mut seen = BTreeSet::new();
    all.retain(|event| event.at >= run.row.started && seen.insert(event.id.clone()));
    all.sort_by_key(|event| std::cmp::Reverse(event.at));
    all.truncate(MOST_EVENTS_KEPT);
    run.events = all;
}

/// The folder of a management cluster below `folder`; contexts have names that no file may have.
pub(super) fn folder(folder: &Path, context: &ContextId) -> PathBuf {
    folder.join(&digest(context.0.as_bytes())[..16])
}

/// Writes runs into their files; one that cannot be written is told in the log, and only what was seen of it is lost.
pub(super) fn save(folder: &Path, runs: &[Run]) {
    for run in runs {
        let file = folder.join(format!("{}.json", &digest(run.row.id.as_bytes())[..16]));
        if let Err(cause) = keep::write(&file, &serde_json::to_vec(run).unwrap_or_default()) {
            tracing::warn!(file = %file.display(), %cause, "a run is not kept");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use api::Timestamp;
    use api::capi::LaneGroup;
    use api::runs::{KeptMachine, KeptUpgrade, Run, RunRow};
    use api::shared::{Shared, SharedLane};
    use api::upgrading::{RunMachine, Side};
    use capi::{ClusterKey, Events, Graph, Seen};
    use serde_json::json;

    use super::{MOST_GONE, Runs, folder, save};

    fn run(n: usize, gone: Option<u64>) -> Run {
        let row = RunRow {
            id: format!("uid-{n}"),
            namespace: "default".into(),
            name: format!("w{n}"),
            class: "quick-start".into(),
            version: "v1.36.1".into(),
            machines: 1,
            started: Timestamp(1),
            available: None,
            gone: gone.map(Timestamp),
        };
        let ends = std::array::from_fn(|step| (step < 3).then_some(Timestamp(n as u64)));
        let machine = KeptMachine {
            uid: format!("m-{n}"),
            name: format!("w{n}-md"),
            group: LaneGroup::Alone,
            created: Timestamp(1),
            ends,
            failed: None,
            leaves: vec![],
            gone: None,
        };
        Run { row, machines: vec![machine], shared: vec![], events: vec![], upgrade: None }
    }

    #[test]
    fn what_machines_reached_is_there_after_a_restart_and_bounded() {
        let home = tempfile::tempdir().unwrap();
        let folder = folder(home.path(), &"/a/b c#kind-kos-mgmt".into());
        assert!(Runs::load(&folder).rows().is_empty());
        let gone: Vec<Run> = (0..MOST_GONE + 3).map(|n| run(n, Some(n as u64 + 10))).collect();
        save(&folder, &gone);
        save(&folder, &[run(900, None)]);
        std::fs::write(folder.join("broken.json"), "{").unwrap();
        let again = Runs::load(&folder);
        let ids: Vec<String> = again.rows().into_iter().map(|row| row.id).collect();
        assert_eq!((ids.len(), ids.contains(&"uid-2".to_owned()), ids.contains(&"uid-3".to_owned())), (MOST_GONE + 1, false, true));
        assert_eq!(again.reached().get("m-900").map(|r| r.ends()[2]), Some(Some(Timestamp(900))));
        assert_eq!(Runs::load(&folder).rows().len(), MOST_GONE + 1, "the oldest left the disk too");
    }

    #[test]
    fn a_run_that_a_killed_kos_left_beside_its_file_is_removed_and_no_second_run() {
        let home = tempfile::tempdir().unwrap();
        save(home.path(), &[run(1, None)]);
        let mut newer = run(1, None);
        newer.row.id = "uid-of-nobody".into();
        // No process has this number.
        let left = home.path().join(".abc.json.kos-4194305");
        std::fs::write(&left, serde_json::to_vec(&newer).unwrap()).unwrap();
        assert_eq!(Runs::load(home.path()).rows().into_iter().map(|row| row.id).collect::<Vec<_>>(), ["uid-1"]);
        assert!(!left.exists());
    }

    #[test]
    fn a_cluster_that_went_while_kos_was_away_is_seen_to_be_gone_once_all_is_listed() {
        let home = tempfile::tempdir().unwrap();
        save(home.path(), &[run(1, None)]);
        let mut runs = Runs::load(home.path());
        let key = ClusterKey { namespace: "default".into(), name: "w1".into() };
        assert!(runs.note(&Graph::default(), &key, &HashMap::new(), Seen::Partly, Timestamp(50)).is_empty());
        let changed = runs.note(&Graph::default(), &key, &HashMap::new(), Seen::Whole, Timestamp(60));
        assert_eq!(changed.first().and_then(|row| row.gone), Some(Timestamp(60)));
        let saved = runs.take_unsaved(&Events::default());
        assert_eq!((saved.len(), saved[0].machines[0].gone), (1, Some(Timestamp(60))));
        assert!(runs.take_unsaved(&Events::default()).is_empty() && runs.going_on().is_empty());
    }

    #[test]
    fn a_run_that_was_taken_for_gone_goes_on_when_its_cluster_is_there_and_that_of_an_earlier_one_does_not() {
        let home = tempfile::tempdir().unwrap();
        let mut earlier = run(2, Some(40));
        earlier.row.name = "w1".into();
        save(home.path(), &[run(1, Some(50)), earlier]);
        let mut runs = Runs::load(home.path());
        let metadata = json!({ "name": "w1", "namespace": "default", "uid": "uid-1" });
        let cluster = json!({ "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "Cluster", "metadata": metadata });
        let mut graph = Graph::default();
        graph.put(capi::Object::read(&cluster).unwrap());
        let key = ClusterKey { namespace: "default".into(), name: "w1".into() };
        let changed = runs.note(&graph, &key, &HashMap::new(), Seen::Whole, Timestamp(60));
        let told: Vec<_> = changed.iter().map(|row| (row.id.as_str(), row.gone)).collect();
        assert_eq!(told, [("uid-1", None)]);
        assert_eq!(runs.take_unsaved(&Events::default()).first().map(|run| run.row.gone), Some(None), "also on disk");
        assert!(runs.rows().iter().any(|row| row.id == "uid-2" && row.gone == Some(Timestamp(40))));
    }

    #[test]
    fn a_run_of_an_earlier_kos_is_read_and_the_network_that_kos_added_stays_with_it() {
        let home = tempfile::tempdir().unwrap();
        let mut kept = serde_json::to_value(run(1, None)).unwrap();
        assert!(kept.as_object_mut().unwrap().remove("shared").is_some());
        assert!(kept["machines"][0].as_object_mut().unwrap().remove("leaves").is_some());
        std::fs::write(home.path().join("of-before.json"), kept.to_string()).unwrap();
        let mut runs = Runs::load(home.path());
        assert_eq!(runs.shared("uid-1"), []);
        assert!(runs.all().flat_map(|run| &run.machines).all(|machine| machine.leaves.is_empty()));
        runs.note_add_on(&"uid-1".into(), "kindnet", Timestamp(60), Timestamp(70));
        runs.note_add_on(&"uid-1".into(), "kindnet", Timestamp(160), Timestamp(170));
        save(home.path(), &runs.take_unsaved(&Events::default()));
        std::fs::remove_file(home.path().join("of-before.json")).unwrap();
        let what = Shared::AddOn { name: "kindnet".into() };
        let lane = SharedLane { what, asked: Timestamp(1), began: Some(Timestamp(60)), made: Some(Timestamp(70)), lost: None };
        assert_eq!(Runs::load(home.path()).shared("uid-1"), [lane]);
    }

    #[test]
    fn what_was_seen_of_an_upgrade_is_there_after_a_restart() {
        let home = tempfile::tempdir().unwrap();
        save(home.path(), &[run(1, None)]);
        let mut runs = Runs::load(home.path());
        assert_eq!(runs.upgrade("uid-1"), None);
        let gone = RunMachine {
            machine: "w1-cp-old".into(),
            group: LaneGroup::ControlPlane,
            side: Side::Old,
            created: Timestamp(1),
            available: Some(Timestamp(2)),
            leaves: Some(Timestamp(50)),
            gone: Some(Timestamp(60)),
            pods: vec![],
        };
        let upgrade =
            KeptUpgrade { from: "v1.36.1".into(), to: "v1.36.4".into(), began: Timestamp(40), ended: None, machines: [("uid-of-old".to_owned(), gone)].into() };
        runs.keep_upgrade(&"uid-1".into(), Some(upgrade.clone()));
        save(home.path(), &runs.take_unsaved(&Events::default()));
        let mut again = Runs::load(home.path());
        assert_eq!(again.upgrade("uid-1"), Some(upgrade.clone()));
        again.keep_upgrade(&"uid-1".into(), Some(upgrade));
        assert!(again.take_unsaved(&Events::default()).is_empty(), "the same again is nothing new");
    }
}
