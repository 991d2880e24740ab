//! Is the cluster held because somebody wanted it so?

use api::Timestamp;
use api::capi::{Evidence, EvidenceSource};
use api::changes::ClusterChange;

use super::case::{Case, ContainerState, Finding, quote};

/// `spec.paused` stops every controller of the cluster; `clusterctl move` sets it too and may leave it behind.
pub(super) fn paused(case: &Case) -> Option<Finding> {
    let seen = case.cluster.condition("Paused").filter(|c| c.is_true()).map(|c| quote(case.cluster, c));
    if !case.cluster.paused && seen.is_none() {
        return None;
    }
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
