//! Where do the events and the output of one job go, and in which order?
//!
//! Into the snapshot at once, onto the disk soon; an event that must be durable is on disk first and in the snapshot after.
//! Bounds: 20,000 lines in memory; at most [`PENDING_LINES`] wait for the disk, then whoever prints writes them itself, so
//! a slow disk slows the printing program instead of losing its lines.
//! Locks: `files` before `shared`, neither across an await.

use std::borrow::Cow;
use std::io;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use api::Fault;
use api::jobs::Tone;
use async_trait::async_trait;
use tokio::sync::{Notify, watch};

use crate::context::Pen;
use crate::disk::Disk;
use crate::fault::JobError;
use crate::output::{Output, OutputSlice, Printed, log_line};
use crate::snapshot::Snapshot;
use crate::{Clock, Event, What};

mod files;

use files::Durability;
pub(crate) use files::{Files, Room};

const PENDING_LINES: usize = 8_192;
/// What is printed close together is written together: a flood would otherwise cost a thread and a write a line.
const GATHER: Duration = Duration::from_millis(10);

#[derive(Clone)]
pub(crate) struct Recorder {
    inner: Arc<Inner>,
}

struct Inner {
    title: String,
    clock: Clock,
    disk: Arc<dyn Disk>,
    shared: Mutex<Shared>,
    /// `None` for an instance that only reads.
    files: Mutex<Option<Files>>,
    wake: Notify,
    /// Counts changes of any job but output.
    list: watch::Sender<u64>,
    /// Counts changes of this job, output included.
    changed: watch::Sender<u64>,
}

struct Shared {
    snapshot: Snapshot,
    output: Output,
    last_id: u32,
    pending: Pending,
}

#[derive(Default)]
struct Pending {
    events: Vec<(api::Timestamp, What)>,
    log: String,
    log_lines: usize,
}

/// The line that tells of lines which the log does not have.
struct Gap {
    step: u32,
    at: api::Timestamp,
    words: String,
}

/// What a recorder is made of.
pub(crate) struct Start {
    pub(crate) title: String,
    pub(crate) clock: Clock,
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) snapshot: Snapshot,
    pub(crate) output: Output,
    pub(crate) files: Option<Files>,
    pub(crate) list: watch::Sender<u64>,
}

impl Recorder {
    pub(crate) fn new(start: Start) -> Self {
        let Start { title, clock, disk, snapshot, output, files, list } = start;
        let last_id = snapshot.last_id;
        let shared = Mutex::new(Shared { snapshot, output, last_id, pending: Pending::default() });
        let inner = Inner { title, clock, disk, shared, files: Mutex::new(files), wake: Notify::new(), list, changed: watch::Sender::new(0) };
        Self { inner: Arc::new(inner) }
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        self.shared().snapshot.clone()
    }

    pub(crate) fn lines_per_step(&self) -> Vec<u32> {
        self.shared().output.per_step.clone()
    }

    pub(crate) fn output_after(&self, after: u64, most: usize) -> OutputSlice {
        self.shared().output.after(after, most)
    }

    /// What programs printed in these steps since a moment.
    pub(crate) fn printed(&self, steps: &Range<u32>, since: api::Timestamp) -> Printed {
        self.shared().output.printed(steps, since)
    }

    pub(crate) fn watch(&self) -> watch::Receiver<u64> {
        self.inner.changed.subscribe()
    }

    /// Tells the viewers of the job and of the list.
    pub(crate) fn bump(&self) {
        self.inner.changed.send_modify(|n| *n += 1);
        self.inner.list.send_modify(|n| *n += 1);
    }

    /// Writes what waits, whenever something does; ends with whoever polls it.
    pub(crate) async fn keep_flushing(&self) {
        loop {
            self.inner.wake.notified().await;
            tokio::time::sleep(GATHER).await;
            self.flush().await;
        }
    }

    /// Writes what waits. A journal that cannot be written says so at the next durable event, not here.
    pub(crate) async fn flush(&self) {
        let recorder = self.clone();
        if let Err(cause) = tokio::task::spawn_blocking(move || recorder.flush_now()).await {
            tracing::error!(%cause, "a flush of a journal ended early");
        }
    }

    /// Nothing is written after this: the folder goes.
    pub(crate) fn close_files(&self) {
        self.files().take();
    }

    /// Closes the files until somebody writes again.
    pub(crate) fn rest(&self, room: Room) {
        if let Some(files) = self.files().as_mut() {
            if files.lost_lines > 0 {
                self.print(files, "", 0);
                // It still cannot be written.
                if let Some(gap) = self.gap(files) {
                    self.tell(files, gap);
                }
            }
            files.rest(&*self.inner.disk, room);
        }
    }

    /// Takes room for the next run.
    pub(crate) async fn reserve(&self) -> Result<(), Fault> {
        let recorder = self.clone();
        let reserved = tokio::task::spawn_blocking(move || recorder.files().as_mut().map_or(Ok(()), |files| files.reserve(&*recorder.inner.disk)));
        let reserved = reserved.await.unwrap_or_else(|cause| Err(io::Error::other(cause)));
        reserved.map_err(|cause| JobError::NotStarted { title: self.inner.title.clone(), cause }.into())
    }

