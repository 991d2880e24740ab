//! Was something asked for that Cluster API refuses?

use api::capi::{Evidence, EvidenceSource};

use super::case::{Case, Finding, has, quote};
use crate::Condition;
use crate::object::Object;

fn reconciled<'a>(case: &Case<'a>) -> Option<&'a Condition> {
    case.cluster.condition("TopologyReconciled").filter(|c| !c.is_true())
}

fn seen(case: &Case, condition: &Condition) -> Vec<Evidence> {
    vec![quote(case.cluster, condition)]
}

/// etcd on the control planes needs an odd number of members.
pub(super) fn even_replicas(case: &Case) -> Option<Finding> {
    let condition = reconciled(case).filter(|c| c.message.contains("cannot be an even number"))?;
    let sentence = format!("{} was asked for an even number of control planes. etcd needs 1, 3 or 5; every other change waits behind this one.", case.key.name);
    let command = format!(
        r#"kubectl patch cluster {} -n {} --type merge -p '{{"spec":{{"topology":{{"controlPlane":{{"replicas":3}}}}}}}}'"#,
        case.key.name, case.key.namespace
    );
    Some(Finding::stuck(sentence, seen(case, condition)).remedy("Ask for 3 control planes", "No machine is removed by it", Some(command)))
}

pub(super) fn class_missing(case: &Case) -> Option<Finding> {
    let condition =
        reconciled(case).filter(|c| c.reason == "ClusterClassNotReconciled" || (c.message.contains("ClusterClass") && c.message.contains("not found")))?;
    let sentence = format!("The class of {} is missing or not ready; its machines stay as they are until it is there.", case.key.name);
    Some(Finding::stuck(sentence, seen(case, condition)).remedy("Look at the class", "Apply it again under the same name", None))
}

pub(super) fn feature_off(case: &Case) -> Option<Finding> {
    let said = case.anywhere(&["ClusterTopology feature flag"]);
    let found = if said.is_empty() { held(case)? } else { said };
    let sentence = match case.cluster.deleting_since {
        None => "This management cluster was installed without CLUSTER_TOPOLOGY, so it takes no clusters of a class.".to_owned(),
        Some(_) => format!("This management cluster was installed without CLUSTER_TOPOLOGY, so it does not let {} go, which has a class.", case.key.name),
    };
    Some(Finding::stuck(sentence, found).remedy("Switch it on", "The core controller is started anew with --feature-gates=ClusterTopology=true", None))
}

/// Ends the finalizers `machinedeployment.topology.cluster.x-k8s.io` and `machineset.topology.cluster.x-k8s.io`: whoever takes
/// them off is switched off with the feature.
const OF_TOPOLOGY: &str = ".topology.cluster.x-k8s.io";

/// Nothing refuses and no machine goes, but a pool that goes is held by these finalizers alone, and the core says that it was
/// started without the feature.
fn held(case: &Case) -> Option<Vec<Evidence>> {
    case.cluster.deleting_since?;
    let gates = case.facts.gates.as_ref().filter(|gates| gates.argument.contains("ClusterTopology=false"))?;
    if case.machines().any(|machine| machine.deleting_since.is_some()) {
        return None;
    }
    let mut pools = ["MachineSet", "MachineDeployment"].into_iter().flat_map(|kind| case.graph.core(case.key, kind));
    let is_held = |pool: &Object| !pool.finalizers.is_empty() && pool.finalizers.iter().all(|one| one.ends_with(OF_TOPOLOGY));
    let pool = pools.find(|pool| pool.deleting_since.is_some() && is_held(pool))?;
    let field = |on: String, path: &str, text: String, at| Evidence { source: EvidenceSource::Field { on, path: path.to_owned() }, text, at };
    Some(vec![
        field(format!("{} {}", pool.id.kind, pool.id.name), "metadata.finalizers", pool.finalizers.join(", "), pool.deleting_since),
        field(format!("Deployment {}", gates.controller), "args", gates.argument.clone(), None),
    ])
}

/// A runtime extension asked to wait, or somebody did by an annotation; the reason may be that of any upgrade.
pub(super) fn hook(case: &Case) -> Option<Finding> {
    let condition = reconciled(case).filter(|c| c.reason == "LifecycleHookBlocking" || has(&c.message, &["hooks are blocking", "hook is blocking"]))?;
    Some(Finding::stuck(format!("A lifecycle hook holds {} back.", case.key.name), seen(case, condition)))
}

/// Everything else that an admission webhook, a policy of the server or the topology controller refused, in its words.
pub(super) fn refused(case: &Case) -> Option<Finding> {
    let condition = reconciled(case).filter(|c| c.reason == "ReconcileFailed")?;
    let sentence = format!("What was asked of {} is refused: {}", case.key.name, reason(&condition.message));
    let transient = has(&condition.message, &["connection refused", "context deadline exceeded", "conflict"]);
    Some(if transient { Finding::normal(sentence, seen(case, condition)) } else { Finding::stuck(sentence, seen(case, condition)) })
}

/// What stands behind the words of whoever refused: webhooks deny `the request`, a ValidatingAdmissionPolicy denies `request`.
fn reason(message: &str) -> &str {
    let behind = ["denied the request: ", "denied request: "].iter().find_map(|words| message.rsplit_once(*words));
    behind.map_or(message, |(_, why)| why).lines().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::reason;

    #[rstest]
    #[case::by_a_webhook("failed to patch: admission webhook \"x\" denied the request: spec.replicas: Forbidden\nmore", "spec.replicas: Forbidden")]
    #[case::by_a_policy("\"p\" is forbidden: ValidatingAdmissionPolicy 'a' with binding 'b' denied request: at most one", "at most one")]
    #[case::by_nobody_else("failed to apply patch 0", "failed to apply patch 0")]
    fn what_was_refused_is_told_without_who_refused_it(#[case] message: &str, #[case] why: &str) {
        assert_eq!(reason(message), why);
    }
}
