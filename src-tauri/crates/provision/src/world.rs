//! What does this crate need from the rest of KOS?
//!
//! Four doors, each with a real one and a simulated one: programs, the doctor, clients of API servers, and tokens.

use std::fmt::Debug;
use std::path::Path;
use std::sync::Arc;

use api::Fault;
use api::computer::{CheckId, CheckRow};
use async_trait::async_trait;
use tools::{Programs, Secret};

/// All doors; cheap to clone.
#[derive(Debug, Clone)]
pub struct World {
    pub programs: Arc<dyn Programs>,
    pub checks: Arc<dyn Checks>,
    pub clients: Arc<dyn Clients>,
    pub tokens: Arc<dyn Tokens>,
}

/// Credentials that the user gave for others than clusters.
#[async_trait]
pub trait Tokens: Send + Sync + Debug {
    /// The token for release pages, if there is one.
    ///
    /// Errors: it is kept, but where it is kept does not give it.
    async fn release_token(&self) -> Result<Option<Secret>, Fault>;
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
