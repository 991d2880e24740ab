//! What does a window cost that nobody touches?

use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use super::Built;
use super::desk::{Desk, kubeconfig};
use super::processes::Tree;
use super::series::{self, Series};
use super::stage;
use crate::window::Screen;

const TURNS: usize = 3;
/// Time to come to rest after the start, and then to be watched.
const SETTLE: Duration = Duration::from_secs(10);
const WATCH: Duration = Duration::from_secs(30);

pub(crate) fn measure(built: &Built) -> Result<()> {
    let screen = Screen::open()?;
    let (mut cpu, mut memory, mut floor_cpu, mut floor_memory, mut ratios) =
        (Series::default(), Series::default(), Series::default(), Series::default(), Series::default());
    for _ in 0..TURNS {
        let (desk, bare) = (Desk::new()?, Desk::new()?);
        let names: Vec<String> = (0..50).map(|n| format!("bench-{n:03}")).collect();
        desk.file(".kube/config", &kubeconfig(&names))?;
        // Both at once: what the machine does to one, it does to the other.
        let windows = (stage::plain(&screen, &desk, &built.window)?, stage::plain(&screen, &bare, &built.empty)?);
        sleep(SETTLE);
        let trees = || -> Result<(Tree, Tree)> { Ok((Tree::below(windows.0.id(), &["kos"])?, Tree::below(windows.1.id(), &["empty"])?)) };
        let (before, began) = (trees()?, Instant::now());
        sleep(WATCH);
        let (after, seconds) = (trees()?, began.elapsed().as_secs_f64());
        if after.0.len() < 2 || after.1.len() < 2 {
            bail!("a window did not stay open");
        }
        let percent = |before: &Tree, after: &Tree| 100.0 * (after.seconds() - before.seconds()) / seconds;
        cpu.push(percent(&before.0, &after.0));
        floor_cpu.push(percent(&before.1, &after.1));
        let used = (after.0.megabytes()?, after.1.megabytes()?);
        memory.push(used.0);
        floor_memory.push(used.1);
        ratios.push(used.0 / used.1);
    }
    println!("   empty window: {floor_cpu} % of one processor, {floor_memory} MB");
    series::bound("processor of the whole tree over 30 s", "% of one", &cpu, 1.0);
    println!(
        "   memory (PSS) of the whole tree: {memory} MB, ratio {:.2} ({:.2} to {:.2}) to the empty window",
        ratios.median(),
        ratios.spread().0,
        ratios.spread().1
    );
    Ok(())
}
