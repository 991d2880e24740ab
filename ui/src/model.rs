//! What does the page decide by itself?
//!
//! Knows: values in, values out; the clock comes in as a value. Does not know: Yew, the document.

pub mod facts;
pub mod fleet;
pub mod keys;
pub mod needs;
pub mod palette;
pub mod route;
pub mod store;
pub mod table;
pub mod time;
pub mod toasts;
pub mod welcome;
