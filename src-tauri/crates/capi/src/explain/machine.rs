//! What keeps one machine from becoming a Node that works?

use api::Millis;
use api::capi::Evidence;

use super::case::{Case, Finding, has, quote, replace, replacement};
use crate::condition::Condition;
use crate::object::Object;

/// kubeadm failed; Docker's provider never tries again.
pub(super) fn bootstrap_failed(case: &Case) -> Option<Finding> {
    let machine = case.machine()?;
    let part = case.infrastructure(machine)?;
    let condition = part.bootstrap_failure()?;
    let sentence = format!("kubeadm failed inside {}; it is not tried again there.", machine.id.name);
    Some(
        Finding::stuck(sentence, vec![quote(part, condition)])
            .remedy("Replace the machine", "Its owner makes a new one", Some(replace(machine)))
            .by(replacement(machine)),
    )
}

/// Kubernetes 1.36.1 and later need a role that older Cluster API does not make.
pub(super) fn join_forbidden(case: &Case) -> Option<Finding> {
    let words = ["cannot get resource \"configmaps\" in API group", "is forbidden: User \"system:bootstrap:"];
    let mut seen = case.anywhere(&words);
    if seen.is_empty() {
        // Where the way ends at the machine, what it runs on still tells.
        seen.extend(case.condition_with(case.machine().and_then(|machine| case.infrastructure(machine)), &words));
    }
    (!seen.is_empty())
        .then(|| Finding::stuck("The join token of a new machine may not read what kubeadm needs: this Kubernetes version wants a newer Cluster API.", seen))
}

/// The certificate authority of a cluster cannot be made anew without losing the cluster.
pub(super) fn certificates_missing(case: &Case) -> Option<Finding> {
    let seen = case.anywhere(&["cluster certificates are missing or unknown", "could not find secret ca", "failed to find any secret", "missing certificate"]);
    if seen.is_empty() {
        return None;
    }
    let sentence = format!("The certificate authority of {} is gone from the management cluster; no machine can join without it.", case.key.name);
    Some(Finding::stuck(sentence, seen).remedy(
        "Restore its Secret from a backup",
        "A new one would not be trusted by the machines that are there",
        Some(format!("kubectl get secret {0}-ca {0}-etcd {0}-sa {0}-proxy -n {1}", case.key.name, case.key.namespace)),
    ))
}

/// What the kubelet says on a Node that has no network.
const NO_NETWORK: [&str; 3] = ["cni plugin not initialized", "NetworkPluginNotReady", "NetworkReady=false"];

fn node_ready(machine: &Object) -> Option<&Condition> {
    machine.condition("NodeReady").or_else(|| machine.condition("NodeHealthy"))
}

/// That its Node waits for its network.
pub(super) fn without_network(machine: &Object) -> Option<&Condition> {
    node_ready(machine).filter(|c| !c.is_true() && has(&c.message, &NO_NETWORK))
}

/// Nodes are NotReady until a network plugin runs on them: where one is Ready the cluster has a plugin, and each new Node
/// waits a moment for its own.
pub(super) fn no_network(case: &Case) -> Option<Finding> {
    if case.machines().any(|m| node_ready(m).is_some_and(Condition::is_true)) {
        return None;
    }
    let waiting: Vec<Evidence> = case.machines().filter_map(|m| without_network(m).map(|c| quote(m, c))).collect();
    let n = waiting.len();
    if n == 0 {
        return None;
    }
    let nodes = if n == 1 { "1 node waits".to_owned() } else { format!("{n} nodes wait") };
    Some(Finding::stuck(format!("{nodes} for a network plugin. Everything else is ready."), waiting).remedy(
        "Add a network…",
        "kindnet, Calico or Cilium; the nodes go Ready by themselves",
        None,
    ))
}

/// A plugin that the cluster has comes up on a new Node as soon as its image is there.
const PLUGIN: Millis = Millis::seconds(180);

/// The cluster has a plugin, and it does not come up on one of its Nodes.
pub(super) fn network_late(case: &Case) -> Option<Finding> {
    // Before that none had a network, so nobody was late.
    let first = case.machines().filter_map(|m| node_ready(m).filter(|c| c.is_true())?.since).min()?;
    let mut waiting = case.machines().filter(|m| m.deleting_since.is_none()).filter_map(|m| without_network(m).map(|c| (m, c)));
    let (machine, condition) = waiting.find(|(_, c)| c.since.is_some_and(|came| case.facts.now.since(came.max(first)) > PLUGIN))?;
    let node = machine.node.as_deref().unwrap_or(&machine.id.name);
    let sentence = format!("The network plugin does not come up on {node}, and other nodes have theirs.");
    Some(Finding::stuck(sentence, vec![quote(machine, condition)]).remedy(
        "Look at the pods on it",
        "Changes nothing; asked of the cluster itself",
        Some(format!("kubectl get pods -A -o wide --field-selector spec.nodeName={node}")),
    ))
}

/// Its Node came a moment ago, and what runs on it is on its way.
pub(super) fn is_settling(case: &Case, machine: &Object) -> bool {
    without_network(machine).and_then(|c| c.since).is_some_and(|came| case.facts.now.since(came) <= PLUGIN)
}
