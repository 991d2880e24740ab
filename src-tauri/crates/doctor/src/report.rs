//! How are all results written for an issue?

use api::computer::{CheckGroup, CheckId, CheckRow, Verdict};

/// Writes every row as text, without evidence: what programs said may hold names of users, clusters and folders.
pub fn report(rows: &[CheckRow]) -> String {
    let mut text = format!("KOS {} doctor\n", env!("CARGO_PKG_VERSION"));
    let mut group = None;
    for row in rows {
        if group != Some(row.id.group()) {
            group = Some(row.id.group());
            text.push_str(&format!("\n{}\n", heading(row.id.group())));
        }
        // Plugins may be named after those who made them.
        let named = row.id == CheckId::SignInPlugins && row.verdict == Verdict::Passed;
        let found = if row.found.is_empty() || named { "-" } else { &row.found };
        text.push_str(&format!("  [{}] {}: {} (needed: {})\n", mark(row.verdict), row.title, found, row.needed));
    }
    text
}

fn heading(group: CheckGroup) -> &'static str {
    match group {
        CheckGroup::Kernel => "Kernel limits",
        CheckGroup::Docker => "Docker",
        CheckGroup::Resources => "Resources",
        CheckGroup::Tools => "Tools",
    }
}

fn mark(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::NotChecked => "not checked",
        Verdict::Passed => "passed",
        Verdict::Warning => "warning",
        Verdict::Failed => "failed",
        Verdict::Unknown => "unknown",
    }
}
