//! What does a rule look at, and how does it answer?

use std::sync::Arc;

use api::capi::{Evidence, EvidenceSource, Remedy, Weight};
use api::changes::ClusterChange;
use api::{Millis, Timestamp};

use super::way;
use crate::condition::{Condition, Status};
use crate::graph::{ClusterKey, Graph};
use crate::log::is_about;
use crate::object::{CORE, Object, ObjectId};

/// What is known beside the objects. Whatever could not be had is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    pub now: Timestamp,
    pub events: Vec<Arc<Happening>>,
    pub logs: Vec<Arc<LogLine>>,
    /// The containers of this cluster as Docker lists them.
    pub containers: Vec<Container>,
    /// What a machine of this cluster took from its order to service.
    pub usual: Option<Millis>,
    /// What machines that go refer to and the server surely has no more: of a kind that is not read whole nobody can tell.
    pub gone: Vec<ObjectId>,
    /// What the core of Cluster API says of its features.
    pub gates: Option<Gates>,
}

/// With which features a controller was started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gates {
    /// `capi-controller-manager`.
    pub controller: String,
    /// `--feature-gates=MachinePool=true,ClusterTopology=false`.
    pub argument: String,
}

/// An Event of Kubernetes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    pub kind: String,
    pub name: String,
    pub reason: String,
    pub message: String,
    pub at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    pub source: LogSource,
    pub text: String,
    pub at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogSource {
    /// `capd-controller-manager`.
    Controller(String),
    /// `w1-lb`.
    Container(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Container {
    pub name: String,
    pub state: ContainerState,
    /// When it was started, when it ended, or when it was paused.
    pub since: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContainerState {
    Running,
    Paused,
    Exited(i32),
}

/// Controllers repeat an error after 17 minutes at the latest, and events and logs of one that lasts come more often.
const RECENT: Millis = Millis(20 * 60_000);

pub(super) struct Case<'a> {
    pub(super) graph: &'a Graph,
    pub(super) key: &'a ClusterKey,
    pub(super) cluster: &'a Object,
    pub(super) facts: &'a Facts,
    /// From the Cluster to the object that blocks.
    pub(super) way: Vec<&'a Object>,
}

pub(super) struct Finding {
    pub(super) weight: Weight,
    pub(super) sentence: String,
    pub(super) seen: Vec<Evidence>,
    pub(super) remedies: Vec<Remedy>,
}

impl<'a> Case<'a> {
    pub(super) fn new(graph: &'a Graph, key: &'a ClusterKey, facts: &'a Facts) -> Option<Self> {
        let cluster = graph.cluster(key)?;
        Some(Self { graph, key, cluster, facts, way: way::down(graph, key, cluster) })
    }

    pub(super) fn leaf(&self) -> &'a Object {
        self.way.last().copied().unwrap_or(self.cluster)
    }

    /// The Machine on the way, when it leads through one.
    pub(super) fn machine(&self) -> Option<&'a Object> {
        self.way.iter().rev().find(|o| o.is(CORE, "Machine")).copied()
    }

    pub(super) fn machines(&self) -> impl Iterator<Item = &'a Object> {
        self.graph.core(self.key, "Machine")
    }

    pub(super) fn control_plane(&self) -> Option<&'a Object> {
        self.cluster.control_plane.as_ref().and_then(|id| self.graph.get(id))
    }

    pub(super) fn infrastructure(&self, of: &Object) -> Option<&'a Object> {
        of.infrastructure.as_ref().and_then(|id| self.graph.get(id))
    }

    /// The first condition of an object whose message or reason holds one of the words.
    pub(super) fn condition_with(&self, objects: impl IntoIterator<Item = &'a Object>, words: &[&str]) -> Option<Evidence> {
        let all = objects.into_iter().flat_map(|o| o.conditions.iter().map(move |c| (o, c)));
        all.filter(|(_, c)| has(&c.message, words) || has(&c.reason, words)).map(|(o, c)| quote(o, c)).next()
    }

    pub(super) fn log_with(&self, words: &[&str]) -> Option<Evidence> {
        self.log_where(|line| has(line, words))
    }

    /// The same of lines that are about one object: in a healthy run too, controllers report errors of others.
    pub(super) fn log_about(&self, object: &Object, words: &[&str]) -> Option<Evidence> {
        self.log_where(|line| has(line, words) && is_about(line, &object.id))
    }

    fn log_where(&self, is_it: impl Fn(&str) -> bool) -> Option<Evidence> {
        self.facts.logs.iter().rev().filter(|line| self.counts(line.at)).find(|line| is_it(&line.text)).map(|line| Evidence {
            source: match &line.source {
                LogSource::Controller(name) => EvidenceSource::Controller { name: name.clone() },
                LogSource::Container(name) => EvidenceSource::Container { name: name.clone() },
            },
            text: line.text.clone(),
            at: line.at,
        })
    }

    pub(super) fn event_with(&self, words: &[&str]) -> Option<Evidence> {
        self.facts.events.iter().rev().filter(|e| self.counts(e.at)).find(|e| has(&e.message, words) || has(&e.reason, words)).map(|e| Evidence {
            source: EvidenceSource::Event { on: format!("{} {}", e.kind, e.name), reason: e.reason.clone() },
            text: e.message.clone(),
            at: e.at,
        })
    }

    /// Whether what was said then says something of now: it may have been mended since, and a healthy cluster has no cause.
    fn counts(&self, at: Option<Timestamp>) -> bool {
        !self.is_well() && at.is_none_or(|at| self.facts.now.since(at) < RECENT)
    }

    /// How and when a container ended, when Docker says that it did.
    pub(super) fn exit_of(&self, container: &str) -> Option<Evidence> {
        self.facts.containers.iter().filter(|c| c.name == container).find_map(|c| match c.state {
            ContainerState::Exited(code) => {
                Some(Evidence { source: EvidenceSource::Docker { container: container.to_owned() }, text: format!("exited with {code}"), at: c.since })
            }
            ContainerState::Running | ContainerState::Paused => None,
        })
    }

    /// Whether Docker says that a container runs: then what was said of it when it did not is over.
    pub(super) fn runs(&self, container: &str) -> bool {
        self.facts.containers.iter().any(|c| c.name == container && c.state == ContainerState::Running)
    }

    /// Wherever the words stand: in a condition on the way, in an event or in a log.
    pub(super) fn anywhere(&self, words: &[&str]) -> Vec<Evidence> {
        let on_the_way = self.condition_with(self.way.iter().copied(), words);
        [on_the_way, self.event_with(words), self.log_with(words)].into_iter().flatten().collect()
    }

    pub(super) fn is_well(&self) -> bool {
        self.way.len() == 1 && wrong(self.cluster).is_empty() && self.cluster.available().is_some_and(Condition::is_true)
    }

    pub(super) fn all_that_is_wrong(&self) -> Vec<Evidence> {
        self.way.iter().flat_map(|o| wrong(o).into_iter().map(|c| quote(o, c))).collect()
    }
}

