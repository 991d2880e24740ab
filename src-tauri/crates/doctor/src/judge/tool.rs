//! Are the programs there that KOS runs?

use api::computer::{CheckId, CheckRow, Verdict};
use tools::PathSource;

use super::row::check;
use crate::{Facts, ToolFact, parse};

pub(super) fn path(facts: &Facts) -> CheckRow {
    let row = check(CheckId::Path, "PATH", "programs and sign-in plugins are found through your login shell", "of the login shell");
    let Some(report) = &facts.path else { return row.done() };
    let found = format!("{} folders", report.folders.len());
    match &report.source {
        PathSource::LoginShell { .. } => row.passed(found),
        PathSource::Process { why, .. } => row
            .is(Verdict::Warning, found, format!("The login shell could not be asked: {why}. Programs that only its profile adds are not found."))
            .fix("Look", "time \"$SHELL\" -lic exit")
            .done(),
    }
}

/// One program and what KOS makes of its absence and its age.
pub(super) struct Tool {
    id: CheckId,
    name: &'static str,
    /// What tells its version.
    asks: &'static str,
    matters: &'static str,
    need: Need,
    oldest: Option<Oldest>,
}

/// The oldest release that does what KOS asks of it.
struct Oldest {
    version: (u64, u64),
    /// What an older one does not do.
    lacks: &'static str,
}

#[derive(Clone, Copy)]
enum Need {
    /// KOS runs it, and fetches it when asked.
    Runs,
    /// KOS does without it.
    Optional,
}

pub(super) const KIND: Tool = Tool {
    id: CheckId::Kind,
    name: "kind",
    asks: "kind version",
    matters: "it makes local clusters",
    need: Need::Runs,
    oldest: Some(Oldest { version: (0, 27), lacks: "Node images since Kubernetes 1.32 hold containerd 2, which it does not know." }),
};
pub(super) const CLUSTERCTL: Tool = Tool {
    id: CheckId::Clusterctl,
    name: "clusterctl",
    asks: "clusterctl version",
    matters: "it installs Cluster API",
    need: Need::Runs,
    oldest: Some(Oldest { version: (1, 11), lacks: "It refuses providers of the contract v1beta2, which KOS installs." }),
};
pub(super) const KUBECTL: Tool = Tool {
    id: CheckId::Kubectl,
    name: "kubectl",
    asks: "kubectl version --client",
    matters: "only for commands that you copy",
    need: Need::Optional,
    oldest: Some(Oldest { version: (1, 22), lacks: "Commands that KOS shows apply on the server, which is not finished in it." }),
};
pub(super) const HELM: Tool =
    Tool { id: CheckId::Helm, name: "helm", asks: "helm version --short", matters: "only for charts of your own", need: Need::Optional, oldest: None };
pub(super) const GIT: Tool = Tool {
    id: CheckId::Git,
    name: "git",
    asks: "git --version",
    matters: "only for clusters that are kept as files",
    need: Need::Optional,
    oldest: Some(Oldest { version: (2, 38), lacks: "It may use a bare repository that somebody put into a checkout." }),
};

pub(super) fn row(of: &Tool, tool: &ToolFact) -> CheckRow {
    let (lack, words) = match of.need {
        Need::Optional => (Verdict::Passed, "KOS works without it."),
        Need::Runs => (Verdict::Warning, "KOS can fetch it, or you choose a file in the settings."),
    };
    let needed = of.oldest.as_ref().map_or_else(|| "nothing".to_owned(), |oldest| format!("{}.{} or newer", oldest.version.0, oldest.version.1));
    let row = check(of.id, of.name, of.matters, &needed);
    match tool {
        ToolFact::NotAsked => row.done(),
        ToolFact::Missing { searched } => row.is(lack, "not found", format!("Not in {searched} folders. {words}")).done(),
        ToolFact::Failed { said } => {
            row.is(Verdict::Warning, "does not answer", "It is there, but did not tell its version.").quote(of.name, said).fix("Look", of.asks).done()
        }
        ToolFact::Found { version, by_kos } => {
            let found = if *by_kos { format!("{version}, fetched by KOS") } else { version.clone() };
            let too_old = |oldest: &&Oldest| parse::version(version).is_some_and(|number| number < oldest.version);
            match of.oldest.as_ref().filter(too_old) {
                Some(oldest) => row.is(Verdict::Warning, found, format!("{} {words}", oldest.lacks)).fix("See which", format!("which -a {}", of.name)).done(),
                None => row.passed(found),
            }
        }
    }
}
