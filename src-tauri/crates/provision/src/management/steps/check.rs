//! Can this machine run a management cluster?

use api::computer::{CheckId, CheckRow, Verdict};
use api::jobs::{Tone, Words};
use api::programs::Tool;
use api::{Fault, FaultCode, Fix};
use jobs::ActContext;

use super::fetch::program;
use crate::World;
use crate::management::{Order, Step};
use crate::versions::{self, Repository, Tested};

/// Those of the doctor's checks that decide about kind; kubectl and helm are not needed.
const WANTED: [CheckId; 14] = [
    CheckId::InotifyInstances,
    CheckId::InotifyWatches,
    CheckId::CgroupVersion,
    CheckId::KernelModules,
    CheckId::OpenFiles,
    CheckId::Docker,
    CheckId::DockerSocket,
    CheckId::DockerKind,
    CheckId::DockerNetwork,
    CheckId::Memory,
    CheckId::Disk,
    CheckId::Path,
    CheckId::Kind,
    CheckId::Clusterctl,
];

pub(in crate::management) async fn run(world: &World, order: &Order, cx: &mut ActContext<Step>) -> Result<(), Fault> {
    // What the job fetches itself is not there yet.
    let own = |id: &CheckId| order.fetches(Tool::Kind) && *id == CheckId::Kind || order.fetches(Tool::Clusterctl) && *id == CheckId::Clusterctl;
    let wanted: Vec<CheckId> = WANTED.into_iter().filter(|id| !own(id)).collect();
    let rows = world.checks.check(&wanted).await;
    for row in &rows {
        cx.output(Tone::Ours, &format!("{}: {}", row.title, row.found));
    }
    cx.step_detail(Words::said(counted(&rows)));
    match rows.iter().find(|row| stops(row, order)) {
        Some(row) => Err(fault(row)),
        None => programs(world, order).await,
    }
}

/// A program may have gone since the plan was made: better said now than after the node image was pulled.
async fn programs(world: &World, order: &Order) -> Result<(), Fault> {
    for tool in order.tools().iter().filter(|tool| !order.fetches(**tool)) {
        let missing = |why| Fault::from(&why).unharmed("This machine was only looked at.");
        world.programs.find(&program(*tool)).await.map_err(missing)?;
    }
    Ok(())
}

fn stops(row: &CheckRow, order: &Order) -> bool {
    // An older kubelet still runs on cgroup v1. The one of an image that kind's release does not list may have been told
    // to (`failCgroupV1: false`): that cannot be told from outside, so the start of the control plane decides.
    let (pinned, tested) = Repository::Kind.image(&order.spec.kubernetes);
    let listed = tested == Tested::Listed && pinned == order.image;
    let may_run = !versions::needs_cgroup_v2(&order.spec.kubernetes) || !listed;
    let bearable = row.id == CheckId::CgroupVersion && may_run;
    row.verdict == Verdict::Failed && !bearable
}

fn counted(rows: &[CheckRow]) -> String {
    let of = |verdict| rows.iter().filter(|r| r.verdict == verdict).count();
    let passed = format!("{} of {} checks passed", of(Verdict::Passed), rows.len());
    match of(Verdict::Warning) {
        0 => passed,
        1 => format!("{passed}, 1 warning"),
        n => format!("{passed}, {n} warnings"),
    }
}

fn fault(row: &CheckRow) -> Fault {
    let sentence = format!("Nothing was made: {} is {}, {} is needed.", row.title, row.found, row.needed);
    let fault = Fault::new(FaultCode::Step, sentence).unharmed("This machine was only looked at.");
    let fault = row.evidence.iter().fold(fault, |f, quote| f.because(&quote.source, &quote.text));
    let copies = row.fixes.iter().map(|fix| Fix::Copy { label: fix.label.clone(), command: fix.command.clone() });
    copies.chain([Fix::OpenDoctor]).fold(fault, Fault::fix)
}
