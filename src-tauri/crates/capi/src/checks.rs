//! Which health checks watch which machines, and what did they do about them?

use std::collections::BTreeSet;

use api::capi::LaneGroup;
use api::machines::HealthCheckRow;
use api::{Millis, Timestamp};
use serde_json::Value;

use crate::change::group_of;
use crate::condition::Condition;
use crate::explain::Facts;
use crate::graph::{ClusterKey, Graph};
use crate::object::{More, Object};
use crate::read::{list, number, text};

/// What a MachineHealthCheck says beside its conditions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Check {
    /// The machines that it watches now.
    pub targets: Vec<String>,
    pub expected: u32,
    pub healthy: u32,
    pub allowed: Option<u32>,
    pub rules: Vec<String>,
    pub start_up: Option<Millis>,
    pub group: Option<LaneGroup>,
}

/// Reads either contract: v1beta2 counts seconds, v1beta1 writes `5m0s`.
pub(crate) fn read(object: &Value) -> Check {
    let (spec, status) = (&object["spec"], &object["status"]);
    let checks = if spec["checks"].is_object() { &spec["checks"] } else { spec };
    let nodes = list(&checks["unhealthyNodeConditions"]).iter().chain(list(&checks["unhealthyConditions"])).map(|rule| ("Node", rule));
    let machines = list(&checks["unhealthyMachineConditions"]).iter().map(|rule| ("Machine", rule));
    Check {
        targets: list(&status["targets"]).iter().filter_map(text).collect(),
        expected: number(&status["expectedMachines"]).unwrap_or_default(),
        healthy: number(&status["currentHealthy"]).unwrap_or_default(),
        allowed: number(&status["remediationsAllowed"]),
        rules: nodes.chain(machines).filter_map(|(of, rule)| said(of, rule)).collect(),
        start_up: span(&checks["nodeStartupTimeoutSeconds"]).or_else(|| span(&checks["nodeStartupTimeout"])),
        group: group_of(object),
    }
}

/// `Node Ready is False for 5 min`.
fn said(of: &str, rule: &Value) -> Option<String> {
    let after = span(&rule["timeoutSeconds"]).or_else(|| span(&rule["timeout"]))?;
    Some(format!("{of} {} is {} for {}", text(&rule["type"])?, text(&rule["status"])?, words(after)))
}

pub(crate) fn words(span: Millis) -> String {
    let seconds = span.0 / 1_000;
    if seconds > 0 && seconds.is_multiple_of(60) { format!("{} min", seconds / 60) } else { format!("{seconds} s") }
}

/// A span as either contract writes it: seconds, or `5m0s`.
pub(crate) fn span(value: &Value) -> Option<Millis> {
    if let Some(seconds) = value.as_u64() {
        return Some(Millis::seconds(seconds));
    }
    let span: jiff::SignedDuration = value.as_str()?.parse().ok()?;
    u64::try_from(span.as_millis()).ok().map(Millis)
}

/// The checks of a cluster, by name.
pub(crate) fn rows(graph: &Graph, key: &ClusterKey, facts: &Facts) -> Vec<HealthCheckRow> {
    let all: Vec<(&Object, &Check)> = of(graph, key).collect();
    all.iter().map(|(object, check)| row(object, check, &given_up(facts, check, all.len()))).collect()
}

fn of<'a>(graph: &'a Graph, key: &ClusterKey) -> impl Iterator<Item = (&'a Object, &'a Check)> {
    graph.core(key, "MachineHealthCheck").filter_map(|object| match &object.more {
        More::Check(check) => Some((object, &**check)),
        More::Nothing | More::Parts(_) | More::Deletion(_) | More::AddOns(_) => None,
    })
}

/// The names of the checks that watch a machine.
pub(crate) fn watching(graph: &Graph, key: &ClusterKey, machine: &Object) -> Vec<String> {
    of(graph, key).filter(|(_, check)| check.targets.iter().any(|name| *name == *machine.id.name)).map(|(object, _)| object.id.name.to_string()).collect()
}

fn row(object: &Object, check: &Check, given_up: &[(String, Option<Timestamp>)]) -> HealthCheckRow {
    let stopped = object.condition("RemediationAllowed").filter(|c| !c.is_true());
    let words = |c: &Condition| if c.message.is_empty() { c.reason.clone() } else { c.message.clone() };
    HealthCheckRow {
        name: object.id.name.to_string(),
        watches: check.targets.clone(),
        healthy: check.healthy,
        expected: check.expected,
        allowed: check.allowed,
        stopped: stopped.map(words).unwrap_or_default(),
        rules: check.rules.clone(),
        start_up: check.start_up,
        group: check.group.clone(),
        replaced: u32::try_from(given_up.len()).unwrap_or(u32::MAX),
        last_replaced: given_up.iter().filter_map(|(_, at)| *at).max(),
    }
}

