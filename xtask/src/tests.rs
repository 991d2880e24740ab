//! Which tests ran, which did not and why, and where did the time go?
//!
//! Everything is built by one cargo selection; each test program is then run by its layer.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Error, Result, bail};
use serde_json::Value;

use crate::able::Facts;
use crate::arguments::{Consent, Wanted};
use crate::lab::{self, Ahead, Part};
use crate::layers::{Layer, Need, TestProgram};
use crate::outcome::{self, Outcome};
use crate::page::{self, Profile};
use crate::plan::{self, LeftOut, Plan, Strictness, Why};
use crate::programs::cargo_path;
use crate::window::Guard;
use crate::{axe, deny, machine, window};

struct Program {
    is: TestProgram,
    name: String,
    file: PathBuf,
    /// cargo runs a test in the folder of its package; so do we.
    folder: PathBuf,
}

#[derive(Default)]
struct Tally {
    passed: u32,
    failed: u32,
    broken: Vec<String>,
    /// Failed, then passed alone: a fault of the test or of KOS that somebody has to find.
    unsteady: Vec<String>,
    took: Duration,
}

pub(crate) fn run(wanted: &Wanted) -> Result<()> {
    machine::packages(machine::RUN_PACKAGES, wanted.consent)?;
    let mut spent: Vec<(String, Duration)> = vec![];
    let mut timed = |what: &str, work: &mut dyn FnMut() -> Result<()>| -> Result<()> {
        let began = Instant::now();
        work()?;
        spent.push((what.to_owned(), began.elapsed()));
        Ok(())
    };
    if wanted.layers.iter().any(|l| l.needs_test_packages()) {
        timed("packages", &mut || machine::packages(machine::TEST_PACKAGES, wanted.consent))?;
    }
    let mut lab = Stand::ahead(&wanted.layers, wanted.consent)?;
    if wanted.layers.iter().any(|l| l.needs_page()) {
        timed("page", &mut || page::build(Profile::Work, wanted.consent))?;
    }
    let mut programs = vec![];
    timed("build", &mut || {
        programs = build()?;
        Ok(())
    })?;
    let mut report = vec![];
    let mut left_out: Vec<LeftOut> = vec![];
    for layer in Layer::ALL {
        if !wanted.layers.contains(&layer) {
            left_out.push(LeftOut { what: layer.name().to_owned(), why: Why::NotAsked });
            continue;
        }
        let began = Instant::now();
        match lab.equip(layer) {
            Ok(true) => spent.push((format!("tools, {}", layer.name()), began.elapsed())),
            Ok(false) => {}
            Err(why) => left_out.push(LeftOut { what: format!("tools, {}", layer.name()), why: Why::Failed(format!("{why:#}")) }),
        }
        let mut tally = Tally::default();
        let (of_the_lab, alone): (Vec<&Program>, Vec<&Program>) = programs.iter().filter(|p| p.is.layer == layer).partition(|p| !p.is.needs.is_empty());
        for programs in [alone, of_the_lab] {
            let began = Instant::now();
            let parts: Vec<Part> = programs.iter().filter_map(|program| lab.plan(program).runs).flat_map(|run| run.stands_on).collect();
            if lab.stand(&parts) {
                spent.push((format!("lab, {}", layer.name()), began.elapsed()));
            }
            let began = Instant::now();
            for program in programs {
                // Once more: now it is known what came to stand.
                let plan = lab.plan(program);
                left_out.extend(plan.left_out);
                if let Some(run) = plan.runs
                    && let Err(why) = one(program, run.lanes(wanted.filter.as_deref()), &lab.environment, &mut tally)
                {
                    tally.failed += 1;
                    tally.broken.push(format!("{} ({why:#})", program.name));
                }
            }
            tally.took += began.elapsed();
        }
        report.push((layer, tally));
    }
    drop(lab);
    let strictness = if std::env::var_os("CI").is_some() { Strictness::Refuses } else { Strictness::Tells };
    close(&spent, &report, &left_out, strictness)
}

