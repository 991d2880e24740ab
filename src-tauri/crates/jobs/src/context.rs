//! What may an act say and note while it runs?
//!
//! [`ActContext`] is lent for one act and is not `Clone`, so nothing that an act started can speak after it.

use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use api::Fault;
use api::jobs::{Part, Tone, Undoing, Words};
use api::visible::{self, owned};
use async_trait::async_trait;
use serde::Serialize;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::output::Printed;
use crate::plan::step_key;
use crate::{Certainty, Noted, NotedProcess, Thing, What};

mod transcript;
pub use transcript::Transcript;

/// Where an act's events go: the job's journal, or a [`Transcript`] in tests of acts.
#[async_trait]
pub(crate) trait Pen: Send + Sync {
    /// Shown at once, on disk soon.
    fn write(&self, what: What);
    /// On disk when it returns. The event does not happen when it cannot be written.
    async fn write_through(&self, what: What) -> Result<(), Fault>;
    /// The same for callbacks that cannot wait; blocks for one write and one sync.
    fn write_through_now(&self, what: What) -> Result<(), Fault>;
    fn output(&self, step: u32, tone: Tone, text: &str);
    /// A number that the job has not used yet for a command, a process or a thing.
    fn next_id(&self) -> u32;
}

/// What an act is lent: its voice, its notes and the word to stop.
pub struct ActContext<S> {
    core: ActCore,
    steps: PhantomData<fn(&S)>,
}

/// The part of a context that does not depend on the step set.
pub(crate) struct ActCore {
    pub(crate) pen: Arc<dyn Pen>,
    pub(crate) act: u32,
    pub(crate) attempt: u32,
    pub(crate) first_step: u32,
    pub(crate) keys: Vec<String>,
    pub(crate) current: u32,
    pub(crate) noted: Vec<Noted>,
    pub(crate) processes: Vec<NotedProcess>,
    /// What these printed so far.
    pub(crate) printed: Printed,
    pub(crate) cancelled: CancellationToken,
    pub(crate) left: CancellationToken,
    pub(crate) folder: PathBuf,
}

/// Names an intent until its result is noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoteId(pub(crate) u32);

/// Names a command until its end is noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a command that never ends is shown as running"]
pub struct CommandId(pub(crate) u32);

/// Names a process until its end is noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProcessNote(pub(crate) u32);

impl<S: Serialize> ActContext<S> {
    pub(crate) fn new(core: ActCore) -> Self {
        Self { core, steps: PhantomData }
    }

    /// Moves on to a step of this act; the one before it is done. The first step starts by itself.
    ///
    /// A step that the plan does not show for this act is not shown: what follows belongs to the current one.
    pub fn step_started(&mut self, step: &S) {
        let Some(index) = self.index_of(step) else {
            tracing::warn!(act = self.core.act, "an act told of a step that its plan does not have");
            return;
        };
        if index != self.core.current {
            self.core.current = index;
            self.core.pen.write(What::StepStarted { step: index });
        }
    }

    /// What the current step is doing, or what came of it.
    pub fn step_detail(&mut self, words: Words) {
        self.core.pen.write(What::StepDetail { step: self.core.current, words });
    }

    /// How far the current step is, in thousandths; more than 1000 is 1000.
    pub fn share(&mut self, thousandths: u16) {
        self.core.pen.write(What::StepShare { step: self.core.current, thousandths: thousandths.min(1000) });
    }

    /// All things that the current step waits for, each time.
    pub fn parts(&mut self, parts: Vec<Part>) {
        let seen = |part: Part| Part { name: owned(part.name), detail: owned(part.detail), ..part };
        let parts = parts.into_iter().map(seen).collect();
        self.core.pen.write(What::StepParts { step: self.core.current, parts });
    }

    /// One line of output; it is masked already. Text with line breaks becomes several lines.
    ///
    /// Shape: a process of an earlier attempt is heard from its beginning. What it had printed by then is not printed again.
    pub fn output(&mut self, tone: Tone, text: &str) {
        for line in visible::text(text).lines() {
            if tone != Tone::Plain || !self.core.printed.takes(line) {
                self.core.pen.output(self.core.current, tone, line);
            }
        }
    }

    /// A program begins; `line` is as one could paste it, without secrets.
    pub fn command_started(&mut self, line: impl Into<String>) -> CommandId {
        let id = self.core.pen.next_id();
        self.core.pen.write(What::CommandStarted { id, step: self.core.current, line: line.into() });
        CommandId(id)
    }

    /// `exit` as shown: `exit 1`, `signal 9`, `stopped`.
    pub fn command_ended(&mut self, command: CommandId, exit: impl Into<String>) {
        self.core.pen.write(What::CommandEnded { id: command.0, exit: exit.into() });
    }

    /// How the outcome of the whole job reads in the list, or what its undo is about; the last one said counts.
    pub fn outcome(&mut self, words: Words) {
        self.core.pen.write(What::Outcome { words });
    }

