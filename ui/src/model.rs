//! What do the rows mean on a page?
//!
//! Knows: `api` and the clock as a value. Does not know: Yew, the document; every file here runs on the host.

pub mod add_cluster;
pub mod clock;
pub mod create;
pub mod doctor;
pub mod jobs;
pub mod output;
pub mod settings;
pub mod trust;
