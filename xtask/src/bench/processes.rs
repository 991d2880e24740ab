//! What do the machine and a tree of processes use right now? Read from /proc.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};

/// The kernel's unit of processor time in /proc on every Linux that KOS runs on, per second.
const TICKS: f64 = 100.0;

/// What was running when a figure was taken: a number from a busy machine is no number.
pub(crate) struct Machine {
    busy: u64,
    stolen: u64,
    all: u64,
}

impl Machine {
    pub(crate) fn now() -> Result<Self> {
        let text = fs::read_to_string("/proc/stat")?;
        let numbers: Vec<u64> = text.lines().next().unwrap_or_default().split_whitespace().filter_map(|w| w.parse().ok()).collect();
        let at = |i: usize| numbers.get(i).copied().unwrap_or(0);
        let all = numbers.iter().take(8).sum();
        Ok(Self { busy: all - at(3) - at(4), stolen: at(7), all })
    }

    /// The share that was busy and the share that the host took away, since then.
    pub(crate) fn until_now(&self) -> Result<String> {
        let now = Self::now()?;
        let percent = |part: u64| 100.0 * part as f64 / (now.all - self.all).max(1) as f64;
        let load = fs::read_to_string("/proc/loadavg")?;
        let load = load.split(' ').next().unwrap_or_default();
        Ok(format!("machine: busy {:.0} %, stolen {:.1} %, load {load} at the end", percent(now.busy - self.busy), percent(now.stolen - self.stolen)))
    }
}

struct Process {
    parent: u32,
    name: String,
    ticks: u64,
}

/// Everything below a process, itself included.
pub(crate) struct Tree(BTreeMap<u32, Process>);

impl Tree {
    /// The processes below `root` from those whose name begins with one of `tops` downwards: the bus and the driver are not
    /// the window.
    pub(crate) fn below(root: u32, tops: &[&str]) -> Result<Self> {
        let mut all = BTreeMap::new();
        for entry in fs::read_dir("/proc")?.flatten() {
            let Some(pid) = entry.file_name().to_str().and_then(|n| n.parse::<u32>().ok()) else { continue };
            // A process may end while it is read.
            if let Some(process) = fs::read_to_string(entry.path().join("stat")).ok().as_deref().and_then(read) {
                all.insert(pid, process);
            }
        }
        let is_below = |pid: u32, wanted: &dyn Fn(u32, &Process) -> bool| {
            let mut at = pid;
            while let Some(process) = all.get(&at) {
                if wanted(at, process) {
                    return true;
                }
                at = process.parent;
            }
            false
        };
        let named = |_: u32, p: &Process| tops.iter().any(|top| p.name.starts_with(top));
        let kept: Vec<u32> = all.keys().copied().filter(|pid| is_below(*pid, &|at, _| at == root) && is_below(*pid, &named)).collect();
        Ok(Self(kept.into_iter().filter_map(|pid| all.remove(&pid).map(|p| (pid, p))).collect()))
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Processor time in seconds so far.
    pub(crate) fn seconds(&self) -> f64 {
        self.0.values().map(|p| p.ticks).sum::<u64>() as f64 / TICKS
    }

    /// Memory in MB: each shared page counts in parts for who shares it.
    pub(crate) fn megabytes(&self) -> Result<f64> {
        let mut kilobytes = 0;
        for pid in self.0.keys() {
            let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).with_context(|| format!("process {pid} ended"))?;
            let line = text.lines().find_map(|l| l.strip_prefix("Pss:")).unwrap_or_default();
            kilobytes += line.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap_or(0);
        }
        Ok(kilobytes as f64 / 1024.0)
    }
}

/// Reads `/proc/PID/stat`; the name stands in brackets and may hold anything.
fn read(text: &str) -> Option<Process> {
    let (head, rest) = text.rsplit_once(')')?;
    let name = head.split_once('(')?.1.to_owned();
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let number = |i: usize| fields.get(i).and_then(|f| f.parse::<u64>().ok());
    Some(Process { parent: u32::try_from(number(1)?).ok()?, name, ticks: number(11)? + number(12)? })
}
