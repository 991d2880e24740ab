//! Does the code keep the shape that ARCHITECTURE.md promises?

#![expect(clippy::disallowed_methods, reason = "tests start the programs under test")]

mod features;
mod foreign;
mod layering;
mod licences;
mod recordings;
mod security;
mod tidy;
mod tree;
