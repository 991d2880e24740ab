//! What stands around every page?
//!
//! Start at: [`router::use_router`], [`toasts::use_toasts`], [`clock::use_now`].

pub mod clipboard;
pub mod clock;
pub mod fixes;
pub mod router;
pub mod toasts;
pub mod zone;
