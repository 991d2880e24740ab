//! Is a program there that the next steps run, and where does it come from if not?

use api::Fault;
use api::jobs::{Part, PartState, Words};
use api::programs::Tool;
use jobs::ActContext;
use tools::Program;

use crate::World;
use crate::management::Step;

pub(in crate::management) fn program(tool: Tool) -> Program {
    match tool {
        Tool::Kind => Program::Kind,
        Tool::Clusterctl => Program::Clusterctl,
    }
}

pub(in crate::management) async fn done(world: &World, tool: Tool) -> Result<Option<Words>, Fault> {
    let found = world.programs.find(&program(tool)).await.ok();
    Ok(found.map(|found| Words::default().mono(found.path.display().to_string())))
}

pub(in crate::management) async fn run(world: &World, tool: Tool, cx: &mut ActContext<Step>) -> Result<(), Fault> {
    let stop = cx.cancelled();
    let mut heard = |received: u64, all: Option<u64>| {
        if let Some(share) = all.filter(|all| *all > 0).map(|all| received.saturating_mul(1_000) / all) {
            cx.share(u16::try_from(share).unwrap_or(1_000));
        }
        cx.parts(vec![Part { name: tool.name().to_owned(), state: PartState::Working, detail: String::new(), count: counted(received, all) }]);
    };
    world.fetches.fetch(tool, &mut heard, stop.clone()).await?;
    if stop.is_cancelled() {
        return Ok(());
    }
    let found = world.programs.find(&program(tool)).await.map_err(|why| Fault::from(&why))?;
    cx.step_detail(Words::default().mono(found.path.display().to_string()).then(", verified"));
    Ok(())
}

fn counted(received: u64, all: Option<u64>) -> String {
    let mega = |bytes: u64| bytes / 1_000_000;
    all.map_or_else(|| format!("{} MB", mega(received)), |all| format!("{} of {} MB", mega(received), mega(all)))
}
