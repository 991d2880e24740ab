//! Replayed programs, fault proxy, builders for tests.
//!
//! Does not know: `cluster` and what stands above it; a cycle of dev-dependencies would give tests a second copy of the types.
//! Start at: [`FakePrograms`] for programs that say what a test wants, [`FaultProxy`] for connections that fail on demand.

mod fake;
mod fault_proxy;
mod scenario;
mod transcript;
mod wait;

pub use fake::{CallMade, FakeProgram, FakePrograms, beside, fake_binary};
pub use fault_proxy::{Direction, FaultProxy};
pub use scenario::{Act, Match, Rule, Scenario, Side, act};
pub use transcript::{Spoken, Transcript};
pub use wait::wait_until;
