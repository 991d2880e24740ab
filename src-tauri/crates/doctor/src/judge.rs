//! Does what was seen suffice for what is wanted?
//!
//! Pure: the same facts give the same rows.

mod docker;
mod evidence;
mod kernel;
mod plugin;
mod resources;
mod row;
mod tool;

pub(crate) use docker::{Silence, silence};

use api::Quote;
use api::computer::{CheckId, CheckRow, Verdict};

use crate::{Facts, Wanted};

/// Judges every check, in the order shown.
pub fn judge_all(facts: &Facts, wanted: &Wanted) -> Vec<CheckRow> {
    CheckId::ALL.into_iter().map(|id| judge(id, facts, wanted)).collect()
}

pub fn judge(id: CheckId, facts: &Facts, wanted: &Wanted) -> CheckRow {
    let mut row = match id {
        CheckId::InotifyInstances => kernel::inotify_instances(facts),
        CheckId::InotifyWatches => kernel::inotify_watches(facts),
        CheckId::CgroupVersion => kernel::cgroup(facts, wanted),
        CheckId::KernelModules => kernel::modules(facts),
        CheckId::OpenFiles => kernel::open_files(facts),
        CheckId::Docker => docker::answers(&facts.docker, facts.password_dialog),
        CheckId::DockerSocket => docker::socket(&facts.docker),
        CheckId::DockerKind => docker::kind_of(&facts.docker),
        CheckId::DockerNetwork => docker::network(&facts.docker),
        CheckId::Memory => resources::memory(facts),
        CheckId::Disk => resources::disk(facts),
        CheckId::Ports => resources::port(facts),
        CheckId::Path => tool::path(facts),
        CheckId::Kind => tool::row(&tool::KIND, &facts.kind),
        CheckId::Clusterctl => tool::row(&tool::CLUSTERCTL, &facts.clusterctl),
        CheckId::Kubectl => tool::row(&tool::KUBECTL, &facts.kubectl),
        CheckId::Helm => tool::row(&tool::HELM, &facts.helm),
        CheckId::Git => tool::row(&tool::GIT, &facts.git),
        CheckId::SignInPlugins => plugin::plugins(facts),
    };
    if matches!(row.verdict, Verdict::Warning | Verdict::Failed) && row.evidence.is_empty() {
        row.evidence.extend(evidence::of(id, facts));
    }
    if let Some(place) = facts.places.get(&id) {
        row.evidence.push(Quote { source: place.display().to_string(), text: row.found.clone() });
    }
    row.checked = facts.looked;
    row
}

#[cfg(test)]
mod tests;
