//! Which views are there?
