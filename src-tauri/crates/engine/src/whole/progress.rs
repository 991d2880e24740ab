//! How far is a cluster, in the words of a job's step?

use api::capi::{ClusterPart, Lane, LaneState, MachineStep, Weight};
use api::jobs::{Part, PartState};
use provision::Progress;

/// Reads it from what the page of the cluster shows.
pub(super) fn progress(rows: &[ClusterPart]) -> Progress {
    let mut lanes: Vec<&Lane> = rows.iter().filter_map(|row| if let ClusterPart::Lane(lane) = row { Some(lane) } else { None }).collect();
    lanes.sort_by_key(|lane| (lane.created, &lane.machine));
    let why = rows.iter().find_map(|row| if let ClusterPart::Why(why) = row { Some(why) } else { None });
    let stuck = why.filter(|why| why.weight == Weight::Stuck);
    Progress { machines: lanes.into_iter().map(machine).collect(), held_up: stuck.map(|why| why.sentence.clone()).unwrap_or_default() }
}

fn machine(lane: &Lane) -> Part {
    let (state, detail) = match &lane.state {
        LaneState::Working { step: MachineStep::Queued } => (PartState::Waiting, words(MachineStep::Queued)),
        LaneState::Working { step } => (PartState::Working, words(*step)),
        LaneState::Failed { step } => (PartState::Failed, words(*step)),
        LaneState::Available { .. } => (PartState::Ready, ""),
        LaneState::Unwell { .. } => (PartState::Failed, "was available"),
        LaneState::Deleting { .. } => (PartState::Working, "is being deleted"),
    };
    Part { name: lane.machine.clone(), state, detail: detail.to_owned(), count: String::new() }
}

fn words(step: MachineStep) -> &'static str {
    match step {
        MachineStep::Queued => "waits for its turn",
        MachineStep::BootstrapData => "bootstrap data",
        MachineStep::Container => "container",
        MachineStep::BootstrapRun => "kubeadm runs",
        MachineStep::Joined => "joins",
        MachineStep::Healthy => "node gets ready",
        MachineStep::Available => "stays ready",
    }
}

#[cfg(test)]
mod tests {
    use api::Timestamp;
    use api::capi::{Explanation, LaneGroup, Leaving};

    use super::*;

    fn lane(machine: &str, created: u64, state: LaneState) -> ClusterPart {
        let (group, leaving) = (LaneGroup::ControlPlane, Leaving::default());
        ClusterPart::Lane(Lane { machine: machine.into(), group, created: Timestamp(created), bars: vec![], usual: [None; 7], state, leaving })
    }

    fn why(weight: Weight) -> ClusterPart {
        ClusterPart::Why(Explanation { rule: None, weight, sentence: "No network.".into(), path: vec![], seen: vec![], remedies: vec![] })
    }

    #[test]
    fn machines_come_in_their_order_and_only_what_is_stuck_is_told() {
        let rows = [
            lane("b", 2, LaneState::Working { step: MachineStep::Queued }),
            lane("a", 1, LaneState::Available { since: Timestamp(9) }),
            lane("c", 3, LaneState::Failed { step: MachineStep::Container }),
        ];
        let seen = progress(&rows);
        let parts: Vec<(&str, PartState, &str)> = seen.machines.iter().map(|part| (part.name.as_str(), part.state, part.detail.as_str())).collect();
        assert_eq!(parts, [("a", PartState::Ready, ""), ("b", PartState::Waiting, "waits for its turn"), ("c", PartState::Failed, "container")]);
        for (weight, held_up) in [(Weight::Stuck, "No network."), (Weight::Normal, ""), (Weight::Unclear, ""), (Weight::Well, ""), (Weight::Chosen, "")] {
            assert_eq!(progress(&[why(weight)]).held_up, held_up, "{weight:?}");
        }
    }
}
