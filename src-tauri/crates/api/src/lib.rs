//! Which calls and streams exist, and what do they carry?
//!
//! Knows: shapes only. Does not know: IO, clock, runtime; it is compiled into the page.
//! Start at: [`call::Request`] for what can be asked, [`feed::Topic`] for what can be watched.

pub mod app;
pub mod budget;
pub mod call;
pub mod capi;
pub mod changes;
pub mod commits;
pub mod computer;
pub mod connect;
pub mod contexts;
pub mod definitions;
pub mod drawing;
pub mod fault;
pub mod feed;
pub mod files;
pub mod health;
pub mod ids;
pub mod impact;
pub mod jobs;
pub mod local;
pub mod machines;
pub mod network;
pub mod objects;
pub mod planned;
pub mod programs;
pub mod providers;
pub mod runs;
pub mod settings;
pub mod shared;
pub mod tables;
pub mod templates;
pub mod time;
pub mod upgrading;
pub mod visible;
pub mod watched;

pub use call::{Call, Request};
pub use fault::{Fault, FaultCode, Fix, Quote};
pub use feed::{Batch, Cursor, Feed, Pull, Row, Status, Topic};
pub use ids::{ContextId, FileId, JobId, RowId, StreamId};
pub use time::{Millis, Timestamp};

use serde::{Serialize, de::DeserializeOwned};

/// Writes a value as postcard bytes.
///
/// Errors: none in practice; no shape of the contract has a sequence of unknown length.
pub fn to_bytes<T: Serialize>(value: &T) -> Vec<u8> {
    postcard::to_stdvec(value).unwrap_or_default()
}

/// Reads postcard bytes, `None` when they are of another shape.
pub fn from_bytes<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    postcard::from_bytes(bytes).ok()
}

/// The answer of a call that only says that it was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize)]
pub struct Done;
