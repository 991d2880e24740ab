//! Which views are there?

pub mod crash;
pub mod create;
pub mod job;
pub mod jobs;
pub(crate) mod waiting;
