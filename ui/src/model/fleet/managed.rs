//! How are the clusters of a management cluster, by its own word?
//!
//! Containers that run are no cluster that is well: where the management cluster is connected, what it says stands in
//! the fleet.

use std::rc::Rc;

use api::{
    ContextId,
    capi::{ClusterRow, ClusterState},
    contexts::{ContextRow, Link},
    local::{LocalRow, Role},
};

use super::LocalLine;
use crate::{
    model::{
        capi::{cluster_words, marks},
        needs::{Lead, Need},
    },
    widgets::{State, Voice},
    words::fleet::{Told, told},
};

/// A management cluster of this machine that is connected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manager {
    pub name: String,
    pub context: ContextId,
}

/// The first of them: two on one machine are rare, and each is watched once somebody opens it.
pub fn manager(local: &[Rc<LocalRow>], contexts: &[Rc<ContextRow>]) -> Option<Manager> {
    let live = |id: &ContextId| contexts.iter().any(|row| row.id == *id && matches!(row.link, Link::Live { .. }));
    let of = |row: &Rc<LocalRow>| Some(Manager { name: row.name.clone(), context: row.context.clone().filter(live)? });
    local.iter().filter(|row| row.role == Role::Management).find_map(of)
}

/// The lines of what it manages, with its word in place of Docker's.
pub fn by_its_word(mut lines: Vec<LocalLine>, manager: &Manager, clusters: &[Rc<ClusterRow>]) -> Vec<LocalLine> {
    for line in lines.iter_mut().filter(|line| line.row.role == Role::Workload { of: Some(manager.name.clone()) }) {
        if let Some(cluster) = clusters.iter().find(|cluster| cluster.name == line.row.name) {
            line.told = words(cluster);
            // A paused machine is no sick one.
            if cluster.state != ClusterState::Paused {
                line.marks = marks(cluster);
                line.ready = cluster.ready();
            }
        }
    }
    lines
}

fn words(cluster: &ClusterRow) -> Told {
    let (state, voice, words) = cluster_words(cluster.state);
    match (cluster.state, lacking(cluster)) {
        (ClusterState::Stuck, 1) => told(State::Warning, Voice::Filled, "1 machine is late"),
        (ClusterState::Stuck, n) if n > 1 => told(State::Warning, Voice::Filled, format!("{n} machines are late")),
        (ClusterState::Available, _) => told(State::Healthy, Voice::Quiet, "Ready"),
        (
            ClusterState::Stuck
            | ClusterState::Provisioning
            | ClusterState::NotAvailable
            | ClusterState::Upgrading
            | ClusterState::Deleting
            | ClusterState::Paused,
            _,
        ) => told(state, voice, words),
    }
}

fn lacking(cluster: &ClusterRow) -> usize {
    (cluster.wanted as usize).saturating_sub(cluster.ready())
}

/// Clusters that will not go on by themselves, for those who look at the fleet.
pub fn stuck(manager: &Manager, clusters: &[Rc<ClusterRow>]) -> Vec<Need> {
    let need = |cluster: &Rc<ClusterRow>| Need {
        state: State::Warning,
        head: match lacking(cluster) {
            0 => format!("{} is stuck", cluster.name),
            1 => format!("{} waits for one machine", cluster.name),
            n => format!("{} waits for {n} machines", cluster.name),
        },
        text: cluster.why.clone(),
        since: String::new(),
        verb: "See why".into(),
        lead: Lead::Cluster { context: manager.context.clone(), namespace: cluster.namespace.clone(), name: cluster.name.clone() },
    };
    clusters.iter().filter(|cluster| cluster.state == ClusterState::Stuck).map(need).collect()
}

#[cfg(test)]
mod tests {
    use api::{
        capi::{Counts, MachineMark},
        contexts::Link,
        local::{ContainerState, LocalState},
    };

    use super::super::{
        locals,
        tests::{CLOCK, NOW, cluster, context},
    };
    use super::*;

    fn told(name: &str, state: ClusterState, machines: &[MachineMark], wanted: u32) -> Rc<ClusterRow> {
        Rc::new(ClusterRow {
            namespace: "default".into(),
            name: name.into(),
            state,
            version: "v1.36.1".into(),
            class: String::new(),
            machines: machines.to_vec(),
            wanted,
            planes: Counts::default(),
            workers: Counts::default(),
            endpoint: String::new(),
            created: None,
            since: None,
            why: "One worker cannot join.".into(),
        })
    }

    #[test]
    fn what_the_manager_says_stands_in_place_of_containers_that_run() {
        let running = [ContainerState::Running, ContainerState::Running];
        let rows = [
            cluster(0, "mgmt", Role::Management, LocalState::Running, &running[..1]),
            cluster(1, "lab-b", Role::Workload { of: Some("mgmt".into()) }, LocalState::Running, &running),
            cluster(2, "other", Role::Workload { of: Some("gone".into()) }, LocalState::Running, &running),
        ];
        let live = Rc::new(ContextRow { id: "mgmt".into(), ..context("mgmt", "f", Link::Live { since: NOW, latency: api::Millis(3) }) });
        let contexts = [live];
        let manager = manager(&rows, &contexts).unwrap();
        let clusters =
            [told("lab-b", ClusterState::Stuck, &[MachineMark::Ready, MachineMark::Making], 2), told("other", ClusterState::Stuck, &[MachineMark::Making], 1)];
        let lines = by_its_word(locals(&rows, &contexts, CLOCK), &manager, &clusters);
        let seen: Vec<_> = lines.iter().map(|line| (line.row.name.as_str(), line.told.words.as_str(), line.ready)).collect();
        assert_eq!(seen, [("mgmt", "Live, 3 ms", 1), ("lab-b", "1 machine is late", 1), ("other", "Running", 2)]);
        let needs: Vec<_> = stuck(&manager, &clusters).into_iter().map(|need| (need.head, need.text)).collect();
        assert_eq!(needs[0], ("lab-b waits for one machine".to_owned(), "One worker cannot join.".to_owned()));
    }

    #[test]
    fn a_manager_that_is_not_connected_has_no_word() {
        let rows = [cluster(0, "mgmt", Role::Management, LocalState::Running, &[])];
        assert_eq!(manager(&rows, &[Rc::new(ContextRow { id: "mgmt".into(), ..context("mgmt", "f", Link::Unopened) })]), None);
    }
}
