//! Where does a job stand, read from its journal the moment a line is on disk?
//!
//! The feed of a job is put together for readers; a step that takes milliseconds may be over before they hear of it. The
//! journal has every start before anything of the step is done.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, bail};
use serde_json::Value;
use tests::Desk;

/// A line is followed by the side effect that it announces: whoever wants to be there first looks often.
const LOOK: Duration = Duration::from_millis(1);
const PATIENCE: Duration = Duration::from_secs(900);

/// A moment in which KOS may be killed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Point {
    /// An act is on disk as begun, nothing was asked or done for it.
    Act(u64),
    /// A step within an act began.
    Step(u64),
    /// An act is about to make something.
    Thing(u64, String),
    /// An act has started a program that outlives KOS.
    Program(u64),
}

#[derive(Debug)]
pub(crate) enum Next {
    Begun(Point),
    /// The job is done.
    Done,
}

/// The folder of one job.
pub(crate) struct Journal(PathBuf);

impl Journal {
    pub(crate) fn of(desk: &Desk, job: &Value) -> anyhow::Result<Self> {
        Ok(Self(desk.home().join(".local/state/kos/jobs").join(job.as_str().context("the id of a job")?)))
    }

    /// Every act of the plan, and every step that is not the first of its act.
    pub(crate) fn points(&self) -> anyhow::Result<BTreeSet<Point>> {
        let opening: Value = serde_json::from_slice(&std::fs::read(self.0.join("plan.json"))?)?;
        let acts = opening["plan"]["acts"].as_array().context("a plan has acts")?;
        let (mut points, mut before) = (BTreeSet::new(), 0);
        for (act, planned) in (0..).zip(acts) {
            let steps = planned["steps"].as_array().map_or(0, Vec::len) as u64;
            points.insert(Point::Act(act));
            points.extend((before + 1..before + steps).map(Point::Step));
            before += steps;
        }
        Ok(points)
    }

    /// Waits for the first start that is not among these, or for the end of the job.
    pub(crate) async fn next(&self, known: &BTreeSet<Point>) -> anyhow::Result<Next> {
        let mut again = tokio::time::interval(LOOK);
        let looking = async {
            loop {
                let text = std::fs::read_to_string(self.0.join("journal.jsonl"))?;
                // A line without its end is still being written.
                let whole = text.rfind('\n').map_or("", |end| &text[..end]);
                for line in whole.lines() {
                    match read(line)? {
                        Some(Next::Begun(point)) if known.contains(&point) => {}
                        Some(next) => return Ok(next),
                        None => {}
                    }
                }
                again.tick().await;
            }
        };
        tokio::time::timeout(PATIENCE, looking).await.context("the job neither goes on nor ends")?
    }
}

fn read(line: &str) -> anyhow::Result<Option<Next>> {
    let line: Value = serde_json::from_str(line)?;
    let what = &line["event"]["what"];
    let number = |event: &str, field: &str| what[event][field].as_u64();
    if let Some(act) = number("act_started", "act") {
        return Ok(Some(Next::Begun(Point::Act(act))));
    }
    if let Some(step) = number("step_started", "step") {
        return Ok(Some(Next::Begun(Point::Step(step))));
    }
    if let Some(act) = number("intended", "act") {
        let thing = &what["intended"]["thing"];
        return Ok(Some(Next::Begun(Point::Thing(act, format!("{} {}", thing["kind"], thing["name"])))));
    }
    if let Some(act) = number("process_noted", "act") {
        return Ok(Some(Next::Begun(Point::Program(act))));
    }
    if what["act_failed"].is_object() {
        bail!("a step failed: {:#}", what["act_failed"]["why"]);
    }
    Ok((what == "done").then_some(Next::Done))
}
