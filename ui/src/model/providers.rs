//! How are providers, their upgrade and a move said and drawn?
//!
//! Pure. Start at: [`health`], [`lanes`].

use std::rc::Rc;

use api::{
    Millis,
    files::Severity,
    jobs::{Obstacle, PlanView, PlannedStep},
    providers::{AskedVariable, KnownProvider, MadeKind, ProviderHealth, ProviderPick, ProviderRole, ProviderRow, UpgradeOffers},
};

use super::clock::{about, count};
use crate::widgets::{State, Voice};

/// The rows in their order: providers, then what they need.
pub fn ordered(rows: &[Rc<ProviderRow>]) -> (Vec<Rc<ProviderRow>>, Vec<Rc<ProviderRow>>) {
    let mut rows = rows.to_vec();
    rows.sort_by_key(|row| row.order);
    rows.into_iter().partition(|row| row.role != ProviderRole::Needed)
}

/// Mark, voice and words of a provider's health.
pub fn health(row: &ProviderRow) -> (State, Voice, String) {
    let pods = format!("{} of {}", row.ready, row.wanted);
    match &row.health {
        ProviderHealth::Well => (State::Healthy, Voice::Quiet, pods),
        ProviderHealth::Starting => (State::Progress, Voice::Quiet, pods),
        ProviderHealth::Restarted(n) => (State::Warning, Voice::Tinted, format!("{n} restarts")),
        ProviderHealth::Held { reason, .. } => (State::Failed, Voice::Tinted, reason_words(reason)),
        ProviderHealth::Missing => (State::Failed, Voice::Tinted, "not there".to_owned()),
    }
}

fn reason_words(reason: &str) -> String {
    match reason {
        "CrashLoopBackOff" => "ends at its start".to_owned(),
        "ErrImagePull" | "ImagePullBackOff" => "no image".to_owned(),
        other => other.to_owned(),
    }
}

/// What is said of a provider that is held up, with the kubelet's own words.
pub fn held(row: &ProviderRow) -> Option<(String, String)> {
    match &row.health {
        ProviderHealth::Held { reason, says, restarts } => {
            let times = if *restarts == 0 { String::new() } else { format!(" after {restarts} restarts") };
            Some((format!("{} does not run: {reason}{times}.", row.title), says.clone()))
        }
        ProviderHealth::Missing => Some((format!("{} is in the inventory, and no Deployment of it is there.", row.title), String::new())),
        ProviderHealth::Well | ProviderHealth::Starting | ProviderHealth::Restarted(_) => None,
    }
}

/// `4 of Cluster API`, and how many of them need somebody.
pub fn summary(rows: &[Rc<ProviderRow>]) -> String {
    let ill = rows.iter().filter(|row| matches!(health(row).0, State::Failed | State::Warning)).count();
    match ill {
        0 => format!("{} of Cluster API", rows.len()),
        1 => format!("{} of Cluster API, 1 needs you", rows.len()),
        n => format!("{} of Cluster API, {n} need you", rows.len()),
    }
}

/// A step of a plan on a line, in hundredths of a percent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    pub label: String,
    pub left: u64,
    pub width: u64,
}

/// The steps one after the other, and the marks of time below them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lanes {
    pub bars: Vec<Bar>,
    pub ticks: Vec<(u64, String)>,
}

/// Lays the steps of a plan out.
pub fn lanes(steps: &[PlannedStep]) -> Lanes {
    let total = steps.iter().map(|step| step.expected.0).sum::<u64>().max(1);
    // Room behind the last bar.
    let at = |ms: u64| ms.saturating_mul(9_200) / total;
    let mut from = 0;
    let bars = steps
        .iter()
        .map(|step| {
            let bar = Bar { label: step.title.plain(), left: at(from), width: at(step.expected.0).max(60) };
            from += step.expected.0;
            bar
        })
        .collect();
    let every = [5_000, 10_000, 30_000, 60_000, 300_000].into_iter().find(|every| total / every <= 5).unwrap_or(600_000);
    let ticks = (0..=total).step_by(every as usize).map(|ms| (at(ms), super::time::clock(Millis(ms)))).collect();
    Lanes { bars, ticks }
}

/// `12.34%`.
pub fn percent(hundredths: u64) -> String {
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

/// `about 1:20, from 2 earlier runs`.
pub fn expected(plan: &PlanView) -> String {
    let total = about(Millis(plan.steps.iter().map(|step| step.expected.0).sum()));
    match plan.learned_from {
        0 => format!("{total}, a first guess"),
        n => format!("{total}, from {}", count(u64::from(n), "earlier run")),
    }
}

/// How a check is marked.
pub fn mark(obstacle: &Obstacle) -> State {
    match obstacle.severity {
        Severity::Unusable => State::Failed,
        Severity::Risk => State::Warning,
        Severity::Note => State::Healthy,
    }
}

/// Whether a plan can be started.
pub fn can_start(plan: &PlanView) -> bool {
    plan.obstacles.iter().all(|one| one.severity != Severity::Unusable)
}

/// The first offer that leads anywhere, else the newest.
pub fn best(offers: &UpgradeOffers) -> Option<usize> {
    offers.offers.iter().position(|offer| offer.plan.is_some()).or((!offers.offers.is_empty()).then_some(0))
}

/// `Upgrade 4 providers`.
pub fn upgrade_words(offers: &UpgradeOffers, at: usize) -> String {
    let moved = offers.offers.get(at).map_or(0, |offer| offer.lines.iter().filter(|line| line.next.is_some()).count());
    format!("Upgrade {}", count(moved as u64, "provider"))
}

/// What a variable is called in a form: `Password` for `VSPHERE_PASSWORD`.
pub fn label(variable: &AskedVariable, provider: &str) -> String {
    let prefix = format!("{}_", provider.to_uppercase().replace('-', "_"));
    let own = variable.name.strip_prefix(&prefix).unwrap_or(&variable.name);
    let words = own.to_lowercase().replace('_', " ");
    words.get(..1).map(str::to_uppercase).unwrap_or_default() + words.get(1..).unwrap_or_default()
}

/// The object of one, or how many there are.
pub fn made_words(made: &MadeKind) -> (String, String) {
    match made.names.as_slice() {
        [one] => (made.kind.clone(), one.clone()),
        many => {
            let first = many.first().map(|name| name.split('.').next().unwrap_or(name)).unwrap_or_default();
            (format!("{} {}", many.len(), plural(&made.kind)), format!("{first}, …"))
        }
    }
}

fn plural(kind: &str) -> String {
    if kind.ends_with("ss") || kind.ends_with('x') {
        format!("{kind}es")
    } else if let Some(root) = kind.strip_suffix('y') {
        format!("{root}ies")
    } else {
        format!("{kind}s")
    }
}

/// The providers of one kind, by name.
pub fn of_role(known: &[KnownProvider], role: ProviderRole) -> Vec<&KnownProvider> {
    let mut all: Vec<&KnownProvider> = known.iter().filter(|one| one.role == role).collect();
    all.sort_by_key(|one| one.name.clone());
    all
}

/// Reads a role back from a list.
pub fn role_of(words: &str) -> Option<ProviderRole> {
    ProviderRole::ADDED.into_iter().find(|role| role.words() == words)
}

/// A pick of the first provider of a kind.
pub fn first_of(known: &[KnownProvider], role: ProviderRole) -> Option<ProviderPick> {
    of_role(known, role).first().map(|one| ProviderPick { role, name: one.name.clone(), version: String::new() })
}

#[cfg(test)]
mod tests;
