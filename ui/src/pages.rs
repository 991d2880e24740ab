//! Which views are there?

pub mod fleet;
pub mod keys;
pub mod menu;
pub mod palette;
pub mod table;
pub mod welcome;
