//! What stands in Docker and in a management cluster, and is it still the same as before?

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::bail;
use tests::lab::{self, Server};

/// What every API server has, and what Cluster API brings.
const KINDS: [&str; 3] = [
    "namespaces,deployments.apps,customresourcedefinitions",
    "providers.clusterctl.cluster.x-k8s.io",
    "clusters,clusterclasses,machines,machinesets,machinedeployments,kubeadmcontrolplanes,devclusters,devmachines,kubeadmconfigs",
];
/// clusterctl tries cert-manager in it and takes it away again.
const TRIAL: &str = "cert-manager-test";
const UID: &str = "jsonpath={range .items[*]}{.kind}/{.metadata.namespace}/{.metadata.name} {.metadata.uid}{\"\\n\"}{end}";

/// What was seen of two clusters so far, by name, each with what tells it from another of the name.
pub(crate) struct Made {
    clusters: Vec<&'static str>,
    kubeconfig: PathBuf,
    seen: BTreeMap<String, String>,
}

/// Whether everything has to answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ask {
    /// An API server that does not answer yet, or knows a kind not yet, has nothing of it.
    WhatAnswers,
    All,
}

impl Made {
    pub(crate) fn new(clusters: Vec<&'static str>, kubeconfig: PathBuf) -> Self {
        Self { clusters, kubeconfig, seen: BTreeMap::new() }
    }

    /// Looks again. What has the name of something that was seen before has to be that very thing.
    pub(crate) fn look(&mut self) -> anyhow::Result<()> {
        for (name, id) in self.now(Ask::WhatAnswers)? {
            match self.seen.get(&name) {
                Some(before) if *before != id => bail!("{name} was made a second time: {before}, then {id}"),
                Some(_) => {}
                None => drop(self.seen.insert(name, id)),
            }
        }
        Ok(())
    }

    /// The same, and nothing that was seen before is missing. How many things were seen by then, and how many there are.
    pub(crate) fn look_at_all(&mut self) -> anyhow::Result<(usize, usize)> {
        let before = self.seen.len();
        self.look()?;
        let now = self.now(Ask::All)?;
        match self.seen.keys().find(|name| !now.contains_key(*name)) {
            Some(gone) => bail!("{gone} was there and is gone"),
            None => Ok((before, now.len())),
        }
    }

    fn now(&self, ask: Ask) -> anyhow::Result<BTreeMap<String, String>> {
        let (mut all, mut lines) = (containers(&self.clusters)?, String::new());
        for kinds in KINDS.iter().filter(|_| ask == Ask::All || self.kubeconfig.exists()) {
            match Server::at(self.kubeconfig.clone()).kubectl(&["get", kinds, "--all-namespaces", "--request-timeout=20s", "-o", UID]) {
                Ok(said) => lines.push_str(&said),
                Err(why) if ask == Ask::All => return Err(why),
                Err(_) => {}
            }
        }
        all.extend(pairs(&lines).filter(|(name, _)| !name.contains(TRIAL)));
        Ok(all)
    }
}

/// Names and ids of the containers of clusters.
pub(crate) fn containers(clusters: &[&str]) -> anyhow::Result<BTreeMap<String, String>> {
    let mut all = BTreeMap::new();
    for cluster in clusters {
        let filter = format!("label=io.x-k8s.kind.cluster={cluster}");
        all.extend(pairs(&lab::run("docker", &["ps", "--all", "--no-trunc", "--filter", &filter, "--format", "{{.Names}} {{.ID}}"])?));
    }
    Ok(all)
}

fn pairs(lines: &str) -> impl Iterator<Item = (String, String)> {
    lines.lines().filter_map(|line| line.split_once(' ')).map(|(name, id)| (name.to_owned(), id.to_owned()))
}

/// Names of all containers, volumes and networks of this machine's Docker.
pub(crate) fn in_docker() -> anyhow::Result<BTreeSet<String>> {
    let mut all = BTreeSet::new();
    for (kind, args) in [
        ("container", ["ps", "--all", "--format", "{{.Names}}"].as_slice()),
        ("volume", &["volume", "ls", "--format", "{{.Name}}"]),
        ("network", &["network", "ls", "--format", "{{.Name}}"]),
    ] {
        all.extend(lab::run("docker", args)?.lines().map(|name| format!("{kind} {name}")));
    }
    Ok(all)
}
