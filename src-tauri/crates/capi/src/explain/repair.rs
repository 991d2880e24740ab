//! Do health checks help, or do they make it worse?

use api::Millis;
use api::capi::{Evidence, EvidenceSource};

use super::case::{Case, Finding, describe, quote};
use crate::condition::Condition;
use crate::object::Object;

/// A machine that served longer than this before it fell ill was ready once: replacing it helps.
const NEVER_SERVED: Millis = Millis(20 * 60 * 1_000);

/// Two machines of one owner that are replaced because they never got ready: the next one fails the same way.
///
/// A Node that never came is a `NodeStartupTimeout`; one that came and never got ready is an `UnhealthyMachine`, which was
/// an `UnhealthyNode` before Cluster API v1.12.
pub(super) fn loops(case: &Case) -> Option<Finding> {
    let ill: Vec<(&Object, Evidence)> =
        case.machines().filter_map(|m| m.condition("HealthCheckSucceeded").filter(|c| never_served(m, c)).map(|c| (m, quote(m, c)))).collect();
    // A machine that is judged ill is gone in a second: most of the time only its successor is there, and waits for its Node.
    let waits = |m: &&Object| m.node.is_none() || m.condition("NodeReady").is_some_and(|c| !c.is_true());
    let machine = ill.first().map(|(m, _)| *m).or_else(|| case.machine().filter(waits))?;
    let owner = machine.controller.as_deref().and_then(|uid| case.graph.by_uid(uid))?;
    let before = judged_before(case, owner, &ill);
    let is_successor = before.iter().any(|e| machine.created.zip(e.at).is_some_and(|(made, at)| at <= made && made.since(at) <= Millis::seconds(30)));
    let is_one_owner = ill.iter().all(|(m, _)| m.controller == machine.controller);
    let total = ill.len() + before.len();
    if total < 2 || !is_one_owner || (ill.is_empty() && !is_successor) {
        return None;
    }
    let sentence = format!("Health checks replace machines that never get ready: {total} so far. The next one will fail the same way.");
    let command = format!("kubectl annotate machine {} -n {} cluster.x-k8s.io/skip-remediation=", machine.id.name, case.key.namespace);
    let seen = ill.into_iter().map(|(_, e)| e).chain(before).collect();
    Some(Finding::stuck(sentence, seen).remedy("Add a network…", "Nodes without one are never Ready", None).remedy(
        "Keep a machine to look at it",
        "Health checks leave it alone",
        Some(command),
    ))
}

fn never_served(machine: &Object, judged: &Condition) -> bool {
    // A kubelet that died says nothing, and its Node is Unknown; one that waits for a network says that it is not ready.
    let says_so = judged.message.contains("reporting status False");
    let young = || machine.created.zip(judged.since).is_some_and(|(made, at)| at.since(made) <= NEVER_SERVED);
    match judged.reason.as_str() {
        "NodeStartupTimeout" => !judged.is_true(),
        "UnhealthyMachine" | "UnhealthyNode" => !judged.is_true() && says_so && young(),
        _ => false,
    }
}

/// Machines of an owner that a health check gave up, as events tell; machines that a rollout removes get the same event.
fn judged_before(case: &Case, owner: &Object, now: &[(&Object, Evidence)]) -> Vec<Evidence> {
    if owner.condition("RollingOut").is_some_and(Condition::is_true) {
        return vec![];
    }
    let of_owner = |name: &str| name.strip_prefix(&*owner.id.name).is_some_and(|rest| rest.starts_with('-'));
    let judged = case.facts.events.iter().filter(|e| e.kind == "Machine" && e.reason == "MachineMarkedUnhealthy" && of_owner(&e.name));
    judged
        .filter(|e| !now.iter().any(|(m, _)| *m.id.name == *e.name))
        .map(|e| Evidence {
            source: EvidenceSource::Event { on: format!("{} {}", e.kind, e.name), reason: e.reason.clone() },
            text: e.message.clone(),
            at: e.at,
        })
        .collect()
}

/// More machines are ill than a health check may replace.
pub(super) fn blocked(case: &Case) -> Option<Finding> {
    let check = case.graph.core(case.key, "MachineHealthCheck").find_map(|c| c.condition("RemediationAllowed").filter(|r| !r.is_true()).map(|r| (c, r)));
    let (check, condition) = check?;
    let sentence = "Too many machines are ill at once, so health checks have stopped replacing them. Something common is wrong.";
    let finding = Finding::stuck(sentence, vec![quote(check, condition)]);
    let ill = case.machines().find(|m| m.condition("HealthCheckSucceeded").is_some_and(|c| !c.is_true()));
    let finding = match ill {
        Some(machine) => finding.remedy("Look at one of them", "Changes nothing; what ails one of them ails all", Some(describe(machine))),
        None => finding,
    };
    Some(finding.remedy(
        "See how many it may replace",
        "Changes nothing; it goes on by itself when fewer are ill",
        Some(format!("kubectl describe machinehealthcheck {} -n {}", check.id.name, check.id.namespace)),
    ))
}
