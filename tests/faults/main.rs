//! What does the core do when files, programs, servers and disks fail, or mean harm?

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on says why and ends")]

mod desktop;
mod input;
mod job;
mod keyring;
mod mended;
mod profile;
mod rewriting;
mod security;
mod settings;
mod sleep;
mod surroundings;
mod wires;
