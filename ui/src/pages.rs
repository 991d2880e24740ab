//! Which views are there?

pub mod fleet;
pub mod menu;
pub mod welcome;
