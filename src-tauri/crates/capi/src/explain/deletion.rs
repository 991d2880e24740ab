//! What does a deletion wait for?

use api::Millis;

use super::case::{Case, Finding, quote};
use super::way::is_machine;
use crate::condition::Condition;
use crate::object::Object;

/// A PodDisruptionBudget that allows no disruption stops a drain for as long as the Machine allows, by default for ever.
pub(super) fn drain(case: &Case) -> Option<Finding> {
    let (machine, condition) = stage(case, "DrainingNode")?;
    if !condition.message.contains("violate the pod's disruption budget") {
        return None;
    }
    let pod = between(&condition.message, "Pod ", ":").or_else(|| between(&condition.message, "Pods ", ":")).unwrap_or("A pod");
    let sentence = format!("{pod} blocks the drain of {}: its disruption budget allows no eviction.", machine.id.name);
    let command = format!(
        "kubectl patch machine {} -n {} --type merge -p '{{\"spec\":{{\"deletion\":{{\"nodeDrainTimeoutSeconds\":60}}}}}}'",
        machine.id.name, machine.id.namespace
    );
    Some(Finding::stuck(sentence, vec![quote(machine, condition)]).remedy(
        "Limit the drain to a minute",
        "Then the machine goes although the pod is not moved",
        Some(command),
    ))
}

/// A provider removes a container or a virtual machine in seconds, one in a cloud in a few minutes.
const LONG: Millis = Millis::seconds(600);

/// What a provider made, of a machine or of the whole cluster, cannot be removed, or nobody is there to do it.
pub(super) fn infrastructure(case: &Case) -> Option<Finding> {
    let waits = "WaitingForInfrastructureDeletion";
    let (of, condition) = stage(case, waits).or_else(|| deleting(case.cluster, waits).map(|c| (case.cluster, c)))?;
    let part = case.infrastructure(of)?;
    let mut seen = vec![quote(of, condition)];
    let sentence = match case.log_with(&["failed to delete", "error deleting", "Reconciler error"]) {
        Some(error) => {
            seen.push(error);
            format!("The provider cannot remove {} {}: its controller reports an error.", part.id.kind, part.id.name)
        }
        None if case.facts.now.since(part.deleting_since?) > LONG => {
            format!("{} {} is not removed for more than ten minutes: the controller of its provider may be gone.", part.id.kind, part.id.name)
        }
        None => return None,
    };
    Some(Finding::stuck(sentence, seen).remedy(
        "Look at the provider",
        "The finalizer stays until the provider has removed what it made; taking it off leaves that behind",
        Some("kubectl get pods -A -l cluster.x-k8s.io/provider".to_owned()),
    ))
}

pub(super) fn takes_its_time(case: &Case) -> Option<Finding> {
    case.cluster.deleting_since?;
    let machines = case.machines().count();
    let sentence = match machines {
        0 => format!("{} is being deleted; its infrastructure is removed last.", case.key.name),
        1 => format!("{} is being deleted and waits for 1 machine to go.", case.key.name),
        n => format!("{} is being deleted and waits for {n} machines to go.", case.key.name),
    };
    let seen = case.cluster.condition("Deleting").map(|c| quote(case.cluster, c));
    Some(Finding::normal(sentence, seen.into_iter().collect()))
}

/// A machine in this stage of its deletion, also where only the machine is deleted and not the cluster.
fn stage<'a>(case: &Case<'a>, reason: &str) -> Option<(&'a Object, &'a Condition)> {
    let on_the_way = case.way.iter().copied().filter(|o| is_machine(o));
    on_the_way.chain(case.machines()).find_map(|m| deleting(m, reason).map(|c| (m, c)))
}

fn deleting<'a>(object: &'a Object, reason: &str) -> Option<&'a Condition> {
    object.condition("Deleting").filter(|c| c.is_true() && c.reason == reason)
}

fn between<'t>(text: &'t str, start: &str, end: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(start)?;
    rest.split_once(end).map(|(middle, _)| middle.trim()).filter(|m| !m.is_empty() && m.len() < 120)
}
