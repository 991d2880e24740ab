//! Is the cluster held because somebody wanted it so?

use api::Timestamp;
use api::capi::{Evidence, EvidenceSource};
use api::changes::ClusterChange;

use super::case::{Case, ContainerState, Finding, quote};
use crate::object::{CORE, Object, PAUSED_ANNOTATION};

/// `spec.paused` stops every controller of the cluster; `clusterctl move` sets it too and may leave it behind.
pub(super) fn paused(case: &Case) -> Option<Finding> {
    if !case.cluster.paused {
        return None;
    }
    let seen = case.cluster.condition("Paused").filter(|c| c.is_true()).map(|c| quote(case.cluster, c));
    let (name, namespace) = (&case.key.name, &case.key.namespace);
    let command = format!(r#"kubectl patch cluster {name} -n {namespace} --type merge -p '{{"spec":{{"paused":false}}}}'"#);
    let sentence = format!("{name} is paused: no controller changes it until it is resumed. What runs in it goes on.");
    let set = case.cluster.paused_by.as_ref().map(|hand| Evidence {
        source: EvidenceSource::Field { on: format!("Cluster {name}"), path: "spec.paused".to_owned() },
        text: format!("true, set by {}", hand.manager),
        at: hand.at,
    });
    Some(
        Finding::chosen(sentence, set.into_iter().chain(seen).collect())
            .remedy("Resume", "The controllers go on where they stopped", Some(command))
            .by(ClusterChange::Resume),
    )
}

/// The annotation stops the controllers of the object that carries it, and nobody else: also of a Cluster, whose machines
/// and health checks go on.
pub(super) fn held(case: &Case) -> Option<Finding> {
    let object = held_object(case)?;
    let (kind, name, cluster) = (&object.id.kind, &object.id.name, &case.key.name);
    let is_cluster = object.id == case.cluster.id;
    let what = format!("{kind} {name} is held by the annotation {PAUSED_ANNOTATION}");
    let sentence = match (case.cluster.deleting_since, is_cluster) {
        (Some(_), _) => format!("{what}, and the deletion of {cluster} waits until that is taken off."),
        (None, true) => format!("{what}: its own controllers leave it as it is. Its machines are not held, and health checks replace them as ever."),
        (None, false) => format!("{what}: its controllers leave it as it is until that is taken off. Nothing else of {cluster} is held by it."),
    };
    let carries = Evidence {
        source: EvidenceSource::Field { on: format!("{kind} {name}"), path: "metadata.annotations".to_owned() },
        text: PAUSED_ANNOTATION.to_owned(),
        at: None,
    };
    let says = object.condition("Paused").filter(|c| c.is_true()).map(|c| quote(object, c));
    let command = format!("kubectl annotate {}.{} {name} -n {} {PAUSED_ANNOTATION}-", kind.to_lowercase(), object.id.group, object.id.namespace);
    Some(Finding::chosen(sentence, [carries].into_iter().chain(says).collect()).remedy(
        "Take the annotation off",
        "Its controllers go on where they stopped",
        Some(command),
    ))
}

/// Below an owner that is held, what ails a machine is told first; a deletion waits for whatever is held.
fn held_object<'a>(case: &Case<'a>) -> Option<&'a Object> {
    let is_going = case.cluster.deleting_since.is_some();
    let leads_to_machine = case.machine().is_some() && !is_going;
    let makes_machines = |o: &Object| ["MachineDeployment", "MachineSet", "MachinePool"].iter().any(|kind| o.is(CORE, kind));
    let owners = [Some(case.cluster), case.control_plane()].into_iter().flatten().filter(|_| !leads_to_machine);
    let others = case.graph.members(case.key).filter(|o| !leads_to_machine && (makes_machines(o) || (is_going && !o.finalizers.is_empty())));
    owners.chain([case.leaf()]).chain(others).find(|o| o.is_held())
}

/// Objects and containers are paused: nobody replaces what does not answer.
pub(super) fn asleep(case: &Case) -> Option<Finding> {
    let frozen = frozen(case);
    if frozen.is_empty() || !case.cluster.paused {
        return None;
    }
    let name = &case.key.name;
    let seen = case.cluster.condition("Paused").filter(|c| c.is_true()).map(|c| quote(case.cluster, c)).into_iter().chain([docker(case, &frozen)]);
    let sentence = format!("{name} sleeps: its objects are paused and so are its containers. No health check replaces a machine meanwhile.");
    Some(Finding::chosen(sentence, seen.collect()).remedy("Wake it", "The containers go on first, then the controllers", Some(unpause(&frozen))))
}

/// Docker's own pause freezes the processes; Cluster API then takes its machines for ill.
pub(super) fn docker_paused(case: &Case) -> Option<Finding> {
    let frozen = frozen(case);
    if frozen.is_empty() {
        return None;
    }
    let sentence = format!(
        "{} containers of {} are paused in Docker, and its objects are not: the network is well, but health checks may replace machines that do not answer.",
        frozen.len(),
        case.key.name
    );
    let finding = Finding::chosen(sentence, vec![docker(case, &frozen)]).remedy(
        "Unpause them",
        "The load balancer first, then the control plane, then the workers",
        Some(unpause(&frozen)),
    );
    Some(finding.remedy("Pause the cluster too", "Then nothing is replaced while its containers stand still", None).by(ClusterChange::Pause))
}

/// The containers that Docker holds, in the order in which they go on: load balancer, control planes, workers, so that
/// nobody looks for a server that still stands.
fn frozen<'f>(case: &Case<'f>) -> Vec<&'f str> {
    let mut frozen: Vec<&str> = case.facts.containers.iter().filter(|c| c.state == ContainerState::Paused).map(|c| c.name.as_str()).collect();
    let is_plane = |name: &str| {
        let mut machines = case.machines();
        machines.any(|machine| machine.is_control_plane_machine() && machine.container_names().any(|called| called == name))
    };
    frozen.sort_by_cached_key(|name| (!name.ends_with("-lb"), !is_plane(name), *name));
    frozen
}

/// Since when they stand, if Docker remembers it of each: the oldest of some would be a guess.
fn docker(case: &Case, frozen: &[&str]) -> Evidence {
    let paused = case.facts.containers.iter().filter(|c| c.state == ContainerState::Paused);
    let since: Option<Vec<Timestamp>> = paused.map(|c| c.since).collect();
    let at = since.and_then(|all| all.into_iter().min());
    Evidence { source: EvidenceSource::Docker { container: frozen.join(", ") }, text: "paused".to_owned(), at }
}

fn unpause(frozen: &[&str]) -> String {
    format!("docker unpause {}", frozen.join(" "))
}
