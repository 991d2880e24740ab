//! Workload clusters on the real controllers of Cluster API, with machines in memory.

use serde_json::{Value, json};
use tests::describe::TreeLine;
use tests::headless::Rows;
use tests::{Desk, Headless, lab};

const ADMIN: &str = "#kubernetes-admin@lab";
const STEPS: [&str; 7] = ["Queued", "BootstrapData", "Container", "BootstrapRun", "Joined", "Healthy", "Available"];

/// A cluster of the lab's class.
struct Asked {
    name: &'static str,
    control_planes: u32,
    workers: u32,
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
    _cleared: Cleared,
    _desk: Desk,
}

struct Cleared(&'static str);

impl Cleared {
    fn now(&self) -> anyhow::Result<String> {
        lab::kubectl(&["delete", "clusters.cluster.x-k8s.io", self.0, "--ignore-not-found", "--timeout=120s"])
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
        lab::apply(&asked.yaml())?;
        let page = core.subscribe(json!({ "Cluster": { "context": ADMIN, "namespace": "default", "name": asked.name } })).await?;
        Ok(Self { core, list, page, name: asked.name, _cleared: cleared, _desk: desk })
    }

    /// Waits until the page of the cluster is as wanted.
    async fn until(&mut self, what: &str, wanted: impl Fn(&Rows) -> bool) -> anyhow::Result<Rows> {
        self.core.until(self.page, what, wanted).await
    }

    /// Waits until it has as many machines as were asked for, all of them available, and nothing stands in its way.
    async fn as_asked(&mut self, control_planes: usize, workers: usize) -> anyhow::Result<Rows> {
        let machines = control_planes + workers;
        self.until(&format!("{control_planes} of {control_planes} and {workers} of {workers}"), |rows| {
            let head = head(rows);
            let is_well = head["state"] == "Available" && head["why"] == "" && head["wanted"] == machines && head["machines"] == json!(vec!["Ready"; machines]);
            let counted = (count(rows, "KubeadmControlPlane"), count(rows, "MachineDeployment"));
            is_well && all_available(rows, machines) && counted == (json!([control_planes, control_planes]), json!([workers, workers]))
        })
        .await
    }

    /// Waits until the tree is that of the real clusterctl, row by row.
    async fn drawn_as_by_clusterctl(&mut self) -> anyhow::Result<()> {
        let said = lab::described("default", self.name)?;
        self.until(&format!("the tree of clusterctl: {said:#?}"), |rows| tree(rows) == said).await.map(drop)
    }

    fn get(&self, what: &str, path: &str) -> anyhow::Result<String> {
        lab::kubectl(&["get", what, self.name, "-o", &format!("jsonpath={{{path}}}")])
    }

    /// What the API server holds of it.
    fn held(&self) -> anyhow::Result<Vec<String>> {
        let kinds = "clusters,machines,machinesets,machinedeployments,kubeadmcontrolplanes,devclusters,devmachines,kubeadmconfigs";
        let said = lab::kubectl(&["get", kinds, "-o", "name", "-l", &format!("cluster.x-k8s.io/cluster-name={}", self.name)])?;
        Ok(said.lines().map(str::to_owned).collect())
    }

    fn machines(&self) -> anyhow::Result<usize> {
        Ok(self.held()?.iter().filter(|name| name.starts_with("machine.cluster.x-k8s.io/")).count())
    }

    fn patch(&self, patch: &Value) -> anyhow::Result<String> {
        lab::kubectl(&["patch", "clusters.cluster.x-k8s.io", self.name, "--type=merge", "-p", &patch.to_string()])
    }
}

fn part<'a>(rows: &'a Rows, name: &str) -> impl Iterator<Item = &'a Value> {
    let found: Vec<&Value> = rows.rows.iter().filter_map(|row| row.get(name)).collect();
    found.into_iter()
}

fn head(rows: &Rows) -> &Value {
    part(rows, "Head").next().unwrap_or(&Value::Null)
}

fn why(rows: &Rows) -> &Value {
    part(rows, "Why").next().unwrap_or(&Value::Null)
}

fn all_available(rows: &Rows, machines: usize) -> bool {
    part(rows, "Lane").filter(|lane| lane["state"].get("Available").is_some()).count() == machines && part(rows, "Lane").count() == machines
}

fn tree(rows: &Rows) -> Vec<TreeLine> {
    let mut lines: Vec<&Value> = part(rows, "Tree").collect();
    lines.sort_by_key(|row| row["order"].as_u64());
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    lines.iter().map(|r| TreeLine { depth: r["depth"].as_u64().unwrap_or_default() as usize, kind: text(&r["kind"]), name: text(&r["name"]) }).collect()
}

/// `3 of 3`, as the row of a kind says it.
fn count(rows: &Rows, kind: &str) -> Value {
    part(rows, "Tree").find(|row| row["kind"] == kind).map_or(Value::Null, |row| row["ready"].clone())
}

