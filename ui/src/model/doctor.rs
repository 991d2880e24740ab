//! What do the checks of this machine add up to?

use api::{
    Timestamp,
    computer::{CheckGroup, CheckId, CheckRow, ComputerView, Verdict},
    programs::Tool,
};

use super::{clock, time::thousands};

/// Checks that belong together, worst first.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    pub title: &'static str,
    /// `2 of 3 need attention`, `all 4 passed`.
    pub summary: String,
    pub rows: Vec<CheckRow>,
}

const GROUPS: [(CheckGroup, &str); 4] =
    [(CheckGroup::Kernel, "Kernel limits"), (CheckGroup::Docker, "Docker"), (CheckGroup::Resources, "Resources"), (CheckGroup::Tools, "Tools")];

/// The checks in their groups; a group without checks is left out.
pub fn groups(rows: &[CheckRow]) -> Vec<Group> {
    GROUPS
        .into_iter()
        .filter_map(|(group, title)| {
            let mut rows: Vec<_> = rows.iter().filter(|row| row.id.group() == group).cloned().collect();
            rows.sort_by_key(|row| (std::cmp::Reverse(weight(row.verdict)), row.id));
            (!rows.is_empty()).then(|| Group { title, summary: summary(&rows), rows })
        })
        .collect()
}

fn weight(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Failed => 3,
        Verdict::Warning => 2,
        Verdict::Unknown => 1,
        Verdict::Passed | Verdict::NotChecked => 0,
    }
}

fn count(rows: &[CheckRow], wanted: impl Fn(Verdict) -> bool) -> usize {
    rows.iter().filter(|row| wanted(row.verdict)).count()
}

fn needs_attention(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Failed | Verdict::Warning)
}

fn summary(rows: &[CheckRow]) -> String {
    let (all, bad) = (rows.len(), count(rows, needs_attention));
    let waiting = count(rows, |v| v == Verdict::NotChecked);
    let unknown = count(rows, |v| v == Verdict::Unknown);
    match (bad, waiting, unknown) {
        (0, 0, 0) if all == 1 => "passed".into(),
        (0, 0, 0) => format!("all {all} passed"),
        (0, 0, n) => format!("{n} of {all} cannot be told"),
        (0, n, _) => format!("{n} of {all} not checked yet"),
        (1, _, _) => format!("1 of {all} needs attention"),
        (n, _, _) => format!("{n} of {all} need attention"),
    }
}

/// The sentence under the heading.
pub fn headline(rows: &[CheckRow]) -> String {
    let (all, bad) = (rows.len(), count(rows, needs_attention));
    let waiting = count(rows, |v| v == Verdict::NotChecked);
    if rows.is_empty() || waiting == all {
        return "Nothing is checked yet.".into();
    }
    let first = match bad {
        0 if waiting > 0 => format!("{} of {all} checks passed so far.", count(rows, |v| v == Verdict::Passed)),
        0 => return format!("{} of {all} checks passed. New clusters can start here.", count(rows, |v| v == Verdict::Passed)),
        1 => format!("1 of {all} checks needs attention."),
        n => format!("{n} of {all} checks need attention."),
    };
    match count(rows, |v| v == Verdict::Failed) {
        0 => first,
        1 => format!("{first} New cluster nodes cannot start here until the one that failed is fixed."),
        n => format!("{first} New cluster nodes cannot start here until the {n} that failed are fixed."),
    }
}

/// When the last check was made.
pub fn checked(rows: &[CheckRow]) -> Option<Timestamp> {
    rows.iter().filter_map(|row| row.checked).max()
}

/// The check that is unfolded when the page opens: the worst one.
pub fn first_open(rows: &[CheckRow]) -> Option<CheckId> {
    groups(rows).into_iter().flat_map(|group| group.rows).filter(foldable).find(|row| row.verdict == Verdict::Failed).map(|row| row.id)
}

/// Whether there is more to say of a check than its line.
pub fn foldable(row: &CheckRow) -> bool {
    !row.explanation.is_empty() || !row.fixes.is_empty() || !row.evidence.is_empty() || offer(row).is_some()
}

/// The program that KOS can fetch when its check failed.
pub fn offer(row: &CheckRow) -> Option<Tool> {
    let tool = match row.id {
        CheckId::Kind => Tool::Kind,
        CheckId::Clusterctl => Tool::Clusterctl,
        CheckId::InotifyInstances
        | CheckId::InotifyWatches
        | CheckId::CgroupVersion
        | CheckId::KernelModules
        | CheckId::OpenFiles
        | CheckId::Docker
        | CheckId::DockerSocket
        | CheckId::DockerKind
        | CheckId::DockerNetwork
        | CheckId::Memory
        | CheckId::Disk
        | CheckId::Ports
        | CheckId::Path
        | CheckId::Kubectl
        | CheckId::Helm
        | CheckId::Git
        | CheckId::SignInPlugins => return None,
    };
    needs_attention(row.verdict).then_some(tool)
}

/// The program's name, as typed.
pub fn tool_name(tool: Tool) -> &'static str {
    match tool {
        Tool::Kind => "kind",
        Tool::Clusterctl => "clusterctl",
    }
}

/// One bar of the aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gauge {
    pub label: &'static str,
    pub words: String,
    /// Used, 0 to 1000.
    pub share: u16,
    pub mood: GaugeMood,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GaugeMood {
    Fine,
    Warning,
    Full,
}

/// Memory, disk and inotify instances; what is not known has no bar.
pub fn gauges(computer: &ComputerView) -> Vec<Gauge> {
    let bytes = |label, free: u64, total: u64| gauge(label, total.saturating_sub(free), total, clock::of_bytes);
    let plain = |used, of| format!("{} of {}", thousands(used), thousands(of));
    [
        bytes("Memory", computer.memory_free, computer.memory_total),
        bytes("Disk", computer.disk_free, computer.disk_total),
        gauge("inotify instances", computer.inotify_used, computer.inotify_limit, plain),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn gauge(label: &'static str, used: u64, of: u64, words: impl Fn(u64, u64) -> String) -> Option<Gauge> {
    if of == 0 {
        return None;
    }
    let share = u16::try_from(u128::from(used) * 1000 / u128::from(of)).unwrap_or(1000).min(1000);
    let mood = match share {
        970.. => GaugeMood::Full,
        900.. => GaugeMood::Warning,
        0.. => GaugeMood::Fine,
    };
    Some(Gauge { label, words: words(used, of), share, mood })
}

#[cfg(test)]
mod tests;
