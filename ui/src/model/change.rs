//! What is wanted of a cluster, and how is the plan of it read?

use std::collections::BTreeMap;

use api::{
    Millis,
    capi::LaneGroup,
    changes::{ClusterChange, ClusterOffers, Follows, PoolSize, Replaced},
    planned::{Fate, PlannedObject},
};

use super::{
    capi::{Place, short},
    clock::span,
};
use crate::widgets::State;

/// Sizes as somebody chose them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sizes {
    pub control_plane: Option<u32>,
    pub pools: BTreeMap<String, u32>,
}

impl Sizes {
    /// As they are.
    pub fn of(offers: &ClusterOffers) -> Self {
        let pools = offers.pools.iter().filter_map(|pool| Some((pool.pool.clone(), pool.replicas?)));
        Self { control_plane: offers.control_plane.as_ref().map(|cp| cp.replicas), pools: pools.collect() }
    }

    /// What has to change for them, `None` when they are so already.
    pub fn change(&self, offers: &ClusterOffers) -> Option<ClusterChange> {
        let now = Self::of(offers);
        let control_plane = self.control_plane.filter(|_| self.control_plane != now.control_plane);
        let differs = self.pools.iter().filter(|(pool, to)| now.pools.get(*pool) != Some(to));
        let pools: Vec<PoolSize> = differs.map(|(pool, to)| PoolSize { pool: pool.clone(), to: *to }).collect();
        (control_plane.is_some() || !pools.is_empty()).then_some(ClusterChange::Scale { control_plane, pools })
    }

    pub fn machines(&self) -> u32 {
        self.control_plane.unwrap_or_default() + self.pools.values().sum::<u32>()
    }
}

/// How a consequence is marked, with the word for who does not see the mark.
pub fn mark(follows: Follows) -> (State, &'static str) {
    match follows {
        Follows::Gone => (State::Deleting, "Goes: "),
        Follows::Replaced => (State::Progress, "Replaced: "),
        Follows::Made => (State::Idle, "Made: "),
        Follows::Unharmed => (State::Healthy, "Unharmed: "),
        Follows::Risk => (State::Warning, "Mind: "),
    }
}

/// What becomes of an object.
pub fn fate_words(fate: Fate) -> (State, &'static str) {
    match fate {
        Fate::Made => (State::Progress, "is made"),
        Fate::Changed => (State::Warning, "is changed"),
        Fate::Same => (State::Healthy, "is there already"),
        Fate::Deleted => (State::Deleting, "is deleted"),
        Fate::Later => (State::Idle, "is tried when applied"),
    }
}

/// `Cluster lab-a`, with what is done to it.
pub fn write_words(change: &PlannedObject) -> String {
    format!("{} {} {}", change.kind, change.name, fate_words(change.fate).1)
}

/// Names that are shown before the rest is counted.
const MOST_NAMES: usize = 8;

/// A consequence as a head and what there is to say more: what stands before its colon, else its first sentence.
pub fn headed(sentence: &str) -> (String, String) {
    let (head, rest) = sentence.split_once(": ").or_else(|| sentence.split_once(". ")).unwrap_or((sentence, ""));
    let mut letters = rest.chars();
    let rest = letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default();
    (head.trim_end_matches('.').to_owned(), rest)
}

/// `a, b and 3 more`.
pub fn listed(names: &[String]) -> String {
    match names.len().checked_sub(MOST_NAMES) {
        None | Some(0) => names.join(", "),
        Some(more) => format!("{} and {more} more", names[..MOST_NAMES].join(", ")),
    }
}

/// Before any machine was made here.
pub(super) const FIRST_GUESS: Millis = Millis(60_000);
/// Pods leave, the machine goes.
const DRAIN: Millis = Millis(20_000);

/// When which machine is expected to go and to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    pub groups: Vec<PlanGroup>,
    pub total: Millis,
    pub learned: Learned,
    /// Thousandths of the width, with their words.
    pub ticks: Vec<(u32, String)>,
}

impl Schedule {
    /// A cluster of no machines has nothing to replace.
    pub fn is_empty(&self) -> bool {
        self.groups.iter().all(|group| group.rows.is_empty())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Learned {
    FromMachines,
    FirstGuess,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanGroup {
    pub head: String,
    pub rows: Vec<PlanRow>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanRow {
    pub label: String,
    /// Class, place and words of each bar.
    pub bars: Vec<(&'static str, Place, &'static str)>,
}

/// Machine after machine in the order of the plan.
pub fn schedule(replaced: &[Replaced], cluster: &str) -> Schedule {
    let each = |group: &Replaced| group.each.unwrap_or(FIRST_GUESS).0;
    let total: u64 = replaced.iter().map(|group| group.machines.len() as u64 * (each(group) + DRAIN.0)).sum();
    let whole = (total + total / 12).max(1);
    let at = |moment: u64| u32::try_from(moment.min(whole) * 1_000 / whole).unwrap_or(1_000);
    let place = |from: u64, to: u64| Place { left: at(from), width: at(to).saturating_sub(at(from)).max(3) };
    let mut begins = 0;
    let mut groups = vec![];
    for group in replaced {
        let mut rows = vec![];
        for machine in &group.machines {
            let each = each(group);
            let (comes, goes) = if group.surge == 0 { (begins + DRAIN.0, begins) } else { (begins, begins + each) };
            let ends = begins + each + DRAIN.0;
            let made = if group.group == LaneGroup::ControlPlane { "join etcd" } else { "join" };
            rows.push(PlanRow {
                label: short(machine, cluster),
                bars: vec![("bar old", place(0, goes), ""), ("bar gone", place(goes, goes + DRAIN.0), "drain")],
            });
            rows.push(PlanRow { label: "new".to_owned(), bars: vec![("bar plan", place(comes, comes + each), made)] });
            begins = ends;
        }
        groups.push(PlanGroup { head: head(group), rows });
    }
    let step = [15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000].into_iter().find(|step| whole / step <= 8).unwrap_or(21_600_000);
    let ticks = (0..9).map(|n| n * step).take_while(|moment| *moment <= total).map(|moment| (at(moment), clock(moment))).collect();
    let learned = if replaced.iter().any(|group| group.each.is_none()) { Learned::FirstGuess } else { Learned::FromMachines };
    Schedule { groups, total: Millis(total), learned, ticks }
}

fn head(group: &Replaced) -> String {
    let n = group.machines.len();
    match (&group.group, group.surge) {
        (LaneGroup::ControlPlane, 0) => "Control plane, one fewer meanwhile".to_owned(),
        (LaneGroup::ControlPlane, _) => "Control plane, one at a time".to_owned(),
        (LaneGroup::Pool(pool), 0) => format!("Pool {pool}, one fewer than {n} meanwhile"),
        (LaneGroup::Pool(pool), 1) => format!("Pool {pool}, one more than {n}, never fewer"),
        (LaneGroup::Pool(pool), surge) => format!("Pool {pool}, up to {surge} more than {n}, never fewer"),
        (LaneGroup::Alone, _) => "Other machines".to_owned(),
    }
}

/// `6:30`.
fn clock(moment: u64) -> String {
    format!("{}:{:02}", moment / 60_000, moment / 1_000 % 60)
}

/// How long it takes, and how KOS knows.
pub fn takes(schedule: &Schedule) -> String {
    if schedule.is_empty() {
        return "No machine is replaced: there is none.".to_owned();
    }
    let from = match schedule.learned {
        Learned::FromMachines => "from the machines that were made here",
        Learned::FirstGuess => "a first guess",
    };
    format!("About {}, {from}.", span(schedule.total))
}

#[cfg(test)]
mod tests;
