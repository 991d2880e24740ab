//! How is a moment of real controllers kept, so that its diagnosis is tested without them?
//!
//! `KOS_RECORD=FOLDER cargo xtask test live` writes one file for each diagnosis that a live test provokes; the tests of
//! `capi::explain` read whatever lies in their `recorded` folder. Start at: [`keep`].

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context;
use serde_json::{Value, json};

use crate::lab::{self, Server};

/// What a cluster consists of beside itself; its class and its Secrets are left out.
const KINDS: &str = "machines,machinesets,machinedeployments,machinehealthchecks,kubeadmcontrolplanes,devclusters,devmachines,kubeadmconfigs";
const PROVIDERS: &str = "jsonpath={range .items[*]}{.providerName} {.version}{\"\\n\"}{end}";
const CONTAINER: &str = "{{.Name}} {{.State.Status}} {{.State.ExitCode}} {{.State.FinishedAt}}";
/// What stands in the place of a bootstrap token.
const MASKED: &str = "MASKED.BOOTSTRAPTOKEN";

/// What the machines of a cluster are.
#[derive(Debug, Clone, Copy)]
pub enum Machines {
    InMemory,
    InDocker,
}

/// Keeps what is so now of a cluster in the namespace `default`, with what KOS quoted when it said why, in
/// `$KOS_RECORD/RULE.json`. Does nothing where no recordings are asked for.
pub fn keep(server: &Server, cluster: &str, machines: Machines, why: &Value) -> anyhow::Result<()> {
    let Some(folder) = std::env::var_os("KOS_RECORD") else { return Ok(()) };
    let folder = Path::new(&folder);
    let rule = why["rule"].as_str().context("a kept moment has a diagnosis")?;
    let objects = objects(server, cluster)?;
    let containers = match machines {
        Machines::InMemory => vec![],
        Machines::InDocker => containers(cluster)?,
    };
    let moment = masked(json!({
        "rule": rule,
        "weight": why["weight"],
        "namespace": "default",
        "name": cluster,
        "now": u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())?,
        "by": made_by(server)?,
        "quoted": why["seen"],
        "containers": containers,
        "objects": objects,
    }));
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let file = folder.join(format!("{rule}.json"));
    std::fs::write(&file, format!("{moment:#}\n")).with_context(|| file.display().to_string())
}

fn objects(server: &Server, cluster: &str) -> anyhow::Result<Vec<Value>> {
    let itself: Value = serde_json::from_str(&server.kubectl(&["get", "clusters.cluster.x-k8s.io", cluster, "-o", "json"])?)?;
    let label = format!("cluster.x-k8s.io/cluster-name={cluster}");
    let parts: Value = serde_json::from_str(&server.kubectl(&["get", KINDS, "-l", &label, "-o", "json"])?)?;
    let parts = parts["items"].as_array().context("kubectl lists objects")?.clone();
    Ok([vec![itself], parts].concat())
}

/// The programs that wrote the objects.
fn made_by(server: &Server) -> anyhow::Result<Value> {
    let version: Value = serde_json::from_str(&server.kubectl(&["version", "-o", "json"])?)?;
    let providers = server.kubectl(&["get", "providers.clusterctl.cluster.x-k8s.io", "--all-namespaces", "-o", PROVIDERS])?;
    Ok(json!({ "kubernetes": version["serverVersion"]["gitVersion"], "providers": providers.lines().collect::<Vec<_>>() }))
}

/// `/w1-lb exited 137 2026-11-23T14:08:30.123456789Z`
fn containers(cluster: &str) -> anyhow::Result<Vec<String>> {
    let names = lab::containers(cluster)?;
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let said = lab::run("docker", &[["inspect", "--format", CONTAINER].as_slice(), &names].concat())?;
    Ok(said.lines().map(str::to_owned).collect())
}

/// The same without bootstrap tokens.
fn masked(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(without_tokens(&text)),
        Value::Array(all) => Value::Array(all.into_iter().map(masked).collect()),
        Value::Object(fields) => Value::Object(fields.into_iter().map(|(name, value)| (name, masked(value))).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) => value,
    }
}

/// A text without the bootstrap tokens of kubeadm, which open a cluster for a while: `abcdef.0123456789abcdef`.
pub fn without_tokens(text: &str) -> String {
    let is_inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '.';
    let is_token = |word: &str| word.split_once('.').is_some_and(|(id, secret)| id.len() == 6 && secret.len() == 16 && !secret.contains('.'));
    let pieces = text.split_inclusive(|c: char| !is_inner(c)).map(|piece| {
        let word = piece.trim_end_matches(|c: char| !is_inner(c));
        if is_token(word) { piece.replacen(word, MASKED, 1) } else { piece.to_owned() }
    });
    pieces.collect()
}
