//! Does the real window do what a user asks, with files, replayed programs and the demo? What needs a cluster is in `real`.
//!
//! Needs WebKitWebDriver and a screen: `cargo xtask test journeys` gives them.

mod barriers;
mod content;
mod contexts;
mod files;
mod form;
mod keyboard;
mod lasting;
mod names;
mod quiet;
mod secrets;
mod switching;
mod trust;
