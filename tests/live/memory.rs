//! Workload clusters on the real controllers of Cluster API, with machines in memory.

use serde_json::{Value, json};
use tests::headless::Rows;
use tests::lab::Server;
use tests::{Desk, Headless, lab};

use crate::page::{assert_in_order, drawn_as_by_clusterctl, end, head, is_as_asked, lanes, why};

const ADMIN: &str = "#kubernetes-admin@lab";
const CLUSTERS: &str = "clusters.cluster.x-k8s.io";

/// A cluster of the lab's class.
struct Asked {
    name: &'static str,
    control_planes: usize,
    workers: usize,
}

impl Asked {
    fn yaml(&self) -> String {
        let Self { name, control_planes, workers } = self;
        format!(
            "apiVersion: cluster.x-k8s.io/v1beta2
kind: Cluster
metadata: {{name: {name}, namespace: default}}
spec:
  clusterNetwork: {{pods: {{cidrBlocks: [192.168.0.0/16]}}, services: {{cidrBlocks: [10.128.0.0/12]}}, serviceDomain: cluster.local}}
  topology:
    classRef: {{name: in-memory}}
    version: v1.35.2
    controlPlane: {{replicas: {control_planes}}}
    workers:
      machineDeployments:
      - {{class: default-worker, name: md-0, replicas: {workers}}}
"
        )
    }
}

/// A core at a desk that looks at one cluster; the cluster goes with it, also when a test fails.
struct Look {
    core: Headless,
    list: u64,
    page: u64,
    name: &'static str,
    server: Server,
    _cleared: Cleared,
    _desk: Desk,
}

