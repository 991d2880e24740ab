//! Which view is shown, and which was before?
//!
//! Knows: every view as a value, how far one can go back. Start at: [`Route`], [`History`].

use std::collections::HashMap;

use api::{ContextId, JobId, RowId, drawing::ClassName, tables::Kind};

use super::settings::Section;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Route {
    Fleet,
    AddCluster,
    /// The form for a local management cluster.
    Create,
    Jobs,
    Job(JobId),
    Doctor,
    Settings(Section),
    /// The question whether a program of a kubeconfig may run.
    Trust(ContextId),
    /// The question whether a local cluster shall go.
    Delete(String),
    /// The state alphabet, for those who build on it.
    States,
    /// A live table; `namespace` empty means all that may be listed.
    Table {
        context: ContextId,
        kind: Kind,
        namespace: String,
    },
    /// The clusters that a context manages.
    Clusters(ContextId),
    /// The providers that it holds.
    Providers(ContextId),
    /// The form for one more.
    NewCluster(ContextId),
    /// One of them.
    Cluster {
        context: ContextId,
        namespace: String,
        name: String,
    },
    /// The machines of all its clusters.
    Machines(ContextId),
    /// One of them.
    Machine {
        context: ContextId,
        namespace: String,
        cluster: String,
        name: String,
    },
    /// The ClusterClasses of a context.
    Classes(ContextId),
    Class {
        context: ContextId,
        class: ClassName,
    },
    /// What KOS kept of the clusters of a context.
    Runs(ContextId),
    Run {
        context: ContextId,
        id: String,
    },
    /// A question over the page of one of them.
    Ask {
        context: ContextId,
        namespace: String,
        name: String,
        wish: Wish,
    },
    /// Which version it shall run.
    Upgrade {
        context: ContextId,
        namespace: String,
        name: String,
    },
    /// A live table in which one row is focused.
    Object {
        context: ContextId,
        kind: Kind,
        namespace: String,
        row: RowId,
    },
}

/// What can be asked of a cluster without naming a part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wish {
    Scale,
    AddPool,
    /// Makes the machines of its control plane anew.
    Rollout,
    Pause,
    Resume,
    Delete,
}

impl Wish {
    pub const ALL: [Self; 6] = [Self::Scale, Self::AddPool, Self::Rollout, Self::Pause, Self::Resume, Self::Delete];

    /// `Add a pool to lab-a`.
    pub fn words(self, cluster: &str) -> String {
        match self {
            Self::Scale => format!("Scale {cluster}"),
            Self::AddPool => format!("Add a pool to {cluster}"),
            Self::Rollout => format!("Make the control plane of {cluster} anew"),
            Self::Pause => format!("Pause {cluster}"),
            Self::Resume => format!("Resume {cluster}"),
            Self::Delete => format!("Delete {cluster}"),
        }
    }
}

impl Route {
    /// The context a view belongs to.
    pub fn context(&self) -> Option<&ContextId> {
        match self {
            Self::Table { context, .. }
            | Self::Object { context, .. }
            | Self::Cluster { context, .. }
            | Self::Ask { context, .. }
            | Self::Upgrade { context, .. }
            | Self::Machine { context, .. }
            | Self::Class { context, .. }
            | Self::Run { context, .. }
            | Self::Machines(context)
            | Self::Classes(context)
            | Self::Runs(context)
            | Self::Clusters(context)
            | Self::Providers(context)
            | Self::NewCluster(context)
            | Self::Trust(context) => Some(context),
            Self::Fleet | Self::AddCluster | Self::Create | Self::Jobs | Self::Job(_) | Self::Doctor | Self::Settings(_) | Self::Delete(_) | Self::States => {
                None
            }
        }
    }

    /// Whether it is asked over another view, and is over once it is left.
    fn is_question(&self) -> bool {
        matches!(self, Self::Trust(_) | Self::Delete(_))
    }

    /// The same view without a focused row.
    fn table(&self) -> Option<Self> {
        match self {
            Self::Table { context, kind, namespace } | Self::Object { context, kind, namespace, .. } => {
                Some(Self::Table { context: context.clone(), kind: *kind, namespace: namespace.clone() })
            }
            Self::Fleet
            | Self::AddCluster
            | Self::Create
            | Self::Jobs
            | Self::Job(_)
            | Self::Doctor
            | Self::Settings(_)
            | Self::Trust(_)
            | Self::Clusters(_)
            | Self::Providers(_)
            | Self::NewCluster(_)
            | Self::Cluster { .. }
            | Self::Ask { .. }
            | Self::Upgrade { .. }
            | Self::Machines(_)
            | Self::Machine { .. }
            | Self::Classes(_)
            | Self::Class { .. }
            | Self::Runs(_)
            | Self::Run { .. }
            | Self::Delete(_)
            | Self::States => None,
        }
    }
}

/// How many views `-` can go back.
const MOST: usize = 50;

/// The view that is shown, those before it, and the last one of each context.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    now: Route,
    before: Vec<Route>,
    of_context: HashMap<ContextId, Route>,
}

impl Default for History {
    fn default() -> Self {
        Self { now: Route::Fleet, before: vec![], of_context: HashMap::new() }
    }
}

impl History {
    pub fn now(&self) -> &Route {
        &self.now
    }

    /// Shows another view. A question is no step on the way back: nobody is asked again what was answered.
    pub fn go(&mut self, to: Route) {
        if to == self.now {
            return;
        }
        if let (Some(context), Some(table)) = (to.context(), to.table()) {
            self.of_context.insert(context.clone(), table);
        }
        let left = std::mem::replace(&mut self.now, to);
        if left.is_question() {
            // What it stood over may be where one goes.
            if self.before.last() == Some(&self.now) {
                self.before.pop();
            }
            return;
        }
        self.before.push(left);
        if self.before.len() > MOST {
            self.before.remove(0);
        }
    }

    /// The previous view; stays where it is when there is none.
    pub fn back(&mut self) {
        if let Some(before) = self.before.pop() {
            self.now = before;
        }
    }

    /// Back from a question, unless one went elsewhere meanwhile.
    pub fn leave(&mut self, question: &Route) {
        if self.now == *question {
            self.back();
        }
    }

    /// Where a context was left in this window; at first the pods of the namespace in which it was left before.
    pub fn in_context(&self, context: &ContextId, left_at: &str) -> Route {
        self.of_context.get(context).cloned().unwrap_or_else(|| Route::Table { context: context.clone(), kind: Kind::Pods, namespace: left_at.to_owned() })
    }
}

#[cfg(test)]
mod tests;
