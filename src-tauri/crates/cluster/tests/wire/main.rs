//! Does the crate do the right thing over real sockets?
//!
//! A replay server on loopback with a request log; most "never" rules are assertions on that log.

#![allow(clippy::wildcard_enum_match_arm, clippy::unwrap_used, reason = "a test names the one variant it wants")]

mod beats;
mod fakes;
mod proxies;
mod renewals;
mod server;
mod sessions;
mod sign_in;
mod skew;
mod tables;
mod tls;
mod trust;
