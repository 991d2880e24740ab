//! Files to contexts: read, merge, lint, watch, edit.
//!
//! Knows: client-go's rules. Does not know: the network; a broken file must be fixable offline.
//! Start at: [`target::Target`], what a connection is made from.

pub mod entries;
pub mod parse;
mod problem;
pub mod sources;
pub mod target;
pub mod text;
pub mod tree;
