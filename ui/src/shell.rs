//! What stands around every page?
//!
//! Start at: [`router::use_router`], [`toasts::use_toasts`], [`clock::use_now`], [`world::use_world`].

pub mod clipboard;
pub mod clock;
pub mod context_bar;
pub mod fixes;
pub mod focus;
pub mod frame;
pub mod hold;
pub mod latest;
pub mod looks;
pub mod rail;
pub mod router;
pub mod saying;
pub mod starts;
pub mod status_line;
pub mod switcher;
pub mod toasts;
pub mod world;
