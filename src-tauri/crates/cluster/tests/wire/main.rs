//! Does the crate do the right thing over real sockets?
//!
//! A replay server on loopback with a request log; most "never" rules are assertions on that log.

mod fakes;
mod proxies;
mod server;
mod sessions;
mod sign_in;
mod tables;
mod tls;
mod trust;
