//! Where do the events and the output of one job go, and in which order?
//!
//! Into the snapshot at once, onto the disk soon; an event that must be durable is on disk first and in the snapshot after.
//! Bounds: 20,000 lines in memory; at most [`PENDING_LINES`] wait for the disk, then whoever prints writes them itself, so
//! a slow disk slows the printing program instead of losing its lines.
//! Locks: `files` before `shared`, neither across an await.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use api::Fault;
use api::jobs::Tone;
use async_trait::async_trait;
use tokio::sync::{Notify, watch};

use crate::context::Pen;
use crate::disk::Disk;
use crate::fault::JobError;
use crate::journal::{self, Damage, LastLine, Tail};
use crate::output::{Output, OutputSlice, log_line};
use crate::snapshot::Snapshot;
use crate::{Clock, Event, What};

const PENDING_LINES: usize = 8_192;
/// What is printed close together is written together: a flood would otherwise cost a thread and a write a line.
const GATHER: Duration = Duration::from_millis(10);
/// Room for some thousand events, taken before the first side effect.
const RESERVED_BYTES: u64 = 1024 * 1024;

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

/// The journal and the log: open while somebody writes, so that hundreds of finished jobs hold no descriptor.
pub(crate) struct Files {
    folder: PathBuf,
    journal: Option<File>,
    /// The number of the last line and where it ends.
    n: u64,
    good_bytes: u64,
    tail: Tail,
    /// Stands before the next line: a damaged journal may end in the middle of one, and nothing of it is cut off.
    lead: &'static str,
    log: Option<File>,
    lost_lines: usize,
}

impl Files {
    pub(crate) fn new(folder: &Path, read: &journal::Read) -> Self {
        let lead = match read.tail {
            Tail::Damaged(Damage { last: LastLine::Open, .. }) => "\n",
            Tail::Whole | Tail::Torn | Tail::Damaged(Damage { last: LastLine::Event | LastLine::Bad, .. }) => "",
        };
        Self { folder: folder.to_owned(), journal: None, n: read.lines, good_bytes: read.good_bytes, tail: read.tail, lead, log: None, lost_lines: 0 }
    }

    /// Takes room for what the journal will say, so that a full disk is found before a side effect.
    pub(crate) fn reserve(&mut self, disk: &dyn Disk) -> io::Result<()> {
        let bytes = self.good_bytes + RESERVED_BYTES;
        disk.reserve(opened(&mut self.journal, disk, &self.folder, "journal.jsonl")?, bytes)
    }

    /// Closes both; the room of a finished job is given back.
    fn rest(&mut self, disk: &dyn Disk, room: Room) {
        if let (Some(journal), Room::GivenBack) = (&self.journal, room)
            && let Err(cause) = disk.cut(journal, self.good_bytes)
        {
            tracing::debug!(%cause, "the room of a journal is not given back");
        }
        self.journal = None;
        self.log = None;
    }

    /// Writes the first event of a new job.
    pub(crate) fn begin(&mut self, disk: &dyn Disk, at: api::Timestamp) -> io::Result<()> {
        self.append(disk, &[(at, What::Planned)], Durability::Now)
    }

    fn append(&mut self, disk: &dyn Disk, events: &[(api::Timestamp, What)], durability: Durability) -> io::Result<()> {
        let mut text = self.lead.to_owned();
        for (n, (at, what)) in (self.n + 1..).zip(events) {
            text.push_str(&journal::line(n, *at, what)?);
        }
        let journal = opened(&mut self.journal, disk, &self.folder, "journal.jsonl")?;
        if self.tail == Tail::Torn {
            disk.cut(journal, self.good_bytes)?;
        }
        // Until all of it is known to be there, none of it is.
        self.tail = Tail::Torn;
        disk.append(journal, text.as_bytes())?;
        match durability {
            Durability::Soon => {}
            Durability::Now => disk.sync(journal)?,
        }
        self.tail = Tail::Whole;
        self.lead = "";
        self.n += events.len() as u64;
        self.good_bytes += text.len() as u64;
        Ok(())
    }

    fn print(&mut self, disk: &dyn Disk, log: &str, lines: usize) {
        let printed = opened(&mut self.log, disk, &self.folder, "output.log").and_then(|file| disk.append(file, log.as_bytes()));
        if let Err(cause) = printed {
            if self.lost_lines == 0 {
                tracing::warn!(%cause, "the output log cannot be written; lines are kept in memory only");
            }
            self.lost_lines += lines;
        }
    }
}

fn opened<'a>(slot: &'a mut Option<File>, disk: &dyn Disk, folder: &Path, name: &str) -> io::Result<&'a mut File> {
    let file = match slot.take() {
        Some(file) => file,
        None => disk.open(&folder.join(name))?,
    };
    Ok(slot.insert(file))
}

/// What becomes of the reserved room of a journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Room {
    Kept,
    GivenBack,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Durability {
    Soon,
    Now,
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
            files.print(&*self.inner.disk, &pending.log, pending.log_lines);
        }
        if !pending.events.is_empty()
            && let Err(cause) = files.append(&*self.inner.disk, &pending.events, Durability::Soon)
        {
            tracing::warn!(%cause, job = self.inner.title, "the journal cannot be written");
            self.put_back(pending.events);
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
