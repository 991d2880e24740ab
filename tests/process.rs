//! Which processes stand at a desk, and how are they ended?

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail};

use crate::Desk;

/// What a user would wait before giving up; a slow machine is not a failure.
const PATIENCE: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(5);

/// A process of one desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Process {
    id: u32,
    /// Ticks since the machine started: tells it from a later one of the same number.
    started: String,
}

impl Process {
    /// Waits until a program with this file, or a file with this name, runs with the home folder of the desk.
    pub async fn of(desk: &Desk, program: &Path) -> anyhow::Result<Self> {
        Self::other_than(desk, program, None).await
    }

    /// The process with this number, while it runs.
    pub fn numbered(id: u32) -> Option<Self> {
        Some(Self { id, started: started(id)? })
    }

    /// The same, and not this one: what came in the place of one that ended.
    pub async fn other_than(desk: &Desk, program: &Path, not: Option<&Self>) -> anyhow::Result<Self> {
        let mut again = tokio::time::interval(LOOK);
        let looking = async {
            loop {
                if let Some(found) = all(desk, program).into_iter().find(|p| Some(p) != not) {
                    return found;
                }
                again.tick().await;
            }
        };
        tokio::time::timeout(PATIENCE, looking).await.with_context(|| format!("{} does not run", program.display()))
    }

