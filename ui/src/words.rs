//! Which sentences does the page say?
//!
//! Knows: one file per page. Sentences that the engine says come with its answers.

pub mod conditions;
pub mod fault;
pub mod fleet;
pub mod sides;
