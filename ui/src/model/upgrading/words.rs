//! What is said of a step?

use api::{
    Timestamp,
    capi::{LaneGroup, MachineStep},
    upgrading::{DrainLine, DrainPace, Leaving, RunStage, RunStep, StepOf, UpgradeRun},
};

use super::elapsed;
use crate::{
    model::{capi::short, clock::span},
    widgets::State,
};

/// `Control plane on v1.36.1`, `md-0, second worker`.
pub fn title(step: &RunStep, run: &UpgradeRun) -> String {
    match &step.of {
        StepOf::Machine { group: LaneGroup::ControlPlane, of: 1, .. } => format!("Control plane on {}", run.to),
        StepOf::Machine { group: LaneGroup::ControlPlane, place, .. } => format!("Control plane, {} machine", ordinal(*place)),
        StepOf::Machine { group: LaneGroup::Pool(pool), of: 1, .. } => format!("{pool} on {}", run.to),
        StepOf::Machine { group: LaneGroup::Pool(pool), place, .. } => format!("{pool}, {} worker", ordinal(*place)),
        StepOf::Machine { group: LaneGroup::Alone, place, .. } => format!("Other machines, the {}", ordinal(*place)),
        StepOf::Agreement => "Wait until all agree".to_owned(),
    }
}

/// `first`, `eleventh`, `21st`.
fn ordinal(n: u32) -> String {
    const WORDS: [&str; 12] = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"];
    let place = usize::try_from(n).unwrap_or(usize::MAX);
    if let Some(word) = place.checked_sub(1).and_then(|at| WORDS.get(at)) {
        return (*word).to_owned();
    }
    let ending = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{n}{ending}")
}

/// `1:24`, `usually 1:26`; nothing of what was never seen.
pub fn time(step: &RunStep, now: Timestamp) -> String {
    match step.stage {
        RunStage::Waiting => step.usual.map_or_else(String::new, |usual| format!("usually {}", span(usual))),
        RunStage::Making(_) | RunStage::Leaving(_) | RunStage::Settling | RunStage::Done if step.from.is_none() => String::new(),
        RunStage::Making(_) | RunStage::Leaving(_) | RunStage::Settling | RunStage::Done => span(elapsed(step, now)),
    }
}

/// What a step does or did: words and names in turn, a name at each odd place.
pub fn detail(step: &RunStep, cluster: &str) -> Vec<String> {
    let name = |of: &Option<String>| of.as_deref().map(|name| short(name, cluster));
    let words = |text: &str| vec![text.to_owned()];
    let plane = matches!(&step.of, StepOf::Machine { group: LaneGroup::ControlPlane, .. });
    match (step.stage, name(&step.old), name(&step.new)) {
        _ if step.of == StepOf::Agreement => words("kubelets, conditions, the class"),
        (RunStage::Waiting | RunStage::Settling, Some(old), _) => vec!["in place of ".to_owned(), old],
        (RunStage::Waiting | RunStage::Settling, None, _) => vec![],
        (RunStage::Done, _, Some(new)) if plane => vec![String::new(), new, " joined etcd".to_owned()],
        (RunStage::Done, Some(old), Some(new)) => vec![String::new(), old, " drained, ".to_owned(), new, " ready".to_owned()],
        (RunStage::Done, None, Some(new)) => vec![String::new(), new, " ready".to_owned()],
        (RunStage::Done, Some(old), None) => vec![String::new(), old, " is gone".to_owned()],
        (RunStage::Done, None, None) => vec![],
        (RunStage::Making(at), _, Some(new)) => vec![String::new(), new, format!(" {}", makes(at))],
        (RunStage::Making(_), _, None) => words("the old machine is gone, the new one is not ordered yet"),
        (RunStage::Leaving(why), _, _) => words(leaves(why, plane)),
    }
}

fn makes(at: MachineStep) -> &'static str {
    match at {
        MachineStep::Queued => "waits for its turn",
        MachineStep::BootstrapData => "gets its bootstrap data",
        MachineStep::Container => "gets its container or virtual machine",
        MachineStep::BootstrapRun => "runs kubeadm",
        MachineStep::Joined => "waits for its node",
        MachineStep::Healthy => "waits for its node to be ready",
        MachineStep::Available => "has to stay ready for a moment",
    }
}

fn leaves(why: Leaving, plane: bool) -> &'static str {
    match why {
        Leaving::Next => "the new machine is ready, the old one goes next",
        Leaving::Hook if plane => "etcd leaves the old machine",
        Leaving::Hook => "the old machine waits for a hook",
        Leaving::Drain => "the new machine is ready, the old one is drained",
        Leaving::Volumes => "the old one waits for its volumes to be detached",
        Leaving::Infrastructure => "the old machine is taken down",
        Leaving::Node => "the node of the old machine is removed",
        Leaving::Untold => "the old machine is on its way out",
    }
}

/// How pods that a drain waits for are marked, and what is said of them.
pub fn drain_line(line: &DrainLine) -> (State, &str) {
    match line.pace {
        DrainPace::Going => (State::Progress, "on the way out"),
        DrainPace::Later => (State::Idle, "after the others"),
        DrainPace::Held if line.says.contains("disruption budget") => (State::Warning, "its budget allows 0"),
        DrainPace::Held => (State::Warning, "is not let go"),
        // The drain looks every 20 s: it may have gone sooner.
        DrainPace::Gone { .. } => (State::Done, "gone within"),
    }
}

/// How long they take to go, or took.
pub fn drain_time(line: &DrainLine, now: Timestamp) -> Option<String> {
    let until = match line.pace {
        DrainPace::Gone { by } => by,
        DrainPace::Going | DrainPace::Held => now,
        DrainPace::Later => return None,
    };
    Some(span(until.since(line.asked?)))
}
