//! How is a cluster of Cluster API drawn?
//!
//! Pure: which rows of the tree are seen, where the bars of the time line stand, and the words for what they are.
//! Start at: [`visible`], [`Timeline`].

use std::{collections::BTreeMap, rc::Rc};

use api::{
    Millis, Timestamp,
    capi::{Bar, ClusterRow, ClusterState, Lane, LaneGroup, LaneState, MachineMark, MachineStep, TreeRow, TreeState, Weight},
};

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

/// The name by which a fold is remembered.
pub fn fold_key(row: &TreeRow) -> String {
    format!("{}/{}", row.kind, row.name)
}

/// The rows that are seen: what is well is folded, the way to what blocks is open, and what the user chose counts more.
pub fn visible(rows: &[Rc<TreeRow>], folds: &Folds) -> Vec<Seen> {
    let mut sorted: Vec<Rc<TreeRow>> = rows.to_vec();
    sorted.sort_by_key(|row| row.order);
    let mut seen = vec![];
    let mut hidden_below: Option<u16> = None;
    for (at, row) in sorted.iter().enumerate() {
        if hidden_below.is_some_and(|depth| row.depth > depth) {
            continue;
        }
        hidden_below = None;
        let has_parts = sorted.get(at + 1).is_some_and(|next| next.depth > row.depth);
        let folded = has_parts.then(|| folds.get(&fold_key(row)).copied().unwrap_or_else(|| by_itself(row)));
        if folded == Some(Folded::Closed) {
            hidden_below = Some(row.depth);
        }
        seen.push(Seen { row: row.clone(), lines: vec![], folded });
    }
    draw_lines(&mut seen);
    seen
}

/// A machine that is well hides its parts.
fn by_itself(row: &TreeRow) -> Folded {
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

/// The part of time that is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeline {
    from: Timestamp,
    to: Timestamp,
}

/// Where something stands, in thousandths of the width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub left: u32,
    pub width: u32,
}

impl Place {
    /// For a style attribute.
    pub fn style(self) -> String {
        format!("left:{}.{}%;width:{}.{}%", self.left / 10, self.left % 10, self.width / 10, self.width % 10)
    }

    /// Whether words have room in it; half a word says less than none. By letters of 5.4 px on a usual track of 550 px.
    pub fn holds(self, words: &str) -> bool {
        self.width as usize * 55 >= words.chars().count() * 540 + 800
    }
}

/// The right end stays free for the word `now`.
const ROOM_FOR_NOW: u64 = 15;

impl Timeline {
    /// Exactly this span.
    pub fn between(from: Timestamp, to: Timestamp) -> Self {
        Self { from, to }
    }

    /// From the first machine to now, or to the last end when everything is long over.
    pub fn of(lanes: &[Rc<Lane>], now: Timestamp) -> Self {
        let from = lanes.iter().map(|lane| lane.created).min().unwrap_or(now);
        let last = lanes.iter().flat_map(|lane| &lane.bars).filter_map(|bar| bar.to).max().unwrap_or(from);
        let open = lanes.iter().any(|lane| lane.bars.last().is_some_and(|bar| bar.to.is_none()));
        // A cluster that was made days ago would otherwise be a hair's breadth at the left.
        let end = if open { now } else { now.min(last.plus(Millis(last.since(from).0 / 4 + 10_000))) };
        Self { from, to: end.plus(Millis(end.since(from).0 / ROOM_FOR_NOW + 1)) }
    }

    /// A fixed part of time, for what is over.
    pub fn span(from: Timestamp, to: Timestamp) -> Self {
        Self { from, to }
    }

    pub fn place(self, from: Timestamp, to: Timestamp) -> Place {
        let left = self.at(from);
        Place { left, width: self.at(to).saturating_sub(left).max(3) }
    }

    /// A moment in thousandths of the width.
    pub fn at(self, moment: Timestamp) -> u32 {
        let whole = self.to.since(self.from).0.max(1);
        u32::try_from(moment.since(self.from).0.min(whole) * 1_000 / whole).unwrap_or(1_000)
    }

