//! Does the control plane answer, and will it grow?

use api::Millis;

use super::case::{Case, Finding, describe, quote};
use super::machine::is_settling;
use crate::object::Object;

/// A container that is up and an API server that is not: past the five minutes that a first start takes at most.
pub(super) fn first_does_not_answer(case: &Case) -> Option<Finding> {
    let initialized = case.cluster.condition("ControlPlaneInitialized").filter(|c| !c.is_true())?;
    let machine = case.machines().find(|m| m.is_control_plane_machine())?;
    let part = case.infrastructure(machine)?;
    let up = ["ContainerProvisioned", "BootstrapCompleted"].iter().find_map(|kind| part.condition(kind).filter(|c| c.is_true()))?;
    if case.facts.now.since(up.since?) < Millis::seconds(300) {
        return None;
    }
    let name = &machine.id.name;
    let sentence = format!("The first API server of {} does not answer, although the container of {name} runs.", case.key.name);
    Some(Finding::stuck(sentence, vec![quote(case.cluster, initialized), quote(part, up)]).remedy(
        "Read what the kubelet says",
        "Changes nothing",
        Some(format!("docker exec {name} journalctl -u kubelet -n 50 --no-pager")),
    ))
}

/// The management cluster itself cannot reach the workload cluster.
pub(super) fn not_reachable(case: &Case) -> Option<Finding> {
    case.cluster.condition("ControlPlaneInitialized").filter(|c| c.is_true())?;
    let probe = case.cluster.condition("RemoteConnectionProbe").filter(|c| !c.is_true())?;
    let sentence = format!("The management cluster cannot reach the API server of {}. Its machines may run well; nobody can see them.", case.key.name);
    let finding = Finding::stuck(sentence, vec![quote(case.cluster, probe)]).remedy(
        "Look at its load balancer",
        "Changes nothing",
        Some(format!("docker ps -a --filter name={}-lb", case.key.name)),
    );
    let (name, namespace) = (&case.key.name, &case.key.namespace);
    Some(finding.remedy(
        "See which address is asked",
        "Changes nothing; whether it answers from this computer tells a lost way from a server that is down",
        Some(format!("kubectl get cluster {name} -n {namespace} -o jsonpath='{{.spec.controlPlaneEndpoint}}'")),
    ))
}

/// The control plane adds and removes one member at a time, and only while all others are healthy.
pub(super) fn members_unhealthy(case: &Case) -> Option<Finding> {
    let control_plane = case.control_plane()?;
    let blocked = ["ScalingUp", "ScalingDown"]
        .iter()
        .find_map(|kind| control_plane.condition(kind).filter(|c| c.is_true() && c.message.contains("is blocked because")))?;
    // One that goes is waited for, and one that came a moment ago is not ill.
    let stays = |m: &&Object| m.is_control_plane_machine() && m.deleting_since.is_none() && !is_settling(case, m);
    let ill = case.machines().filter(stays).find_map(|m| {
        let parts = ["EtcdMemberHealthy", "EtcdPodHealthy", "APIServerPodHealthy", "ControllerManagerPodHealthy", "SchedulerPodHealthy"];
        parts.iter().find_map(|kind| m.condition(kind).filter(|c| c.status == crate::Status::False).map(|c| (m, c)))
    });
    let (machine, condition) = ill?;
    let sentence = format!("The control plane changes no machine until all its members are healthy; {} is not.", machine.id.name);
    Some(Finding::stuck(sentence, vec![quote(machine, condition), quote(control_plane, blocked)]).remedy(
        "Look at this member",
        "Changes nothing; once it is healthy the control plane goes on by itself",
        Some(describe(machine)),
    ))
}
