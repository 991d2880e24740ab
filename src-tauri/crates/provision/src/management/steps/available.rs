//! The machines of the workload cluster: waited for until all of them are available.

use api::Fault;
use api::jobs::Words;
use jobs::ActContext;

use super::connect::tell;
use super::init::stopped;
use super::workload::{Standing, ordered, standing};
use crate::management::{Order, Step, Workload};
use crate::run::Voice;
use crate::{Progress, World};

pub(in crate::management) async fn done(world: &World, order: &Order) -> Result<Option<Words>, Fault> {
    let (workload, _) = ordered(order)?;
    Ok((standing(world, order).await == Some(Standing::Available)).then(|| available(workload)))
}

pub(in crate::management) async fn run(world: &World, order: &Order, cx: &mut ActContext<Step>) -> Result<(), Fault> {
    let (workload, site) = ordered(order)?;
    let stop = cx.cancelled();
    {
        let voice = Voice::new(cx);
        let told = |progress: Progress| tell(&voice, progress, "until all of them are available");
        tokio::select! {
            () = stop.cancelled() => return Err(stopped(order)),
            waited = world.workloads.await_available(&site, &told) => waited?,
        }
    }
    cx.step_detail(available(workload));
    Ok(())
}

fn available(workload: &Workload) -> Words {
    Words::said(format!("{} are available", workload.machines()))
}
