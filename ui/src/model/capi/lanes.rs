//! Where do the bars of a machine stand on the time line of its cluster, and what is still expected of it?
//!
//! Start at: [`Timeline`], [`pieces`], [`expected`].

use std::rc::Rc;

use api::{
    Millis, Timestamp,
    capi::{Bar, Lane, LaneGroup, LaneState, LeaveBar, LeaveStep, MachineStep},
    shared::SharedLane,
};

use crate::widgets::State;

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
        self.width as usize * 55 >= room(words)
    }

    /// The same where tries have their marks on the lane: words and marks stand nowhere on each other.
    pub fn holds_beside(self, words: &str, tries: &[TryMark]) -> bool {
        let end = self.left as usize * 55 + room(words);
        let crossed = |mark: &TryMark| mark.at as usize * 55 < end && (mark.at as usize * 55 + mark.room()) > self.left as usize * 55;
        self.holds(words) && !tries.iter().any(crossed)
    }
}

/// What words take on a track of 55,000.
fn room(words: &str) -> usize {
    words.chars().count() * 540 + 800
}

/// Where a further try of the step that goes on began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TryMark {
    /// In thousandths of the width.
    pub at: u32,
    /// `try 3`.
    pub title: String,
    /// Whether the words stand beside the mark: where the next one follows at once there is no room.
    pub words: Words,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Words {
    Shown,
    Hidden,
}

impl TryMark {
    fn room(&self) -> usize {
        match self.words {
            Words::Shown => room(&self.title),
            Words::Hidden => 0,
        }
    }
}

/// The marks of tries, in order.
pub fn try_marks(began: &[(Timestamp, u32)], time: Timeline) -> Vec<TryMark> {
    let nexts = began.iter().skip(1).map(|(at, _)| Some(time.at(*at))).chain([None]);
    let mark = |((at, n), next): (&(Timestamp, u32), Option<u32>)| {
        let (at, title) = (time.at(*at), format!("try {n}"));
        let has_room = next.is_none_or(|next| at as usize * 55 + room(&title) <= next as usize * 55);
        TryMark { at, title, words: if has_room { Words::Shown } else { Words::Hidden } }
    };
    began.iter().zip(nexts).map(mark).collect()
}

/// An outline: what has not come yet.
pub const PLAN: &str = "bar plan";
/// What a deletion has done.
pub const GONE: &str = "bar gone";

/// The right end stays free for the word `now`.
const ROOM_FOR_NOW: u64 = 15;
/// A cluster of half an hour has room for its making beside what goes.
const LONG_AGO: Millis = Millis::seconds(1_800);
/// What goes begins so much after the left end.
const LEAD: u64 = 30_000;
/// So many thousandths of the narrowest time line are under the word at the line of now, half a tick's own words with it.
const NOW_WORD: u32 = 90;
/// Half of the words of a tick behind this would reach over the right end.
const LAST_WORDS: u32 = 940;

impl Timeline {
    /// Exactly this span.
    pub fn between(from: Timestamp, to: Timestamp) -> Self {
        Self { from, to }
    }

    /// From the first machine to now, or to the last end when everything is long over.
    pub fn of(lanes: &[Rc<Lane>], now: Timestamp) -> Self {
        Self::made(lanes, &[], now)
    }

    /// The same with what all of them share, and with what goes: beside that, what was made long ago has no room.
    pub fn of_all(lanes: &[Rc<Lane>], shared: &[Rc<SharedLane>], now: Timestamp) -> Self {
        let made = Self::made(lanes, shared, now);
        let Some(asked) = lanes.iter().filter_map(|lane| lane.leaving.bars.first()).map(|bar| bar.from).min() else { return made };
        let is_made = lanes.iter().all(|lane| going_on(lane).is_none());
        let from = if is_made && asked.since(made.from) > LONG_AGO { Timestamp(asked.0.saturating_sub(LEAD)) } else { made.from };
        Self { from, to: made.to.max(now.plus(Millis(now.since(from).0 / ROOM_FOR_NOW + 1))) }
    }

