//! How long does a large fleet take from the start of the core to its rows?

use std::time::Instant;

use anyhow::Result;
use serde_json::json;

use super::Built;
use super::desk::{Desk, kubeconfig};
use super::lines::{Core, rows};
use super::series::{self, Series};

const TURNS: usize = 9;
const FILES: usize = 200;
const EACH: usize = 5;

pub(crate) fn measure(built: &Built) -> Result<()> {
    let (full, bare) = (Desk::new()?, Desk::new()?);
    for file in 0..FILES {
        let names: Vec<String> = (0..EACH).map(|n| format!("bench-{file:03}-{n}")).collect();
        full.file(&format!("clusters/{file:03}.yaml"), &kubeconfig(&names))?;
    }
    // The folder is remembered, so every later start reads it.
    Core::start(&built.headless, &full)?.ask(json!({ "call": "add_paths", "with": { "paths": [full.home().join("clusters")] } }))?;
    let (mut ours, mut floor, mut spent) = (Series::default(), Series::default(), Series::default());
    for turn in 0..=TURNS {
        let took = (start(built, &full, FILES * EACH)?, start(built, &bare, 0)?);
        if turn > 0 {
            ours.push(took.0.clock_ms);
            spent.push(took.0.processor_ms);
            floor.push(took.1.clock_ms);
        }
    }
    println!("   the same core without a kubeconfig: {floor} ms");
    println!("   processor time of the same starts: {spent} ms");
    series::bound("program start to 1,000 rows", "ms", &ours, 300.0);
    Ok(())
}

/// One start.
struct Took {
    clock_ms: f64,
    processor_ms: f64,
}

/// From the start of the program until that many contexts were told.
fn start(built: &Built, desk: &Desk, contexts: usize) -> Result<Took> {
    let began = Instant::now();
    let mut core = Core::start(&built.headless, desk)?;
    core.ask(json!({ "subscribe": "Contexts" }))?;
    let there = core.until(|batch| batch.get("Snapshot").is_some() && rows(batch) >= contexts)?;
    Ok(Took { clock_ms: there.duration_since(began).as_secs_f64() * 1000.0, processor_ms: core.processor_ms()? })
}
