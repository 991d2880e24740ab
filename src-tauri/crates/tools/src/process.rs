//! Which process is this, and does it still run?
//!
//! Knows: `/proc` and process descriptors. A number alone is never trusted: it is used again after its process ended.

use std::fs;

use rustix::fd::OwnedFd;
use rustix::process::{Pid, PidfdFlags, pidfd_open};
use tokio::io::unix::AsyncFd;

use crate::ProcessId;
use crate::ready::watched;

/// What one line of `/proc/PID/stat` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stat {
    pub(crate) state: char,
    pub(crate) group: i32,
    pub(crate) started: u64,
}

impl Stat {
    /// A zombie runs no more; it only waits for its parent.
    fn runs(self) -> bool {
        !matches!(self.state, 'Z' | 'X' | 'x')
    }
}

/// Reads a stat line; the name in brackets may itself hold brackets and spaces.
pub(crate) fn parse_stat(line: &str) -> Option<Stat> {
    let (_, after) = line.rsplit_once(')')?;
    let fields: Vec<&str> = after.split_ascii_whitespace().collect();
    Some(Stat { state: fields.first()?.chars().next()?, group: fields.get(2)?.parse().ok()?, started: fields.get(19)?.parse().ok()? })
}

pub(crate) fn stat(pid: u32) -> Option<Stat> {
    // The name of a process is any bytes, so the line need not be UTF-8.
    parse_stat(&String::from_utf8_lossy(&fs::read(format!("/proc/{pid}/stat")).ok()?))
}

pub(crate) fn identify(pid: u32) -> Option<ProcessId> {
    stat(pid).map(|stat| ProcessId { pid, started: stat.started })
}

pub(crate) fn alive(process: ProcessId) -> bool {
    stat(process.pid).is_some_and(|stat| stat.started == process.started && stat.runs())
}

pub(crate) fn leads_its_group(process: ProcessId) -> bool {
    stat(process.pid).is_some_and(|stat| stat.started == process.started && u32::try_from(stat.group) == Ok(process.pid))
}

/// Whether anything in this group still runs; reads all of `/proc`, so call it where blocking is allowed.
pub(crate) fn group_runs(leader: Pid) -> bool {
    let Ok(entries) = fs::read_dir("/proc") else { return false };
    entries
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter_map(stat)
        .any(|stat| stat.group == leader.as_raw_nonzero().get() && stat.runs())
}

pub(crate) fn pid(number: u32) -> Option<Pid> {
    i32::try_from(number).ok().and_then(Pid::from_raw)
}

/// A descriptor of one process, readable once it ended; no later process can take its place.
#[derive(Debug)]
pub(crate) struct Handle(AsyncFd<OwnedFd>);

impl Handle {
    pub(crate) fn open(pid: Pid) -> std::io::Result<Self> {
        Ok(Self(watched(pidfd_open(pid, PidfdFlags::empty())?)?))
    }

    /// Opens a process noted earlier, `None` when it ended.
    pub(crate) fn of(process: ProcessId) -> Option<Self> {
        let handle = Self::open(pid(process.pid)?).ok()?;
        // Compared after opening: from here on the number cannot come to mean another process.
        alive(process).then_some(handle)
    }

    /// Returns once the process ended, reaped or not.
    pub(crate) async fn ended(&self) {
        // An error means that the runtime shuts down; the caller's next await ends with it.
        let _ = self.0.readable().await;
    }
}

#[cfg(test)]
mod tests;
