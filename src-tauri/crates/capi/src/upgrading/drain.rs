//! Which pods does a drain wait for, since when, and which went?

use api::Timestamp;
use api::upgrading::{DrainLine, DrainPace, DrainedPod};

use crate::read::moment;

/// A line names three pods; those of one machine that are remembered.
const MOST_PODS: usize = 50;
/// Of those that went, the newest are told.
const MOST_GONE: usize = 5;

/// Reads what the Machine controller writes of a drain that is not completed; lines that it cannot read are left out, they
/// stand in the condition that is quoted.
///
/// Source: `EvictionResult.ConditionMessage` in `internal/controllers/machine/drain/drain.go` of Cluster API.
pub(crate) fn lines(message: &str) -> Vec<DrainLine> {
    message.lines().filter_map(line).collect()
}

fn line(line: &str) -> Option<DrainLine> {
    if let Some((_, pods)) = line.split_once("the following Pods will be evicted: ") {
        return Some(DrainLine { pods: pods.to_owned(), says: "after the others".to_owned(), pace: DrainPace::Later, asked: None });
    }
    let rest = line.strip_prefix("* ")?;
    let rest = rest.strip_prefix("Pods ").or_else(|| rest.strip_prefix("Pod "))?;
    let (pods, says) = rest.split_once(": ")?;
    let goes = says.starts_with("deletionTimestamp set") || says.starts_with("waiting for completion");
    Some(DrainLine { pods: pods.to_owned(), says: says.to_owned(), pace: if goes { DrainPace::Going } else { DrainPace::Held }, asked: None })
}

/// Pods that a line names in full; of many it names the first and counts the others.
fn names(line: &DrainLine) -> impl Iterator<Item = &str> {
    line.pods.split(", ").filter(|name| name.contains('/'))
}

fn is_asked(line: &DrainLine) -> bool {
    match line.pace {
        DrainPace::Going | DrainPace::Held => true,
        DrainPace::Later | DrainPace::Gone { .. } => false,
    }
}

/// Takes in what a drain says now: pods that it asks to go, and those that it does not wait for any more.
pub(super) fn note(pods: &mut Vec<DrainedPod>, message: &str, now: Timestamp) {
    // Other messages name no pods, and tell of none that it is gone.
    let Some((began, _)) = message.strip_prefix("Drain not completed yet (started at ").and_then(|rest| rest.split_once(')')) else { return };
    let lines = lines(message);
    // Those of the first message are asked since the drain began.
    let asked = if pods.is_empty() { moment(&began.into()).unwrap_or(now) } else { now };
    for name in lines.iter().filter(|line| is_asked(line)).flat_map(names) {
        if pods.len() < MOST_PODS && pods.iter().all(|pod| pod.pod != name) {
            pods.push(DrainedPod { pod: name.to_owned(), asked, gone: None });
        }
    }
    // Where not all are named, one that is not named may still be there.
    if message.contains("... (") {
        return;
    }
    for pod in pods.iter_mut().filter(|pod| lines.iter().flat_map(names).all(|name| name != pod.pod)) {
        pod.gone.get_or_insert(now);
    }
}

/// The lines with their times, after those that went.
pub(super) fn timed(pods: &[DrainedPod], mut lines: Vec<DrainLine>) -> Vec<DrainLine> {
    for line in lines.iter_mut().filter(|line| is_asked(line)) {
        let asked = pods.iter().filter(|pod| names(line).any(|name| name == pod.pod)).map(|pod| pod.asked).min();
        line.asked = asked;
    }
    let gone =
        |pod: &DrainedPod| Some(DrainLine { pods: pod.pod.clone(), says: String::new(), pace: DrainPace::Gone { by: pod.gone? }, asked: Some(pod.asked) });
    let mut all: Vec<DrainLine> = pods.iter().filter_map(gone).collect();
    let hidden = all.len().saturating_sub(MOST_GONE);
    all.drain(..hidden);
    all.append(&mut lines);
    all
}
