//! What does a deletion wait for?

use api::Millis;
use api::capi::LaneGroup;
use api::changes::ClusterChange;

use super::case::{Case, Finding, quote};
use super::way::is_machine;
use crate::condition::Condition;
use crate::lanes::group;
use crate::object::Object;
use crate::upgrading::drain_lines;

/// A PodDisruptionBudget that allows no disruption stops a drain for as long as the Machine allows, by default for ever.
pub(super) fn drain(case: &Case) -> Option<Finding> {
    let (machine, condition) = stage(case, "DrainingNode")?;
    let held = drain_lines(&condition.message).into_iter().find(|line| line.says.contains("violate the pod's disruption budget"))?;
    let budget = between(&held.says, "The disruption budget ", " needs ")
        .map_or_else(|| "its disruption budget allows no eviction".to_owned(), |budget| format!("its disruption budget {budget} allows no eviction"));
    let sentence = format!("{} blocks the drain of {}: {budget}. Cluster API tries again by itself; nothing is broken.", held.pods, machine.id.name);
    let finding = Finding::stuck(sentence, vec![quote(machine, condition)]);
    let group = group(case.graph, machine);
    let whose = match &group {
        LaneGroup::ControlPlane => "the control plane".to_owned(),
        LaneGroup::Pool(pool) => pool.clone(),
        LaneGroup::Alone => return Some(finding),
    };
    let effect = format!("Then machines of {whose} go although a pod is left on them");
    Some(finding.remedy("Limit the drain to 2 min", effect, None).by(ClusterChange::LimitDrain { group, seconds: 120 }))
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
    let finding = Finding::stuck(sentence, seen).remedy(
        "Look at the provider",
        "The finalizer stays until the provider has removed what it made",
        Some("kubectl get pods -A -l cluster.x-k8s.io/provider".to_owned()),
    );
    if part.deleting_since.is_none() || part.finalizers.is_empty() {
        return Some(finding);
    }
    // Last: whatever the provider made is then forgotten.
    let change = ClusterChange::RemoveFinalizers { kind: part.id.kind.to_string(), name: part.id.name.to_string() };
    Some(finding.remedy("Let it go without the provider", "What it made stays behind, and nobody removes it any more", None).by(change))
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
