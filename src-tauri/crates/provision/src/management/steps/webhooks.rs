//! Would the first Cluster be accepted?

use api::Fault;
use api::jobs::Words;
use jobs::ActContext;

use super::init::inside;
use crate::World;
use crate::management::{Order, Step};
use crate::wait::webhooks;

pub(super) use crate::wait::webhooks::version;

pub(in crate::management) async fn done(world: &World, order: &Order) -> Result<Option<Words>, Fault> {
    let Ok(inside) = inside(world, order).await else { return Ok(None) };
    Ok(webhooks::done(&inside, &order.spec.providers.core).await)
}

pub(in crate::management) async fn run(world: &World, order: &Order, cx: &mut ActContext<Step>) -> Result<(), Fault> {
    let inside = inside(world, order).await?;
    webhooks::until_accepted(&inside, order.name.as_str(), &order.spec.providers.core, cx).await
}
