//! Files to contexts: read, merge, lint, watch, edit.
//!
//! Knows: client-go's rules. Does not know: the network; a broken file must be fixable offline.
//! Start at: [`target::Target`], what a connection is made from; [`merge::fleet`] makes them all.

pub mod disk;
pub mod edit;
pub mod entries;
mod expiry;
mod fault;
pub mod fs;
pub mod keeper;
mod lint;
pub mod look;
pub mod made;
pub mod merge;
pub mod parse;
mod problem;
pub mod reader;
mod resolve;
mod server;
pub mod sources;
pub mod target;
pub mod temporary;
pub mod text;
pub mod tree;
pub mod watch;
pub mod write;

pub use expiry::{certificate_expiry, token_expiry};
pub use merge::{Fleet, fleet};
pub use resolve::{CurrentContext, Place, Resolved, SignInProgram};
