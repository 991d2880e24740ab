//! When did which machine come and go?

use std::{collections::BTreeMap, rc::Rc};

use api::{
    Millis, Timestamp,
    capi::{Lane, LaneGroup},
    upgrading::{DrainPace, Leaving, RunMachine, RunStage, RunStep, StepOf, UpgradeRun},
};

use super::{DRAIN, expectations, head};
use crate::{
    model::{
        capi::{Piece, Timeline, lane_state, pieces, short},
        clock::span,
    },
    widgets::State,
};

/// The lanes of an upgrade.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    pub time: Timeline,
    pub groups: Vec<(String, Vec<RunRow>)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRow {
    pub machine: String,
    pub label: String,
    pub state: State,
    pub pieces: Vec<Piece>,
}

/// Group by group and step by step, the machine that comes before the one that goes.
pub fn chart(run: &UpgradeRun, lanes: &[Rc<Lane>], cluster: &str, now: Timestamp) -> Chart {
    let expected = expectations(run, now);
    let last = run.machines.iter().flat_map(|one| [one.gone, one.available]).flatten().max().unwrap_or(now);
    let goes_on = run.steps.iter().any(|step| step.stage != RunStage::Done);
    let end = if goes_on { expected.iter().flatten().map(|(_, to)| *to).max().unwrap_or(now).max(now) } else { last };
    let time = Timeline::between(run.began, end.plus(Millis(end.since(run.began).0 / 16 + 1)));
    let mut groups: BTreeMap<&LaneGroup, Vec<RunRow>> = BTreeMap::new();
    for (step, expected) in run.steps.iter().zip(&expected) {
        let StepOf::Machine { group, .. } = &step.of else { continue };
        let found = |name: &Option<String>| name.as_ref().and_then(|name| run.machines.iter().find(|one| one.machine == *name));
        let rows = groups.entry(group).or_default();
        let drawn = Drawn { run, step, time, cluster, now };
        rows.extend(found(&step.new).map(|one| drawn.comes(one, lanes)));
        rows.extend(found(&step.old).map(|one| drawn.goes(one, *expected)));
    }
    Chart { time, groups: groups.into_iter().map(|(group, rows)| (head(group), rows)).collect() }
}

struct Drawn<'r> {
    run: &'r UpgradeRun,
    step: &'r RunStep,
    time: Timeline,
    cluster: &'r str,
    now: Timestamp,
}

impl Drawn<'_> {
    fn row(&self, of: &RunMachine, state: State, pieces: Vec<Piece>) -> RunRow {
        RunRow { machine: of.machine.clone(), label: short(&of.machine, self.cluster), state, pieces }
    }

    fn piece(&self, class: &'static str, from: Timestamp, to: Timestamp, words: impl Into<String>) -> Piece {
        Piece { class, place: self.time.place(from, to), words: words.into() }
    }

    fn comes(&self, one: &RunMachine, lanes: &[Rc<Lane>]) -> RunRow {
        let Some(lane) = lanes.iter().find(|lane| lane.machine == one.machine) else {
            return match one.available {
                Some(up) => self.row(one, State::Healthy, vec![self.piece("bar p3", one.created, up, "join"), self.piece("bar ok", up, self.now, "")]),
                None => self.row(one, State::Progress, vec![self.piece("bar run", one.created, self.now, "join")]),
            };
        };
        self.row(one, lane_state(lane, self.now), pieces(lane, self.time, self.now))
    }

    fn goes(&self, one: &RunMachine, expected: Option<(Timestamp, Timestamp)>) -> RunRow {
        let old = |until: Timestamp| self.piece("bar old", self.run.began, until, String::new());
        match (one.leaves, one.gone) {
            (Some(leaves), Some(gone)) => self.row(one, State::Deleting, vec![old(leaves), self.piece("bar gone", leaves, gone, "drain")]),
            (None, Some(gone)) => self.row(one, State::Deleting, vec![old(gone)]),
            (Some(leaves), None) => self.leaving(one, leaves, old(leaves)),
            (None, None) => {
                let mut all = vec![old(self.now)];
                if let Some((from, to)) = expected.filter(|_| self.step.stage == RunStage::Waiting) {
                    all.push(self.piece("bar plan", from, to, "expected"));
                }
                self.row(one, State::Idle, all)
            }
        }
    }

    /// Late after twice what it took before; what holds it is said beside the lanes.
    fn leaving(&self, one: &RunMachine, leaves: Timestamp, old: Piece) -> RunRow {
        let late_at = leaves.plus(Millis(self.run.drain.unwrap_or(DRAIN).0.saturating_mul(2)).max(Millis::seconds(30)));
        let words = words(self.step.stage);
        let held = self.step.pods.iter().any(|line| line.pace == DrainPace::Held);
        if late_at >= self.now {
            return self.row(one, if held { State::Warning } else { State::Progress }, vec![old, self.piece("bar run", leaves, self.now, words)]);
        }
        let late = format!("{words}, {} late", span(self.now.since(late_at)));
        self.row(one, State::Warning, vec![old, self.piece("bar run cutr", leaves, late_at, words), self.piece("bar late", late_at, self.now, late)])
    }
}

fn words(stage: RunStage) -> &'static str {
    match stage {
        RunStage::Leaving(Leaving::Drain) => "drain",
        RunStage::Leaving(Leaving::Hook) => "hook",
        RunStage::Leaving(Leaving::Volumes) => "volumes",
        RunStage::Leaving(Leaving::Infrastructure | Leaving::Node) => "goes",
        RunStage::Leaving(Leaving::Next | Leaving::Untold) | RunStage::Waiting | RunStage::Making(_) | RunStage::Settling | RunStage::Done => "leaves",
    }
}
