//! Is the Docker that answers the one in which the job began?

use api::{Fault, FaultCode, Fix};

use crate::World;
use crate::diagnose::Doing;
use crate::programs::docker;

/// Where the Docker is that answers, by `DOCKER_HOST` or the chosen context: docker itself knows which of them counts.
///
/// Shape: empty when it does not say it.
pub async fn endpoint(world: &World) -> String {
    let said = crate::run::docker(world.programs.as_ref(), docker::endpoint(), Doing::Ask, "").await.unwrap_or_default();
    serde_json::from_str(said.trim()).unwrap_or_default()
}

/// In another Docker nothing of this job is found: all would be said to be removed, or be made a second time.
///
/// Shape: where the job began is not known of jobs of older versions, nor where docker is when it does not say it. Then it
/// goes on.
pub(crate) async fn at_home(world: &World, began: &str) -> Result<(), Fault> {
    if began.is_empty() {
        return Ok(());
    }
    let now = endpoint(world).await;
    if now.is_empty() || now == began {
        return Ok(());
    }
    let sentence = format!("This job works in the Docker at {began}; docker answers from {now} now.");
    let next = "What the job did there stays and stays noted. Choose that Docker again with docker context use or DOCKER_HOST, then ask again.";
    let contexts = Fix::Copy { label: "See the contexts of Docker".to_owned(), command: "docker context ls".to_owned() };
    Err(Fault::new(FaultCode::Changed, sentence).unharmed(next).fix(contexts))
}
