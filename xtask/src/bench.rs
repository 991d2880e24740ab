//! How fast is KOS, measured against something that runs beside it?
//!
//! Every figure is taken several times in turns with its floor, and is told as a ratio or against a bound, with median and
//! spread. Nothing gates on it. Start at: [`run`].

mod desk;
mod files;
mod flood;
mod idle;
mod lines;
mod pods;
mod processes;
mod series;
mod stage;
mod start;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::arguments::Consent;
use crate::page::{self, Profile, target_folder};
use crate::programs::{cargo_path, run as run_program};
use crate::{machine, window};

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
}

impl Figure {
    const ALL: [(Figure, &'static str); 5] =
        [(Self::Start, "start"), (Self::Files, "files"), (Self::Pods, "pods"), (Self::Flood, "flood"), (Self::Idle, "idle")];

    /// Reads the names of figures; all of them without a name.
    pub(crate) fn read(words: &[String]) -> Result<Vec<Self>> {
        let of = |word: &String| match Self::ALL.iter().find(|(_, name)| name == word) {
            Some((figure, _)) => Ok(*figure),
            None => bail!("there is no figure {word}; there are {}", Self::ALL.map(|(_, name)| name).join(", ")),
        };
        if words.is_empty() { Ok(Self::ALL.map(|(figure, _)| figure).to_vec()) } else { words.iter().map(of).collect() }
    }
}

/// The programs that are measured, all of one release build.
pub(crate) struct Built {
    pub(crate) window: PathBuf,
    pub(crate) empty: PathBuf,
    pub(crate) headless: PathBuf,
}

pub(crate) fn run(figures: &[Figure]) -> Result<()> {
    machine::packages(machine::RUN_PACKAGES, Consent::Ask)?;
    machine::packages(machine::TEST_PACKAGES, Consent::Ask)?;
    let built = build()?;
    for figure in figures {
        let before = Machine::now()?;
        println!("\n── {}", title(*figure));
        match figure {
            Figure::Start => start::measure(&built)?,
            Figure::Files => files::measure(&built)?,
            Figure::Pods => pods::measure(&built)?,
            Figure::Flood => flood::measure(&built)?,
            Figure::Idle => idle::measure(&built)?,
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
        Figure::Idle => "a window that nobody touches, beside an empty window",
    }
}

fn build() -> Result<Built> {
    page::build(Profile::Ship)?;
    run_program(Command::new(cargo_path()).args(["build", "--release", "--package", "kos", "--package", "headless", "--bins", "--example", "empty"]))?;
    let release = target_folder().join("release");
    let whole = |path: &Path| path.canonicalize();
    Ok(Built { window: window::binary(Profile::Ship)?, empty: whole(&release.join("examples/empty"))?, headless: whole(&release.join("headless"))? })
}
