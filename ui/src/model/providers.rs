//! How are providers, their upgrade and a move said and drawn?
//!
//! Pure. Start at: [`health`], [`lanes`].

use std::rc::Rc;

use api::{
    Millis,
    files::Severity,
    jobs::{Obstacle, PlanView, PlannedStep},
    providers::{
        AskedVariable, Begins, ImageNeed, ImagePresence, KindChange, KindFate, KnownProvider, LaterPlan, MadeKind, NextRelease, ProviderChanges,
        ProviderHealth, ProviderPick, ProviderRole, ProviderRow, UpgradeLine, UpgradeOffer, UpgradeOffers, VersionFate,
    },
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

/// What a release changes, in a few words: `3 CRDs gain fields, none is removed`.
pub fn change_words(one: &ProviderChanges) -> String {
    let how_many = |wanted: fn(&KindFate) -> bool| one.kinds.iter().filter(|kind| wanted(&kind.fate)).count();
    let crds = |n: usize, one: &str, many: &str| (n > 0).then(|| if n == 1 { format!("1 CRD {one}") } else { format!("{n} CRDs {many}") });
    let new = how_many(|fate| *fate == KindFate::New);
    let left = how_many(|fate| *fate == KindFate::LeftBehind);
    let gain = how_many(|fate| matches!(fate, KindFate::Changed { gains, .. } if !gains.is_empty()));
    let lose = how_many(|fate| matches!(fate, KindFate::Changed { loses, .. } if !loses.is_empty()));
    let ends = how_many(|fate| matches!(fate, KindFate::Changed { versions, .. } if versions.iter().any(ends_a_version)));
    let other = how_many(|fate| matches!(fate, KindFate::Changed { versions, .. } if !versions.is_empty() && !versions.iter().any(ends_a_version)));
    let harmless = left + lose + ends == 0;
    let said = [
        crds(new, "is new", "are new"),
        crds(gain, "gains fields", "gain fields"),
        crds(lose, "loses fields", "lose fields"),
        crds(ends, "serves a version less", "serve a version less"),
        crds(other, "gets a version", "get a version"),
        crds(left, "is left behind", "are left behind"),
    ];
    let mut said: Vec<String> = said.into_iter().flatten().collect();
    if said.is_empty() {
        return "image only".to_owned();
    }
    if harmless {
        said.push("none is removed".to_owned());
    }
    said.join(", ")
}

fn ends_a_version(fate: &VersionFate) -> bool {
    match fate {
        VersionFate::Gone(_) | VersionFate::NotServed(_) => true,
        VersionFate::Added(_) | VersionFate::ServedNow(_) | VersionFate::StoredNow(_) => false,
    }
}

/// What becomes of a kind, a line each: what goes is marked.
pub fn change_lines(kind: &KindChange) -> Vec<(State, String)> {
    let KindFate::Changed { versions, gains, loses } = &kind.fate else {
        return vec![match kind.fate {
            KindFate::New => (State::Progress, "is new".to_owned()),
            KindFate::LeftBehind | KindFate::Changed { .. } => (State::Warning, "the release has it no more; it stays with its objects".to_owned()),
        }];
    };
    let version = |fate: &VersionFate| {
        let words = match fate {
            VersionFate::Added(name) => format!("{name} is added"),
            VersionFate::ServedNow(name) => format!("{name} is served again"),
            VersionFate::StoredNow(name) => format!("objects are stored as {name} from then on"),
            VersionFate::Gone(name) => format!("{name} goes"),
            VersionFate::NotServed(name) => format!("{name} is no longer served"),
        };
        (if ends_a_version(fate) { State::Warning } else { State::Progress }, words)
    };
    let lost = loses.iter().map(|field| (State::Warning, format!("− {field}")));
    let gained = gains.iter().map(|field| (State::Healthy, format!("+ {field}")));
    versions.iter().map(version).chain(lost).chain(gained).collect()
}

/// Whether the images of a release are on a node already: state, head and what follows from it.
pub fn images_words(images: &[&ImageNeed]) -> Option<(State, String, String)> {
    let all = images.len();
    let of = |presence: ImagePresence| images.iter().filter(|one| one.presence == presence).collect::<Vec<_>>();
    let pulled = of(ImagePresence::Pulled);
    if all == 0 {
        return None;
    }
    if !of(ImagePresence::Untold).is_empty() {
        let says = "This user may not read nodes. An image that is missing is pulled.".to_owned();
        return Some((State::Unknown, "KOS cannot tell which images are there".to_owned(), says));
    }
    if pulled.is_empty() {
        return Some((
            State::Healthy,
            if all == 1 { "Its image is there".to_owned() } else { format!("All {all} images are there") },
            "A node has them.".to_owned(),
        ));
    }
    let mut from: Vec<&str> = pulled.iter().map(|one| one.image.split('/').next().unwrap_or_default()).collect();
    from.sort_unstable();
    from.dedup();
    let head = if pulled.len() == 1 { "1 image is pulled".to_owned() } else { format!("{} images are pulled", pulled.len()) };
    let says = format!("From {}. A controller whose image does not come stays down until it does; machines run on.", from.join(", "));
    Some((State::Progress, head, says))
}

/// The plan of an offer, by when it shall begin.
pub fn plan_of(offer: &UpgradeOffer, begins: Begins) -> Option<&PlanView> {
    match begins {
        Begins::Now => offer.plan.as_ref(),
        Begins::WhenClustersStand => offer.later.as_ref().map(|later| &later.plan),
    }
}

/// The releases that the best offer leads to.
pub fn next_of(offers: &UpgradeOffers) -> Vec<NextRelease> {
    let lines = best(offers).and_then(|at| offers.offers.get(at)).filter(|offer| offer.plan.is_some()).map(|offer| offer.lines.as_slice());
    let next = |line: &UpgradeLine| Some(NextRelease { name: line.name.clone(), version: line.next.clone()? });
    lines.unwrap_or_default().iter().filter_map(next).collect()
}

/// `Wait for lab-b`.
pub fn wait_words(later: &LaterPlan) -> String {
    match later.clusters.as_slice() {
        [one] => format!("Wait for {one}"),
        many => format!("Wait for {}", count(many.len() as u64, "cluster")),
    }
}

/// The first offer that leads anywhere, else the newest.
pub fn best(offers: &UpgradeOffers) -> Option<usize> {
    offers.offers.iter().position(|offer| offer.plan.is_some()).or((!offers.offers.is_empty()).then_some(0))
}

/// `4 providers`: those for which the offer has a release.
pub fn following(offers: &UpgradeOffers, at: usize) -> String {
    let moved = offers.offers.get(at).map_or(0, |offer| offer.lines.iter().filter(|line| line.next.is_some()).count());
    count(moved as u64, "provider")
}

/// `Upgrade 4 providers`.
pub fn upgrade_words(offers: &UpgradeOffers, at: usize) -> String {
    format!("Upgrade {}", following(offers, at))
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
