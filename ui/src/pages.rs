//! Which views are there?

pub mod crash;
pub mod create;
pub mod fleet;
pub mod job;
pub mod jobs;
pub mod menu;
pub(crate) mod waiting;
pub mod welcome;
