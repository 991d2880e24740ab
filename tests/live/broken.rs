//! Containers that stop, joins that fail and a drain that is held, on the real Docker: is each named, and does it go on?

use anyhow::Context;
use serde_json::{Value, json};
use tests::headless::Rows;
use tests::lab::{self, Server};
use tests::moment::{self, Machines};
use tests::{Desk, Headless};

use crate::asleep::{Seen, changed};
use crate::page::{is_as_asked, why};

/// What may be read with a join token: kubeadm makes both, and no join works without them.
const SYSTEM: &str = "kube-system";
const CONFIGURATION: (&str, &str) = ("configmap", "kubeadm-config");
const PERMISSION: (&str, &str) = ("rolebinding", "kubeadm:nodes-kubeadm-config");

/// Waits for a diagnosis and keeps its moment where recordings are asked for.
async fn named(core: &mut Headless, seen: &Seen<'_>, manager: &Server, rule: &str) -> anyhow::Result<Rows> {
    core.call("look_around", Value::Null).await?;
    let rows = core.until(seen.page, rule, |rows| why(rows)["rule"] == rule).await?;
    moment::keep(manager, seen.name, Machines::InDocker, why(&rows))?;
    Ok(rows)
}

async fn is_well(core: &mut Headless, seen: &Seen<'_>, workers: usize) -> anyhow::Result<Rows> {
    core.call("look_around", Value::Null).await?;
    core.until(seen.page, &format!("1 of 1 and {workers} of {workers}"), |rows| is_as_asked(rows, 1, workers)).await
}

/// A load balancer and a worker whose containers somebody stopped come back as they were.
pub(crate) async fn containers_that_stop_are_named(core: &mut Headless, seen: &Seen<'_>, manager: &Server) -> anyhow::Result<()> {
    let worker = manager.workers(seen.name)?.into_iter().next().context("a worker")?;
    for (container, rule) in [(format!("{}-lb", seen.name), "lb-no-ip"), (worker, "container-gone")] {
        lab::run("docker", &["stop", "--time", "1", &container])?;
        let rows = named(core, seen, manager, rule).await?;
        assert!(why(&rows)["remedies"].to_string().contains(&format!("docker start {container}")), "{:#}", why(&rows));
        lab::run("docker", &["start", &container])?;
        is_well(core, seen, 1).await?;
    }
    Ok(())
}

/// An object of the workload cluster that was taken away, as it is put back.
fn taken(inside: &Server, (kind, name): (&str, &str)) -> anyhow::Result<String> {
    let mut object: Value = serde_json::from_str(&inside.kubectl(&["get", kind, name, "-n", SYSTEM, "-o", "json"])?)?;
    object["metadata"] = json!({ "name": name, "namespace": SYSTEM });
    inside.kubectl(&["delete", kind, name, "-n", SYSTEM])?;
    Ok(object.to_string())
}

/// The youngest worker, whose bootstrap failed and is not tried again, is replaced.
fn replaced(seen: &Seen<'_>, manager: &Server) -> anyhow::Result<()> {
    let worker = manager.workers(seen.name)?.pop().context("a worker")?;
    manager.kubectl(&["delete", "machine", &worker, "--wait=false"]).map(drop)
}

/// A second worker cannot join: first there is nothing to read, then it may not read it. The permission comes last: lines
/// about it in the log of the provider are heard for a while, and tell more than that a bootstrap failed.
pub(crate) async fn joins_that_fail_are_named(core: &mut Headless, seen: &Seen<'_>, manager: &Server, desk: &Desk) -> anyhow::Result<()> {
    let inside = manager.inside(seen.name, desk)?;
    let configuration = taken(&inside, CONFIGURATION)?;
    changed(core, seen.at, json!({ "Scale": { "control_plane": 1, "pools": [{ "pool": "md-0", "to": 2 }] } })).await?;
    let rows = named(core, seen, manager, "bootstrap-failed").await?;
    assert!(why(&rows)["seen"].to_string().contains("kubeadm-config"), "what failed is quoted: {:#}", why(&rows));

    let permission = taken(&inside, PERMISSION)?;
    inside.apply(&configuration)?;
    replaced(seen, manager)?;
    let rows = named(core, seen, manager, "join-rbac").await?;
    assert!(why(&rows)["seen"].to_string().contains("system:bootstrap:"), "{:#}", why(&rows));
    inside.apply(&permission)?;
    replaced(seen, manager)?;
    is_well(core, seen, 2).await.map(drop)
}

/// A pod with a disruption budget stands on a worker that is to go.
pub(crate) async fn a_budget_that_holds_a_drain_is_named(core: &mut Headless, seen: &Seen<'_>, manager: &Server, desk: &Desk) -> anyhow::Result<()> {
    let inside = manager.inside(seen.name, desk)?;
    let worker = manager.workers(seen.name)?.into_iter().next().context("a worker")?;
    let images = inside.kubectl(&["get", "node", &worker, "-o", "jsonpath={.status.images[*].names[*]}"])?;
    let image = images.split_whitespace().find(|image| image.contains("/pause:")).context("an image that only waits")?;
    let pod = json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "kept", "namespace": "default", "labels": { "app": "kept" } },
        "spec": { "nodeName": worker, "containers": [{ "name": "kept", "image": image, "imagePullPolicy": "Never" }] },
    });
    let budget = json!({
        "apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": { "name": "kept", "namespace": "default" },
        "spec": { "minAvailable": 1, "selector": { "matchLabels": { "app": "kept" } } },
    });
    inside.apply(&json!({ "apiVersion": "v1", "kind": "List", "items": [pod, budget] }).to_string())?;
    inside.kubectl(&["wait", "--for=condition=Ready", "pod/kept", "--timeout=120s"])?;
    manager.kubectl(&["delete", "machine", &worker, "--wait=false"])?;
    let rows = named(core, seen, manager, "delete-drain").await?;
    assert!(why(&rows)["sentence"].as_str().is_some_and(|said| said.contains("default/kept") && said.contains(&worker)), "{:#}", why(&rows));
    inside.kubectl(&["delete", "poddisruptionbudget", "kept"])?;
    is_well(core, seen, 2).await.map(drop)
}