    /// Whole minutes, or what is left of them when there are too many: at most eight.
    pub fn ticks(self) -> Vec<Timestamp> {
        let whole = self.to.since(self.from).0;
        let steps = [15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000, 21_600_000, 86_400_000];
        let step = steps.into_iter().find(|step| whole / step <= 8).unwrap_or(7 * 86_400_000);
        let first = self.from.0.div_ceil(step) * step;
        (0..9).map(|n| Timestamp(first + n * step)).take_while(|tick| *tick < self.to).collect()
    }

    pub fn end(self) -> Timestamp {
        self.to
    }
}

/// One piece of a lane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub class: &'static str,
    pub place: Place,
    pub words: String,
}

/// The pieces of a lane, from its first bar to now.
pub fn pieces(lane: &Lane, time: Timeline, now: Timestamp) -> Vec<Piece> {
    let mut all: Vec<Piece> = vec![];
    for bar in &lane.bars {
        match bar.to {
            // What follows is drawn as healthy; what took no time has no width.
            Some(to) if bar.step == MachineStep::Available || to == bar.from => {}
            Some(to) => all.push(Piece { class: past(bar.step), place: time.place(bar.from, to), words: inside(bar, lane) }),
            None => open(bar, lane, time, now, &mut all),
        }
    }
    if let LaneState::Available { since } = lane.state {
        all.push(Piece { class: "bar ok", place: time.place(since, now), words: String::new() });
    }
    all
}

/// What goes on has a hue; what is late is hatched and says by how much.
fn open(bar: &Bar, lane: &Lane, time: Timeline, now: Timestamp, all: &mut Vec<Piece>) {
    let words = inside(bar, lane);
    match (bar.late_at, lane.late(now)) {
        (Some(late_at), Some(by)) => {
            all.push(Piece { class: "bar run cutr", place: time.place(bar.from, late_at), words: words.clone() });
            all.push(Piece { class: "bar late", place: time.place(late_at, now), words: format!("{words}, {} late", crate::model::clock::span(by)) });
        }
        _ if bar.step == MachineStep::Queued => all.push(Piece { class: "bar p1", place: time.place(bar.from, now), words }),
        _ => all.push(Piece { class: "bar run", place: time.place(bar.from, now), words }),
    }
}

fn past(step: MachineStep) -> &'static str {
    match step {
        MachineStep::Queued => "bar p1",
        MachineStep::BootstrapData | MachineStep::Container => "bar p2",
        MachineStep::BootstrapRun => "bar p3",
        MachineStep::Joined | MachineStep::Healthy | MachineStep::Available => "bar p4",
    }
}

fn inside(bar: &Bar, lane: &Lane) -> String {
    match bar.step {
        MachineStep::Queued => "waits",
        MachineStep::BootstrapData => "data",
        MachineStep::Container => "container",
        MachineStep::BootstrapRun if lane.group == LaneGroup::ControlPlane => "init",
        MachineStep::BootstrapRun => "join",
        MachineStep::Joined | MachineStep::Healthy => "node",
        MachineStep::Available => "settles",
    }
    .to_owned()
}

/// The state of a lane at a moment.
pub fn lane_state(lane: &Lane, now: Timestamp) -> State {
    match &lane.state {
        LaneState::Working { .. } if lane.late(now).is_some() => State::Warning,
        LaneState::Working { step: MachineStep::Queued } => State::Idle,
        LaneState::Working { .. } => State::Progress,
        LaneState::Failed { .. } => State::Failed,
        LaneState::Available { .. } => State::Healthy,
        LaneState::Unwell { .. } => State::Warning,
        LaneState::Deleting { .. } => State::Deleting,
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

/// Clusters as a list shows them: what needs somebody first.
pub fn listed(rows: &[Rc<ClusterRow>]) -> Vec<Rc<ClusterRow>> {
    let mut sorted = rows.to_vec();
    sorted.sort_by(|a, b| (a.state, &a.namespace, &a.name).cmp(&(b.state, &b.namespace, &b.name)));
    sorted
}

#[cfg(test)]
mod tests;
