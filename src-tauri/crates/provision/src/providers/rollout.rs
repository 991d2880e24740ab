//! An upgrade of providers that waits until no machine of a cluster is on its way.
//!
//! Clusters and machines are listed, then watched from there on: what changes is looked at as a whole again.

use std::collections::BTreeMap;
use std::time::Duration;

use api::Fault;
use api::jobs::{Part, PartState, Words};
use jobs::ActContext;
use tokio::time::sleep;

use super::clusterctl::{inside, unanswered};
use super::{ClusterRef, Order, Step};
use crate::World;
use crate::look::clusters::{Made, Pause, Stands};
use crate::wait::stopped;

/// A rollout changes many objects within a moment, and a watch may be refused at once: looked at so often at most.
const GATHER: Duration = Duration::from_secs(1);

/// Done when every one of them stands, or is gone.
pub(super) async fn done(world: &World, order: &Order, awaited: &[ClusterRef]) -> Result<Option<Words>, Fault> {
    let Ok(inside) = inside(world, &order.at).await else { return Ok(None) };
    let Ok(seen) = inside.rollouts().await else { return Ok(None) };
    Ok(left(awaited, &seen.stands).is_empty().then(|| Words::said("no machine is on its way")))
}

/// Waits without an end: a machine that never comes is explained on the page of its cluster, and the job can be stopped.
pub(super) async fn run(world: &World, order: &Order, awaited: &[ClusterRef], cx: &mut ActContext<Step>) -> Result<(), Fault> {
    let (inside, stop) = (inside(world, &order.at).await?, cx.cancelled());
    loop {
        let seen = inside.rollouts().await.map_err(|error| unanswered(order, &error))?;
        cx.parts(awaited.iter().map(|of| part(of, seen.stands.get(of))).collect());
        if left(awaited, &seen.stands).is_empty() {
            cx.step_detail(Words::said("no machine is on its way"));
            return Ok(());
        }
        tokio::select! {
            () = stop.cancelled() => return Err(stopped(&order.name)),
            () = async { tokio::join!(seen.changed(), sleep(GATHER)); } => {}
        }
    }
}

/// Those that do not stand yet; pure. One that was paused meanwhile would not go on by itself: nobody waits for it.
fn left<'a>(awaited: &'a [ClusterRef], stands: &BTreeMap<ClusterRef, Stands>) -> Vec<&'a ClusterRef> {
    let goes_on = |of: &&ClusterRef| stands.get(*of).is_some_and(|one| one.made != Made::Whole && one.pause == Pause::Runs);
    awaited.iter().filter(goes_on).collect()
}

fn part(of: &ClusterRef, found: Option<&Stands>) -> Part {
    let (state, detail) = match found.map(|one| one.made) {
        None => (PartState::Ready, "is gone"),
        Some(Made::Whole) => (PartState::Ready, ""),
        Some(Made::OnItsWay) => (PartState::Working, "a machine has no Node yet"),
        Some(Made::Rolling) => (PartState::Working, "machines are replaced"),
    };
    Part { name: of.name.clone(), state, detail: detail.to_owned(), count: String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_waits_for_those_that_go_on_and_for_no_others() {
        let of = |name: &str| ClusterRef { namespace: "default".into(), name: name.into() };
        let stands = |made, pause| Stands { pause, made, endpoint: String::new() };
        let seen: BTreeMap<ClusterRef, Stands> = [
            (of("made"), stands(Made::OnItsWay, Pause::Runs)),
            (of("rolls"), stands(Made::Rolling, Pause::Runs)),
            (of("stands"), stands(Made::Whole, Pause::Runs)),
            (of("paused"), stands(Made::Rolling, Pause::Paused)),
            (of("another"), stands(Made::OnItsWay, Pause::Runs)),
        ]
        .into();
        let awaited = ["made", "rolls", "stands", "paused", "gone"].map(of);
        assert_eq!(left(&awaited, &seen), [&of("made"), &of("rolls")]);
        assert!(left(&[], &seen).is_empty());
    }
}
