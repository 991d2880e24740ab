//! How does long work run so that it can be explained, resumed and undone after a crash at any instruction?
//!
//! Knows: plans, acts, steps, events, the journal, who owns the running tasks.
//! Does not know: Kubernetes, Docker, programs; it is generic over the step set, so resume is proved with toy steps.
//! Start at: [`Work`] for what a kind of job implements, [`Plan`] for what is shown of it, [`Jobs`] for who runs it.

mod any_work;
mod clock;
mod context;
mod disk;
mod event;
mod fault;
mod folder;
mod job;
mod jobs;
pub mod journal;
mod learn;
mod output;
mod plan;
mod recorder;
mod run;
mod snapshot;
mod view;
mod work;

pub use any_work::{AnyWork, Kinds};
pub use clock::{Clock, booted, system_clock};
pub use context::{ActContext, CommandId, NoteId, ProcessNote, Transcript};
pub use disk::{Disk, RealDisk};
pub use event::{Certainty, Event, Noted, NotedProcess, Thing, What};
pub use job::Access;
pub use jobs::{Jobs, Setup};
pub use learn::Learned;
pub use output::OutputSlice;
pub use plan::{Plan, PlannedAct, PlannedStep, StoredPlan};
pub use snapshot::{ActProgress, ActState, Origin, Phase, Snapshot, Standing, StepState, stand};
pub use work::{Left, Work};