/// The real back ends that stand for this run; those that it started end with it, however it ends.
struct Stand {
    facts: Facts,
    /// What builds them meanwhile.
    ahead: Option<Ahead>,
    started: Vec<Guard>,
    /// What was tried and does not stand, and why.
    failed: Vec<(Part, String)>,
    environment: Vec<(&'static str, PathBuf)>,
    consent: Consent,
}

impl Stand {
    /// Begins to build what some layer will need, beside everything that comes before it.
    fn ahead(layers: &[Layer], consent: Consent) -> Result<Self> {
        let facts = Facts::of_this_machine()?;
        let needed = |part: &Part| layers.iter().any(|layer| layer.needs().contains(part));
        let parts: Vec<Part> = Part::ALL.into_iter().filter(|part| needed(part) && facts.why_not(Need::Lab(*part)).is_none()).collect();
        let mut stand = Self { facts, ahead: None, started: vec![], failed: vec![], environment: vec![], consent };
        if !parts.is_empty() {
            match lab::ahead(&parts, consent) {
                Ok(ahead) => stand.ahead = Some(ahead),
                // What needs none of them still runs.
                Err(why) => stand.fail(&parts, &why),
            }
        }
        Ok(stand)
    }

    fn fail(&mut self, parts: &[Part], why: &Error) {
        self.failed.extend(parts.iter().map(|part| (*part, format!("{why:#}"))));
    }

    /// Says which tests of a program can run.
    fn plan(&self, program: &Program) -> Plan {
        Plan::of(&program.name, program.is, |need| {
            let failed = self.failed.iter().find(|(part, _)| Need::Lab(*part) == need);
            failed.map(|(_, why)| Why::Failed(why.clone())).or_else(|| self.facts.why_not(need).map(Why::Cannot))
        })
    }

    /// Gets the tool that the tests of a layer use; `false` when they use none.
    fn equip(&mut self, layer: Layer) -> Result<bool> {
        let tool = match layer {
            Layer::Architecture => ("KOS_CARGO_DENY", deny::program()?),
            Layer::Journeys => ("KOS_AXE", axe::script()?),
            Layer::Unit | Layer::Views | Layer::Contract | Layer::Live => return Ok(false),
        };
        self.environment.push(tool);
        Ok(true)
    }