    /// Notes that a thing is about to be made. It is on disk when this returns: only then may it be made.
    ///
    /// Shape: the same kind and name again, in this or a later attempt, is the same note.
    /// Errors: the journal cannot be written. Return the fault: the job pauses here, before the side effect.
    pub async fn intent(&mut self, thing: Thing) -> Result<NoteId, Fault> {
        if let Some(known) = self.known(&thing) {
            return Ok(known);
        }
        let noted = self.new_note(thing);
        self.core.pen.write_through(intended(&noted)).await?;
        let id = NoteId(noted.id);
        self.core.noted.push(noted);
        Ok(id)
    }

    /// Notes that an intended thing was seen to be there.
    pub async fn made(&mut self, note: NoteId) -> Result<(), Fault> {
        if self.confirm(note) {
            self.core.pen.write_through(What::Made { id: note.0 }).await?;
        }
        Ok(())
    }

    /// Notes a thing that turned out to be made by something already intended: a program's output named it.
    ///
    /// For callbacks that cannot wait. Its intent is the one before; undo of that must find it even without this note.
    pub fn made_also(&mut self, thing: Thing) {
        if self.known(&thing).is_some() {
            return;
        }
        let mut noted = self.new_note(thing);
        self.core.pen.write(intended(&noted));
        self.core.pen.write(What::Made { id: noted.id });
        noted.certainty = Certainty::Made;
        self.core.noted.push(noted);
    }

    /// Notes a child process, in the caller's own words, so that it can be found again after a crash.
    ///
    /// For the callback in which a program says that it started: blocks for one write, so that nothing that the program says
    /// is heard before it is noted. When KOS is killed between the start and the note, nobody knows of the program: an undo and
    /// a next attempt find what it has made by then, by the intents before it.
    pub fn process(&mut self, process: Value) -> Result<ProcessNote, Fault> {
        let id = self.core.pen.next_id();
        self.core.pen.write_through_now(What::ProcessNoted { id, act: self.core.act, process })?;
        Ok(ProcessNote(id))
    }

    /// Notes that a process is gone; also for those of [`Self::processes`].
    pub fn process_ended(&mut self, process: ProcessNote) {
        self.core.processes.retain(|p| p.id != process.0);
        if self.core.processes.is_empty() {
            self.core.printed = Printed::default();
        }
        self.core.pen.write(What::ProcessEnded { id: process.0 });
    }

    /// What this act intended or made so far, earlier attempts included, in the order noted.
    pub fn noted(&self) -> &[Noted] {
        &self.core.noted
    }

    /// Processes that an earlier attempt noted and nobody saw end: they may still run.
    pub fn processes(&self) -> &[NotedProcess] {
        &self.core.processes
    }

    /// The job's own folder: output files of programs go here, and with the job when it is forgotten.
    pub fn folder(&self) -> &Path {
        &self.core.folder
    }

    /// 1 for the first.
    pub fn attempt(&self) -> u32 {
        self.core.attempt
    }

    /// The word to stop: hand it to every program and every wait. During an undo it is never said.
    pub fn cancelled(&self) -> CancellationToken {
        self.core.cancelled.clone()
    }

    /// During an undo: waits for something outside of KOS, and for as long the user may leave the undo.
    ///
    /// `None` when that was done: the undo ends with a fault that says so, before it takes anything more away.
    pub async fn may_be_left<T>(&self, wait: impl Future<Output = T> + Send) -> Option<T> {
        self.core.pen.write(What::UndoGoesOn { now: Undoing::Waits });
        let came = self.core.left.run_until_cancelled(wait).await;
        self.core.pen.write(What::UndoGoesOn { now: Undoing::Acts });
        came
    }

    fn index_of(&self, step: &S) -> Option<u32> {
        let key = step_key(step).ok()?;
        let position = self.core.keys.iter().position(|k| *k == key)?;
        Some(self.core.first_step + u32::try_from(position).ok()?)
    }

    fn known(&self, thing: &Thing) -> Option<NoteId> {
        self.core.noted.iter().find(|n| n.thing.kind == thing.kind && n.thing.name == thing.name).map(|n| NoteId(n.id))
    }

    fn new_note(&self, thing: Thing) -> Noted {
        let (id, act, step) = (self.core.pen.next_id(), self.core.act, self.core.current);
        Noted { id, act, step, thing, at: api::Timestamp::default(), certainty: Certainty::Intended }
    }

    /// Whether this is news.
    fn confirm(&mut self, note: NoteId) -> bool {
        let open = self.core.noted.iter_mut().find(|n| n.id == note.0 && n.certainty == Certainty::Intended);
        open.map(|n| n.certainty = Certainty::Made).is_some()
    }
}

impl NotedProcess {
    /// The name under which its end is noted.
    pub fn note(&self) -> ProcessNote {
        ProcessNote(self.id)
    }
}

impl Noted {
    /// The name under which its result is noted.
    pub fn note(&self) -> NoteId {
        NoteId(self.id)
    }
}

fn intended(noted: &Noted) -> What {
    What::Intended { id: noted.id, act: noted.act, step: noted.step, thing: noted.thing.clone() }
}

#[cfg(test)]
mod tests;
