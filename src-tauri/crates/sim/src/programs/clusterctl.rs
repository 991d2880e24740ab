//! How does the simulated clusterctl install Cluster API?

mod catalogue;
mod moving;
mod templates;
mod upgrade;

use std::sync::Arc;
use std::time::Duration;

use api::Timestamp;
use serde_json::{Value, json};

use super::run::{DockerGone, Run};
use crate::cluster::Cluster;
use crate::failure::{Failure, Step};
use crate::fleet::providers::{self, Health, Provider};
use crate::objects::{find, place, stamp};

const VERSION: &str = "v1.14.2";

pub(crate) async fn clusterctl(run: &mut Run<'_>) -> i32 {
    let arguments = run.arguments();
    run.wait(Duration::from_millis(70)).await;
    match (arguments.word(0), arguments.word(1)) {
        ("version", _) if arguments.either("--output", "-o") == Some("short") => run.out(VERSION),
        ("version", _) if arguments.either("--output", "-o") == Some("yaml") => {
            run.out(&format!("clusterctl:\n  gitVersion: {VERSION}\n  major: \"1\"\n  minor: \"14\"\n  platform: linux/amd64"));
        }
        ("version", _) if arguments.either("--output", "-o") == Some("json") => {
            run.out(&json!({ "clusterctl": { "major": "1", "minor": "14", "gitVersion": VERSION, "platform": "linux/amd64" } }).to_string());
        }
        ("version", _) => {
            run.out(&format!("clusterctl version: &version.Info{{Major:\"1\", Minor:\"14\", GitVersion:\"{VERSION}\", GitCommit:\"0000000000000000000000000000000000000000\", GitTreeState:\"clean\", BuildDate:\"2026-01-01T00:00:00Z\", GoVersion:\"go1.26.8\", Compiler:\"gc\", Platform:\"linux/amd64\"}}"));
        }
        (word, second) if matches!(word, "init" | "upgrade" | "config" | "generate" | "move" | "delete") => {
            let done = match (word, second) {
                ("upgrade", "plan") => upgrade::plan(run).await,
                ("upgrade", _) => upgrade::apply(run).await,
                ("config", _) => catalogue::list(run),
                ("generate", "cluster") => templates::cluster(run),
                ("generate", _) => catalogue::provider(run),
                ("move", _) => moving::go(run).await,
                ("delete", _) => catalogue::delete(run).await,
                (_, _) => init(run).await,
            };
            if let Err(why) = done {
                run.err(&format!("Error: {why}"));
                return 1;
            }
        }
        (other, _) => {
            run.err(&format!("Error: unknown command \"{other}\" for \"clusterctl\""));
            return 1;
        }
    }
    0
}

/// The server of the context that the arguments name, of the current one otherwise.
fn cluster_of(run: &Run<'_>) -> Result<Arc<Cluster>, String> {
    let arguments = run.arguments();
    named(run, arguments.value("--kubeconfig"), arguments.value("--kubeconfig-context"))
}

fn named(run: &Run<'_>, path: Option<&str>, context: Option<&str>) -> Result<Arc<Cluster>, String> {
    let path = path.ok_or("failed to load Kubeconfig: the simulated clusterctl needs --kubeconfig")?;
    let text = std::fs::read_to_string(path).map_err(|_| format!("failed to load Kubeconfig: stat {path}: no such file or directory"))?;
    let file: Value = serde_yaml::from_str(&text).map_err(|_| format!("failed to load Kubeconfig: error loading config file \"{path}\""))?;
    let context = context.or(file["current-context"].as_str()).unwrap_or_default();
    let entry = |list: &str, name: &str| file[list].as_array().and_then(|all| all.iter().find(|one| one["name"] == name)).cloned();
    let used = entry("contexts", context).ok_or_else(|| format!("context \"{context}\" does not exist"))?;
    let server = entry("clusters", used["context"]["cluster"].as_str().unwrap_or_default()).unwrap_or_default();
    let url = server["cluster"]["server"].as_str().unwrap_or_default();
    let found = run.world().server(url).map(|server| Arc::clone(server.cluster()));
    found.ok_or_else(|| format!("failed to get the Kubernetes version: Get \"{url}/version?timeout=30s\": connect: connection refused"))
}

/// The providers that a cluster has, with their versions.
fn inventory(cluster: &Arc<Cluster>) -> Vec<Provider> {
    let store = cluster.store();
    let id = crate::server::resources::ResourceId::new("clusterctl.cluster.x-k8s.io", "providers");
    let all = store.list(&id, "", None).map(|one| one.value());
    all.filter_map(|one| providers::labelled(one["metadata"]["name"].as_str()?, one["version"].as_str()?)).collect()
}

