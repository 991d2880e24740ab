//! Does the real window do what a user asks of real clusters?
//!
//! Needs WebKitWebDriver, a screen and the lab: `cargo xtask test journeys` gives them.

mod live;
mod management;
mod neighbours;
mod whole;
