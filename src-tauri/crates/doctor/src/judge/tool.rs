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

/// One program and what KOS makes of its absence.
pub(super) struct Tool {
    id: CheckId,
    name: &'static str,
    matters: &'static str,
    need: Need,
}

#[derive(Clone, Copy)]
enum Need {
    /// KOS runs it, and fetches it when asked.
    Runs,
    /// KOS does without it.
    Optional,
}

pub(super) const KIND: Tool = Tool { id: CheckId::Kind, name: "kind", matters: "it makes local clusters", need: Need::Runs };
pub(super) const CLUSTERCTL: Tool = Tool { id: CheckId::Clusterctl, name: "clusterctl", matters: "it installs Cluster API", need: Need::Runs };
pub(super) const KUBECTL: Tool = Tool { id: CheckId::Kubectl, name: "kubectl", matters: "only for commands that you copy", need: Need::Optional };
pub(super) const HELM: Tool = Tool { id: CheckId::Helm, name: "helm", matters: "only for charts", need: Need::Optional };

pub(super) fn row(of: &Tool, tool: &ToolFact) -> CheckRow {
    let (lack, needed, words) = match of.need {
        Need::Optional => (Verdict::Passed, "nothing", "KOS works without it."),
        Need::Runs => (Verdict::Warning, "any", "KOS can fetch it, or you choose a file in the settings."),
    };
    let row = check(of.id, of.name, of.matters, needed);
    match tool {
        ToolFact::NotAsked => row.done(),
        ToolFact::Missing { searched } => row.is(lack, "not found", format!("Not in {searched} folders. {words}")).done(),
        ToolFact::Failed { said } => row.is(Verdict::Warning, "does not answer", "It is there, but did not tell its version.").quote(of.name, said).done(),
        ToolFact::Found { version, by_kos: true } => row.passed(format!("{version}, fetched by KOS")),
        ToolFact::Found { version, by_kos: false } => row.passed(version.clone()),
    }
}
