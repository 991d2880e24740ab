//! Does a job that prints 10,000 lines a second lose one, or hold up the window?

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use serde_json::{Value, json};

use super::Built;
use super::desk::Desk;
use super::series::{self, Series};
use super::stage::Stage;
use crate::window::Screen;

const TURNS: usize = 3;
const SECONDS: usize = 5;
const LINES: usize = SECONDS * 10_000;
const PATIENCE: Duration = Duration::from_secs(60);

/// A docker with one cluster, and a kind that floods when its logs are exported.
const DOCKER: &str = r#"#!/bin/sh
case "$1" in
ps) echo '{"ID":"c0ffee","Names":"flood-control-plane","Image":"kindest/node:v1.36.1","State":"running","Status":"Up 1 hour","Labels":"io.x-k8s.kind.cluster=flood,io.x-k8s.kind.role=control-plane","CreatedAt":"2026-01-01 00:00:00 +0000 UTC"}' ;;
inspect) echo '[]' ;;
esac
"#;

fn kind() -> String {
    format!(
        r#"#!/bin/sh
[ "$1" = export ] || exit 0
mkdir -p "$5"
exec awk 'BEGIN {{ for (t = 0; t < {}; t++) {{ for (i = 0; i < 1000; i++) printf "flood line %d of an export with some more words to it\n", ++n; fflush(); system("sleep 0.1") }} }}'
"#,
        SECONDS * 10
    )
}

/// Notes the gap before each frame from now on, and whether the output was on the screen in it.
const WATCH: &str = "window.__gaps = []; let last = performance.now(), seen = false; const look = now => { \
    const sees = document.querySelector('.logview.output') !== null; \
    window.__gaps.push([now - last, seen && sees]); last = now; seen = sees; requestAnimationFrame(look); }; requestAnimationFrame(look);";
/// Frames, the longest gap, gaps over 50 ms, and the longest gap with the output on the screen.
const GAPS: &str = "const all = window.__gaps; window.__gaps = []; const gaps = all.map(g => g[0]); \
    return [all.length, Math.max(...gaps), gaps.filter(g => g > 50).length, Math.max(0, ...all.filter(g => g[1]).map(g => g[0]))]";

pub(crate) fn measure(built: &Built) -> Result<()> {
    let screen = Screen::open()?;
    let (mut worst, mut quiet, mut missed, mut looking) = (Series::default(), Series::default(), Series::default(), Series::default());
    for _ in 0..TURNS {
        let desk = Desk::new()?;
        desk.program("docker", DOCKER)?;
        desk.program("kind", &kind())?;
        let stage = Stage::open(&screen, &desk, &built.window, "flood", &[])?;
        // The same window at rest is the floor: a busy machine misses frames by itself.
        stage.page.script(WATCH)?;
        std::thread::sleep(Duration::from_secs(SECONDS as u64));
        quiet.push(number(&stage.page.script(GAPS)?, 1));
        let folder = desk.home().join("logs");
        let began = Instant::now();
        stage.page.script(&ask("export_logs", &json!({ "name": "flood", "folder": folder })))?;
        stage.page.script(GO_TO_JOB)?;
        let log = wait_for_log(desk.home())?;
        wait_for_end(&log)?;
        let gaps = stage.page.script(GAPS)?;
        worst.push(number(&gaps, 1));
        missed.push(number(&gaps, 2));
        looking.push(number(&gaps, 3));
        let page = stage.page.script("return document.querySelector('.logview.output') !== null")?;
        if page != true {
            println!("   the output was not on the screen: the frames of this turn are those of another page");
        }
        let text = fs::read_to_string(&log)?;
        let heard = text.lines().filter(|l| l.contains("flood line ")).count();
        println!("   {heard} of {LINES} lines are in the log after {:.1} s, {} frames", began.elapsed().as_secs_f64(), number(&gaps, 0));
        if heard != LINES {
            println!("   MISSED: lines are lost");
        }
    }
    println!("   longest gap between frames: at rest {quiet} ms; with the output on the screen {looking} ms; gaps over 50 ms in the flood: {missed}");
    series::bound("longest gap between frames in the flood", "ms", &worst, 50.0);
    Ok(())
}

fn ask(call: &str, with: &Value) -> String {
    format!("window.kos.invoke('call', {{ request: {} }})", json!({ "call": call, "with": with }))
}

/// Opens the output of the running job as a user does, by the list of jobs.
const GO_TO_JOB: &str = "const press = (test, then) => { const look = () => { \
    const found = [...document.querySelectorAll('button,a,[role=button]')].find(test); \
    if (found) { found.click(); then && then(); } else { setTimeout(look, 20); } }; look(); }; \
    press(e => [e.innerText.trim(), e.getAttribute('aria-label'), e.title].some(t => (t || '').startsWith('Jobs')), () => press(e => e.innerText.trim() === 'Open' && e.closest('.job'), null))";

fn number(value: &Value, at: usize) -> f64 {
    value[at].as_f64().unwrap_or(f64::NAN)
}

fn wait_for_log(home: &Path) -> Result<PathBuf> {
    let began = Instant::now();
    loop {
        let found = fs::read_dir(home.join(".local/state/kos/jobs")).into_iter().flatten().flatten().map(|e| e.path().join("output.log")).find(|p| p.exists());
        match found {
            Some(path) => return Ok(path),
            None if began.elapsed() > PATIENCE => bail!("no job was started"),
            None => std::thread::sleep(Duration::from_millis(50)),
        }
    }
}

/// Waits until the last line is in the log, and a moment more for the page.
fn wait_for_end(log: &Path) -> Result<()> {
    let (began, last) = (Instant::now(), format!("flood line {LINES} "));
    while !fs::read_to_string(log)?.contains(&last) {
        if began.elapsed() > PATIENCE {
            println!("   the last line is not in the log after {} s", PATIENCE.as_secs());
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(250));
    }
    std::thread::sleep(Duration::from_secs(1));
    Ok(())
}
