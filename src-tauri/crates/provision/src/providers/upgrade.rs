//! clusterctl upgrades one provider after the other; its cluster objects are not touched.

use api::jobs::Words;
use api::{Fault, FaultCode};
use jobs::{ActContext, Thing};

use super::clusterctl::{Running, failed, inside, installed_already, look, namespaces, stand};
use super::{Order, Step, Wanted};
use crate::World;
use crate::diagnose::{Doing, Said};
use crate::programs::clusterctl::upgrade::{Line, apply, progress};

pub(super) async fn run(world: &World, order: &Order, contract: &str, providers: &[Wanted], cx: &mut ActContext<Step>) -> Result<(), Fault> {
    let mut notes = vec![];
    for provider in providers {
        notes.push(cx.intent(Thing::new("Provider", format!("{} {}", provider.name, provider.version))).await?);
    }
    let mut each = |cx: &mut ActContext<Step>, line: &str| match progress(line) {
        Line::ScalingDown(name) => cx.step_detail(Words::default().mono(name)),
        Line::Deleting(name) => {
            cx.step_started(&Step::Provider(name));
            cx.step_detail(Words::said("the old one goes"));
        }
        Line::Installing { provider, version } => {
            cx.step_started(&Step::Provider(provider));
            cx.step_detail(Words::said(version));
        }
        Line::Other => {}
    };
    let what = Running { args: apply(&order.at, contract, &order.source), values: vec![], namespaces: namespaces(providers) };
    let ended = super::clusterctl::run(world, order, what, &mut each, cx).await?;
    stand(order, &inside(world, &order.at).await?, Doing::Upgrade, providers, ended, cx).await?;
    for note in notes {
        cx.made(note).await?;
    }
    Ok(())
}

/// Nobody leads providers back to an older version: what was changed is said, with the way on.
pub(super) async fn undo(world: &World, order: &Order, providers: &[Wanted]) -> Result<(), Fault> {
    let before: Vec<Wanted> = providers.iter().map(|one| Wanted { version: one.before.clone(), ..one.clone() }).collect();
    if installed_already(world, order, &before).await?.is_some() {
        return Ok(());
    }
    let stands: Vec<String> = look(world, order, providers).await.iter().map(|found| format!("{}: {}", found.name, found.found)).collect();
    let fault = failed(order, Doing::Upgrade, &[Said::new("inventory", stands.join("\n"))]);
    Err(Fault {
        code: FaultCode::Step,
        sentence: format!("The providers of {} are not led back: clusterctl knows no way to an older version. Upgrade them again to go on.", order.name),
        ..fault
    })
}
