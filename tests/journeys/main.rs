//! Does the real window do what a user asks?
//!
//! Needs WebKitWebDriver, a screen and the lab: `cargo xtask test journeys` gives them.

mod barriers;
mod content;
mod contexts;
mod files;
mod keyboard;
mod lasting;
mod live;
mod management;
mod names;
mod quiet;
mod secrets;
mod switching;
mod trust;
mod whole;