/// Machines that were judged ill, as events tell. An event names only the machine: it belongs to the check that watches
/// those of the same set, or to the only one.
fn given_up(facts: &Facts, check: &Check, checks: usize) -> Vec<(String, Option<Timestamp>)> {
    let sets: BTreeSet<&str> = check.targets.iter().map(|name| set_of(name)).collect();
    let judged = facts.events.iter().filter(|e| e.kind == "Machine" && e.reason == "MachineMarkedUnhealthy");
    let mut seen = BTreeSet::new();
    judged.filter(|e| checks == 1 || sets.contains(set_of(&e.name))).filter(|e| seen.insert(e.name.clone())).map(|e| (e.name.clone(), e.at)).collect()
}

fn set_of(machine: &str) -> &str {
    machine.rsplit_once('-').map_or(machine, |(set, _)| set)
}

/// Whether anybody may replace a machine for being ill.
pub(crate) fn is_skipped(machine: &Object) -> bool {
    machine.annotations.contains_key("cluster.x-k8s.io/skip-remediation")
}

#[cfg(test)]
mod tests {
    use api::capi::LaneGroup;
    use api::{Millis, Timestamp};
    use serde_json::json;

    use super::{read, rows};
    use crate::explain::{Facts, Happening};
    use crate::recorded;

    #[test]
    fn a_check_says_whom_it_watches_and_when_it_gives_up() {
        let graph = recorded::graph("in-memory/11-remediating.yaml");
        let rows = rows(&graph, &recorded::key("default", "wl1"), &Facts::default());
        let first = &rows[0];
        assert_eq!((rows.len(), first.name.as_str(), first.watches.len(), first.healthy, first.expected), (2, "wl1-dlcrd", 3, 3, 3));
        assert_eq!((&first.group, &rows[1].group), (&Some(LaneGroup::ControlPlane), &Some(LaneGroup::Pool("md-0".into()))));
        assert_eq!((first.allowed, first.start_up, first.stopped.as_str()), (Some(3), Some(Millis::seconds(600)), ""));
        assert!(first.rules.contains(&"Node Ready is False for 5 min".to_owned()), "{:?}", first.rules);
    }

    #[test]
    fn machines_that_were_replaced_are_counted_for_the_check_that_watches_their_set() {
        let graph = recorded::graph("in-memory/11-remediating.yaml");
        let judged = |name: &str, second: u64| Happening {
            kind: "Machine".into(),
            name: name.into(),
            reason: "MachineMarkedUnhealthy".into(),
            message: String::new(),
            at: Some(Timestamp(second)),
        };
        let events = [("aaaaa", 1), ("bbbbb", 2), ("bbbbb", 3)].map(|(machine, second)| judged(&format!("wl1-dlcrd-{machine}"), second).into()).to_vec();
        let rows = rows(&graph, &recorded::key("default", "wl1"), &Facts { events, ..Facts::default() });
        let replaced: Vec<(u32, Option<Timestamp>)> = rows.iter().map(|r| (r.replaced, r.last_replaced)).collect();
        assert_eq!(replaced, [(2, Some(Timestamp(2))), (0, None)]);
    }

    #[test]
    fn a_check_that_stopped_quotes_why() {
        let graph = recorded::graph("in-memory/stuck-too-many-ill.yaml");
        let key = graph.clusters().next().expect("a cluster").clone();
        let stopped: Vec<String> = rows(&graph, &key, &Facts::default()).into_iter().map(|r| r.stopped).filter(|s| !s.is_empty()).collect();
        assert!(stopped.iter().any(|s| s.contains("unhealthy")), "{stopped:?}");
    }

    #[test]
    fn the_older_contract_reads_the_same() {
        let object = json!({ "spec": { "nodeStartupTimeout": "10m0s", "unhealthyConditions": [{ "type": "Ready", "status": "Unknown", "timeout": "300s" }] } });
        let check = read(&object);
        assert_eq!((check.start_up, check.rules), (Some(Millis::seconds(600)), vec!["Node Ready is Unknown for 5 min".to_owned()]));
    }
}
