//! What does this crate need from the rest of KOS?
//!
//! Six doors, each with a real one and a simulated one: programs and what fetches them, the doctor, clients of API servers,
//! tokens, and what the window does with workload clusters.

use std::fmt::Debug;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use api::computer::{CheckId, CheckRow};
use api::jobs::Part;
use api::programs::{Tool, ToolOffer};
use api::{Fault, FaultCode};
use async_trait::async_trait;
use tokio_util::sync::CancellationToken;
use tools::{Programs, Secret};

/// All doors; cheap to clone.
#[derive(Debug, Clone)]
pub struct World {
    pub programs: Arc<dyn Programs>,
    pub checks: Arc<dyn Checks>,
    pub clients: Arc<dyn Clients>,
    pub tokens: Arc<dyn Tokens>,
    pub workloads: Arc<dyn Workloads>,
    pub fetches: Arc<dyn Fetches>,
}

/// Credentials that the user gave for others than clusters.
#[async_trait]
pub trait Tokens: Send + Sync + Debug {
    /// The token for release pages, if there is one.
    ///
    /// Errors: it is kept, but where it is kept does not give it.
    async fn release_token(&self) -> Result<Option<Secret>, Fault>;
}

/// Brings programs that KOS runs and this machine lacks.
#[async_trait]
pub trait Fetches: Send + Sync + Debug {
    /// What would be fetched and from where; contacts nobody.
    ///
    /// Errors: there is no release for this processor.
    fn offer(&self, tool: Tool) -> Result<ToolOffer, Fault>;
    /// Fetches the pinned release and verifies it before it can run. `heard` is told the bytes that arrived, and of how many.
    ///
    /// Errors: nothing is installed in every one of them, nor when it is stopped; the next try takes up what arrived.
    async fn fetch(&self, tool: Tool, heard: &mut (dyn FnMut(u64, Option<u64>) + Send), stop: CancellationToken) -> Result<(), Fault>;
}

/// For worlds in which every program is there.
#[derive(Debug)]
pub struct NoFetches;

#[async_trait]
impl Fetches for NoFetches {
    fn offer(&self, tool: Tool) -> Result<ToolOffer, Fault> {
        Err(Fault::new(FaultCode::Program, format!("{} is not fetched here.", tool.name())))
    }

    async fn fetch(&self, tool: Tool, _: &mut (dyn FnMut(u64, Option<u64>) + Send), _: CancellationToken) -> Result<(), Fault> {
        self.offer(tool).map(drop)
    }
}

/// The doctor.
#[async_trait]
pub trait Checks: Send + Sync + Debug {
    /// Runs these checks now; never an old answer.
    async fn check(&self, wanted: &[CheckId]) -> Vec<CheckRow>;
}

/// Makes clients for clusters that are not in the Fleet yet.
#[async_trait]
pub trait Clients: Send + Sync + Debug {
    /// A client for one context of a kubeconfig file, read anew each time: a re-created cluster has other certificates.
    ///
    /// Errors: the file is missing or cannot be used. Nothing is connected yet.
    async fn client(&self, kubeconfig: &Path, context: &str) -> Result<kube::Client, Fault>;
}

/// A workload cluster on a management cluster of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// KOS's own file of the management cluster, and the context in it.
    pub manager: PathBuf,
    pub context: String,
    pub namespace: String,
    pub name: String,
}

/// Why the objects of a cluster were not written.
#[derive(Debug, Clone, PartialEq)]
pub enum NotMade {
    /// Nobody listens yet where a webhook has to agree: nothing was kept of the object, so it may be applied again.
    WebhookSilent(Fault),
    /// It will not pass by waiting, or nobody knows whether it arrived.
    Refused(Fault),
}

/// How far a cluster is while it is waited for.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// Its machines.
    pub machines: Vec<Part>,
    /// Why it does not go on, in a sentence; empty while it does.
    pub held_up: String,
}

/// Hears each change while something is waited for.
pub type Told<'a> = &'a (dyn Fn(Progress) + Send + Sync);

/// What the window does with workload clusters: the very functions behind its pages.
#[async_trait]
pub trait Workloads: Send + Sync + Debug {
    /// Tries every object of a text by a dry run, then applies each.
    async fn make(&self, site: &Site, yaml: &str) -> Result<(), NotMade>;
    /// Waits until its API server answers to the kubeconfig that its management cluster holds.
    async fn await_answer(&self, site: &Site, told: Told<'_>) -> Result<(), Fault>;
    /// Where its kubeconfig is kept, or would be.
    async fn file(&self, site: &Site) -> Result<PathBuf, Fault>;
    /// Whether a kubeconfig is kept that opens it.
    async fn is_connected(&self, site: &Site) -> Result<bool, Fault>;
    async fn connect(&self, site: &Site) -> Result<(), Fault>;
    /// Forgets the kubeconfig; one that is not kept is no error.
    async fn disconnect(&self, site: &Site) -> Result<(), Fault>;
    /// Whether every object of kindnet is there as it would be applied.
    async fn has_network(&self, site: &Site) -> Result<bool, Fault>;
    async fn add_network(&self, site: &Site) -> Result<(), Fault>;
    /// Waits until all its machines are available.
    async fn await_available(&self, site: &Site, told: Told<'_>) -> Result<(), Fault>;
    /// Deletes it and waits until it is gone; one that is not there is no error.
    async fn remove(&self, site: &Site, told: Told<'_>) -> Result<(), Fault>;
}

/// For worlds in which nobody makes workload clusters.
#[derive(Debug)]
pub struct NoWorkloads;

#[async_trait]
impl Workloads for NoWorkloads {
    async fn make(&self, _: &Site, _: &str) -> Result<(), NotMade> {
        Err(NotMade::Refused(nobody()))
    }

    async fn await_answer(&self, _: &Site, _: Told<'_>) -> Result<(), Fault> {
        Err(nobody())
    }

    async fn file(&self, _: &Site) -> Result<PathBuf, Fault> {
        Err(nobody())
    }

    async fn is_connected(&self, _: &Site) -> Result<bool, Fault> {
        Ok(false)
    }

    async fn connect(&self, _: &Site) -> Result<(), Fault> {
        Err(nobody())
    }

    async fn disconnect(&self, _: &Site) -> Result<(), Fault> {
        Ok(())
    }

    async fn has_network(&self, _: &Site) -> Result<bool, Fault> {
        Ok(false)
    }

    async fn add_network(&self, _: &Site) -> Result<(), Fault> {
        Err(nobody())
    }

    async fn await_available(&self, _: &Site, _: Told<'_>) -> Result<(), Fault> {
        Err(nobody())
    }

    async fn remove(&self, _: &Site, _: Told<'_>) -> Result<(), Fault> {
        Err(nobody())
    }
}

fn nobody() -> Fault {
    Fault::new(FaultCode::Bug, "Workload clusters cannot be made here.").unharmed("Nothing was written.")
}
