//! Which views are there?

pub mod crash;
pub mod create;
pub mod fleet;
pub mod job;
pub mod jobs;
pub mod keys;
pub mod menu;
pub mod palette;
pub mod table;
pub(crate) mod waiting;
pub mod welcome;