    fn flush_now(&self) {
        let mut files = self.files();
        let Some(files) = files.as_mut() else { return };
        let pending = std::mem::take(&mut self.shared().pending);
        if !pending.log.is_empty() {
            self.print(files, &pending.log, pending.log_lines);
        }
        if !pending.events.is_empty()
            && let Err(cause) = files.append(&*self.inner.disk, &pending.events, Durability::Soon)
        {
            tracing::warn!(%cause, job = self.inner.title, "the journal cannot be written");
            self.put_back(pending.events);
        }
    }

    /// Writes lines to the log; when it does not have all before them, that is said there and to the viewers.
    fn print(&self, files: &mut Files, log: &str, lines: usize) {
        let gap = self.gap(files);
        let text = match &gap {
            Some(gap) => Cow::Owned(log_line(gap.step, gap.at, Tone::Ours, &gap.words) + log),
            None => Cow::Borrowed(log),
        };
        match files.print(&*self.inner.disk, &text) {
            Ok(()) => {
                if let Some(gap) = gap {
                    self.tell(files, gap);
                }
                (files.lost_lines, files.told_lines) = (0, 0);
            }
            Err(cause) => {
                if files.lost_lines == 0 {
                    tracing::warn!(%cause, job = self.inner.title, "the output log cannot be written; lines are kept in memory only");
                }
                files.lost_lines += lines;
            }
        }
    }

    fn gap(&self, files: &Files) -> Option<Gap> {
        let words = match files.lost_lines {
            0 => return None,
            1 => "1 line was not kept in the log, which could not be written.".to_owned(),
            lost => format!("{lost} lines were not kept in the log, which could not be written."),
        };
        let step = self.shared().snapshot.current_step();
        Some(Gap { step, at: (self.inner.clock)(), words })
    }

    fn tell(&self, files: &mut Files, gap: Gap) {
        if files.told_lines < files.lost_lines {
            files.told_lines = files.lost_lines;
            self.shared().output.push(gap.step, gap.at, Tone::Ours, &gap.words);
            self.inner.changed.send_modify(|n| *n += 1);
        }
    }

    fn put_back(&self, events: Vec<(api::Timestamp, What)>) {
        self.shared().pending.events.splice(0..0, events);
    }

    fn apply(shared: &mut Shared, at: api::Timestamp, what: What) {
        let seq = shared.snapshot.seen() + 1;
        shared.snapshot.apply(&Event { seq, at, what });
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.inner.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn files(&self) -> MutexGuard<'_, Option<Files>> {
        self.inner.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Pen for Recorder {
    fn write(&self, what: What) {
        let at = (self.inner.clock)();
        let mut shared = self.shared();
        if !what.is_chatter() {
            shared.pending.events.push((at, what.clone()));
        }
        Self::apply(&mut shared, at, what);
        drop(shared);
        self.bump();
        self.inner.wake.notify_one();
    }

    async fn write_through(&self, what: What) -> Result<(), Fault> {
        let recorder = self.clone();
        match tokio::task::spawn_blocking(move || recorder.write_through_now(what)).await {
            Ok(result) => result,
            Err(cause) => Err(JobError::Paused { title: self.inner.title.clone(), cause: io::Error::other(cause) }.into()),
        }
    }

    fn write_through_now(&self, what: What) -> Result<(), Fault> {
        let at = (self.inner.clock)();
        let mut guard = self.files();
        let paused = |cause| Fault::from(JobError::Paused { title: self.inner.title.clone(), cause });
        let files = guard.as_mut().ok_or_else(|| paused(io::Error::from(io::ErrorKind::ReadOnlyFilesystem)))?;
        let mut events = std::mem::take(&mut self.shared().pending.events);
        events.push((at, what.clone()));
        if let Err(cause) = files.append(&*self.inner.disk, &events, Durability::Now) {
            events.pop();
            self.put_back(events);
            return Err(paused(cause));
        }
        Self::apply(&mut self.shared(), at, what);
        drop(guard);
        self.bump();
        Ok(())
    }

    fn output(&self, step: u32, tone: Tone, text: &str) {
        let at = (self.inner.clock)();
        let mut shared = self.shared();
        for line in text.lines() {
            shared.output.push(step, at, tone, line);
            shared.pending.log.push_str(&log_line(step, at, tone, line));
            shared.pending.log_lines += 1;
        }
        let full = shared.pending.log_lines >= PENDING_LINES;
        drop(shared);
        self.inner.changed.send_modify(|n| *n += 1);
        if full {
            self.flush_now();
        } else {
            self.inner.wake.notify_one();
        }
    }

    fn next_id(&self) -> u32 {
        let mut shared = self.shared();
        shared.last_id += 1;
        shared.last_id
    }
}
