//! How are kind, clusterctl and docker called, and what do their lines mean?
//!
//! Knows: arguments and output of the releases that were recorded. Does not know: who runs them, and what for.
//! All of it is pure: argument lists out, lines in; every parser is total.

pub mod clusterctl;
pub mod docker;
pub mod engine;
pub mod kind;
pub mod ports;
pub mod pull;