    fn made(lanes: &[Rc<Lane>], shared: &[Rc<SharedLane>], now: Timestamp) -> Self {
        let from = lanes.iter().map(|lane| lane.created).chain(shared.iter().map(|lane| lane.asked)).min().unwrap_or(now);
        let ends = lanes.iter().flat_map(|lane| &lane.bars).filter_map(|bar| bar.to);
        let last = ends.chain(shared.iter().filter_map(|lane| lane.made)).max().unwrap_or(from);
        let open = lanes.iter().any(|lane| going_on(lane).is_some()) || shared.iter().any(|lane| lane.made.is_none());
        // A cluster that was made days ago would otherwise be a hair's breadth at the left.
        let end = if open { now } else { now.min(last.plus(Millis(last.since(from).0 / 4 + 10_000))) };
        let end = lanes.iter().filter_map(|lane| expected_end(lane, now)).fold(end, Timestamp::max);
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

    /// Where a moment stands, for a style attribute.
    pub fn left(self, moment: Timestamp) -> String {
        let at = self.at(moment);
        format!("left:{}.{}%", at / 10, at % 10)
    }

    /// Where the words of a tick stand: in its middle, and at the right end inside of the lanes.
    pub fn words_at(self, tick: Timestamp) -> String {
        let at = self.at(tick);
        if at > LAST_WORDS { format!("left:min({}.{}%, 100% - 24px)", at / 10, at % 10) } else { self.left(tick) }
    }

    /// Whole minutes, or what is left of them when there are too many: at most eight.
    pub fn ticks(self) -> Vec<Timestamp> {
        let whole = self.to.since(self.from).0;
        let steps = [15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000, 21_600_000, 86_400_000];
        let step = steps.into_iter().find(|step| whole / step <= 8).unwrap_or(7 * 86_400_000);
        let first = self.from.0.div_ceil(step) * step;
        (0..9).map(|n| Timestamp(first + n * step)).take_while(|tick| *tick < self.to).collect()
    }

    /// The ticks that are said: the word `now` stands alone where it stands.
    pub fn said(self, now: Option<Timestamp>) -> Vec<Timestamp> {
        let mut ticks = self.ticks();
        ticks.retain(|tick| now.is_none_or(|now| self.at(now).abs_diff(self.at(*tick)) > NOW_WORD));
        ticks
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

/// The step that goes on.
pub fn going_on(lane: &Lane) -> Option<&Bar> {
    lane.bars.last().filter(|bar| bar.to.is_none())
}

/// A step that has not begun, where it would stand when each takes as long as it usually does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coming {
    pub step: MachineStep,
    pub from: Timestamp,
    pub to: Timestamp,
}

/// The steps after the one that goes on, from a moment; after one of which nobody knows how long it takes there are none.
pub fn coming(lane: &Lane, from: Timestamp) -> Vec<Coming> {
    let Some(open) = going_on(lane) else { return vec![] };
    let mut at = from;
    let left = MachineStep::ALL.into_iter().zip(lane.usual).filter(|(step, _)| *step > open.step);
    left.map_while(|(step, usual)| {
        let from = at;
        at = from.plus(usual?);
        Some(Coming { step, from, to: at })
    })
    .collect()
}

/// When the step that goes on ends, if it takes as long as it usually does.
pub fn usual_end(lane: &Lane) -> Option<Timestamp> {
    let open = going_on(lane)?;
    let (_, usual) = MachineStep::ALL.into_iter().zip(lane.usual).find(|(step, _)| *step == open.step)?;
    Some(open.from.plus(usual?))
}

/// When the next step begins at the soonest; nobody knows it of one that is late or that was given up.
fn next_begins(lane: &Lane, now: Timestamp) -> Option<Timestamp> {
    let expected = matches!(lane.state, LaneState::Working { .. }) && lane.late(now).is_none();
    usual_end(lane).filter(|_| expected).map(|end| end.max(now))
}

fn expected_end(lane: &Lane, now: Timestamp) -> Option<Timestamp> {
    let next = next_begins(lane, now)?;
    Some(coming(lane, next).last().map_or(next, |last| last.to))
}

/// What is still expected of a lane, as outlines behind now: the rest of the step that goes on, then those that have not begun.
pub fn expected(lane: &Lane, time: Timeline, now: Timestamp) -> Vec<Piece> {
    let Some(next) = next_begins(lane, now) else { return vec![] };
    let rest = going_on(lane).map(|bar| Coming { step: bar.step, from: now, to: next });
    let all = rest.into_iter().chain(coming(lane, next)).filter(|one| one.to > one.from);
    all.map(|one| Piece { class: PLAN, place: time.place(one.from, one.to), words: inside(one.step, lane).to_owned() }).collect()
}

/// The pieces of a lane, from its first bar to now.
pub fn pieces(lane: &Lane, time: Timeline, now: Timestamp) -> Vec<Piece> {
    let mut all: Vec<Piece> = vec![];
    for bar in &lane.bars {
        match bar.to {
            // What follows is drawn as healthy; what took no time has no width, and what was before the line no place.
            Some(to) if bar.step == MachineStep::Available || to == bar.from || to <= time.from => {}
            Some(to) => all.push(Piece { class: past(bar.step), place: time.place(bar.from, to), words: inside(bar.step, lane).to_owned() }),
            None => open(bar, lane, time, now, &mut all),
        }
    }
    if let LaneState::Available { since } = lane.state {
        all.push(Piece { class: "bar ok", place: time.place(since, now), words: String::new() });
    }
    all.extend(lane.leaving.bars.iter().map(|bar| Piece {
        class: if bar.to.is_some() { GONE } else { "bar run" },
        place: time.place(bar.from, bar.to.unwrap_or(now)),
        words: leaves_by(bar.step).to_owned(),
    }));
    all
}

/// The step of its deletion that goes on.
pub fn leaves(lane: &Lane) -> Option<&LeaveBar> {
    lane.leaving.bars.last().filter(|bar| bar.to.is_none())
}

fn leaves_by(step: LeaveStep) -> &'static str {
    match step {
        LeaveStep::Asked => "waits",
        LeaveStep::Drain => "drain",
        LeaveStep::Volumes => "volumes",
        LeaveStep::Hook => "hooks",
        LeaveStep::Infrastructure => "infrastructure",
        LeaveStep::Bootstrap => "bootstrap",
        LeaveStep::Node => "node",
        LeaveStep::Finalizers => "finalizers",
    }
}

/// What the deletion of a machine waits for, with what its controller says of it.
pub fn leaves_words(lane: &Lane) -> Option<String> {
    let what = match leaves(lane)?.step {
        LeaveStep::Asked => "Its deletion has not begun",
        LeaveStep::Drain => "Its deletion waits for its Node to be drained",
        LeaveStep::Volumes => "Its deletion waits for its volumes to be detached",
        LeaveStep::Hook => "Its deletion waits for what has to be done before it ends",
        LeaveStep::Infrastructure => "Its deletion waits for its infrastructure to be removed",
        LeaveStep::Bootstrap => "Its deletion waits for its bootstrap configuration to be removed",
        LeaveStep::Node => "Its deletion waits for its Node to be removed",
        LeaveStep::Finalizers => "All of it is removed; only finalizers hold the Machine",
    };
    let says = lane.leaving.says.split_whitespace().collect::<Vec<_>>().join(" ");
    Some(if says.is_empty() { format!("{what}.") } else { format!("{what}: {says}") })
}

/// What goes on has a hue; what is late is hatched and says by how much.
fn open(bar: &Bar, lane: &Lane, time: Timeline, now: Timestamp, all: &mut Vec<Piece>) {
    let words = inside(bar.step, lane).to_owned();
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

fn inside(step: MachineStep, lane: &Lane) -> &'static str {
    match step {
        MachineStep::Queued => "waits",
        MachineStep::BootstrapData => "data",
        MachineStep::Container => "container",
        MachineStep::BootstrapRun if lane.group == LaneGroup::ControlPlane => "init",
        MachineStep::BootstrapRun => "join",
        MachineStep::Joined | MachineStep::Healthy => "node",
        MachineStep::Available => "settles",
    }
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

#[cfg(test)]
mod tests;
