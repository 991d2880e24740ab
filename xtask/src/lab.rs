//! How do the real back ends of the tests come and go?
//!
//! The recipes are scripts below `tests/lab/`; what they build is kept by content hash outside the clone.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::able::{self, Engine, Facts};
use crate::arguments::{Consent, Lab};
use crate::layers::Need;
use crate::programs::{output, run, run_by};
use crate::window::{Guard, Owned};
use crate::{cache, machine};

const HERE: &str = "tests/lab";
/// Where a control plane keeps what is its own while it runs.
const PLACE: &str = "/tmp/kos-lab";

/// The parts of the lab.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Kubernetes,
    /// The controllers of Cluster API as processes, on the control plane of `Kubernetes`.
    Capi,
    Docker,
}

impl Part {
    pub(crate) const ALL: [Part; 3] = [Self::Kubernetes, Self::Capi, Self::Docker];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Kubernetes => "kubernetes",
            Self::Capi => "capi",
            Self::Docker => "docker",
        }
    }
}

pub(crate) fn chore(lab: Lab, parts: &[Part], consent: Consent) -> Result<()> {
    match lab {
        Lab::Up => parts.iter().try_for_each(|part| up(*part, consent)),
        // What stands on another part goes before it.
        Lab::Down => parts.iter().rev().try_for_each(|part| down(*part)),
        Lab::Status => {
            for part in parts {
                println!("{:<12}{}", part.name(), if stands(*part) { "stands" } else { "is down" });
            }
            Ok(())
        }
    }
}

/// What builds parts of the lab beside other work; it ends with its owner.
pub(crate) struct Ahead(Owned);

/// Begins to build what takes long of these parts, with what other work leaves of the machine. Starts none of them.
pub(crate) fn ahead(parts: &[Part], consent: Consent) -> Result<Ahead> {
    packages(parts, consent)?;
    let mut build = Command::new("nice");
    build.args(["-n", "19"]).arg(Path::new(HERE).join("ahead.sh")).args(parts.iter().map(|part| part.name()));
    Ok(Ahead(Owned::spawn(build.env("LAB_CACHE", cache::folder("lab")?))?))
}

impl Ahead {
    /// Waits for its end. What it did not build, starting a part builds.
    pub(crate) fn ended(mut self) -> Result<()> {
        let status = self.0.wait()?;
        if !status.success() {
            eprintln!("building the lab ahead ended with {status}");
        }
        Ok(())
    }
}

/// With one question for all of them.
fn packages(parts: &[Part], consent: Consent) -> Result<()> {
    let engine = Engine::of_this_machine();
    let mut wanted: Vec<&str> = parts.iter().flat_map(|part| able::packages(*part, engine)).collect();
    wanted.sort_unstable();
    wanted.dedup();
    machine::packages(&wanted, consent)
}

pub(crate) fn up(part: Part, consent: Consent) -> Result<()> {
    if let Some(why) = Facts::of_this_machine()?.why_not(Need::Lab(part)) {
        bail!("the lab cannot have {}: {why}", part.name());
    }
    packages(&[part], consent)?;
    match part {
        Part::Kubernetes => script("kubernetes/up.sh", &[]),
        Part::Capi => {
            up(Part::Kubernetes, consent)?;
            script("capi/up.sh", &[])
        }
        Part::Docker => ["engine.sh", "base.sh", "providers.sh", "node.sh"].iter().try_for_each(|s| script(&format!("docker/{s}"), &[])),
    }
}

pub(crate) fn down(part: Part) -> Result<()> {
    run(&mut end(part)?)
}

/// Takes a part down as soon as this is gone, also when a signal ends us.
pub(crate) fn guard(part: Part) -> Result<Guard> {
    Guard::set(&end(part)?, Stdio::inherit())
}

fn end(part: Part) -> Result<Command> {
    match part {
        Part::Kubernetes => recipe("kubernetes/down.sh", &["--purge"]),
        Part::Capi => recipe("capi/down.sh", &[]),
        Part::Docker => recipe("docker/down.sh", &[]),
    }
}

pub(crate) fn stands(part: Part) -> bool {
    match part {
        Part::Kubernetes => runs("kube-apiserver"),
        Part::Capi => runs("capi-core"),
        Part::Docker => output("docker", &["info", "--format", "{{.ServerVersion}}"]).is_some(),
    }
}

/// Whether the process runs that the lab keeps under this name, by its number and when it started: a number alone is given to
/// somebody else once it is free.
fn runs(name: &str) -> bool {
    let kept = std::fs::read_to_string(Path::new(PLACE).join("run").join(format!("{name}.pid"))).unwrap_or_default();
    kept.trim().split_once(' ').is_some_and(|(pid, start)| {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        started(&stat) == Some(start)
    })
}

/// When a process started, by its `stat`; one that ended and was not collected by its parent is none.
fn started(stat: &str) -> Option<&str> {
    // The name in front may hold anything, also a parenthesis. What follows begins with the third field.
    let (_, rest) = stat.rsplit_once(") ")?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    match fields.first()? {
        &"Z" | &"X" => None,
        _ => fields.get(19).copied(),
    }
}

/// What the tests need to know of the lab.
pub(crate) fn environment() -> Result<Vec<(&'static str, PathBuf)>> {
    let cache = cache::folder("lab")?;
    let scripts = std::env::current_dir()?.join(HERE);
    Ok(vec![
        ("KOS_LAB", scripts),
        ("KOS_LAB_BIN", cache.join("bin")),
        ("KOS_LAB_KUBECONFIG", Path::new(PLACE).join("admin.kubeconfig")),
        ("KOS_LAB_CLUSTERCTL_CONFIG", cache.join("docker/providers/clusterctl.yaml")),
    ])
}

/// Runs a script that ends with us: what it would start later nobody takes down.
fn script(name: &str, args: &[&str]) -> Result<()> {
    // A group that is not the terminal's may not read from it.
    run_by(recipe(name, args)?.stdin(Stdio::null()), |command| Owned::spawn(command)?.wait())
}

fn recipe(name: &str, args: &[&str]) -> Result<Command> {
    let mut script = Command::new(Path::new(HERE).join(name));
    script.args(args).env("LAB_CACHE", cache::folder("lab")?);
    Ok(script)
}

#[cfg(test)]
mod tests {
    use super::started;

    const STAT: &str = "4711 (kube) apiserver) S 1 4711 4711 0 -1 4194560 9 0 0 0 3 2 0 0 20 0 12 0 815 1234 56";

    #[test]
    fn a_process_is_known_by_when_it_started() {
        assert_eq!(started(STAT), Some("815"));
        assert_eq!(started(&STAT.replace(") S ", ") Z ")), None, "it ended");
        assert_eq!(started(""), None, "it is no more");
    }
}
