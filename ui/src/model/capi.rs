//! How is a cluster of Cluster API drawn?
//!
//! Pure: which rows of the tree are seen, and the words for what they are; the time line has a module of its own.
//! Start at: [`visible`], [`Timeline`].

mod alike;
pub mod lanes;

use std::{collections::BTreeMap, rc::Rc};

use api::capi::{ClusterRow, ClusterState, Lane, LaneGroup, MachineMark, TreeRow, TreeState, Weight};

use self::alike::{Gathered, StandsFor};
pub use self::lanes::{Piece, Place, Timeline, lane_state, pieces};
use super::clusters::by_name;
use crate::widgets::{State, Voice};

/// What a user opened or closed by hand; the rest folds by itself.
pub type Folds = BTreeMap<String, Folded>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Folded {
    Open,
    Closed,
}

/// A row of the tree with what stands left of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    pub row: Rc<TreeRow>,
    /// The name by which its fold is remembered.
    pub key: String,
    /// For each level above: the line that leads past it or to it.
    pub lines: Vec<Line>,
    /// `None` for a row with nothing below it.
    pub folded: Option<Folded>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    None,
    /// Siblings follow further down.
    Past,
    /// To this row, and on to its next sibling.
    Tee,
    /// To this row, which is the last.
    End,
}

impl Line {
    pub fn class(self) -> &'static str {
        match self {
            Self::None => "bx",
            Self::Past => "bx v",
            Self::Tee => "bx t",
            Self::End => "bx e",
        }
    }
}

fn fold_key(one: &Gathered) -> String {
    match &one.stands_for {
        StandsFor::Itself => format!("{}/{}", one.row.kind, one.row.name),
        StandsFor::Machines { owner } => format!("Machines/{owner}"),
    }
}

/// The rows that are seen: what is well is folded, the way to what blocks is open, and what the user chose counts more.
pub fn visible(rows: &[Rc<TreeRow>], folds: &Folds) -> Vec<Seen> {
    let mut sorted: Vec<Rc<TreeRow>> = rows.to_vec();
    sorted.sort_by_key(|row| row.order);
    let sorted = alike::gathered(&sorted);
    let mut seen = vec![];
    let mut hidden_below: Option<u16> = None;
    for (at, one) in sorted.iter().enumerate() {
        let (row, key) = (&one.row, fold_key(one));
        if hidden_below.is_some_and(|depth| row.depth > depth) {
            continue;
        }
        hidden_below = None;
        let has_parts = sorted.get(at + 1).is_some_and(|next| next.row.depth > row.depth);
        let folded = has_parts.then(|| folds.get(&key).copied().unwrap_or_else(|| by_itself(one)));
        if folded == Some(Folded::Closed) {
            hidden_below = Some(row.depth);
        }
        seen.push(Seen { row: row.clone(), key, lines: vec![], folded });
    }
    draw_lines(&mut seen);
    seen
}

/// A machine that is well hides its parts, and many of them hide themselves.
fn by_itself(Gathered { row, stands_for }: &Gathered) -> Folded {
    if *stands_for != StandsFor::Itself {
        return Folded::Closed;
    }
    if row.kind == "Machine" && !row.on_the_way && row.state == TreeState::Running { Folded::Closed } else { Folded::Open }
}

/// Which lines lead past a row is decided by what still comes below it.
fn draw_lines(seen: &mut [Seen]) {
    let depths: Vec<u16> = seen.iter().map(|s| s.row.depth).collect();
    let goes_on = |at: usize, level: u16| depths.get(at + 1..).into_iter().flatten().find(|depth| **depth <= level).is_some_and(|depth| *depth == level);
    for (at, one) in seen.iter_mut().enumerate() {
        let depth = one.row.depth;
        one.lines = (1..=depth)
            .map(|level| match (level == depth, goes_on(at, level)) {
                (true, true) => Line::Tee,
                (true, false) => Line::End,
                (false, true) => Line::Past,
                (false, false) => Line::None,
            })
            .collect();
    }
}

/// State and words of an object.
pub fn tree_words(row: &TreeRow) -> (State, Voice, String) {
    let word = |state, voice, words: &str| (state, voice, words.to_owned());
    let trouble = if row.on_the_way { State::Warning } else { State::Progress };
    match &row.state {
        TreeState::Available => word(State::Healthy, Voice::Quiet, "Available"),
        TreeState::Ready => word(State::Healthy, Voice::Quiet, "Ready"),
        TreeState::Running => word(State::Healthy, Voice::Quiet, "Running"),
        TreeState::Provisioning => word(trouble, Voice::Quiet, "Provisioning"),
        TreeState::ScalingUp => word(trouble, Voice::Quiet, "Scaling up"),
        TreeState::ScalingDown => word(trouble, Voice::Quiet, "Scaling down"),
        TreeState::RollingOut => word(State::Progress, Voice::Quiet, "Rolling out"),
        TreeState::Deleting => word(State::Deleting, Voice::Quiet, "Deleting"),
        TreeState::Paused => word(State::Paused, Voice::Quiet, "Paused"),
        TreeState::NotAvailable => word(State::Warning, Voice::Quiet, "Not available"),
        TreeState::NotReady => word(State::Warning, Voice::Quiet, "Not ready"),
        TreeState::Failed(reason) => (State::Failed, Voice::Tinted, apart(reason)),
        TreeState::Unknown => word(State::Unknown, Voice::Quiet, "Not reported yet"),
    }
}

