//! Which invented fleets are there?

pub(crate) mod providers;
