//! What does a pod look like as a row?
//!
//! The STATUS column follows kubectl's printers (1.36) branch by branch, so that both tools say the same word.

use api::{
    Timestamp,
    tables::{Health, PodRow, TableRow},
};
use serde::Deserialize;

use super::{
    Object,
    fields::{Condition, Meta, moment, named, or_default, shown},
};

#[derive(Deserialize)]
pub(crate) struct Pod {
    metadata: Meta,
    #[serde(default, deserialize_with = "or_default")]
    spec: Spec,
    #[serde(default, deserialize_with = "or_default")]
    status: Status,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Spec {
    #[serde(default, deserialize_with = "or_default")]
    node_name: String,
    #[serde(default, deserialize_with = "or_default")]
    containers: Vec<serde::de::IgnoredAny>,
    #[serde(default, deserialize_with = "or_default")]
    init_containers: Vec<InitContainer>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct InitContainer {
    #[serde(default, deserialize_with = "or_default")]
    name: String,
    #[serde(default, deserialize_with = "or_default")]
    restart_policy: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    #[serde(default, deserialize_with = "or_default")]
    phase: String,
    #[serde(default, deserialize_with = "or_default")]
    reason: String,
    #[serde(default, rename = "podIP", deserialize_with = "or_default")]
    pod_ip: String,
    #[serde(default, deserialize_with = "or_default")]
    conditions: Vec<Condition>,
    #[serde(default, deserialize_with = "or_default")]
    init_container_statuses: Vec<Container>,
    #[serde(default, deserialize_with = "or_default")]
    container_statuses: Vec<Container>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Container {
    #[serde(default, deserialize_with = "or_default")]
    name: String,
    #[serde(default, deserialize_with = "or_default")]
    ready: bool,
    #[serde(default)]
    started: Option<bool>,
    #[serde(default, deserialize_with = "or_default")]
    restart_count: u32,
    #[serde(default, deserialize_with = "or_default")]
    state: State,
    #[serde(default, deserialize_with = "or_default")]
    last_state: State,
}

#[derive(Default, Deserialize)]
struct State {
    running: Option<serde::de::IgnoredAny>,
    waiting: Option<Waiting>,
    terminated: Option<Terminated>,
}

#[derive(Deserialize)]
struct Waiting {
    #[serde(default, deserialize_with = "or_default")]
    reason: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Terminated {
    #[serde(default, deserialize_with = "or_default")]
    reason: String,
    #[serde(default, deserialize_with = "or_default")]
    exit_code: i32,
    #[serde(default, deserialize_with = "or_default")]
    signal: i32,
    #[serde(default, deserialize_with = "moment")]
    finished_at: Option<Timestamp>,
}

impl Terminated {
    /// `Error`, `OOMKilled`, or what the exit says when the runtime gave no reason.
    fn word(&self) -> String {
        if !self.reason.is_empty() {
            self.reason.clone()
        } else if self.signal != 0 {
            format!("Signal:{}", self.signal)
        } else {
            format!("ExitCode:{}", self.exit_code)
        }
    }
}

impl Object for Pod {
    fn version(&self) -> &str {
        &self.metadata.resource_version
    }

    fn row(self) -> TableRow {
        let seen = self.seen();
        TableRow::Pod(PodRow {
            health: self.health(&seen),
            containers: (self.spec.containers.len() + self.sidecars()).try_into().unwrap_or(u16::MAX),
            ready: seen.ready,
            status: shown(&seen.status),
            restarts: seen.restarts,
            last_restart: seen.last_restart,
            namespace: named(self.metadata.namespace),
            name: named(self.metadata.name),
            node: named(self.spec.node_name),
            ip: named(self.status.pod_ip),
            created: self.metadata.creation_timestamp,
        })
    }
}

/// What the container statuses add up to.
struct Seen {
    status: String,
    ready: u16,
    restarts: u32,
    last_restart: Option<Timestamp>,
}

/// Restarts and the moment of the last one.
#[derive(Default, Clone, Copy)]
struct Restarts {
    count: u32,
    last: Option<Timestamp>,
}

impl Restarts {
    fn add(&mut self, container: &Container) {
        self.count = self.count.saturating_add(container.restart_count);
        self.last = self.last.max(container.last_state.terminated.as_ref().and_then(|end| end.finished_at));
    }
}

impl Pod {
    fn seen(&self) -> Seen {
        let mut status = if self.status.reason.is_empty() { self.status.phase.clone() } else { self.status.reason.clone() };
        if self.status.conditions.iter().any(|c| c.kind == "PodScheduled" && c.reason == "SchedulingGated") {
            "SchedulingGated".clone_into(&mut status);
        }
        let (mut all, mut sidecars, mut ready) = (Restarts::default(), Restarts::default(), 0);
        let mut initializing = false;
        for (place, container) in self.status.init_container_statuses.iter().enumerate() {
            all.add(container);
            let sidecar = self.is_sidecar(&container.name);
            if sidecar {
                sidecars.add(container);
            }
            if container.state.terminated.as_ref().is_some_and(|end| end.exit_code == 0) {
                continue;
            }
            if sidecar && container.started == Some(true) {
                ready += u16::from(container.ready);
                continue;
            }
            status = match (&container.state.terminated, &container.state.waiting) {
                (Some(end), _) => format!("Init:{}", end.word()),
                (None, Some(waiting)) if !waiting.reason.is_empty() && waiting.reason != "PodInitializing" => format!("Init:{}", waiting.reason),
                (None, _) => format!("Init:{place}/{}", self.spec.init_containers.len()),
            };
            initializing = true;
            break;
        }
        if !initializing || self.condition("Initialized") {
            all = sidecars;
            let mut running = false;
            // The first container wins, as in kubectl, so the walk goes backwards.
            for container in self.status.container_statuses.iter().rev() {
                all.add(container);
                match (&container.state.waiting, &container.state.terminated) {
                    (Some(waiting), _) if !waiting.reason.is_empty() => status.clone_from(&waiting.reason),
                    (_, Some(end)) => status = end.word(),
                    (_, None) if container.ready && container.state.running.is_some() => {
                        running = true;
                        ready += 1;
                    }
                    (_, None) => {}
                }
            }
            if status == "Completed" && running {
                status = if self.condition("Ready") { "Running" } else { "NotReady" }.to_owned();
            }
        }
        if self.metadata.deletion_timestamp.is_some() {
            if self.status.reason == "NodeLost" {
                "Unknown".clone_into(&mut status);
            } else if !matches!(self.status.phase.as_str(), "Succeeded" | "Failed") {
                "Terminating".clone_into(&mut status);
            }
        }
        Seen { status, ready, restarts: all.count, last_restart: all.last }
    }

    /// Worst that can be said without history: a phase alone hides crash loops.
    fn health(&self, seen: &Seen) -> Health {
        let word = seen.status.strip_prefix("Init:").unwrap_or(&seen.status);
        match word {
            "Terminating" => Health::Progress,
            "Unknown" | "NodeLost" => Health::Unknown,
            "Completed" | "Succeeded" => Health::Idle,
            "SchedulingGated" => Health::Idle,
            "Pending" if self.status.conditions.iter().any(|c| c.kind == "PodScheduled" && c.reason == "Unschedulable") => Health::Warning,
            "Pending" | "ContainerCreating" | "PodInitializing" => Health::Progress,
            "Running" if self.condition("Ready") => Health::Healthy,
            "Running" if seen.restarts > 0 => Health::Warning,
            "Running" => Health::Progress,
            "NotReady" => Health::Warning,
            _ if word.split_once('/').is_some_and(|(done, of)| done.parse::<u32>().is_ok() && of.parse::<u32>().is_ok()) => Health::Progress,
            // Everything else is a reason why something does not run: CrashLoopBackOff, ErrImagePull, OOMKilled, Evicted, …
            _ => Health::Failed,
        }
    }

    fn condition(&self, kind: &str) -> bool {
        self.status.conditions.iter().any(|c| c.kind == kind && c.is_true())
    }

    fn is_sidecar(&self, name: &str) -> bool {
        self.spec.init_containers.iter().any(|c| c.name == name && c.restart_policy == "Always")
    }

    fn sidecars(&self) -> usize {
        self.spec.init_containers.iter().filter(|c| c.restart_policy == "Always").count()
    }
}
