//! What is each machine of a cluster?

use api::Timestamp;
use api::capi::{Lane, LaneState};
use api::changes::Repair;
use api::local;
use api::machines::MachineRow;

use crate::checks;
use crate::conditions::told;
use crate::explain::{ContainerState, Facts};
use crate::graph::{ClusterKey, Graph};
use crate::lanes::{group, lane};
use crate::object::Object;
use crate::steps::Reached;

/// The machines of a cluster, control planes first, each group by age.
pub fn machines(graph: &Graph, key: &ClusterKey, facts: &Facts) -> Vec<MachineRow> {
    let mut rows: Vec<MachineRow> = graph.machines(key).map(|machine| row(graph, key, facts, machine)).collect();
    rows.sort_by(|a, b| (&a.group, a.created, &a.name).cmp(&(&b.group, b.created, &b.name)));
    rows
}

fn row(graph: &Graph, key: &ClusterKey, facts: &Facts, machine: &Object) -> MachineRow {
    let drawn = lane(graph, machine, &Reached::read(graph, key, machine), &[None; 7]);
    let owner = machine.controller.as_deref().and_then(|uid| graph.by_uid(uid));
    let late_at = drawn.bars.last().filter(|bar| bar.to.is_none()).and_then(|bar| bar.late_at);
    MachineRow {
        namespace: machine.id.namespace.to_string(),
        name: machine.id.name.to_string(),
        cluster: key.name.to_string(),
        group: group(graph, machine),
        owner: owner.map(|o| format!("{} {}", o.id.kind, o.id.name)).unwrap_or_default(),
        since: since(&drawn),
        says: says(machine),
        late_at: late_at.filter(|_| matches!(drawn.state, LaneState::Working { .. })),
        state: drawn.state,
        ready: told(machine.condition("Ready")),
        available: told(machine.condition("Available")),
        up_to_date: told(machine.condition("UpToDate")),
        version: machine.version.clone().unwrap_or_default(),
        node: machine.node.clone().unwrap_or_default(),
        provider_id: machine.provider_id.clone().unwrap_or_default(),
        addresses: machine.addresses.clone(),
        failure_domain: machine.failure_domain.clone().unwrap_or_default(),
        os_image: machine.os_image.clone().unwrap_or_default(),
        infrastructure: machine.infrastructure.as_ref().map(|id| id.kind.to_string()).unwrap_or_default(),
        container: facts.containers.iter().find(|c| c.name == *machine.id.name).map(|c| container(c.state)),
        created: machine.created,
        repair: if checks::is_skipped(machine) { Repair::Skipped } else { Repair::Allowed },
        checks: checks::watching(graph, key, machine),
    }
}

fn since(drawn: &Lane) -> Option<Timestamp> {
    match &drawn.state {
        LaneState::Working { .. } | LaneState::Failed { .. } => drawn.bars.last().map(|bar| bar.from),
        LaneState::Available { since } | LaneState::Deleting { since } => Some(*since),
        LaneState::Unwell { since } => *since,
    }
}

fn says(machine: &Object) -> String {
    let goes = machine.deleting_since.and_then(|_| machine.condition("Deleting")).filter(|c| c.is_true());
    let told = goes.or_else(|| machine.condition("Ready").filter(|c| !c.is_true()));
    // A summary has a line for each condition that it is made of, with a star; one with a colon at its end only leads to others.
    let mut lines = told.iter().flat_map(|c| c.message.lines()).map(|line| line.trim_start_matches(['*', ' ']));
    lines.find(|line| !line.is_empty() && !line.ends_with(':')).unwrap_or_default().to_owned()
}

fn container(state: ContainerState) -> local::ContainerState {
    match state {
        ContainerState::Running => local::ContainerState::Running,
        ContainerState::Paused => local::ContainerState::Paused,
        ContainerState::Exited(code) => local::ContainerState::Exited { code },
    }
}

#[cfg(test)]
mod tests {
    use api::capi::{LaneGroup, LaneState, MachineStep};
    use api::machines::Told;

    use super::machines;
    use crate::explain::Facts;
    use crate::recorded;

    #[test]
    fn each_recorded_machine_says_whose_it_is_and_how_far_it_came() {
        let rows = machines(&recorded::graph("in-memory/04-running.yaml"), &recorded::key("default", "wl1"), &Facts::default());
        assert_eq!(rows.len(), 6);
        let (plane, worker) = (&rows[0], &rows[5]);
        assert_eq!((&plane.group, plane.ready, plane.available, plane.up_to_date), (&LaneGroup::ControlPlane, Told::Yes, Told::Yes, Told::Yes));
        assert!(plane.owner.starts_with("KubeadmControlPlane wl1-") && worker.owner.starts_with("MachineSet wl1-md-0-"), "{plane:?} {worker:?}");
        assert_eq!((worker.version.as_str(), worker.infrastructure.as_str(), worker.checks.len()), ("v1.34.2", "DevMachine", 1));
        assert!(rows.iter().all(|r| r.says.is_empty() && r.since > r.created), "{rows:?}");
        assert!(rows.iter().all(|r| !r.node.is_empty() && matches!(r.state, LaneState::Available { .. })));
    }

    #[test]
    fn a_machine_that_is_made_tells_its_step() {
        let rows = machines(&recorded::graph("docker/w1-t55.yaml"), &recorded::key("default", "w1"), &Facts::default());
        let steps: Vec<Option<MachineStep>> = rows.iter().map(|r| if let LaneState::Working { step } = r.state { Some(step) } else { None }).collect();
        assert!(steps.iter().any(Option::is_some), "{steps:?}");
        let told = rows.iter().find(|r| matches!(r.state, LaneState::Working { .. })).expect("one is made");
        assert!(told.since >= told.created && told.since.is_some() && !told.says.is_empty() && !told.says.contains(['*', '\n']), "{told:?}");
        assert!(rows.iter().any(|r| r.says == "DataSecretAvailable: Waiting for Cluster control plane to be initialized"), "{rows:?}");
        // None of them is a node that answers yet, whatever its container does.
        assert!(rows.iter().all(|r| r.ready != Told::Yes), "{rows:?}");
    }
}
