//! Which views are there?

pub mod add_cluster;
pub mod change;
pub mod cluster;
pub mod clusters;
pub mod crash;
pub mod create;
pub mod delete;
mod difference;
pub mod doctor;
pub mod drift;
pub mod fleet;
pub mod job;
pub mod jobs;
pub mod keys;
pub mod make_current;
pub mod menu;
pub mod new_cluster;
pub mod palette;
pub mod remedy;
pub mod settings;
pub mod states;
pub mod stop;
pub mod table;
pub mod trust;
pub mod upgrade;
pub(crate) mod waiting;
pub mod welcome;
