//! How do the real back ends of the tests come and go?
//!
//! The recipes are scripts below `tests/lab/`; what they build is kept by content hash outside the clone.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::arguments::{Consent, Lab};
use crate::programs::{output, run};
use crate::{cache, machine};

const HERE: &str = "tests/lab";
/// Root is needed to start an engine; a machine that has one of its own needs nothing.
const DOCKER_PACKAGES: &[&str] = &["docker.io", "iptables", "debootstrap", "unzip", "jq"];
const KUBERNETES_PACKAGES: &[&str] = &["openssl", "curl"];

/// The parts of the lab.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Kubernetes,
    Docker,
}

pub(crate) fn chore(lab: Lab, parts: &[Part]) -> Result<()> {
    match lab {
        Lab::Up => parts.iter().try_for_each(|part| up(*part)),
        Lab::Down => parts.iter().try_for_each(|part| down(*part)),
        Lab::Status => {
            for part in parts {
                println!("{:<12}{}", name(*part), if stands(*part) { "stands" } else { "is down" });
            }
            Ok(())
        }
    }
}

/// Why this machine cannot have a part, `None` when it can.
pub(crate) fn missing(part: Part) -> Option<String> {
    if output("go", &["version"]).is_none() {
        return Some("Go is not installed".into());
    }
    match part {
        Part::Kubernetes => None,
        Part::Docker if stands(Part::Docker) || root() => None,
        Part::Docker => Some("no Docker engine answers and only root can start one".into()),
    }
}

pub(crate) fn up(part: Part) -> Result<()> {
    if let Some(why) = missing(part) {
        bail!("the lab cannot have {}: {why}", name(part));
    }
    match part {
        Part::Kubernetes => {
            machine::packages(KUBERNETES_PACKAGES, Consent::Given)?;
            script("kubernetes/up.sh", &[])
        }
        Part::Docker => {
            machine::packages(DOCKER_PACKAGES, Consent::Given)?;
            ["engine.sh", "base.sh", "providers.sh", "node.sh"].iter().try_for_each(|s| script(&format!("docker/{s}"), &[]))
        }
    }
}

pub(crate) fn down(part: Part) -> Result<()> {
    match part {
        Part::Kubernetes => script("kubernetes/down.sh", &["--purge"]),
        Part::Docker => script("docker/down.sh", &[]),
    }
}

pub(crate) fn stands(part: Part) -> bool {
    match part {
        Part::Kubernetes => Path::new("/tmp/kos-lab/run/kube-apiserver.pid").exists(),
        Part::Docker => output("docker", &["info", "--format", "{{.ServerVersion}}"]).is_some(),
    }
}

/// What the tests need to know of the lab.
pub(crate) fn environment() -> Result<Vec<(&'static str, PathBuf)>> {
    let cache = cache::folder("lab")?;
    let scripts = std::env::current_dir()?.join(HERE);
    Ok(vec![
        ("KOS_LAB", scripts),
        ("KOS_LAB_BIN", cache.join("bin")),
        ("KOS_LAB_KUBECONFIG", "/tmp/kos-lab/admin.kubeconfig".into()),
        ("KOS_LAB_CLUSTERCTL_CONFIG", cache.join("docker/providers/clusterctl.yaml")),
    ])
}

fn script(name: &str, args: &[&str]) -> Result<()> {
    run(Command::new(Path::new(HERE).join(name)).args(args).env("LAB_CACHE", cache::folder("lab")?))
}

fn name(part: Part) -> &'static str {
    match part {
        Part::Kubernetes => "kubernetes",
        Part::Docker => "docker",
    }
}

fn root() -> bool {
    output("id", &["-u"]).as_deref().map(str::trim) == Some("0")
}
