//! Is the Docker that answers the one in which the job began?

use api::{Fault, FaultCode, Fix};

use crate::World;
use crate::management::Order;
use crate::management::ground::endpoint;

/// In another Docker nothing of this job is found: all would be said to be removed, or be made a second time.
///
/// Shape: where the job began is not known of jobs of older versions, nor where docker is when it does not say it. Then it
/// goes on.
pub(in crate::management) async fn at_home(world: &World, order: &Order) -> Result<(), Fault> {
    if order.docker.is_empty() {
        return Ok(());
    }
    let now = endpoint(world).await;
    if now.is_empty() || now == order.docker {
        return Ok(());
    }
    let sentence = format!("This job works in the Docker at {}; docker answers from {now} now.", order.docker);
    let next = "What the job made stays there and stays noted. Choose that Docker again with docker context use or DOCKER_HOST, then ask again.";
    let contexts = Fix::Copy { label: "See the contexts of Docker".to_owned(), command: "docker context ls".to_owned() };
    Err(Fault::new(FaultCode::Changed, sentence).unharmed(next).fix(contexts))
}