    /// Waits until it hears the program that started it: whatever happens to it before that, nobody is told of.
    pub async fn begun(&self) -> anyhow::Result<()> {
        // As WebKit names the thread on which it hears.
        const HEARS: &str = "ReceiveQueue";
        let mut again = tokio::time::interval(LOOK);
        let threads = || std::fs::read_dir(format!("/proc/{}/task", self.id)).into_iter().flatten().flatten();
        let hears = || threads().any(|thread| std::fs::read_to_string(thread.path().join("comm")).is_ok_and(|name| name.trim() == HEARS));
        let waiting = async {
            while !hears() {
                again.tick().await;
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.with_context(|| format!("{} does not begin", self.id))
    }

    pub fn signal(&self, name: &str) -> anyhow::Result<()> {
        let status = std::process::Command::new("kill").args([format!("-{name}"), self.id.to_string()]).status()?;
        if !status.success() {
            bail!("{} cannot be sent {name}", self.id);
        }
        Ok(())
    }

    /// Waits until it is gone; what nobody asked for its end yet is gone too.
    pub async fn ended(&self) -> anyhow::Result<()> {
        let mut again = tokio::time::interval(LOOK);
        let waiting = async {
            while started(self.id).as_ref() == Some(&self.started) {
                again.tick().await;
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.with_context(|| format!("{} does not end", self.id))
    }

    /// Local addresses of the sockets on which it listens.
    pub fn listens(&self) -> Vec<String> {
        listens(self.id)
    }

    /// It and all that it started, and what those started.
    pub fn family(&self) -> Vec<Self> {
        let mut found = vec![self.clone()];
        let everybody: Vec<(u32, u32)> = numbers().filter_map(|id| Some((id, parent(id)?))).collect();
        let mut at = 0;
        while let Some(one) = found.get(at).map(|one| one.id) {
            let children = everybody.iter().filter(|(_, parent)| *parent == one);
            found.extend(children.filter_map(|(id, _)| Some(Self { id: *id, started: started(*id)? })));
            at += 1;
        }
        found
    }

    /// The most memory that it has had at any moment, in bytes.
    pub fn peak(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id)).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        line.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or_default() * 1024
    }

    /// Counts the most memory anew from now on.
    pub fn forget_peak(&self) -> anyhow::Result<()> {
        // proc(5): 5 resets the peak to what there is now.
        std::fs::write(format!("/proc/{}/clear_refs", self.id), "5").context("the peak of a process of ours is counted anew")
    }

    pub fn id(&self) -> u32 {
        self.id
    }

    /// What its program is called.
    pub fn name(&self) -> String {
        std::fs::read_to_string(format!("/proc/{}/comm", self.id)).unwrap_or_default().trim_end().to_owned()
    }

    /// Its arguments and its variables, as everybody who may look at it reads them.
    pub fn open_words(&self) -> Vec<String> {
        let read = |file: &str| std::fs::read(format!("/proc/{}/{file}", self.id)).unwrap_or_default();
        let words = [read("cmdline"), read("environ")].concat();
        String::from_utf8_lossy(&words).split('\0').map(str::to_owned).collect()
    }

    /// A variable of its environment.
    pub fn variable(&self, name: &str) -> Option<String> {
        let environment = std::fs::read(format!("/proc/{}/environ", self.id)).ok()?;
        let text = String::from_utf8_lossy(&environment).into_owned();
        text.split('\0').find_map(|line| line.strip_prefix(name)?.strip_prefix('=').map(str::to_owned))
    }
}

/// Local addresses of the sockets on which a process listens.
pub fn listens(pid: u32) -> Vec<String> {
    let sockets: BTreeSet<String> = std::fs::read_dir(format!("/proc/{pid}/fd"))
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some(std::fs::read_link(entry.path()).ok()?.to_str()?.strip_prefix("socket:[")?.trim_end_matches(']').to_owned()))
        .collect();
    let mut found = vec![];
    for table in ["tcp", "tcp6", "udp", "udp6"] {
        let text = std::fs::read_to_string(format!("/proc/{pid}/net/{table}")).unwrap_or_default();
        for line in text.lines().skip(1) {
            let words: Vec<&str> = line.split_whitespace().collect();
            if (words[3] == "0A" || table.starts_with("udp")) && sockets.contains(words[9]) {
                found.push(words[1].to_owned());
            }
        }
    }
    let text = std::fs::read_to_string(format!("/proc/{pid}/net/unix")).unwrap_or_default();
    // Flag 0x10000 is a socket that listens.
    found.extend(
        text.lines()
            .filter(|line| line.split_whitespace().nth(3) == Some("00010000") && line.split_whitespace().nth(6).is_some_and(|inode| sockets.contains(inode)))
            .map(str::to_owned),
    );
    found
}

/// Those that run now: programs with this file, or a file with this name, and the home folder of the desk.
pub fn all(desk: &Desk, program: &Path) -> Vec<Process> {
    let home = desk.home().display().to_string();
    let mut found: Vec<Process> = numbers()
        .filter(|id| std::fs::read_link(format!("/proc/{id}/exe")).is_ok_and(|exe| exe == program || exe.file_name() == Some(program.as_os_str())))
        .filter_map(|id| Some(Process { id, started: started(id)? }))
        .filter(|p| p.variable("HOME").is_some_and(|h| h == home))
        .collect();
    found.sort_by_key(|p| p.id);
    found
}

/// Waits until no process is left that has the home folder of the desk: what a program started may outlive its kill.
pub async fn all_gone(desk: &Desk) -> anyhow::Result<()> {
    let home = desk.home().display().to_string();
    let is_at_it = |process: &Process| process.variable("HOME").is_some_and(|h| h == home);
    let mut again = tokio::time::interval(LOOK);
    let waiting = async {
        while numbers().filter_map(Process::numbered).any(|process| is_at_it(&process)) {
            again.tick().await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.context("somebody stays at the desk")
}

/// The numbers of all processes.
fn numbers() -> impl Iterator<Item = u32> {
    std::fs::read_dir("/proc").into_iter().flatten().flatten().filter_map(|e| e.file_name().to_str()?.parse::<u32>().ok())
}

fn parent(id: u32) -> Option<u32> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    stat.rsplit_once(") ")?.1.split(' ').nth(1)?.parse().ok()
}

/// When a process started; `None` when it is gone, or waits only for its parent to hear of its end.
fn started(id: u32) -> Option<String> {
    let stat = std::fs::read_to_string(PathBuf::from(format!("/proc/{id}/stat"))).ok()?;
    // The name in parentheses may hold anything.
    let mut fields = stat.rsplit_once(") ")?.1.split(' ');
    let state = fields.next()?;
    (state != "Z" && state != "X").then(|| fields.nth(18).map(str::to_owned))?
}