/// Conditions for which True is not the healthy state.
const TROUBLE: [&str; 7] = ["Deleting", "Paused", "Remediating", "RollingOut", "ScalingDown", "ScalingUp", "Updating"];

/// The conditions of an object that are not as they should be.
pub(super) fn wrong(object: &Object) -> Vec<&Condition> {
    object.conditions.iter().filter(|c| !is_good(c)).collect()
}

/// Whether a condition is as it should be.
pub(crate) fn is_good(condition: &Condition) -> bool {
    let wanted = if TROUBLE.contains(&condition.kind.as_str()) { Status::False } else { Status::True };
    condition.status == wanted
}

pub(super) fn quote(object: &Object, condition: &Condition) -> Evidence {
    let said = if condition.message.is_empty() { &condition.reason } else { &condition.message };
    Evidence {
        source: EvidenceSource::Condition { on: format!("{} {}", object.id.kind, object.id.name), kind: condition.kind.clone() },
        text: said.clone(),
        at: condition.since,
    }
}

pub(super) fn has(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

impl Finding {
    pub(super) fn stuck(sentence: impl Into<String>, seen: Vec<Evidence>) -> Self {
        Self { weight: Weight::Stuck, sentence: sentence.into(), seen, remedies: vec![] }
    }

    pub(super) fn normal(sentence: impl Into<String>, seen: Vec<Evidence>) -> Self {
        Self { weight: Weight::Normal, sentence: sentence.into(), seen, remedies: vec![] }
    }

    pub(super) fn chosen(sentence: impl Into<String>, seen: Vec<Evidence>) -> Self {
        Self { weight: Weight::Chosen, sentence: sentence.into(), seen, remedies: vec![] }
    }

    pub(super) fn remedy(mut self, title: impl Into<String>, effect: impl Into<String>, command: Option<String>) -> Self {
        self.remedies.push(Remedy { title: title.into(), effect: effect.into(), command, change: None });
        self
    }

    /// The last remedy is one that KOS can plan and do.
    pub(super) fn by(mut self, change: ClusterChange) -> Self {
        if let Some(remedy) = self.remedies.last_mut() {
            remedy.change = Some(change);
        }
        self
    }
}

/// The same by KOS.
pub(super) fn replacement(machine: &Object) -> ClusterChange {
    ClusterChange::ReplaceMachine { machine: machine.id.name.to_string() }
}

/// Deleting a Machine is safe where an owner makes a new one.
pub(super) fn replace(machine: &Object) -> String {
    format!("kubectl delete machine {} -n {}", machine.id.name, machine.id.namespace)
}

/// What a Machine says of itself, with its events.
pub(super) fn describe(machine: &Object) -> String {
    format!("kubectl describe machine {} -n {}", machine.id.name, machine.id.namespace)
}
