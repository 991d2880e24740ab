//! Are the programs there that contexts sign in with?

use std::path::Path;

use api::computer::{CheckId, CheckRow, Verdict};
use api::visible::{owned, text};
use tools::quoted;

use super::evidence::searched;
use super::row::check;
use crate::{Facts, PluginFact, PluginPlace};

/// Of a list that others wrote, the rest is counted.
const NAMED: usize = 3;
/// Of more nobody reads where they stand.
const LISTED: usize = 20;

pub(super) fn plugins(facts: &Facts) -> CheckRow {
    let row = check(CheckId::SignInPlugins, "Sign-in plugins", "contexts sign in with them; found through your login shell", "per context");
    let Some(plugins) = &facts.plugins else { return row.done() };
    let missing: Vec<&PluginFact> = plugins.iter().filter(|fact| matches!(fact.place, PluginPlace::Missing { .. })).collect();
    let mut row = match (plugins.len(), missing.len()) {
        (0, _) => row.is(Verdict::Passed, "none named", ""),
        (_, 0) => row.is(Verdict::Passed, few(plugins.iter().map(|fact| name(&fact.plugin.command))), ""),
        (all, gone) => row.is(Verdict::Warning, format!("{gone} of {all} not found"), explanation(&missing)),
    };
    if let Some(path) = searched(facts.path.as_ref()).filter(|_| missing.iter().any(|fact| is_bare(&fact.plugin.command))) {
        row = row.quote(&path.source, &path.text);
    }
    for fact in plugins.iter().take(LISTED) {
        let PluginPlace::Found(place) = &fact.place else { continue };
        row = row.quote(&text(&place.to_string_lossy()), &format!("signs in to {}", contexts(fact)));
    }
    for fact in missing.iter().take(NAMED) {
        let command = fact.plugin.command.to_string_lossy();
        if !fact.plugin.hint.is_empty() {
            row = row.quote("kubeconfig, installHint", &text(&fact.plugin.hint));
        }
        let look = if is_bare(&fact.plugin.command) { "command -v" } else { "ls -l" };
        row = row.fix("Look", owned(format!("{look} {}", quoted(&command))));
    }
    row.done()
}

fn explanation(missing: &[&PluginFact]) -> String {
    let mut said: Vec<String> = missing.iter().take(NAMED).map(|fact| sentence(fact)).collect();
    match missing.len().saturating_sub(NAMED) {
        0 => {}
        1 => said.push("1 more was not found.".to_owned()),
        more => said.push(format!("{more} more were not found.")),
    }
    said.push("Install what is missing, or name its folder in the settings.".to_owned());
    said.join(" ")
}

fn sentence(fact: &PluginFact) -> String {
    let command = &fact.plugin.command;
    let shown = owned(command.to_string_lossy());
    match &fact.place {
        PluginPlace::Missing { searched } if is_bare(command) => format!("{shown} is in none of {searched} folders, so {} cannot sign in.", contexts(fact)),
        PluginPlace::Missing { .. } | PluginPlace::Found(_) => format!("There is no program at {shown}, so {} cannot sign in.", contexts(fact)),
    }
}

fn contexts(fact: &PluginFact) -> String {
    few(fact.plugin.contexts.iter().cloned())
}

/// `aws, kubelogin, login and 2 more`.
fn few(names: impl ExactSizeIterator<Item = String>) -> String {
    let more = names.len().saturating_sub(NAMED);
    let named = names.take(NAMED).collect::<Vec<_>>().join(", ");
    owned(if more == 0 { named } else { format!("{named} and {more} more") })
}

/// Only a bare name is looked for in PATH.
fn is_bare(command: &Path) -> bool {
    command.components().count() == 1
}

fn name(command: &Path) -> String {
    command.file_name().unwrap_or(command.as_os_str()).to_string_lossy().into_owned()
}