async fn init(run: &mut Run<'_>) -> Result<(), String> {
    let cluster = cluster_of(run)?;
    let wanted = wanted(run, inventory(&cluster).is_empty())?;
    run.err("Fetching providers");
    run.wait(Duration::from_secs(2)).await;
    let gone = |_: DockerGone| "failed to create provider object: the server was asked to stop".to_owned();
    let first = find(&cluster.store(), "apps", "deployments", "cert-manager", "cert-manager").is_none();
    if first {
        run.err("Installing cert-manager version=\"v1.21.1\"");
        run.work(Step::CertManager, Duration::from_secs(2)).await.map_err(gone)?;
        let sick = run.world().takes(|one| *one == Failure::CertManagerTimeout).is_some();
        apply(run, &cluster, providers::cert_manager(if sick { Health::Sick } else { Health::Well }));
        run.err("Waiting for cert-manager to be available...");
        available(run, &cluster, &["cert-manager"], Duration::from_secs(600)).await?;
    } else {
        run.err("Skipping installing cert-manager as it is already installed");
    }
    let mut namespaces = Vec::new();
    for provider in wanted {
        let present = find(&cluster.store(), "clusterctl.cluster.x-k8s.io", "providers", provider.namespace, provider.label);
        match present.as_ref().and_then(|one| one["version"].as_str()) {
            Some(version) if version == provider.version => continue,
            Some(_) => {
                let (label, namespace) = (provider.label, provider.namespace);
                return Err(format!(
                    "installing provider \"{label}\" can lead to a non functioning management cluster: there is already an instance of the \"{label}\" provider installed in the \"{namespace}\" namespace"
                ));
            }
            None => {}
        }
        run.err(&format!("Installing provider=\"{}\" version=\"{}\" targetNamespace=\"{}\"", provider.label, provider.version, provider.namespace));
        run.work(Step::Providers, Duration::from_secs(2)).await.map_err(gone)?;
        apply(run, &cluster, providers::objects(&provider));
        // A webhook listens only a while after its pod is ready: its certificate must come first.
        let listens = Timestamp(run.world().clock().now().0 + 60_000);
        cluster.behave(|manners| manners.deaf_until.push((provider.service.into(), listens)));
        namespaces.push(provider.namespace);
    }
    if run.arguments().has("--wait-providers") {
        run.err("Waiting for providers to be available...");
        available(run, &cluster, &namespaces, Duration::from_secs(300)).await?;
    }
    if first {
        let lines = [
            "",
            "Your management cluster has been initialized successfully!",
            "",
            "You can now create your first workload cluster by running the following:",
            "",
        ];
        lines.iter().for_each(|line| run.err(line));
        run.err("  clusterctl generate cluster [name] --kubernetes-version [version] | kubectl apply -f -");
        run.err("");
    }
    Ok(())
}

/// `core`, the two of kubeadm and what `--infrastructure` names, each with its version.
///
/// A cluster that has Cluster API already gets only what is named.
fn wanted(run: &Run<'_>, fresh: bool) -> Result<Vec<Provider>, String> {
    let arguments = run.arguments();
    let mut wanted = Vec::new();
    for (flag, default) in [("--core", "cluster-api"), ("--bootstrap", "kubeadm"), ("--control-plane", "kubeadm")] {
        wanted.extend(arguments.value(flag).or(fresh.then_some(default)).map(|name| (flag, name.to_owned())));
    }
    for flag in ["--ipam", "--addon", "--runtime-extension"] {
        wanted.extend(arguments.value(flag).map(|name| (flag, name.to_owned())));
    }
    if let Some(names) = arguments.either("--infrastructure", "-i") {
        wanted.extend(names.split(',').map(|name| ("--infrastructure", name.to_owned())));
    }
    wanted
        .into_iter()
        .map(|(flag, text)| {
            let (name, version) = text.split_once(':').unwrap_or((&text, ""));
            providers::named(flag, name, version).ok_or_else(|| not_in_the_demo(name))
        })
        .collect()
}

/// Words that nobody takes for those of the real clusterctl.
fn not_in_the_demo(name: &str) -> String {
    format!("{name} is not in the demo: it knows {} providers and contacts nobody", providers::KNOWN.len())
}

fn apply(run: &Run<'_>, cluster: &Arc<Cluster>, objects: Vec<Value>) {
    let created = stamp(run.world().clock().now());
    cluster.write(|store| {
        for mut object in objects {
            object["metadata"]["creationTimestamp"] = json!(created);
            place(store, object);
        }
    });
}

async fn available(run: &mut Run<'_>, cluster: &Arc<Cluster>, namespaces: &[&str], limit: Duration) -> Result<(), String> {
    let until = run.world().clock().now().0 + u64::try_from(limit.as_millis()).unwrap_or_default();
    while run.world().clock().now().0 < until {
        let waits = {
            let store = cluster.store();
            let all = namespaces.iter().flat_map(|namespace| store.list(&crate::server::resources::ResourceId::new("apps", "deployments"), namespace, None));
            all.map(|one| one.value()).any(|one| one["status"]["conditions"][0]["status"] != "True")
        };
        if !waits {
            return Ok(());
        }
        run.wait(Duration::from_secs(1)).await;
    }
    Err("context deadline exceeded".into())
}
