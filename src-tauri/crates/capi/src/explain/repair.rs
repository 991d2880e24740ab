//! Do health checks help, or do they make it worse?

use std::collections::BTreeSet;

use api::capi::Evidence;

use super::case::{Case, Finding, quote};
use crate::object::Object;

/// Two machines of one owner that are replaced because they never got ready: the next one fails the same way.
pub(super) fn loops(case: &Case) -> Option<Finding> {
    let ill: Vec<(&Object, Evidence)> = case
        .machines()
        .filter_map(|m| m.condition("HealthCheckSucceeded").filter(|c| !c.is_true() && c.reason == "NodeStartupTimeout").map(|c| (m, quote(m, c))))
        .collect();
    let told: BTreeSet<&str> = case.facts.events.iter().filter(|e| e.reason == "MachineMarkedUnhealthy").map(|e| e.name.as_str()).collect();
    let replaced = told.into_iter().filter(|name| ill.iter().all(|(m, _)| &*m.id.name != *name)).count();
    // One that failed and one that was replaced before are a pattern; events alone may be old trouble of another kind.
    let total = ill.len() + replaced;
    let pool = ill.first().and_then(|(m, _)| m.controller.clone());
    let same_owner = ill.iter().all(|(m, _)| m.controller == pool);
    if total < 2 || (ill.len() < 2 && total < 3) || !same_owner {
        return None;
    }
    let sentence = format!("Health checks replace machines that never get ready: {total} so far. The next one will fail the same way.");
    let command =
        format!("kubectl annotate machine {} -n {} cluster.x-k8s.io/skip-remediation=", ill.first().map_or("NAME", |(m, _)| &m.id.name), case.key.namespace);
    Some(Finding::stuck(sentence, ill.into_iter().map(|(_, e)| e).collect()).remedy("Add a network…", "Nodes without one are never Ready", None).remedy(
        "Keep a machine to look at it",
        "Health checks leave it alone",
        Some(command),
    ))
}

/// More machines are ill than a health check may replace.
pub(super) fn blocked(case: &Case) -> Option<Finding> {
    let check = case.graph.core(case.key, "MachineHealthCheck").find_map(|c| c.condition("RemediationAllowed").filter(|r| !r.is_true()).map(|r| (c, r)));
    let (check, condition) = check?;
    let sentence = "Too many machines are ill at once, so health checks have stopped replacing them. Something common is wrong.";
    Some(Finding::stuck(sentence, vec![quote(check, condition)]))
}
