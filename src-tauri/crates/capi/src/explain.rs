//! Why is a cluster not as it was asked to be?
//!
//! The way down follows what is not as it should be from the Cluster to the object that blocks; then the first rule that
//! matches what is seen there names the cause. A rule is a pure function; where none matches, KOS says that it cannot
//! tell and shows what it has.

mod case;
mod control_plane;
mod deletion;
mod hold;
mod host;
mod infrastructure;
mod machine;
mod outside;
mod repair;
mod says;
mod topology;
mod waiting;
mod way;

use api::capi::{Explanation, Stop, Weight};

use crate::graph::{ClusterKey, Graph};

pub(crate) use case::is_good;
pub use case::{Container, ContainerState, Facts, Gates, Happening, LogLine, LogSource};

use case::{Case, Finding};

/// A rule by the name that the page shows.
type Rule = (&'static str, fn(&Case) -> Option<Finding>);

/// In this order: who chose it, what goes away, what cannot be asked for, then from the machine of the user upwards, and
/// last what only takes its time.
const RULES: &[Rule] = &[
    ("asleep", hold::asleep),
    ("paused", hold::paused),
    ("docker-paused", hold::docker_paused),
    ("held", hold::held),
    ("delete-drain", deletion::drain),
    // Also what is being deleted is held by a webhook that takes no cluster of a class.
    ("feature-off", topology::feature_off),
    ("delete-infra", deletion::infrastructure),
    ("delete-hook", deletion::hook),
    ("deleting", deletion::takes_its_time),
    ("webhook-down", outside::webhook_down),
    ("controller-silent", outside::controller_silent),
    ("quota", outside::quota),
    ("even-replicas", topology::even_replicas),
    ("class-missing", topology::class_missing),
    ("topology-hook", topology::hook),
    ("topology-refused", topology::refused),
    ("inotify", host::inotify),
    ("disk-pressure", host::disk_pressure),
    ("arch-mismatch", host::architecture),
    ("lb-no-ip", infrastructure::load_balancer_stopped),
    ("lb-missing", infrastructure::load_balancer_missing),
    ("image-pull", host::image_pull),
    ("container-gone", host::container_gone),
    // One of the ways in which a bootstrap fails, and told in what failed.
    ("join-rbac", machine::join_forbidden),
    ("bootstrap-failed", machine::bootstrap_failed),
    ("certs-missing", machine::certificates_missing),
    ("mhc-blocked", repair::blocked),
    ("mhc-loop", repair::loops),
    ("no-cni", machine::no_network),
    ("cni-late", machine::network_late),
    ("lb-broken", infrastructure::load_balancer_broken),
    ("cp-first-stuck", control_plane::first_does_not_answer),
    ("probe-failed", control_plane::not_reachable),
    ("kcp-preflight", control_plane::members_unhealthy),
    ("overdue", waiting::overdue),
    ("ms-preflight", waiting::pool_waits),
    ("wait-cp", waiting::first_control_plane),
    ("upgrading", waiting::upgrade),
    ("leaving", deletion::leaves),
    ("building", waiting::building),
    ("scaling", waiting::scaling),
];

/// What stands in the way of a cluster, `None` when there is no such Cluster.
pub fn explain(graph: &Graph, key: &ClusterKey, facts: &Facts) -> Option<Explanation> {
    let case = Case::new(graph, key, facts)?;
    let found = RULES.iter().find_map(|(name, rule)| rule(&case).map(|finding| (*name, finding)));
    let path =
        case.way.iter().map(|object| Stop { kind: object.id.kind.to_string(), name: object.id.name.to_string(), says: says::says(&case, object) }).collect();
    Some(match found {
        Some((name, f)) => Explanation { rule: Some(name.to_owned()), weight: f.weight, sentence: f.sentence, path, seen: f.seen, remedies: f.remedies },
        None if case.is_well() => Explanation {
            rule: None,
            weight: Weight::Well,
            sentence: format!("{} is as it was asked to be.", key.name),
            path: vec![],
            seen: vec![],
            remedies: vec![],
        },
        None => Explanation {
            rule: None,
            weight: Weight::Unclear,
            sentence: format!("KOS cannot tell what stands in the way of {}. This is what it sees.", key.name),
            path,
            seen: case.all_that_is_wrong(),
            remedies: vec![],
        },
    })
}

#[cfg(test)]
mod tests;
