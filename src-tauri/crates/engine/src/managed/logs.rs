//! What do the controllers write about a cluster, and its containers while it is not as it should be?
//!
//! Nothing is read before somebody opens the page of a cluster, and nothing any more when he leaves it.

mod controllers;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use api::capi::LogRow;
use capi::log::{concerns, masked, stamped};
use capi::{ClusterKey, LogLine, LogSource};
use cluster::clock::Clock;
use cluster::session::Access;
use cluster::watch::Table;
use futures::future::join_all;
use tokio::sync::watch;
use tools::Programs;

use super::{Drawn, GLANCE};
use crate::tasks::Task;
use controllers::Controller;

/// Kept of each cluster.
const MOST_LINES: usize = 300;
/// Read of a container's past.
const CONTAINER_LINES: u32 = 200;

/// The logs that are followed now, by cluster.
pub(super) struct Logs {
    drawn: Arc<Drawn>,
    access: Access,
    clock: Arc<dyn Clock>,
    programs: Arc<dyn Programs>,
    /// The controllers, while somebody looks.
    controllers: Option<(Table, watch::Receiver<Vec<Controller>>)>,
    /// With the containers that are read: another machine may be the one that blocks.
    following: HashMap<ClusterKey, (Vec<String>, Task)>,
}

impl Logs {
    pub(super) fn new(drawn: Arc<Drawn>, access: Access, clock: Arc<dyn Clock>, programs: Arc<dyn Programs>) -> Self {
        Self { drawn, access, clock, programs, controllers: None, following: HashMap::new() }
    }

    /// Starts to read for clusters that somebody looks at, and ends where that is over.
    pub(super) fn follow_those_looked_at(&mut self) {
        let wanted = self.drawn.looked_at();
        self.following.retain(|key, (containers, _)| wanted.iter().any(|(wanted, now)| wanted == key && now == containers));
        if wanted.is_empty() {
            self.controllers = None;
            return;
        }
        let open = || controllers::watched(&self.access, self.clock.clone());
        let told = &self.controllers.get_or_insert_with(open).1;
        for (key, containers) in wanted {
            if !self.following.contains_key(&key) {
                let of_containers = read_containers(self.drawn.clone(), self.programs.clone(), key.clone(), containers.clone());
                let of_controllers = follow_controllers(self.drawn.clone(), self.access.clone(), told.clone(), key.clone());
                let work = async move {
                    tokio::join!(of_containers, of_controllers);
                };
                self.following.insert(key, (containers, Task::spawn("logs of a cluster", work)));
            }
        }
    }
}

async fn read_containers(drawn: Arc<Drawn>, programs: Arc<dyn Programs>, key: ClusterKey, containers: Vec<String>) {
    for container in containers {
        let lines = provision::local::last_lines(programs.as_ref(), &container, CONTAINER_LINES).await;
        let lines = lines.iter().map(|line| LogLine { source: LogSource::Container(container.clone()), text: masked(&line.text), at: line.at });
        drawn.overhear(&key, lines.collect());
    }
}

/// Follows the logs of all controllers that are there; others are followed as soon as they are told.
async fn follow_controllers(drawn: Arc<Drawn>, access: Access, mut told: watch::Receiver<Vec<Controller>>, key: ClusterKey) {
    loop {
        let now = told.borrow_and_update().clone();
        if let Some(gates) = controllers::gates(&now) {
            drawn.hear_gates(gates);
        }
        let following = async {
            join_all(now.iter().map(|controller| follow(&drawn, &access, &key, controller))).await;
            // There is none.
            std::future::pending::<()>().await;
        };
        tokio::select! {
            changed = told.changed() => if changed.is_err() { return },
            () = following => {}
        }
    }
}

/// A log ends with its container, or with the connection; it is opened again after a while.
async fn follow(drawn: &Drawn, access: &Access, key: &ClusterKey, Controller { name, log, .. }: &Controller) {
    loop {
        let each = |lines: Vec<String>| {
            let others = drawn.known().graph.called_after(key);
            let mine = lines.iter().filter(|line| concerns(stamped(line).1, key, &others)).map(|line| {
                let (at, text) = stamped(line);
                LogLine { source: LogSource::Controller(name.clone()), text: masked(text), at }
            });
            drawn.overhear(key, mine.collect());
        };
        if let Err(why) = log.follow(&access.client(), each).await {
            tracing::info!(controller = name, %why, "the log of a controller could not be read");
        }
        tokio::time::sleep(GLANCE).await;
    }
}

/// The last lines about a cluster.
#[derive(Debug, Default)]
pub(super) struct Lines {
    kept: VecDeque<(u64, Arc<LogLine>)>,
    next: u64,
}

impl Lines {
    pub(super) fn add(&mut self, lines: Vec<LogLine>) {
        if let Some(LogLine { source: container @ LogSource::Container(_), .. }) = lines.first() {
            // A container's log is read as a whole.
            self.kept.retain(|(_, line)| line.source != *container);
        }
        for line in lines {
            // A stream that was opened anew tells its end again.
            if line.at.is_some() && self.kept.iter().any(|(_, known)| **known == line) {
                continue;
            }
            self.kept.push_back((self.next, Arc::new(line)));
            self.next += 1;
        }
        while self.kept.len() > MOST_LINES {
            self.kept.pop_front();
        }
    }

    /// How many there ever were: when it is as many, the rows are the same.
    pub(super) fn told(&self) -> u64 {
        self.next
    }

    pub(super) fn facts(&self) -> Vec<Arc<LogLine>> {
        self.kept.iter().map(|(_, line)| line.clone()).collect()
    }

    pub(super) fn rows(&self) -> Vec<LogRow> {
        let row = |(number, line): &(u64, Arc<LogLine>)| {
            let (LogSource::Controller(source) | LogSource::Container(source)) = &line.source;
            LogRow { number: *number, at: line.at, source: source.clone(), text: line.text.clone() }
        };
        self.kept.iter().map(row).collect()
    }
}

#[cfg(test)]
mod tests {
    use api::Timestamp;
    use capi::{LogLine, LogSource};

    use super::{Lines, MOST_LINES};

    #[test]
    fn the_last_lines_stay_and_one_that_is_told_again_stands_once() {
        let line = |n: u64| LogLine { source: LogSource::Controller("capd".into()), text: format!("line {n}"), at: Some(Timestamp(n)) };
        let mut lines = Lines::default();
        lines.add((0..MOST_LINES as u64 + 5).map(line).collect());
        lines.add(vec![line(MOST_LINES as u64 + 4)]);
        let rows = lines.rows();
        assert_eq!((rows.len(), rows[0].number, rows[MOST_LINES - 1].text.as_str()), (MOST_LINES, 5, "line 304"));
    }
}
