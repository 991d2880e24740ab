//! What can be watched, and how does news travel?
//!
//! A stream is a snapshot, then numbered deltas. The page pulls with its last cursor; an unknown cursor gets a
//! snapshot, so a reload, a sleep or a lost answer heals itself.

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    ContextId, Fault, JobId, RowId, StreamId, Timestamp,
    capi::{ClusterPart, ClusterRow, LogRow},
    changes::ClusterAt,
    computer::{CheckRow, ComputerView},
    contexts::ContextRow,
    definitions::DriftPart,
    files::FileRow,
    jobs::{JobRow, JobView, OutputLine},
    local::LocalRow,
    machines::{ClassRow, MachineRow},
    objects::SearchedRow,
    providers::{ProviderAt, ProviderRow},
    runs::RunRow,
    settings::SettingsView,
    tables::{Kind, TableRow},
    watched::WatchedRow,
};

/// Position in a stream; counts batches, 0 is before the first.
pub type Cursor = u64;

/// Everything that can be subscribed to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Topic {
    Files,
    Contexts,
    Local,
    Jobs,
    Job(JobId),
    /// The output of a job: the last 20,000 lines; the whole text stands in its log file.
    JobOutput(JobId),
    Checks,
    Computer,
    Settings,
    /// What [`crate::objects::FindObjects`] searches; kept up as long as somebody watches.
    Objects,
    /// A live table of one kind of an open context; `namespace` empty means all.
    Table {
        context: ContextId,
        kind: Kind,
        namespace: String,
    },
    /// The clusters of Cluster API that an open context holds.
    Clusters(ContextId),
    /// The machines of all clusters that an open context holds.
    Machines(ContextId),
    /// The ClusterClasses of an open context.
    Classes(ContextId),
    /// What KOS kept of the clusters that an open context made.
    Runs(ContextId),
    /// One of them: its head, its tree, the lanes of its machines and what blocks it.
    Cluster {
        context: ContextId,
        namespace: String,
        name: String,
    },
    /// How much of the objects of Cluster API may be read in an open context.
    Watched(ContextId),
    /// How it stands to the files that define it; compared as long as somebody watches.
    Drift(ClusterAt),
    /// The providers of Cluster API that an open context holds.
    Providers(ContextId),
    /// What the controllers of one of them write: the last 1,000 lines.
    ProviderLog(ProviderAt),
}

/// A topic with the type of its rows.
pub trait Feed: Clone + PartialEq {
    type Row: Row;
    /// Rows kept, here and in the page: the oldest leave without a word.
    const MOST_ROWS: usize = usize::MAX;
    fn topic(&self) -> Topic;
}

/// A row of a stream.
pub trait Row: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static {
    fn id(&self) -> RowId;
}

macro_rules! feeds {
    ($($feed:ident => $row:ty),* $(,)?) => {$(
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $feed;
        impl Feed for $feed {
            type Row = $row;
            fn topic(&self) -> Topic {
                Topic::$feed
            }
        }
    )*};
}

feeds! { Files => FileRow, Contexts => ContextRow, Local => LocalRow, Jobs => JobRow, Checks => CheckRow, Computer => ComputerView, Settings => SettingsView, Objects => SearchedRow }

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job(pub JobId);
impl Feed for Job {
    type Row = JobView;
    fn topic(&self) -> Topic {
        Topic::Job(self.0.clone())
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobOutput(pub JobId);
impl Feed for JobOutput {
    type Row = OutputLine;
    const MOST_ROWS: usize = 20_000;
    fn topic(&self) -> Topic {
        Topic::JobOutput(self.0.clone())
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub context: ContextId,
    pub kind: Kind,
    pub namespace: String,
}
impl Feed for Table {
    type Row = TableRow;
    fn topic(&self) -> Topic {
        Topic::Table { context: self.context.clone(), kind: self.kind, namespace: self.namespace.clone() }
    }
}

macro_rules! feeds_of_a_context {
    ($($feed:ident => $row:ty),* $(,)?) => {$(
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $feed(pub ContextId);
        impl Feed for $feed {
            type Row = $row;
            fn topic(&self) -> Topic {
                Topic::$feed(self.0.clone())
            }
        }
    )*};
}

feeds_of_a_context! { Clusters => ClusterRow, Machines => MachineRow, Classes => ClassRow, Runs => RunRow, Watched => WatchedRow, Providers => ProviderRow }

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    pub context: ContextId,
    pub namespace: String,
    pub name: String,
}
impl Feed for Cluster {
    type Row = ClusterPart;
    fn topic(&self) -> Topic {
        Topic::Cluster { context: self.context.clone(), namespace: self.namespace.clone(), name: self.name.clone() }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift(pub ClusterAt);
impl Feed for Drift {
    type Row = DriftPart;
    fn topic(&self) -> Topic {
        Topic::Drift(self.0.clone())
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderLog(pub ProviderAt);
impl Feed for ProviderLog {
    type Row = LogRow;
    const MOST_ROWS: usize = 1_000;
    fn topic(&self) -> Topic {
        Topic::ProviderLog(self.0.clone())
    }
}

/// Asks for everything after `cursor`; 0 asks for a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pull {
    pub stream: StreamId,
    pub cursor: Cursor,
    /// Longest wait for news, in milliseconds, at most 25,000.
    pub wait_ms: u32,
}

/// How true the rows are right now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// Rows are on their way; what is there may be a part.
    Loading,
    Live,
    /// The rows are the last good ones; `retry_at` is the next try, none when a person must act.
    Stale {
        since: Timestamp,
        why: Fault,
        retry_at: Option<Timestamp>,
    },
    /// The server refuses to show this (403).
    Denied {
        why: Fault,
    },
    /// There is nothing to read from: the context is not open.
    Closed,
}

/// What is new since a cursor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Batch<R> {
    /// All rows, in the order of the source.
    Snapshot { at: Cursor, status: Status, rows: Vec<R> },
    /// Rows that changed or came, and the keys of those that went.
    Delta { at: Cursor, status: Status, set: Vec<R>, gone: Vec<RowId> },
}
