//! What does this crate need from the rest of KOS?
//!
//! Three doors, each with a real one and a simulated one: programs, the doctor, and clients of API servers.

use std::fmt::Debug;
use std::path::Path;
use std::sync::Arc;

use api::Fault;
use api::computer::{CheckId, CheckRow};
use async_trait::async_trait;
use tools::Programs;

/// All doors; cheap to clone.
#[derive(Debug, Clone)]
pub struct World {
    pub programs: Arc<dyn Programs>,
    pub checks: Arc<dyn Checks>,
    pub clients: Arc<dyn Clients>,
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
