//! What does the page decide by itself?
//!
//! Knows: values in, values out; the clock comes in as a value. Does not know: Yew, the document.

pub mod add_cluster;
pub mod addresses;
pub mod capi;
pub mod change;
pub mod clock;
pub mod clusters;
pub mod columns;
pub mod connect;
pub mod create;
pub mod doctor;
pub mod drawing;
pub mod drift;
pub mod facts;
pub mod fleet;
pub mod health;
pub mod hold;
pub mod jobs;
pub mod keys;
pub mod line_diff;
pub mod machine;
pub mod makers;
pub mod menu;
pub mod needs;
pub mod network;
pub mod object_text;
pub mod output;
pub mod palette;
pub mod parts;
pub mod pools;
pub mod providers;
pub mod quoted;
pub mod replay;
pub mod route;
#[cfg(test)]
pub(crate) mod samples;
pub mod settings;
pub mod shared;
pub mod sleep;
pub mod store;
pub mod subscription;
pub mod table;
pub mod text_diff;
pub mod time;
pub mod toasts;
pub mod trust;
pub mod upgrading;
pub mod waits;
pub mod welcome;
pub mod yaml;
