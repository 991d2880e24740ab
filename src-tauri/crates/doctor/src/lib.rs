//! What does this machine lack for local clusters?
//!
//! Knows: what Docker, kind and the kernel need. Does not know: clusters; nothing here changes the machine.
//! Start at: [`judge_all`], pure; [`probe`] gathers the [`Facts`] it judges.

mod facts;
mod judge;
mod parse;
mod probe;
mod report;
mod seat;
mod view;

pub use facts::{Asked, DockerFacts, Facts, Limit, PasswordDialog, Platform, Plugin, PluginFact, PluginPlace, PortFact, ToolFact, Wanted};
pub use judge::{judge, judge_all};
pub use probe::{find_plugins, probe};
pub use report::report;
pub use view::computer;
