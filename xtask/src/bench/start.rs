//! How long until the first row, and what happened before it?

use std::fs;

use anyhow::Result;

use super::Built;
use super::desk::{Desk, kubeconfig};
use super::series::{self, Series};
use super::stage::{self, Stage};
use crate::window::Screen;

/// A window starts in 0.2 to 0.8 s, as its host pleases: so many pairs tell a tenth of the median.
const TURNS: usize = 61;
const CONTEXTS: usize = 50;
/// What the window system starts for itself; an empty window starts them too.
const PAGE_PROGRAMS: &[&str] = &["WebKitWebProcess", "WebKitNetworkProcess", "WebKitGPUProcess", "bwrap", "xdg-dbus-proxy"];

pub(crate) fn measure(built: &Built) -> Result<()> {
    let screen = Screen::open()?;
    let (mut ours, mut floor, mut ratios, mut answers) = (Series::default(), Series::default(), Series::default(), Series::default());
    let mut drawn = 0;
    // One turn more: the first fills the caches of the disk and counts for nothing.
    for turn in 0..=TURNS {
        let (desk, bare) = (desk()?, Desk::new()?);
        let kos = Stage::open(&screen, &desk, &built.window, &name(0), &[])?;
        let (kos_ms, answers_ms) = (kos.took_ms, kos.when("document.documentElement.dataset.ready === 'yes'")?);
        // Rows of the first document are on the screen with its first paint; others not before a look from outside finds them.
        let first = kos.page.script("return document.documentElement.dataset.first")?;
        let painted = kos.painted()?.filter(|_| first == "drawn");
        drop(kos);
        let empty = Stage::open(&screen, &bare, &built.empty, "Empty", &[])?;
        let pair = painted.zip(empty.painted()?);
        // A record beside a look from outside would compare two things.
        let (kos_ms, empty_ms) = pair.unwrap_or((kos_ms, empty.took_ms));
        if turn > 0 {
            ours.push(kos_ms);
            floor.push(empty_ms);
            ratios.push(kos_ms / empty_ms);
            answers.push(answers_ms);
            drawn += usize::from(pair.is_some());
        }
    }
    println!("   KOS with {CONTEXTS} contexts {ours} ms, empty window {floor} ms");
    series::ratio("start to first row", &ratios, 1.3);
    println!("   both by their first paint, with the rows in it, in {drawn} of {TURNS} turns; until the page answers keys and clicks {answers} ms");
    quiet(&screen, built)
}

/// Counts what the window starts and whom it calls before its first row, by the kernel's own record.
fn quiet(screen: &Screen, built: &Built) -> Result<()> {
    if !stage::has("strace") {
        println!("   programs and connections before the first row: not counted, strace is not installed");
        return Ok(());
    }
    let desk = desk()?;
    let log = desk.home().join("calls");
    let around = ["strace", "-f", "-qq", "-e", "trace=execve,connect", "-o", log.to_str().unwrap_or_default()];
    let stage = Stage::open(screen, &desk, &built.window, &name(0), &around)?;
    let record = fs::read_to_string(&log)?;
    drop(stage);
    if !record.contains("release/kos\"") {
        println!("   programs and connections before the first row: inconclusive, the record does not hold the window");
        return Ok(());
    }
    let started = |line: &&str| line.contains("execve(") && line.ends_with("= 0") && !line.contains("WebKitWebDriver") && !line.contains("release/kos\"");
    let foreign = |line: &&str| !PAGE_PROGRAMS.iter().any(|p| line.contains(p));
    let programs: Vec<&str> = record.lines().filter(started).filter(foreign).collect();
    // The driver reaches the window over loopback; a server of the kubeconfigs would be port 1.
    let called: Vec<&str> = record.lines().filter(|l| l.contains("connect(") && l.contains("AF_INET") && !l.contains("127.0.0.1")).collect();
    let servers = record.lines().filter(|l| l.contains("connect(") && l.contains("sin_port=htons(1)")).count();
    println!(
        "   before the first row: {} programs started, {} servers of contexts called, {} other addresses called; bound 0",
        programs.len(),
        servers,
        called.len()
    );
    for line in programs.iter().chain(&called) {
        println!("     {line}");
    }
    Ok(())
}

fn desk() -> Result<Desk> {
    let desk = Desk::new()?;
    let names: Vec<String> = (0..CONTEXTS).map(name).collect();
    desk.file(".kube/config", &kubeconfig(&names))?;
    Ok(desk)
}

fn name(number: usize) -> String {
    format!("bench-{number:03}")
}
