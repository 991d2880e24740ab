//! Which containers of this machine belong to a cluster that is not there any more?
//!
//! Pure. Containers of a workload cluster are left over only when everybody was asked who may have made them: whoever
//! could not be asked may still need them. Start at: [`leftovers`].

use std::collections::{BTreeMap, BTreeSet};

use api::ContextId;
use api::local::{Leftover, Leftovers, LocalRow, Maker, Role, Unsure};

use super::manages::has_socket;
use super::{Known, Survey};
use crate::programs::docker::{DiskUse, NodeRole};

/// A cluster that could have made workload clusters in the Docker of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MayManage {
    pub name: String,
    pub context: Option<ContextId>,
}

/// Whether a management cluster was asked for its clusters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// The names that it holds.
    Holds(BTreeSet<String>),
    /// Why not: `its context is not open`.
    No(String),
}

/// Docker's provider needs the socket of Docker: clusters in containers that have it mounted, and those that run beside them.
pub fn may_manage(rows: &[LocalRow], survey: &Survey, known: &BTreeMap<String, Known>) -> Vec<MayManage> {
    let reaches = |row: &&LocalRow| match row.role {
        Role::Workload { .. } => false,
        Role::Management => true,
        Role::Plain => may_reach(row, survey),
        Role::Foreign { by: Maker::K3s | Maker::DockerDesktop } => true,
        Role::Foreign { by: Maker::K3d | Maker::Minikube | Maker::OpenShiftLocal } => may_reach(row, survey),
    };
    let context = |row: &LocalRow| row.context.clone().or_else(|| known.get(&row.name).and_then(|known| known.context.clone()));
    rows.iter().filter(reaches).map(|row| MayManage { name: row.name.clone(), context: context(row) }).collect()
}

/// A container that docker says nothing of may have it.
fn may_reach(row: &LocalRow, survey: &Survey) -> bool {
    let mut all = survey.containers.iter().chain(survey.foreign.iter().map(|foreign| &foreign.container));
    all.any(|container| container.cluster == row.name && has_socket(&container.id, survey).unwrap_or(true))
}

/// What is left of clusters that nobody knows, and what may be, with who could not be asked.
pub fn leftovers(rows: &[LocalRow], survey: &Survey, asked: &BTreeMap<String, Asked>, used: &DiskUse) -> Leftovers {
    let mut found = Leftovers::default();
    for row in rows.iter().filter(|row| row.job.is_none()) {
        let lost = !survey.containers.iter().any(|one| one.cluster == row.name && one.role == NodeRole::ControlPlane);
        let why = match row.role {
            Role::Foreign { .. } => continue,
            Role::Plain | Role::Management if lost => "No control plane is left of it, so it cannot run any more.".to_owned(),
            Role::Plain | Role::Management => continue,
            Role::Workload { .. } => match judge(&row.name, asked) {
                Judged::There => continue,
                Judged::Unsure(why) => {
                    found.unsure.push(Unsure { name: row.name.clone(), why });
                    continue;
                }
                Judged::Nobodys(why) => why,
            },
        };
        found.sure.push(leftover(row, survey, used, why));
    }
    found
}

enum Judged {
    There,
    Unsure(String),
    Nobodys(String),
}

fn judge(name: &str, asked: &BTreeMap<String, Asked>) -> Judged {
    if asked.values().any(|answer| matches!(answer, Asked::Holds(names) if names.contains(name))) {
        return Judged::There;
    }
    let silent = asked.iter().find_map(|(manager, answer)| match answer {
        Asked::No(why) => Some(format!("{manager} may have made it and was not asked: {why}.")),
        Asked::Holds(_) => None,
    });
    match (silent, asked.len()) {
        (Some(why), _) => Judged::Unsure(why),
        (None, 0) => Judged::Nobodys("No management cluster is left on this machine that could know it.".to_owned()),
        (None, _) => {
            let managers: Vec<&str> = asked.keys().map(String::as_str).collect();
            Judged::Nobodys(format!("{} {} no cluster of this name.", managers.join(", "), if managers.len() == 1 { "holds" } else { "hold" }))
        }
    }
}

fn leftover(row: &LocalRow, survey: &Survey, used: &DiskUse, why: String) -> Leftover {
    let mine: Vec<_> = survey.containers.iter().filter(|one| one.cluster == row.name).collect();
    let volumes: BTreeSet<&str> =
        survey.inspected.iter().filter(|one| mine.iter().any(|container| container.id == one.id)).flat_map(|one| &one.volumes).map(String::as_str).collect();
    let sizes = mine.iter().map(|one| used.containers.get(&one.name)).chain(volumes.iter().map(|name| used.volumes.get(*name)));
    let sizes: Vec<u64> = sizes.flatten().copied().collect();
    let mut containers: Vec<String> = mine.iter().map(|one| one.name.clone()).collect();
    containers.sort();
    Leftover {
        name: row.name.clone(),
        containers,
        volumes: u32::try_from(volumes.len()).unwrap_or(u32::MAX),
        created: row.created,
        bytes: (!sizes.is_empty()).then(|| sizes.iter().sum()),
        why,
    }
}

#[cfg(test)]
mod tests;
