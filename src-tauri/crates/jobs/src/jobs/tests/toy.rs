//! Which world is simple enough to be right by looking at it?
//!
//! Things are names in a set, each with how often it was made. Acts make one thing or three; a script says where an act
//! fails, panics, hangs or prints.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use api::jobs::{Finding, JobRow, JobState, PartState, Tone, Words};
use api::{Fault, FaultCode, JobId, Millis, Timestamp};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::{AnyWork, Clock, Disk, Jobs, Kinds, Left, NotedProcess, Plan, PlannedStep, RealDisk, Setup, Thing, Work};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum ToyAct {
    /// Makes nothing.
    Check,
    Make(String),
    /// Intends all, then makes all, and shows a step for each.
    MakeAll(Vec<String>),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum ToyStep {
    Check,
    Make(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mishap {
    Fails,
    Panics,
    /// Starts a program that prints and outlives KOS, and waits for it; the next attempt hears the same one from its beginning.
    LeavesProgram,
    /// Until cancelled.
    Hangs,
    /// Does not even listen to a cancel.
    HangsDeaf,
    /// The look before the act never ends.
    LooksForEver,
    FailsToUndo,
    /// The undo waits until [`World::go`].
    UndoWaits,
    /// The same, and it may be left.
    UndoMayBeLeft,
    Prints(u32),
}

#[derive(Default)]
pub(super) struct World {
    /// What is there.
    pub(super) things: Mutex<BTreeSet<String>>,
    pub(super) times_made: Mutex<BTreeMap<String, u32>>,
    pub(super) mishaps: Mutex<BTreeMap<String, Mishap>>,
    /// Programs started, ended with the future that waited for them, found again, and ended by an undo.
    pub(super) programs: Mutex<Vec<&'static str>>,
    pub(super) arrived: Notify,
    pub(super) go: Notify,
}

impl World {
    pub(super) fn with(things: &[&str]) -> Arc<Self> {
        let world = Self::default();
        for name in things {
            world.make(name);
        }
        Arc::new(world)
    }

    pub(super) fn make(&self, name: &str) {
        self.things.lock().unwrap().insert(name.to_owned());
        *self.times_made.lock().unwrap().entry(name.to_owned()).or_default() += 1;
    }

    pub(super) fn holds(&self) -> Vec<String> {
        self.things.lock().unwrap().iter().cloned().collect()
    }

    pub(super) fn most_often_made(&self) -> u32 {
        self.times_made.lock().unwrap().values().copied().max().unwrap_or_default()
    }

    pub(super) fn script(&self, name: &str, mishap: Mishap) {
        self.mishaps.lock().unwrap().insert(name.to_owned(), mishap);
    }

    pub(super) fn heal(&self) {
        self.mishaps.lock().unwrap().clear();
    }

    fn mishap(&self, name: &str) -> Option<Mishap> {
        self.mishaps.lock().unwrap().get(name).copied()
    }

    fn is_there(&self, name: &str) -> bool {
        self.things.lock().unwrap().contains(name)
    }
}

#[derive(Clone)]
pub(super) struct Toy(pub(super) Arc<World>);

/// What a door to programs does: the program ends with the future that runs it.
struct EndsProgram(Arc<World>);

impl Drop for EndsProgram {
    fn drop(&mut self) {
        self.0.programs.lock().unwrap().push("ended with its future");
    }
}

type Context = crate::ActContext<ToyStep>;

impl Toy {
    async fn stumble(&self, name: &str, cx: &mut Context) -> Result<(), Fault> {
        match self.0.mishap(name) {
            None | Some(Mishap::FailsToUndo | Mishap::UndoWaits | Mishap::UndoMayBeLeft | Mishap::LooksForEver) => Ok(()),
            Some(Mishap::Fails) => Err(Fault::new(FaultCode::Step, format!("The toy {name} was not made.")).because("toy, line 1", "no wood")),
            Some(Mishap::Panics) => panic!("a splinter in {name}"),
            Some(Mishap::LeavesProgram) => {
                if let Some(known) = cx.processes().first().map(NotedProcess::note) {
                    self.0.programs.lock().unwrap().push("found again");
                    for line in ["begun", "half", "half", "whole"] {
                        cx.output(Tone::Plain, line);
                    }
                    cx.process_ended(known);
                    return Ok(());
                }
                self.0.programs.lock().unwrap().push("started");
                cx.process(json!({"pid": 4121, "started": 7}))?;
                for line in ["begun", "half"] {
                    cx.output(Tone::Plain, line);
                }
                let _ends_with_this_future = EndsProgram(Arc::clone(&self.0));
                self.0.arrived.notify_one();
                std::future::pending().await
            }
            Some(Mishap::Hangs) => {
                self.0.arrived.notify_one();
                cx.cancelled().cancelled().await;
                Err(Fault::new(FaultCode::Step, "Stopped."))
            }
            Some(Mishap::HangsDeaf) => {
                self.0.arrived.notify_one();
                std::future::pending().await
            }
            Some(Mishap::Prints(lines)) => {
                for n in 1..=lines {
                    cx.output(Tone::Plain, &format!("line {n}"));
                }
                Ok(())
            }
        }
    }

    fn names(act: &ToyAct) -> Vec<String> {
        match act {
            ToyAct::Check => vec![],
            ToyAct::Make(name) => vec![name.clone()],
            ToyAct::MakeAll(names) => names.clone(),
        }
    }
}

#[async_trait]
impl Work for Toy {
    type Act = ToyAct;
    type Step = ToyStep;

    async fn done_already(&self, act: &ToyAct) -> Result<Option<Words>, Fault> {
        let names = Self::names(act);
        if names.iter().any(|name| self.0.mishap(name) == Some(Mishap::LooksForEver)) {
            self.0.arrived.notify_one();
            std::future::pending::<()>().await;
        }
        let all_there = !names.is_empty() && names.iter().all(|name| self.0.is_there(name));
        Ok(all_there.then(|| Words::said("was already here")))
    }

    async fn run(&self, act: &ToyAct, cx: &mut Context) -> Result<(), Fault> {
        let names = Self::names(act);
        if names.is_empty() {
            return self.stumble("check", cx).await;
        }
        let mut notes = vec![];
        for name in &names {
            notes.push(cx.intent(Thing::new("Toy", name)).await?);
        }
        for (name, note) in names.iter().zip(notes) {
            cx.step_started(&ToyStep::Make(name.clone()));
            self.stumble(name, cx).await?;
            if !self.0.is_there(name) {
                self.0.make(name);
            }
            cx.made(note).await?;
        }
        Ok(())
    }

    async fn undo(&self, _: &ToyAct, cx: &mut Context) -> Result<(), Fault> {
        for _ in cx.processes() {
            self.0.programs.lock().unwrap().push("ended by undo");
        }
        for noted in cx.noted().iter().rev() {
            let name = &noted.thing.name;
            match self.0.mishap(name) {
                Some(Mishap::FailsToUndo) => return Err(Fault::new(FaultCode::Step, format!("The toy {name} was not removed."))),
                Some(Mishap::UndoWaits) => {
                    self.0.arrived.notify_one();
                    self.0.go.notified().await;
                }
                Some(Mishap::UndoMayBeLeft) => {
                    let go = async {
                        self.0.arrived.notify_one();
                        self.0.go.notified().await;
                    };
                    if cx.may_be_left(go).await.is_none() {
                        return Err(Fault::new(FaultCode::Step, "The undo was left."));
                    }
                }
                None
                | Some(Mishap::Fails | Mishap::Panics | Mishap::Hangs | Mishap::HangsDeaf | Mishap::LooksForEver | Mishap::LeavesProgram | Mishap::Prints(_)) =>
                    {}
            }
            self.0.things.lock().unwrap().remove(name);
        }
        Ok(())
    }

    async fn look(&self, left: &Left<ToyAct>) -> Vec<Finding> {
        let finding = |name: &String| {
            let (state, found) = if self.0.is_there(name) { (PartState::Ready, "here") } else { (PartState::Waiting, "not there") };
            Finding { state, kind: "Toy".into(), name: name.clone(), noted: String::new(), found: found.into(), means: String::new() }
        };
        left.noted.iter().map(|noted| finding(&noted.thing.name)).collect()
    }
}

impl Kinds for Toy {
    fn open(&self, _: &str, _: &Value) -> Result<AnyWork, Fault> {
        Ok(AnyWork::new(self.clone()))
    }
}

/// Check, `a`, then `b`, `c` and `d` in one act, then `e`.
pub(super) fn plan() -> Plan<ToyAct, ToyStep> {
    let names = ["b", "c", "d"].map(str::to_owned);
    let step = |name: &str| PlannedStep::new(ToyStep::Make(name.into()), format!("Make {name}"), Words::default(), Millis::seconds(1));
    Plan::new(Words::said("Make toys"), "Five toys in a box.")
        .then(ToyAct::Check, PlannedStep::new(ToyStep::Check, "Check the box", Words::default(), Millis::seconds(1)))
        .then(ToyAct::Make("a".into()), step("a"))
        .then_many(ToyAct::MakeAll(names.to_vec()), names.iter().map(|n| step(n)).collect())
        .then(ToyAct::Make("e".into()), step("e"))
}

pub(super) const ALL: [&str; 5] = ["a", "b", "c", "d", "e"];

/// The real disk without waiting for the platter.
#[derive(Clone, Copy)]
pub(super) struct QuickDisk;

impl Disk for QuickDisk {
    fn make_folder(&self, path: &Path) -> std::io::Result<()> {
        RealDisk.make_folder(path)
    }
    fn open(&self, path: &Path) -> std::io::Result<std::fs::File> {
        RealDisk.open(path)
    }
    fn reserve(&self, file: &std::fs::File, bytes: u64) -> std::io::Result<()> {
        RealDisk.reserve(file, bytes)
    }
    fn append(&self, file: &mut std::fs::File, bytes: &[u8]) -> std::io::Result<()> {
        RealDisk.append(file, bytes)
    }
    fn cut(&self, file: &std::fs::File, bytes: u64) -> std::io::Result<()> {
        RealDisk.cut(file, bytes)
    }
    fn sync(&self, _: &std::fs::File) -> std::io::Result<()> {
        Ok(())
    }
    fn sync_folder(&self, _: &Path) -> std::io::Result<()> {
        Ok(())
    }
    fn replace(&self, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
        std::fs::write(path, bytes)
    }
}

/// A clock that moves one second each time it is read.
fn ticking() -> Clock {
    let now = Mutex::new(1_000_000_000_000);
    Arc::new(move || {
        let mut now = now.lock().unwrap();
        *now += 1_000;
        Timestamp(*now)
    })
}

pub(super) async fn open_on(state: &Path, world: &Arc<World>, disk: Arc<dyn Disk>) -> Jobs {
    Jobs::open(Setup { disk, ..setup(state, world) }).await.unwrap()
}

pub(super) fn setup(state: &Path, world: &Arc<World>) -> Setup {
    Setup { state: state.to_owned(), kinds: Arc::new(Toy(Arc::clone(world))), clock: ticking(), disk: Arc::new(QuickDisk), booted: None }
}

pub(super) async fn open(state: &Path, world: &Arc<World>) -> Jobs {
    open_on(state, world, Arc::new(QuickDisk)).await
}

pub(super) async fn start(jobs: &Jobs, world: &Arc<World>) -> Result<JobId, Fault> {
    jobs.start("toys", json!({"box": 1}), &plan(), Toy(Arc::clone(world))).await
}

pub(super) fn row(jobs: &Jobs, id: &JobId) -> JobRow {
    jobs.rows().into_iter().find(|row| row.id == *id).unwrap()
}

/// Waits until nobody runs the job, and says how it stands.
pub(super) async fn rest(jobs: &Jobs, id: &JobId) -> JobState {
    let mut changes = jobs.changes();
    let resting = async {
        loop {
            let state = row(jobs, id).state;
            if !matches!(state, JobState::Running | JobState::Undoing { .. }) {
                return state;
            }
            changes.changed().await.unwrap();
        }
    };
    tokio::time::timeout(Duration::from_secs(60), resting).await.expect("the job never came to rest")
}

pub(super) async fn arrived(world: &World) {
    tokio::time::timeout(Duration::from_secs(10), world.arrived.notified()).await.expect("the act never came to its mishap");
}
