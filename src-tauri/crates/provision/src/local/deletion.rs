//! What goes when a cluster is deleted?

use std::collections::BTreeMap;
use std::path::Path;

use api::local::{DeleteCluster, Deletion, LocalRow, Role};
use api::{Fault, FaultCode};
use sha2::{Digest, Sha256};

use super::{Known, Survey, manages, rows};
use crate::ClusterName;
use crate::programs::kind;

/// Names everything that goes; pure.
///
/// `kubeconfig` is KOS's own file of the cluster, `entries` all that is shown to go with it. Workload clusters live on a
/// management cluster when KOS knows so, and any of them may when it does not.
pub fn deletion(name: &ClusterName, survey: &Survey, workloads: Vec<String>, kubeconfig: &Path, entries: Vec<String>) -> Deletion {
    let mut containers: Vec<String> = survey.containers.iter().filter(|c| c.cluster == name.as_str()).map(|c| c.name.clone()).collect();
    containers.sort();
    let command = format!("kind {}", kind::delete(name, kubeconfig).join(" "));
    let seen = seen(name, survey, &workloads);
    Deletion { name: name.to_string(), containers, kubeconfig: entries, workloads, command, typed: name.to_string(), seen }
}

/// The same containers, by their ids, and the same workload clusters.
fn seen(name: &ClusterName, survey: &Survey, workloads: &[String]) -> String {
    let mut ids: Vec<&str> = survey.containers.iter().filter(|c| c.cluster == name.as_str()).map(|c| c.id.as_str()).collect();
    ids.sort_unstable();
    let mut hash = Sha256::new();
    for text in [name.as_str()].into_iter().chain(ids).chain(workloads.iter().map(String::as_str)) {
        hash.update(text.as_bytes());
        hash.update([0]);
    }
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a deletion may start: what was asked for was typed, and what would go is what was shown.
pub fn allowed(call: &DeleteCluster, now: &Deletion) -> Result<(), Fault> {
    let kept = || format!("The cluster {} is as it was.", call.name);
    if call.typed != now.typed || call.name != now.name {
        let sentence = format!("The cluster {} was not deleted: {} was not typed.", call.name, now.typed);
        return Err(Fault::new(FaultCode::Invalid, sentence).unharmed(kept()));
    }
    if call.seen != now.seen {
        let sentence = format!("The cluster {} was not deleted: it is not the one that was shown.", call.name);
        return Err(Fault::new(FaultCode::Changed, sentence).unharmed(kept()));
    }
    if now.containers.is_empty() {
        let sentence = format!("There is no cluster named {} on this machine.", call.name);
        return Err(Fault::new(FaultCode::NotFound, sentence));
    }
    Ok(())
}

/// Workload clusters on this machine that have this manager, or none that is known.
pub fn workloads_of(name: &str, survey: &Survey, known: &BTreeMap<String, Known>) -> Vec<String> {
    if !manages(name, survey, known) {
        return vec![];
    }
    let lives_on = |of: &Option<String>| of.as_deref().is_none_or(|manager| manager == name);
    let workload = |row: LocalRow| match row.role {
        Role::Workload { of } if row.name != name && lives_on(&of) => Some(row.name),
        Role::Workload { .. } | Role::Management | Role::Plain | Role::Foreign { .. } => None,
    };
    rows(survey, known).into_iter().filter_map(workload).collect()
}
