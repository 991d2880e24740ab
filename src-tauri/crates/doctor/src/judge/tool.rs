//! Are the programs there that KOS runs?

use api::computer::{CheckId, CheckRow, Verdict};
use tools::PathSource;

use super::row::check;
use crate::{Facts, ToolFact};

pub(super) fn path(facts: &Facts) -> CheckRow {
    let row = check(CheckId::Path, "PATH", "programs and sign-in plugins are found through your login shell", "of the login shell");
    let Some(report) = &facts.path else { return row.done() };
    let found = format!("{} folders", report.folders.len());
    match &report.source {
        PathSource::LoginShell { .. } => row.passed(found),
        PathSource::Process { why, .. } => {
            row.is(Verdict::Warning, found, format!("The login shell could not be asked: {why}. Programs that only its profile adds are not found.")).done()
        }
    }
}

pub(super) fn row(id: CheckId, tool: &ToolFact) -> CheckRow {
    let (name, matters) = match id {
        CheckId::Clusterctl => ("clusterctl", "it installs Cluster API"),
        CheckId::Kubectl => ("kubectl", "only for commands that you copy"),
        CheckId::Helm => ("helm", "only for charts"),
        _ => ("kind", "it makes local clusters"),
    };
    // KOS fetches kind and clusterctl itself when asked; the others it can do without.
    let (lack, needed, words) = match id {
        CheckId::Kubectl | CheckId::Helm => (Verdict::Passed, "nothing", "KOS works without it."),
        _ => (Verdict::Warning, "any", "KOS can fetch it, or you choose a file in the settings."),
    };
    let row = check(id, name, matters, needed);
    match tool {
        ToolFact::NotAsked => row.done(),
        ToolFact::Missing { searched } => row.is(lack, "not found", format!("Not in {searched} folders. {words}")).done(),
        ToolFact::Failed { said } => row.is(Verdict::Warning, "does not answer", "It is there, but did not tell its version.").quote(name, said).done(),
        ToolFact::Found { version, by_kos: true } => row.passed(format!("{version}, fetched by KOS")),
        ToolFact::Found { version, by_kos: false } => row.passed(version.clone()),
    }
}
