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

/// A drain without a limit that a budget holds for so long is one that somebody has to look at.
const PATIENCE: Millis = Millis::seconds(600);

/// A PodDisruptionBudget that allows no disruption stops a drain for as long as the Machine allows, by default for ever.
/// Within its time that is what the budget is for; nothing is stuck.
pub(super) fn drain(case: &Case) -> Option<Finding> {
    let (machine, condition) = stage(case, "DrainingNode")?;
    let held = drain_lines(&condition.message).into_iter().find(|line| line.says.contains("violate the pod's disruption budget"))?;
    let budget = between(&held.says, "The disruption budget ", " needs ").unwrap_or("its disruption budget");
    let took = case.facts.now.since(condition.since.or(machine.deleting_since)?);
    let pods = &held.pods;
    let name = &machine.id.name;
    let seen = vec![quote(machine, condition)];
    let finding = match machine.drain_limit {
        Some(limit) if took < limit => {
            let limit = crate::checks::words(limit);
            Finding::normal(
                format!("Draining {name}, held by {budget}: {pods} cannot be evicted yet. After {limit} of draining the machine goes anyway."),
                seen,
            )
        }
        None if took < PATIENCE => Finding::normal(
            format!("Draining {name}, held by {budget}: {pods} cannot be evicted yet. Cluster API tries again by itself; nothing is broken."),
            seen,
        ),
        Some(_) | None => {
            let held = if budget.starts_with("its ") { budget.to_owned() } else { format!("its disruption budget {budget}") };
            let sentence = format!("{pods} blocks the drain of {name}: {held} allows no eviction. Cluster API tries again by itself; nothing is broken.");
            Finding::stuck(sentence, seen)
        }
    };
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

/// A provider that took so long will not do it any more, whatever it says: what reports an error now may be done in a minute.
const GIVEN_UP: Millis = Millis::seconds(3_600);

/// What a provider made, of a machine or of the whole cluster, cannot be removed, or nobody is there to do it.
pub(super) fn infrastructure(case: &Case) -> Option<Finding> {
    let waits = "WaitingForInfrastructureDeletion";
    let (of, condition) = stage(case, waits).or_else(|| deleting(case.cluster, waits).map(|c| (case.cluster, c)))?;
    let Some(part) = case.infrastructure(of) else { return left_alone(case, of, condition) };
    let mut seen = vec![quote(of, condition)];
    let error = case.log_about(part, &["failed to delete", "error deleting", "Reconciler error"]);
    let is_given_up = part.deleting_since.is_some_and(|since| case.facts.now.since(since) >= GIVEN_UP);
    let sentence = match error {
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
    if part.deleting_since.is_none() || part.finalizers.is_empty() || !is_given_up {
        return Some(finding);
    }
    // Last: whatever the provider made is then forgotten.
    Some(finding.remedy("Let it go without the provider", stays_behind(case, part), None).by(let_go(part)))
}

/// What a machine ran on is gone, and the machine waits for it all the same: its provider may have been taken away.
fn left_alone(case: &Case, machine: &Object, condition: &Condition) -> Option<Finding> {
    let part = machine.infrastructure.as_ref().filter(|part| is_machine(machine) && case.facts.gone.contains(part))?;
    if case.facts.now.since(condition.since?) <= LONG || machine.finalizers.is_empty() {
        return None;
    }
    let sentence = format!("{} waits until {} {} is removed, and there is no such object any more.", machine.id.name, part.kind, part.name);
    let finding = Finding::stuck(sentence, vec![quote(machine, condition)]).remedy(
        "Look at the provider",
        "Where its kinds are missing, installing it again lets the machine go by itself",
        Some("kubectl get pods -A -l cluster.x-k8s.io/provider".to_owned()),
    );
    Some(finding.remedy("Let the machine go", stays_behind(case, machine), None).by(let_go(machine)))
}

fn let_go(object: &Object) -> ClusterChange {
    ClusterChange::RemoveFinalizers { kind: object.id.kind.to_string(), name: object.id.name.to_string() }
}

/// What nobody removes any more once an object is let go.
fn stays_behind(case: &Case, object: &Object) -> String {
    let made = object.container_names().find_map(|name| case.facts.containers.iter().find(|container| container.name == name));
    match (made, &object.provider_id) {
        (Some(container), _) => format!("The container {} stays behind on this computer, and nobody removes it any more", container.name),
        (None, Some(id)) => format!("{id} stays behind at its provider, and nobody removes it any more"),
        (None, None) => "What it made, such as a container, a virtual machine or a disk, stays behind, and nobody removes it any more".to_owned(),
    }
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