    /// Starts these parts, as far as they do; `false` when there are none.
    fn stand(&mut self, parts: &[Part]) -> bool {
        if parts.is_empty() {
            return false;
        }
        if let Some(ahead) = self.ahead.take()
            && let Err(why) = ahead.ended()
        {
            eprintln!("{why:#}");
        }
        for part in parts {
            if !lab::stands(*part) {
                match lab::guard(*part) {
                    Ok(guard) => self.started.push(guard),
                    Err(why) => {
                        self.fail(&[*part], &why);
                        continue;
                    }
                }
            }
            if let Err(why) = lab::up(*part, self.consent) {
                self.fail(&[*part], &why);
            }
        }
        match lab::environment() {
            Ok(environment) => self.environment.extend(environment),
            Err(why) => self.fail(parts, &why),
        }
        true
    }
}

impl Drop for Stand {
    fn drop(&mut self) {
        // What stands on another part goes before it.
        while let Some(last) = self.started.pop() {
            drop(last);
        }
    }
}

/// Builds every test program and the window, and lists them.
fn build() -> Result<Vec<Program>> {
    // One selection for build and test: another one means other features and a second build of everything.
    window::build(Profile::Work)?;
    let out = Command::new(cargo_path())
        .args(["test", "--locked", "--workspace", "--no-run", "--message-format=json-render-diagnostics"])
        .stderr(Stdio::inherit())
        .output()
        .context("cargo could not be started")?;
    if !out.status.success() {
        bail!("the tests do not build");
    }
    let mut programs = vec![];
    for line in String::from_utf8_lossy(&out.stdout).lines() {
        let message: Value = serde_json::from_str(line)?;
        let (Some(file), Some(manifest)) = (message["executable"].as_str(), message["manifest_path"].as_str()) else { continue };
        if message["profile"]["test"] != true {
            continue;
        }
        let folder = Path::new(manifest).parent().unwrap_or(Path::new(".")).to_path_buf();
        let target = message["target"]["name"].as_str().unwrap_or_default();
        let package = package_of(manifest)?;
        programs.push(Program { is: TestProgram::of(&package, target), name: format!("{package} {target}"), file: file.into(), folder });
    }
    Ok(programs)
}

fn package_of(manifest: &str) -> Result<String> {
    let text = std::fs::read_to_string(manifest)?;
    let name = text.lines().find_map(|l| l.strip_prefix("name = ")).context("a manifest without a name")?;
    Ok(name.trim_matches('"').to_owned())
}

fn one(program: &Program, lanes: Vec<Vec<String>>, environment: &[(&str, PathBuf)], tally: &mut Tally) -> Result<()> {
    eprintln!("── {} · {}", program.is.layer.name(), program.name);
    // A journey owns a window, a live test owns containers: two of a kind at a time share two cores and nothing else.
    let threads = program.is.layer.is_of_the_whole().then(|| "--test-threads=1".to_owned());
    let run = |words: Vec<String>| once(program, &words.into_iter().chain(threads.clone()).collect::<Vec<_>>(), environment);
    let ended: Vec<Result<Outcome>> = thread::scope(|all| {
        let lanes: Vec<_> = lanes.into_iter().map(|words| all.spawn(|| run(words))).collect();
        lanes.into_iter().map(|lane| lane.join().unwrap_or_else(|_| bail!("a lane of {} broke", program.name))).collect()
    });
    let ended = ended.into_iter().collect::<Result<Vec<_>>>()?;
    tally.passed += ended.iter().map(|lane| lane.passed).sum::<u32>();
    for lane in ended.iter().filter(|lane| !lane.ended_well) {
        again(program, lane, environment, tally)?;
    }
    Ok(())
}

/// What failed is run once more where the world moves below it; what fails then too is counted.
fn again(program: &Program, first: &Outcome, environment: &[(&str, PathBuf)], tally: &mut Tally) -> Result<()> {
    let mut failed = first.failed.max(1);
    for name in first.names.iter().filter(|_| program.is.layer.is_of_the_whole()) {
        eprintln!("── again, alone · {name}");
        if once(program, &["--exact".into(), name.clone()], environment)?.ended_well {
            failed -= 1;
            tally.passed += 1;
            tally.unsteady.push(name.clone());
        }
    }
    tally.failed += failed;
    if failed > 0 && !tally.broken.contains(&program.name) {
        tally.broken.push(program.name.clone());
    }
    Ok(())
}

fn once(program: &Program, words: &[String], environment: &[(&str, PathBuf)]) -> Result<Outcome> {
    let mut command = if program.is.layer.needs_screen() { window::on_a_screen(&program.file)? } else { window::plain(&program.file) };
    let could_not = || format!("{} could not be run", program.name);
    let mut child = command
        .command
        .args(words)
        .current_dir(&program.folder)
        .env("CARGO_MANIFEST_DIR", &program.folder)
        .env("KOS_BINARY", window::binary(Profile::Work)?)
        .envs(environment.iter().map(|(name, path)| (*name, path)))
        .stderr(Stdio::inherit())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(could_not)?;
    // Some take a quarter of an hour: each test is told as it ends.
    let mut text = String::new();
    for line in child.stdout.take().into_iter().flat_map(|out| BufReader::new(out).split(b'\n')) {
        let line = line.with_context(could_not)?;
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        text.push_str(&line);
        text.push('\n');
    }
    let status = child.wait().with_context(could_not)?;
    Ok(outcome::read(&text, status.success()))
}

fn close(spent: &[(String, Duration)], report: &[(Layer, Tally)], left_out: &[LeftOut], strictness: Strictness) -> Result<()> {
    println!("\nWhere the time went");
    for (what, took) in spent {
        println!("  {what:<20}{:>7.1} s", took.as_secs_f64());
    }
    println!("What ran");
    for (layer, tally) in report {
        println!("  {:<14}{:>7.1} s  {} passed, {} failed", layer.name(), tally.took.as_secs_f64(), tally.passed, tally.failed);
    }
    for LeftOut { what, why } in left_out {
        match why {
            Why::NotAsked => println!("  {what:<12}  left out: not asked for"),
            Why::Cannot(why) => println!("  {what:<12}  left out: {why}"),
            Why::Failed(why) => println!("  {what:<12}  failed: {why}"),
        }
    }
    for name in report.iter().flat_map(|(_, t)| &t.unsteady) {
        println!("unsteady: {name} failed, then passed alone");
    }
    let (passed, failed) = report.iter().fold((0, 0), |(p, f), (_, t)| (p + t.passed, f + t.failed));
    println!("{passed} passed, {failed} failed");
    let mut broken: Vec<String> = report.iter().flat_map(|(_, t)| t.broken.iter().cloned()).collect();
    broken.extend(plan::faults(left_out, strictness));
    if !broken.is_empty() {
        bail!("failed: {}", broken.join(", "));
    }
    if passed == 0 {
        bail!("no test ran");
    }
    Ok(())
}
