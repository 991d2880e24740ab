//! How do jobs of different kinds stand in one list?
//!
//! The typed [`Work`] stops here: acts come from the stored plan as JSON, steps are keys.

use std::sync::Arc;

use api::Fault;
use api::jobs::{Finding, Words};
use async_trait::async_trait;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::context::ActCore;
use crate::fault;
use crate::{ActContext, Left, Work};

/// A kind of work without its types.
#[derive(Clone)]
pub struct AnyWork(Arc<dyn Erased>);

/// Makes the work of a stored job again, from what was given at its start.
pub trait Kinds: Send + Sync {
    /// Errors: a kind or a spec that this version does not know; the job can then be kept or forgotten only.
    fn open(&self, kind: &str, spec: &Value) -> Result<AnyWork, Fault>;
}

impl AnyWork {
    pub fn new<W: Work>(work: W) -> Self {
        Self(Arc::new(Typed(work)))
    }

    pub(crate) async fn done_already(&self, act: &Value) -> Result<Option<Words>, Fault> {
        self.0.done_already(act).await
    }

    pub(crate) async fn run(&self, act: &Value, core: ActCore) -> Result<(), Fault> {
        self.0.run(act, core).await
    }

    pub(crate) async fn undo(&self, act: &Value, core: ActCore) -> Result<(), Fault> {
        self.0.undo(act, core).await
    }

    pub(crate) async fn look(&self, left: Left<Value>) -> Result<Vec<Finding>, Fault> {
        self.0.look(left).await
    }
}

#[async_trait]
trait Erased: Send + Sync {
    async fn done_already(&self, act: &Value) -> Result<Option<Words>, Fault>;
    async fn run(&self, act: &Value, core: ActCore) -> Result<(), Fault>;
    async fn undo(&self, act: &Value, core: ActCore) -> Result<(), Fault>;
    async fn look(&self, left: Left<Value>) -> Result<Vec<Finding>, Fault>;
}

struct Typed<W>(W);

#[async_trait]
impl<W: Work> Erased for Typed<W> {
    async fn done_already(&self, act: &Value) -> Result<Option<Words>, Fault> {
        self.0.done_already(&parse(act)?).await
    }

    async fn run(&self, act: &Value, core: ActCore) -> Result<(), Fault> {
        self.0.run(&parse(act)?, &mut ActContext::new(core)).await
    }

    async fn undo(&self, act: &Value, core: ActCore) -> Result<(), Fault> {
        self.0.undo(&parse(act)?, &mut ActContext::new(core)).await
    }

    async fn look(&self, left: Left<Value>) -> Result<Vec<Finding>, Fault> {
        let all = |acts: &[Value]| acts.iter().map(parse).collect::<Result<Vec<W::Act>, Fault>>();
        let (done, ahead) = (all(&left.done)?, all(&left.ahead)?);
        let stopped_in = left.stopped_in.as_ref().map(parse).transpose()?;
        Ok(self.0.look(&Left { done, stopped_in, ahead, noted: left.noted, processes: left.processes }).await)
    }
}

fn parse<A: DeserializeOwned>(act: &Value) -> Result<A, Fault> {
    serde_json::from_value(act.clone()).map_err(|cause| fault::not_readable("the stored plan", &cause))
}
