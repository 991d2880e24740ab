//! What do the objects of Cluster API say about a cluster?
//!
//! Knows: the contracts of Cluster API, v1beta1 and v1beta2, and how its controllers behave. Does not know: servers,
//! files, clocks; objects come in as values and every answer is a pure function of them. Providers are recognised by
//! their place in a cluster (what the Cluster and its Machines refer to), never by the names of their kinds.
//! Start at: [`Graph`], which holds the objects; [`tree`] draws what owns what,
//! [`lanes`] how each machine was made, [`explain`] says why a cluster is not as it was asked to be,
//! [`change::plan`] what has to be written to change it, [`form`] makes a cluster of what somebody drew, [`files`] compares it
//! with the files that define it.

pub mod access;
mod addons;
pub mod change;
mod checks;
mod condition;
mod conditions;
mod events;
mod explain;
pub mod files;
pub mod form;
mod graph;
pub mod impact;
mod lanes;
mod leave;
pub mod log;
mod machines;
pub mod network;
mod object;
mod page;
pub mod providers;
mod read;
#[cfg(test)]
mod recorded;
mod run;
mod steps;
pub mod text;
mod tree;
mod upgrading;
mod view;
pub mod yaml;

pub use condition::{Condition, Severity, Status};
pub use conditions::MOST_CONDITIONS;
pub use events::{Events, MOST_EVENTS};
pub use explain::{Container, ContainerState, Facts, Gates, Happening, LogLine, LogSource, explain};
pub use graph::{ClusterKey, Graph};
pub use lanes::{Steps, Usual, lane, lanes, note_shared, shared};
pub use machines::machines;
pub use object::{MachineRole, Object, ObjectId, Replicas};
pub use page::{Page, PageChange};
pub use read::{Unreadable, created};
pub use run::{MOST_EVENTS_KEPT, Seen, note, started};
pub use steps::Reached;
pub use tree::{Branch, Item, Part, Sets, tree};
pub use upgrading::Upgrading;
pub use view::head;
