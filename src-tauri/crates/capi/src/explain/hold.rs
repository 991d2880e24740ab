//! Is the cluster held because somebody wanted it so?

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
    Some(
        Finding::chosen(sentence, seen.into_iter().collect())
            .remedy("Resume", "The controllers go on where they stopped", Some(command))
            .by(ClusterChange::Resume),
    )
}

/// Docker's own pause freezes the processes; Cluster API then takes its machines for ill.
pub(super) fn docker_paused(case: &Case) -> Option<Finding> {
    let frozen: Vec<&str> = case.facts.containers.iter().filter(|c| c.state == ContainerState::Paused).map(|c| c.name.as_str()).collect();
    let first = frozen.first()?;
    let seen = vec![Evidence { source: EvidenceSource::Docker { container: (*first).to_owned() }, text: "paused".to_owned(), at: None }];
    let mut order = frozen.clone();
    order.sort_by_key(|name| (!name.ends_with("-lb"), *name));
    let sentence = format!("{} containers of {} are paused in Docker.", frozen.len(), case.key.name);
    let command = format!("docker unpause {}", order.join(" "));
    Some(Finding::chosen(sentence, seen).remedy("Unpause them", "The load balancer first, then the nodes", Some(command)))
}
