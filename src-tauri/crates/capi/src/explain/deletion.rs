//! What does a deletion wait for?

use api::capi::{Evidence, LaneGroup, LeaveStep};
use api::changes::ClusterChange;
use api::{Millis, Timestamp};

use super::case::{Case, Finding, describe, quote, wrong};
use super::way::is_machine;
use crate::condition::Condition;
use crate::lanes::group;
use crate::leave::{begun, stage as stage_of, words};
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

/// A runtime extension, or an annotation that it left, may hold a deletion back before anything of it begins.
pub(super) fn hook(case: &Case) -> Option<Finding> {
    let condition = deleting(case.cluster, "WaitingForBeforeDeleteHook")?;
    let (name, took) = (&case.key.name, case.facts.now.since(case.cluster.deleting_since?));
    let mut seen = vec![quote(case.cluster, condition)];
    // The controller of topologies calls the extensions, and its log says which of them wants to wait.
    seen.extend(case.log_about(case.cluster, &["hook"]));
    let finding = if took <= LONG {
        Finding::normal(format!("{name} is deleted as soon as the hook BeforeClusterDelete allows it; nothing of it has gone yet."), seen)
    } else {
        let minutes = took.0 / 60_000;
        let sentence = format!("The hook BeforeClusterDelete has held the deletion of {name} for {minutes} minutes: a runtime extension does not allow it.");
        Finding::stuck(sentence, seen)
    };
    Some(finding.remedy("Look at the extensions", "Changes nothing", Some("kubectl get extensionconfigs".to_owned())))
}

/// The Cluster goes, step by step; a step that stands for long is told with what is left in it.
pub(super) fn takes_its_time(case: &Case) -> Option<Finding> {
    case.cluster.deleting_since?;
    let condition = case.cluster.condition("Deleting").filter(|c| c.is_true());
    let mut seen: Vec<Evidence> = condition.map(|c| quote(case.cluster, c)).into_iter().collect();
    let left = left(case);
    let stands = stands_since(case, left).map(|since| case.facts.now.since(since)).filter(|stands| *stands > LONG);
    let Some(stands) = stands else { return Some(Finding::normal(waits_for(case, condition.map_or("", |c| c.reason.as_str())), seen)) };
    let (kind, name, cluster, minutes) = (&left.id.kind, &left.id.name, &case.key.name, stands.0 / 60_000);
    let sentence = if left.id == case.cluster.id {
        format!("{cluster} is being deleted, and nothing of it has moved for {minutes} minutes.")
    } else {
        let own = left.condition("Deleting").filter(|c| c.is_true()).or_else(|| wrong(left).into_iter().next());
        seen.extend(own.map(|c| quote(left, c)));
        let step = stage_of(left).map(|step| format!(": {}", words(step))).unwrap_or_default();
        format!("{cluster} is being deleted and waits for {kind} {name}, which has not moved for {minutes} minutes{step}.")
    };
    seen.extend(case.log_about(left, &["Reconciler error", "failed to"]));
    let command = format!("kubectl describe {}.{} {name} -n {}", kind.to_lowercase(), left.id.group, left.id.namespace);
    Some(Finding::stuck(sentence, seen).remedy("Look at its events", "Changes nothing", Some(command)))
}

/// A machine leaves a cluster that stays: what its removal waits for, and for long only where somebody has to look.
pub(super) fn leaves(case: &Case) -> Option<Finding> {
    if case.is_well() {
        return None;
    }
    let machine = match case.machine() {
        Some(machine) => Some(machine).filter(|m| m.deleting_since.is_some()),
        None => case.machines().filter(|m| m.deleting_since.is_some()).min_by_key(|m| (stands_since(case, m), m.id.name.clone())),
    }?;
    let (name, step) = (&machine.id.name, stage_of(machine));
    let what = step.map(|step| format!(": {}", words(step))).unwrap_or_default();
    let seen = machine.condition("Deleting").filter(|c| c.is_true()).map(|c| quote(machine, c)).into_iter().collect();
    let limit = machine.drain_limit.filter(|_| step == Some(LeaveStep::Drain)).map_or(LONG, |limit| limit.max(LONG));
    let stands = stands_since(case, machine).map(|since| case.facts.now.since(since)).filter(|stands| *stands > limit);
    Some(match stands {
        None => Finding::normal(format!("{name} is being removed{what}. This is normal."), seen),
        Some(stands) => {
            let sentence = format!("{name} is being removed, and has not moved for {} minutes{what}.", stands.0 / 60_000);
            Finding::stuck(sentence, seen).remedy("Look at its events", "Changes nothing", Some(describe(machine)))
        }
    })
}

/// In which step of its deletion a Cluster says it is.
fn waits_for(case: &Case, reason: &str) -> String {
    let name = &case.key.name;
    let machines = case.machines().count();
    let planes = case.machines().filter(|m| m.is_control_plane_machine()).count();
    match (reason, machines - planes, planes) {
        ("WaitingForWorkersDeletion", 0, _) => format!("{name} is being deleted: its workers are gone, and their pools go now."),
        ("WaitingForWorkersDeletion", 1, _) => format!("{name} is being deleted and waits for 1 worker to go."),
        ("WaitingForWorkersDeletion", n, _) => format!("{name} is being deleted and waits for {n} workers to go."),
        ("WaitingForControlPlaneDeletion", _, 0) => format!("{name} is being deleted: its machines are gone, and its control plane goes now."),
        ("WaitingForControlPlaneDeletion", _, 1) => format!("{name} is being deleted and waits for 1 control plane machine to go."),
        ("WaitingForControlPlaneDeletion", _, n) => format!("{name} is being deleted and waits for {n} control plane machines to go."),
        ("DeletionCompleted", ..) => format!("{name} is being deleted: all that was made for it is gone, and only finalizers hold it."),
        ("InternalError", ..) => format!("{name} is being deleted, and its controller reports an error; it tries again by itself."),
        (_, 0, 0) => format!("{name} is being deleted; its infrastructure is removed last."),
        (_, 1, 0) | (_, 0, 1) => format!("{name} is being deleted and waits for 1 machine to go."),
        (_, _, _) => format!("{name} is being deleted and waits for {machines} machines to go."),
    }
}

/// What the deletion waits for: the machine that stands longest, what keeps machines, and last the infrastructure; the
/// Cluster itself where nothing below it goes.
fn left<'a>(case: &Case<'a>) -> &'a Object {
    let machines = case.machines().filter(|m| m.deleting_since.is_some());
    let machine = machines.min_by_key(|m| (stands_since(case, m), m.id.name.clone()));
    let keeps = ["MachineSet", "MachineDeployment", "MachinePool"].into_iter().flat_map(|kind| case.graph.core(case.key, kind));
    let last = [case.control_plane(), case.infrastructure(case.cluster)].into_iter().flatten();
    machine.or_else(|| keeps.chain(last).find(|o| o.deleting_since.is_some())).unwrap_or(case.cluster)
}

/// Since when an object is where it is: a condition moves with its status alone, so a machine is told by its steps.
fn stands_since(case: &Case, object: &Object) -> Option<Timestamp> {
    if is_machine(object) {
        return begun(case.graph, object).into_iter().flatten().max();
    }
    object.conditions.iter().filter_map(|c| c.since).chain(object.deleting_since).max()
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