/// `BootstrapFailed` as words: `Bootstrap failed`.
pub fn apart(reason: &str) -> String {
    let mut words = String::new();
    for (at, letter) in reason.char_indices() {
        if at > 0 && letter.is_uppercase() {
            words.push(' ');
            words.extend(letter.to_lowercase());
        } else {
            words.push(letter);
        }
    }
    words
}

/// State and words of a cluster.
pub fn cluster_words(state: ClusterState) -> (State, Voice, &'static str) {
    match state {
        ClusterState::Stuck => (State::Warning, Voice::Filled, "Stuck"),
        ClusterState::Provisioning => (State::Progress, Voice::Quiet, "Provisioning"),
        ClusterState::NotAvailable => (State::Warning, Voice::Tinted, "Not available"),
        ClusterState::Upgrading => (State::Progress, Voice::Quiet, "Upgrading"),
        ClusterState::Deleting => (State::Deleting, Voice::Quiet, "Deleting"),
        ClusterState::Paused => (State::Paused, Voice::Quiet, "Paused"),
        ClusterState::Available => (State::Healthy, Voice::Quiet, "Available"),
    }
}

pub fn mark(of: MachineMark) -> State {
    match of {
        MachineMark::Ready => State::Healthy,
        MachineMark::Making => State::Warning,
        MachineMark::Failed => State::Failed,
        MachineMark::Deleting => State::Idle,
    }
}

/// A mark for each machine, those that are ready first: where one is missing shows at the end.
pub fn marks(cluster: &ClusterRow) -> Vec<State> {
    let mut machines = cluster.machines.clone();
    machines.sort_by_key(|machine| *machine != MachineMark::Ready);
    machines.into_iter().map(mark).collect()
}

/// The head of an explanation, by how much it matters.
pub fn why_head(name: &str, weight: Weight) -> (State, String) {
    match weight {
        Weight::Well => (State::Healthy, format!("{name} is as it was asked to be")),
        Weight::Normal => (State::Progress, format!("What {name} waits for")),
        Weight::Chosen => (State::Paused, format!("Why {name} stands still")),
        Weight::Stuck => (State::Warning, format!("Why {name} is not available")),
        Weight::Unclear => (State::Unknown, format!("What KOS sees of {name}")),
    }
}

/// Lanes by what they belong to, with its words.
pub fn grouped(lanes: &[Rc<Lane>]) -> Vec<(String, Vec<Rc<Lane>>)> {
    let mut groups: BTreeMap<LaneGroup, Vec<Rc<Lane>>> = BTreeMap::new();
    for lane in lanes {
        groups.entry(lane.group.clone()).or_default().push(lane.clone());
    }
    let words = |group: &LaneGroup| match group {
        LaneGroup::ControlPlane => "Control plane".to_owned(),
        LaneGroup::Pool(name) => format!("Workers, {name}"),
        LaneGroup::Alone => "Other machines".to_owned(),
    };
    groups.into_iter().map(|(group, lanes)| (words(&group), lanes)).collect()
}

/// The name of a machine without what all of its cluster share.
pub fn short(machine: &str, cluster: &str) -> String {
    match machine.strip_prefix(cluster).and_then(|rest| rest.strip_prefix('-')) {
        Some(rest) => rest.rsplit_once('-').filter(|(head, _)| head.contains('-')).map_or_else(|| rest.to_owned(), |(_, tail)| format!("…{tail}")),
        None => machine.to_owned(),
    }
}

/// Whether a line says of itself that it is an error: klog begins with the level, JSON has it as a field.
pub fn is_error(line: &str) -> bool {
    let klog = line.strip_prefix('E').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    klog || (line.starts_with('{') && (line.contains("\"err\":") || line.contains("\"level\":\"error\"")))
}

/// A line of klog without its head and without quotes around its message: `Reconciling controller="dockermachine" …`.
pub fn klog(line: &str) -> String {
    let is_klog = line.starts_with(['I', 'W', 'E', 'F']) && line.chars().skip(1).take(4).all(|c| c.is_ascii_digit()) && line.len() > 5;
    let Some((_, said)) = line.split_once("] ").filter(|_| is_klog) else { return line.to_owned() };
    match said.strip_prefix('"').and_then(|rest| rest.split_once('"')) {
        Some((message, rest)) if !message.ends_with('\\') => format!("{message}{rest}"),
        Some(_) | None => said.to_owned(),
    }
}

/// `capd` of `capd-controller-manager`.
pub fn controller_words(source: &str) -> &str {
    source.strip_suffix("-controller-manager").unwrap_or(source)
}

/// Clusters as a list shows them: by name, so that none moves under the pointer when another one falls ill.
pub fn listed(rows: &[Rc<ClusterRow>]) -> Vec<Rc<ClusterRow>> {
    let mut sorted = rows.to_vec();
    sorted.sort_by(|a, b| by_name(a, b));
    sorted
}

#[cfg(test)]
mod tests;
