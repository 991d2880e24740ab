//! What does a job write into its journal and its log, and what becomes of them when that fails?
//!
//! Everything here blocks.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use api::Timestamp;

use crate::What;
use crate::disk::Disk;
use crate::journal::{self, Damage, LastLine, Tail};

/// Room for some thousand events, taken before the first side effect.
const RESERVED_BYTES: u64 = 1024 * 1024;

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
    /// Lines that the log does not have, until that is said in it.
    pub(super) lost_lines: usize,
    /// Those of them that the viewers were told of.
    pub(super) told_lines: usize,
}

impl Files {
    pub(crate) fn new(folder: &Path, read: &journal::Read) -> Self {
        let lead = match read.tail {
            Tail::Damaged(Damage { last: LastLine::Open, .. }) => "\n",
            Tail::Whole | Tail::Torn | Tail::Damaged(Damage { last: LastLine::Event | LastLine::Bad, .. }) => "",
        };
        Self {
            folder: folder.to_owned(),
            journal: None,
            n: read.lines,
            good_bytes: read.good_bytes,
            tail: read.tail,
            lead,
            log: None,
            lost_lines: 0,
            told_lines: 0,
        }
    }

    /// Takes room for what the journal will say, so that a full disk is found before a side effect.
    pub(crate) fn reserve(&mut self, disk: &dyn Disk) -> io::Result<()> {
        let bytes = self.good_bytes + RESERVED_BYTES;
        disk.reserve(opened(&mut self.journal, disk, &self.folder, "journal.jsonl")?, bytes)
    }

    /// Closes both; the room of a finished job is given back.
    pub(super) fn rest(&mut self, disk: &dyn Disk, room: Room) {
        if let (Some(journal), Room::GivenBack) = (&self.journal, room)
            && let Err(cause) = disk.cut(journal, self.good_bytes)
        {
            tracing::debug!(%cause, "the room of a journal is not given back");
        }
        self.journal = None;
        self.log = None;
    }

    /// Writes the first event of a new job.
    pub(crate) fn begin(&mut self, disk: &dyn Disk, at: Timestamp) -> io::Result<()> {
        self.append(disk, &[(at, What::Planned)], Durability::Now)
    }

    pub(super) fn append(&mut self, disk: &dyn Disk, events: &[(Timestamp, What)], durability: Durability) -> io::Result<()> {
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

    /// All of it or nothing: half a line would run into the next one.
    pub(super) fn print(&mut self, disk: &dyn Disk, log: &str) -> io::Result<()> {
        let file = opened(&mut self.log, disk, &self.folder, "output.log")?;
        let end = file.metadata()?.len();
        let printed = disk.append(file, log.as_bytes());
        if printed.is_err() {
            // The first failure is the one to tell.
            let _ = disk.cut(file, end);
        }
        printed
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
pub(super) enum Durability {
    Soon,
    Now,
}
