//! How fast is KOS, measured against something that runs beside it?
//!
//! Every figure is taken several times in turns with its floor, and is told as a ratio or against a bound, with median and
//! spread. Nothing gates on it. Start at: [`run`].

mod capi;
mod desk;
mod files;
mod flood;
mod idle;
mod lines;
mod management;
mod pods;
mod processes;
mod series;
mod stage;
mod start;

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::arguments::Consent;
use crate::machine;
use crate::page::{self, Profile, target_folder};
use crate::programs::{cargo_path, run as run_program};

use processes::Machine;

/// What can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Figure {
    /// Start to the first row of the Fleet, and what happens before it.
    Start,
    /// 200 kubeconfigs with 1,000 contexts.
    Files,
    /// Opening a context to its first pod, beside kubectl.
    Pods,
    /// A job that prints 10,000 lines a second.
    Flood,
    /// A window that nobody touches.
    Idle,
    /// Tree, lanes and explanation of 1,000 clusters with 10,000 machines.
    Capi,
}

/// What is measured, and of which build.
#[derive(Debug)]
pub(crate) struct Wanted {
    figures: Vec<Figure>,
    source: Source,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    /// Page and programs are built first.
    Fresh,
    /// What lies in the target folder; to measure the same build again on a quieter machine.
    AsItLies,
}

impl Wanted {
    /// Reads names of figures, all of them without a name, and `--built`.
    pub(crate) fn read(words: &[String]) -> Result<Self> {
        let (flags, names): (Vec<&String>, Vec<&String>) = words.iter().partition(|w| w.starts_with("--"));
        let source = match flags.first().map(|f| f.as_str()) {
            None => Source::Fresh,
            Some("--built") => Source::AsItLies,
            Some(other) => bail!("cargo xtask bench does not know {other}"),
        };
        let named: Vec<Figure> = names.into_iter().map(|w| Figure::read(w)).collect::<Result<_>>()?;
        Ok(Self { figures: if named.is_empty() { Figure::ALL.map(|(figure, _)| figure).to_vec() } else { named }, source })
    }
}

impl Figure {
    const ALL: [(Figure, &'static str); 6] =
        [(Self::Start, "start"), (Self::Files, "files"), (Self::Pods, "pods"), (Self::Flood, "flood"), (Self::Idle, "idle"), (Self::Capi, "capi")];

    fn read(word: &str) -> Result<Self> {
        match Self::ALL.iter().find(|(_, name)| *name == word) {
            Some((figure, _)) => Ok(*figure),
            None => bail!("there is no figure {word}; there are {}", Self::ALL.map(|(_, name)| name).join(", ")),
        }
    }

    fn needs_window(self) -> bool {
        match self {
            Self::Start | Self::Flood | Self::Idle => true,
            Self::Files | Self::Pods | Self::Capi => false,
        }
    }
}

/// The programs that are measured, all of one release build.
pub(crate) struct Built {
    pub(crate) window: PathBuf,
    pub(crate) empty: PathBuf,
    pub(crate) headless: PathBuf,
}

pub(crate) fn run(wanted: &Wanted) -> Result<()> {
    let needs_window = wanted.figures.iter().any(|f| f.needs_window());
    if wanted.source == Source::Fresh {
        machine::packages(machine::RUN_PACKAGES, Consent::Ask)?;
        if needs_window {
            machine::packages(machine::TEST_PACKAGES, Consent::Ask)?;
            page::build(Profile::Ship, Consent::Ask)?;
        }
        // Always the same packages: another selection means other features, and a second build of everything.
        let mut cargo = Command::new(cargo_path());
        cargo.args(["build", "--locked", "--release", "--package", "kos", "--package", "headless"]);
        run_program(if needs_window { cargo.args(["--bins", "--example", "empty"]) } else { cargo.args(["--bin", "headless"]) })?;
    }
    let release = target_folder()?.join("release");
    let built = Built { window: release.join("kos"), empty: release.join("examples/empty"), headless: release.join("headless") };
    for figure in &wanted.figures {
        let before = Machine::now()?;
        println!("\n── {}", title(*figure));
        match figure {
            Figure::Start => start::measure(&built)?,
            Figure::Files => files::measure(&built)?,
            Figure::Pods => pods::measure(&built)?,
            Figure::Flood => flood::measure(&built)?,
            Figure::Idle => idle::measure(&built)?,
            Figure::Capi => capi::measure(&built)?,
        }
        println!("   {}", before.until_now()?);
    }
    Ok(())
}

fn title(figure: Figure) -> &'static str {
    match figure {
        Figure::Start => "start to the first row of the Fleet, beside an empty window",
        Figure::Files => "200 kubeconfigs with 1,000 contexts",
        Figure::Pods => "opening a context to its first pod, beside kubectl get pods",
        Figure::Flood => "a job that prints 10,000 lines a second",
        Figure::Capi => "clusters of Cluster API, 1,000 with 10 machines each",
        Figure::Idle => "a window that nobody touches, beside an empty window",
    }
}
