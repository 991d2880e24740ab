//! What does a kind of job have to be able to do?

use std::fmt::Debug;

use api::Fault;
use api::jobs::{Finding, Words};
use async_trait::async_trait;
use serde::{Serialize, de::DeserializeOwned};

use crate::{ActContext, Noted, NotedProcess};

/// The doing side of one kind of job; its [`Plan`](crate::Plan) says what is done in which order.
///
/// An **act** is the unit of resume and undo. It shows one or more **steps**: one program may do three things that the
/// user knows by name. Retry and Continue run a whole act again, and never one before it.
///
/// The rule that all of this rests on: an act calls [`ActContext::intent`] and waits for it **before** each side effect
/// that an undo has to remove. What was never noted is never undone, so a thing that was there before the job is safe.
#[async_trait]
pub trait Work: Send + Sync + 'static {
    /// One closed set. It is stored in the plan, so an act carries all that it needs, but no secret.
    type Act: Clone + Debug + Serialize + DeserializeOwned + Send + Sync + 'static;
    /// One closed set. Its serialized form is the key under which durations are learned.
    type Step: Clone + Debug + Eq + Serialize + DeserializeOwned + Send + Sync + 'static;

    /// Looks whether the world is already as this act would leave it, and says so in words.
    ///
    /// Shape: asked before every run of the act, the first one too; `None` runs it. Never trusts an exit code or a note.
    /// Makes nothing: on a cancel the future is dropped at once.
    /// Things that an earlier attempt intended count as made by the job when the answer is `Some`.
    async fn done_already(&self, act: &Self::Act) -> Result<Option<Words>, Fault>;

    /// Does it, from whatever an earlier attempt left: see [`ActContext::noted`] and [`ActContext::processes`].
    ///
    /// `Ok` means that the world was seen to be as wanted. On a cancel it returns soon, with any result; a future that is
    /// still there 30 s later is dropped.
    async fn run(&self, act: &Self::Act, cx: &mut ActContext<Self::Step>) -> Result<(), Fault>;

    /// Removes what [`ActContext::noted`] lists and ends what [`ActContext::processes`] lists.
    ///
    /// Idempotent: it may run again after a crash in its middle, and a thing that is not there any more is no error.
    /// It is called for acts with notes only, the last act first.
    async fn undo(&self, act: &Self::Act, cx: &mut ActContext<Self::Step>) -> Result<(), Fault>;

    /// Looks at what an interrupted or failed job left in the world; changes nothing.
    async fn look(&self, left: &Left<Self::Act>) -> Vec<Finding>;
}

/// What the journal knows of a job that stopped.
#[derive(Debug, Clone, PartialEq)]
pub struct Left<A> {
    /// The acts that ended well, in order.
    pub done: Vec<A>,
    /// The act in which it stopped.
    pub stopped_in: Option<A>,
    /// The acts that were not begun.
    pub ahead: Vec<A>,
    pub noted: Vec<Noted>,
    pub processes: Vec<NotedProcess>,
}