struct Cleared(&'static str);

impl Cleared {
    fn now(&self) -> anyhow::Result<String> {
        lab::kubectl(&["delete", CLUSTERS, self.0, "--ignore-not-found", "--timeout=120s"])
    }
}

impl Drop for Cleared {
    fn drop(&mut self) {
        if let Err(why) = self.now() {
            eprintln!("{why:#}");
        }
    }
}

impl Look {
    /// Asks for a cluster that is not there yet and looks at it.
    async fn at(asked: &Asked) -> anyhow::Result<Self> {
        let cleared = Cleared(asked.name);
        // An earlier run that was cut off may have left it.
        cleared.now()?;
        let desk = Desk::new();
        desk.file(".kube/config", &lab::kubeconfig());
        let mut core = Headless::start(&desk, &[]).await?;
        core.call("open_context", json!({ "context": ADMIN })).await?;
        let list = core.subscribe(json!({ "Clusters": ADMIN })).await?;
        core.until(list, "a live list", |rows| rows.status == "Live").await?;
        let server = Server::of_the_lab();
        server.apply(&asked.yaml())?;
        let page = core.subscribe(json!({ "Cluster": { "context": ADMIN, "namespace": "default", "name": asked.name } })).await?;
        Ok(Self { core, list, page, name: asked.name, server, _cleared: cleared, _desk: desk })
    }

    /// Waits until the page of the cluster is as wanted.
    async fn until(&mut self, what: &str, wanted: impl Fn(&Rows) -> bool) -> anyhow::Result<Rows> {
        self.core.until(self.page, what, wanted).await
    }

    async fn as_asked(&mut self, control_planes: usize, workers: usize) -> anyhow::Result<Rows> {
        self.until(&format!("{control_planes} of {control_planes} and {workers} of {workers}"), |rows| is_as_asked(rows, control_planes, workers)).await
    }

    async fn drawn_as_by_clusterctl(&mut self) -> anyhow::Result<()> {
        drawn_as_by_clusterctl(&mut self.core, self.page, &self.server, self.name).await
    }

    /// What the API server says of it.
    fn said(&self, path: &str) -> anyhow::Result<String> {
        self.server.kubectl(&["get", CLUSTERS, self.name, "-o", &format!("jsonpath={{{path}}}")])
    }

    fn machines(&self) -> anyhow::Result<usize> {
        Ok(self.server.held(self.name)?.iter().filter(|name| name.starts_with("machine.cluster.x-k8s.io/")).count())
    }

    fn which(&self) -> Value {
        json!({ "context": ADMIN, "namespace": "default", "name": self.name })
    }

    /// Plans a change and does what the plan showed.
    async fn change(&mut self, change: Value) -> anyhow::Result<Value> {
        let plan = self.core.call("plan_change", json!({ "at": self.which(), "change": change })).await?;
        let typed = plan["typed"].as_str().unwrap_or_default();
        self.core.call("apply_change", json!({ "at": self.which(), "change": change, "digest": plan["digest"], "typed": typed })).await?;
        Ok(plan)
    }

    /// Asks for what KOS itself would refuse.
    fn patch(&self, patch: &Value) -> anyhow::Result<String> {
        self.server.kubectl(&["patch", CLUSTERS, self.name, "--type=merge", "-p", &patch.to_string()])
    }
}

#[tokio::test]
async fn three_control_planes_and_three_workers_come_machine_by_machine_grow_to_five_and_go_to_nothing() -> anyhow::Result<()> {
    let mut look = Look::at(&Asked { name: "kos-live-three", control_planes: 3, workers: 3 }).await?;
    for (asked, seen) in [(1, "the first machine is ready"), (2, "the second too"), (4, "four of six")] {
        look.until(seen, |rows| head(rows)["machines"].as_array().is_some_and(|all| all.iter().filter(|m| *m == "Ready").count() >= asked)).await?;
    }
    let rows = look.as_asked(3, 3).await?;
    assert_eq!((head(&rows)["version"].as_str(), head(&rows)["class"].as_str()), (Some("v1.35.2"), Some("in-memory")));
    let (control_planes, workers) = lanes(&rows);
    assert_eq!((control_planes.len(), workers.len()), (3, 3));
    assert_in_order(control_planes.iter().chain(&workers));
    for two in control_planes.windows(2) {
        assert!(end(two[0], "Joined") <= two[1]["created"].as_u64().unwrap_or_default(), "one control plane after another: {two:#?}");
    }
    for worker in &workers {
        assert!(end(worker, "Container") >= end(control_planes[0], "BootstrapRun"), "workers wait for the first control plane: {worker:#}");
    }
    look.drawn_as_by_clusterctl().await?;
    assert_eq!(look.machines()?, 6);

    let plan = look.change(json!({ "Scale": { "control_plane": null, "pools": [{ "pool": "md-0", "to": 5 }] } })).await?;
    assert_eq!(plan["writes"].as_array().map(Vec::len), Some(1), "a topology is one object: {plan:#}");
    assert_eq!(plan["writes"][0]["kind"], "Cluster");
    look.as_asked(3, 5).await?;
    look.drawn_as_by_clusterctl().await?;
    assert_eq!(look.machines()?, 8);

    let plan = look.change(json!("Delete")).await?;
    assert_eq!(plan["typed"], look.name, "who deletes a cluster types its name");
    look.until("it is being deleted", |rows| head(rows)["state"] == "Deleting").await?;
    let (list, name) = (look.list, look.name);
    look.core.until(list, "it is gone from the list", |rows| rows.rows.iter().all(|row| row["name"] != name)).await?;
    look.until("its page is empty", |rows| rows.rows.is_empty()).await?;
    assert_eq!(look.server.held(look.name)?, Vec::<String>::new());
    look.core.end().await
}

#[tokio::test]
async fn a_cluster_is_paused_resumed_refused_and_upgraded_by_one_minor_and_each_is_told() -> anyhow::Result<()> {
    let mut look = Look::at(&Asked { name: "kos-live-one", control_planes: 1, workers: 1 }).await?;
    look.as_asked(1, 1).await?;

    look.change(json!("Pause")).await?;
    assert_eq!(look.said(".spec.paused")?, "true");
    let rows = look.until("paused", |rows| head(rows)["state"] == "Paused" && why(rows)["rule"] == "paused" && why(rows)["seen"][0].is_object()).await?;
    assert_eq!(why(&rows)["weight"], "Chosen");
    look.change(json!("Resume")).await?;
    look.as_asked(1, 1).await?;

    let even = json!({ "Scale": { "control_plane": 2, "pools": [] } });
    let fault = look.core.refused("plan_change", json!({ "at": look.which(), "change": even })).await?;
    assert!(fault["sentence"].as_str().is_some_and(|s| s.contains("1, 3 or 5")), "{fault:#}");
    look.patch(&json!({ "spec": { "topology": { "controlPlane": { "replicas": 2 } } } }))?;
    let rows = look.until("stuck, and why", |rows| head(rows)["state"] == "Stuck" && why(rows)["rule"] == "even-replicas").await?;
    let said = look.said(".status.conditions[?(@.type==\"TopologyReconciled\")].message")?;
    assert_eq!(why(&rows)["seen"][0]["text"].as_str(), Some(said.as_str()), "word for word");
    assert!(why(&rows)["sentence"].as_str().is_some_and(|s| s.contains("even number of control planes")), "{:#}", why(&rows));
    look.change(json!({ "Scale": { "control_plane": 1, "pools": [] } })).await?;
    look.as_asked(1, 1).await?;

    let plan = look.change(json!({ "Upgrade": { "to": "v1.36.1" } })).await?;
    assert_eq!(plan["replaced"].as_array().map(Vec::len), Some(2), "the control plane, then the pool: {plan:#}");
    look.until("it is being upgraded", |rows| head(rows)["state"] == "Upgrading").await?;
    look.until("all machines have the new version", |rows| head(rows)["version"] == "v1.36.1" && head(rows)["state"] == "Available").await?;
    look.as_asked(1, 1).await?;
    look.drawn_as_by_clusterctl().await?;
    let label = format!("cluster.x-k8s.io/cluster-name={}", look.name);
    let versions = look.server.kubectl(&["get", "machines", "-l", &label, "-o", "jsonpath={.items[*].spec.version}"])?;
    assert_eq!(versions, "v1.36.1 v1.36.1");
    look.core.end().await
}