/// The lanes of the control planes, then those of the workers, each by the age of their machines.
fn lanes(rows: &Rows) -> (Vec<&Value>, Vec<&Value>) {
    let mut all: Vec<&Value> = part(rows, "Lane").collect();
    all.sort_by_key(|lane| lane["created"].as_u64());
    all.into_iter().partition(|lane| lane["group"] == "ControlPlane")
}

fn end(lane: &Value, step: &str) -> u64 {
    let bars = lane["bars"].as_array().into_iter().flatten();
    bars.filter(|bar| bar["step"] == step).find_map(|bar| bar["to"].as_u64()).unwrap_or_else(|| panic!("{step} has no end: {lane:#}"))
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
    for lane in control_planes.iter().chain(&workers) {
        let steps: Vec<&str> = lane["bars"].as_array().into_iter().flatten().filter_map(|bar| bar["step"].as_str()).collect();
        assert_eq!(steps, STEPS, "{lane:#}");
        assert!(STEPS.windows(2).all(|two| end(lane, two[0]) <= end(lane, two[1])), "{lane:#}");
    }
    for two in control_planes.windows(2) {
        assert!(end(two[0], "Joined") <= two[1]["created"].as_u64().unwrap_or_default(), "one control plane after another: {two:#?}");
    }
    for worker in &workers {
        assert!(end(worker, "Container") >= end(control_planes[0], "BootstrapRun"), "workers wait for the first control plane: {worker:#}");
    }
    look.drawn_as_by_clusterctl().await?;
    assert_eq!(look.machines()?, 6);

    look.patch(&json!({ "spec": { "topology": { "workers": { "machineDeployments": [{ "class": "default-worker", "name": "md-0", "replicas": 5 }] } } } }))?;
    look.as_asked(3, 5).await?;
    look.drawn_as_by_clusterctl().await?;
    assert_eq!(look.machines()?, 8);

    lab::kubectl(&["delete", "clusters.cluster.x-k8s.io", look.name, "--wait=false"])?;
    look.until("it is being deleted", |rows| head(rows)["state"] == "Deleting").await?;
    let (list, name) = (look.list, look.name);
    look.core.until(list, "it is gone from the list", |rows| rows.rows.iter().all(|row| row["name"] != name)).await?;
    look.until("its page is empty", |rows| rows.rows.is_empty()).await?;
    assert_eq!(look.held()?, Vec::<String>::new());
    look.core.end().await
}

#[tokio::test]
async fn a_cluster_is_paused_resumed_refused_and_upgraded_by_one_minor_and_each_is_told() -> anyhow::Result<()> {
    let mut look = Look::at(&Asked { name: "kos-live-one", control_planes: 1, workers: 1 }).await?;
    look.as_asked(1, 1).await?;

    look.patch(&json!({ "spec": { "paused": true } }))?;
    let rows = look.until("paused", |rows| head(rows)["state"] == "Paused" && why(rows)["rule"] == "paused" && why(rows)["seen"][0].is_object()).await?;
    assert_eq!(why(&rows)["weight"], "Chosen");
    look.patch(&json!({ "spec": { "paused": null } }))?;
    look.as_asked(1, 1).await?;

    look.patch(&json!({ "spec": { "topology": { "controlPlane": { "replicas": 2 } } } }))?;
    let rows = look.until("stuck, and why", |rows| head(rows)["state"] == "Stuck" && why(rows)["rule"] == "even-replicas").await?;
    let said = look.get("clusters.cluster.x-k8s.io", ".status.conditions[?(@.type==\"TopologyReconciled\")].message")?;
    assert_eq!(why(&rows)["seen"][0]["text"].as_str(), Some(said.as_str()), "word for word");
    assert!(why(&rows)["sentence"].as_str().is_some_and(|s| s.contains("even number of control planes")), "{:#}", why(&rows));
    look.patch(&json!({ "spec": { "topology": { "controlPlane": { "replicas": 1 } } } }))?;
    look.as_asked(1, 1).await?;

    look.patch(&json!({ "spec": { "topology": { "version": "v1.36.1" } } }))?;
    look.until("it is being upgraded", |rows| head(rows)["state"] == "Upgrading").await?;
    look.until("all machines have the new version", |rows| head(rows)["version"] == "v1.36.1" && head(rows)["state"] == "Available").await?;
    look.as_asked(1, 1).await?;
    look.drawn_as_by_clusterctl().await?;
    let label = format!("cluster.x-k8s.io/cluster-name={}", look.name);
    let versions = lab::kubectl(&["get", "machines", "-l", &label, "-o", "jsonpath={.items[*].spec.version}"])?;
    assert_eq!(versions, "v1.36.1 v1.36.1");
    look.core.end().await
}
