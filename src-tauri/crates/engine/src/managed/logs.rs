//! What do the controllers write about a cluster, and its containers while it is not as it should be?
//!
//! Nothing is read before somebody opens the page of a cluster, and nothing any more when he leaves it.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use api::capi::LogRow;
use capi::log::{concerns, masked, stamped};
use capi::{ClusterKey, LogLine, LogSource};
use cluster::log::Log;
use cluster::session::Access;
use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use serde_json::Value;
use tools::Programs;

use super::{Drawn, GLANCE};
use crate::tasks::Task;

/// Kept of each cluster.
const MOST_LINES: usize = 300;
/// Read of a controller's past: it works on many clusters at once.
const TAIL: u32 = 1_000;
/// Read of a container's past.
const CONTAINER_LINES: u32 = 200;
/// Four providers have a pod each; more replicas wait for the lease and say nothing.
const MOST_PODS: usize = 24;

/// The logs that are followed now, by cluster.
pub(super) struct Logs {
    drawn: Arc<Drawn>,
    access: Access,
    programs: Arc<dyn Programs>,
    /// With the containers that are read: another machine may be the one that blocks.
    following: HashMap<ClusterKey, (Vec<String>, Task)>,
}

impl Logs {
    pub(super) fn new(drawn: Arc<Drawn>, access: Access, programs: Arc<dyn Programs>) -> Self {
        Self { drawn, access, programs, following: HashMap::new() }
    }

    /// Starts to read for clusters that somebody looks at, and ends where that is over.
    pub(super) fn follow_those_looked_at(&mut self) {
        let wanted = self.drawn.looked_at();
        self.following.retain(|key, (containers, _)| wanted.iter().any(|(wanted, now)| wanted == key && now == containers));
        for (key, containers) in wanted {
            if !self.following.contains_key(&key) {
                let work = follow(self.drawn.clone(), self.access.clone(), self.programs.clone(), key.clone(), containers.clone());
                self.following.insert(key, (containers, Task::spawn("logs of a cluster", work)));
            }
        }
    }
}

async fn follow(drawn: Arc<Drawn>, access: Access, programs: Arc<dyn Programs>, key: ClusterKey, containers: Vec<String>) {
    let of_containers = async {
        for container in containers {
            let lines = provision::local::last_lines(programs.as_ref(), &container, CONTAINER_LINES).await;
            let lines = lines.iter().map(|line| LogLine { source: LogSource::Container(container.clone()), text: masked(&line.text), at: line.at });
            drawn.overhear(&key, lines.collect());
        }
    };
    let of_controllers = async {
        // A controller that starts, or starts again, has another pod or none yet: a log that ended is looked for anew.
        loop {
            follow_controllers(&drawn, &access, &key).await;
            tokio::time::sleep(GLANCE).await;
        }
    };
    tokio::join!(of_containers, of_controllers);
}

/// Follows the logs of all providers until one of them ends.
async fn follow_controllers(drawn: &Drawn, access: &Access, key: &ClusterKey) {
    let client = &access.client();
    // Who may not read pods of the providers is told less.
    let Ok(pods) = cluster::read::object(client, "/api/v1/pods?labelSelector=cluster.x-k8s.io%2Fprovider").await else { return };
    let logs: Vec<(String, Log)> = pods["items"].as_array().into_iter().flatten().filter_map(log_of).take(MOST_PODS).collect();
    let mut following: FuturesUnordered<_> = logs
        .iter()
        .map(|(controller, log)| async move {
            let each = |lines: Vec<String>| {
                let mine = lines.iter().filter(|line| concerns(stamped(line).1, key)).map(|line| {
                    let (at, text) = stamped(line);
                    LogLine { source: LogSource::Controller(controller.clone()), text: masked(text), at }
                });
                drawn.overhear(key, mine.collect());
            };
            if let Err(why) = log.follow(client, each).await {
                tracing::info!(controller, %why, "the log of a controller could not be read");
            }
        })
        .collect();
    following.next().await;
}

/// The log of a provider's pod, and what its Deployment is called.
fn log_of(pod: &Value) -> Option<(String, Log)> {
    let text = |field: &str| pod.pointer(field).and_then(Value::as_str).unwrap_or_default();
    let name = text("/metadata/name");
    let containers: Vec<&str> = pod.pointer("/spec/containers")?.as_array()?.iter().filter_map(|one| one["name"].as_str()).collect();
    let container = containers.iter().find(|one| **one == "manager").or(containers.first())?;
    // A Deployment's pod has two parts more than its name, its ReplicaSet's and its own.
    let controller = name.rsplitn(3, '-').nth(2).unwrap_or(name).to_owned();
    Some((controller, Log { namespace: text("/metadata/namespace").to_owned(), pod: name.to_owned(), container: (*container).to_owned(), tail_lines: TAIL }))
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
    use serde_json::json;

    use super::{Lines, MOST_LINES, log_of};

    #[test]
    fn the_last_lines_stay_and_one_that_is_told_again_stands_once() {
        let line = |n: u64| LogLine { source: LogSource::Controller("capd".into()), text: format!("line {n}"), at: Some(Timestamp(n)) };
        let mut lines = Lines::default();
        lines.add((0..MOST_LINES as u64 + 5).map(line).collect());
        lines.add(vec![line(MOST_LINES as u64 + 4)]);
        let rows = lines.rows();
        assert_eq!((rows.len(), rows[0].number, rows[MOST_LINES - 1].text.as_str()), (MOST_LINES, 5, "line 304"));
    }

    #[test]
    fn a_pod_of_a_provider_is_called_as_its_deployment() {
        let pod = json!({
            "metadata": { "name": "capd-controller-manager-7dcf9c5cfd-wc4mj", "namespace": "capd-system" },
            "spec": { "containers": [{ "name": "kube-rbac-proxy" }, { "name": "manager" }] },
        });
        let (controller, log) = log_of(&pod).unwrap();
        assert_eq!((controller.as_str(), log.container.as_str()), ("capd-controller-manager", "manager"));
        assert_eq!(log_of(&json!({ "metadata": {} })), None);
    }
}
