//! How does long work run so that it can be explained, resumed and undone after a crash at any instruction?
//!
//! Knows: plans, acts, steps, events, the journal, who owns the running tasks.
//! Does not know: Kubernetes, Docker, programs; it is generic over the step set, so resume is proved with toy steps.
//! Start at: [`Work`] for what a kind of job implements, [`Plan`] for what is shown before and during it.

mod clock;
mod context;
mod event;
mod plan;
mod work;

pub use clock::{Clock, system_clock};
pub use context::{ActContext, CommandId, NoteId, ProcessNote, Transcript};
pub use event::{Certainty, Event, Noted, NotedProcess, Thing, What};
pub use plan::{Plan, PlannedAct, PlannedStep, StoredPlan};
pub use work::{Left, Work};
