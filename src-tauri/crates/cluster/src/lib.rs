//! Connections to API servers and live tables of what they hold.
//!
//! Knows: credentials, TLS, proxies, the Kubernetes API. Does not know: kind, clusterctl, Docker; any cluster is the
//! same to it. Start at: [`session::Session`] for a connection, [`watch::Table`] for a live table, [`write::send`] for a change.

#![cfg_attr(test, allow(clippy::wildcard_enum_match_arm, reason = "a test names the one variant it wants"))]

pub mod clock;
pub mod credentials;
pub mod dial;
pub mod failure;
pub mod fault;
pub mod link;
pub mod log;
pub mod names;
pub mod objects;
pub mod one;
pub mod read;
pub mod selected;
pub mod session;
pub mod skew;
pub mod source;
pub mod tables;
pub mod trust;
pub mod visible;
pub mod watch;
pub mod weight;
pub mod write;
