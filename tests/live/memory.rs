//! Workload clusters on the real controllers of Cluster API, with machines in memory.

use serde_json::{Value, json};
use tests::headless::Rows;
use tests::lab::Server;
use tests::{Desk, Headless, lab};

use crate::page::{assert_in_order, drawn_as_by_clusterctl, end, head, is_as_asked, lanes, why};

const ADMIN: &str = "#kubernetes-admin@lab";
pub(crate) const CLUSTERS: &str = "clusters.cluster.x-k8s.io";

/// A cluster of the lab's class.
pub(crate) struct Asked {
    pub(crate) name: &'static str,
    pub(crate) control_planes: usize,
    pub(crate) workers: usize,
}

impl Asked {
    /// As many as asked, as a plan counts them.
    fn count(&self) -> Value {
        json!({ "control_planes": self.control_planes, "workers": self.workers })
    }

    /// The form of the window, filled in.
    async fn form(&self, core: &mut Headless) -> anyhow::Result<Value> {
        let offer = core.call("offer_classes", json!({ "context": ADMIN })).await?;
        let class = offer["classes"].as_array().into_iter().flatten().find(|class| class["name"]["name"] == "in-memory");
        let class = class.ok_or_else(|| anyhow::anyhow!("no such class: {offer:#}"))?;
        assert_eq!((&class["machines"], &class["trouble"]), (&json!("Simulated"), &json!("")), "{class:#}");
        let mut form = offer["form"].clone();
        form["namespace"] = json!("default");
        form["name"] = json!(self.name);
        form["class"] = class["name"].clone();
        form["version"] = json!("v1.35.2");
        form["control_planes"] = json!(self.control_planes);
        form["pools"] = json!([{ "name": "md-0", "class": "default-worker", "replicas": self.workers }]);
        Ok(form)
    }

    /// Plans the cluster; the server has run it dry, and as much is rendered as was asked for.
    async fn plan(&self, core: &mut Headless) -> anyhow::Result<Value> {
        let form = self.form(core).await?;
        let plan = core.call("plan_cluster", json!({ "context": ADMIN, "form": form, "leads": "Fields" })).await?;
        assert_eq!((&plan["asked"], &plan["rendered"], &plan["dry_run"]), (&self.count(), &self.count(), &json!("Accepted")), "{plan:#}");
        Ok(plan)
    }
}

fn created(plan: &Value) -> Value {
    json!({ "context": ADMIN, "form": plan["form"], "digest": plan["digest"] })
}

/// A core at a desk that looks at one cluster; the cluster goes with it, also when a test fails.
pub(crate) struct Look {
    pub(crate) core: Headless,
    list: u64,
    page: u64,
    pub(crate) name: &'static str,
    pub(crate) server: Server,
    _cleared: Cleared,
    pub(crate) desk: Desk,
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
    /// Draws a cluster that is not there yet, makes what its plan showed and looks at it.
    pub(crate) async fn at(asked: &Asked) -> anyhow::Result<Self> {
        let cleared = Cleared(asked.name);
        // An earlier run that was cut off may have left it.
        cleared.now()?;
        let (desk, mut core) = open().await?;
        let list = core.subscribe(json!({ "Clusters": ADMIN })).await?;
        core.until(list, "a live list", |rows| rows.status == "Live").await?;
        let plan = asked.plan(&mut core).await?;
        core.call("create_cluster", created(&plan)).await?;
        let server = Server::of_the_lab();
        let page = core.subscribe(page_of(asked.name)).await?;
        let look = Self { core, list, page, name: asked.name, server, _cleared: cleared, desk };
        let told = format!("{} {}", look.said(".spec.topology.controlPlane.replicas")?, look.said(".spec.topology.workers.machineDeployments[0].replicas")?);
        assert_eq!(told, format!("{} {}", asked.control_planes, asked.workers), "the server holds what was asked for");
        Ok(look)
    }

    /// Starts KOS anew at the same desk.
    async fn restart(self) -> anyhow::Result<Self> {
        let Self { core, name, server, _cleared, desk, .. } = self;
        core.end().await?;
        let mut core = Headless::start(&desk, &[]).await?;
        core.call("open_context", json!({ "context": ADMIN })).await?;
        let list = core.subscribe(json!({ "Clusters": ADMIN })).await?;
        let page = core.subscribe(page_of(name)).await?;
        Ok(Self { core, list, page, name, server, _cleared, desk })
    }

    /// Waits until the page of the cluster is as wanted.
    pub(crate) async fn until(&mut self, what: &str, wanted: impl Fn(&Rows) -> bool) -> anyhow::Result<Rows> {
        self.core.until(self.page, what, wanted).await
    }

    pub(crate) async fn as_asked(&mut self, control_planes: usize, workers: usize) -> anyhow::Result<Rows> {
        self.until(&format!("{control_planes} of {control_planes} and {workers} of {workers}"), |rows| is_as_asked(rows, control_planes, workers)).await
    }

    async fn drawn_as_by_clusterctl(&mut self) -> anyhow::Result<()> {
        drawn_as_by_clusterctl(&mut self.core, self.page, &self.server, self.name).await
    }

    /// No step of a lane is drawn later than its condition says, and what cannot turn back is drawn to the second.
    fn as_its_conditions_say(&self, lane: &Value) -> anyhow::Result<()> {
        let machine = lane["machine"].as_str().unwrap_or_default();
        for (step, condition) in [("BootstrapData", "BootstrapConfigReady"), ("Healthy", "NodeHealthy"), ("Available", "Available")] {
            let path = format!("jsonpath={{.status.conditions[?(@.type==\"{condition}\")].lastTransitionTime}}");
            let told = self.server.kubectl(&["get", "machine", machine, "-o", &path])?;
            let told: u64 = lab::run("date", &["--utc", "--date", told.trim(), "+%s"])?.trim().parse()?;
            let drawn = end(lane, step) / 1_000;
            assert!(drawn <= told + 1, "{step} of {machine}: drawn at {drawn}, told at {told}");
            assert!(step != "BootstrapData" || told <= drawn + 1, "{step} of {machine}: drawn at {drawn}, told at {told}");
        }
        Ok(())
    }

    /// What the API server says of it.
    pub(crate) fn said(&self, path: &str) -> anyhow::Result<String> {
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
    pub(crate) fn patch(&self, patch: &Value) -> anyhow::Result<String> {
        self.server.kubectl(&["patch", CLUSTERS, self.name, "--type=merge", "-p", &patch.to_string()])
    }
}

/// A core at a desk of its own, with the lab's context open.
async fn open() -> anyhow::Result<(Desk, Headless)> {
    let desk = Desk::new();
    desk.file(".kube/config", &lab::kubeconfig());
    let mut core = Headless::start(&desk, &[]).await?;
    core.call("open_context", json!({ "context": ADMIN })).await?;
    let contexts = core.subscribe(json!("Contexts")).await?;
    core.until(contexts, "its connection", |seen| seen.rows.iter().any(|row| row["id"] == ADMIN && row["link"].get("Live").is_some())).await?;
    Ok((desk, core))
}

fn page_of(name: &str) -> Value {
    json!({ "Cluster": { "context": ADMIN, "namespace": "default", "name": name } })
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
    for lane in control_planes.iter().chain(&workers) {
        look.as_its_conditions_say(lane)?;
    }
    look.drawn_as_by_clusterctl().await?;
    assert_eq!(look.machines()?, 6);
    let drawn: Vec<Value> = control_planes.into_iter().chain(workers).cloned().collect();
    let mut look = look.restart().await?;
    let rows = look.as_asked(3, 3).await?;
    let (control_planes, workers) = lanes(&rows);
    assert_eq!(control_planes.into_iter().chain(workers).cloned().collect::<Vec<_>>(), drawn, "a restart changes no lane");

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

    let context = look.which()["context"].clone();
    let runs = look.core.subscribe(json!({ "Runs": context })).await?;
    let ended = |row: &Value| row["name"] == name && !row["gone"].is_null();
    let rows = look.core.until(runs, "the end of its run", |rows| rows.rows.iter().any(ended)).await?;
    let id = rows.rows.iter().find(|row| ended(row)).map(|row| row["id"].clone()).unwrap_or_default();
    let run = look.core.call("read_run", json!({ "context": context, "id": id })).await?;
    let machines = run["machines"].as_array().cloned().unwrap_or_default();
    let waited = |machine: &&Value| machine["leaves"].as_array().is_some_and(|bars| !bars.is_empty());
    assert!(machines.len() >= 8 && machines.iter().any(|machine| waited(&machine)), "what they waited for on their way out is kept: {run:#}");
    look.core.end().await
}

#[tokio::test]
async fn a_cluster_is_paused_resumed_refused_and_upgraded_by_one_minor_and_each_is_told() -> anyhow::Result<()> {
    let mut look = Look::at(&Asked { name: "kos-live-one", control_planes: 1, workers: 1 }).await?;
    look.as_asked(1, 1).await?;
    // A machine in memory has an API server for controllers, which tells nobody its version: KOS keeps no kubeconfig for it.
    let fault = look.core.refused("plan_connect", json!({ "at": look.which() })).await?;
    assert!(fault["cause"].to_string().contains("GET /version: 404") && fault["unharmed"] == "Nothing was written.", "{fault:#}");

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

#[tokio::test]
async fn two_that_plan_one_name_at_once_make_one_cluster() -> anyhow::Result<()> {
    let asked = Asked { name: "kos-live-two", control_planes: 1, workers: 0 };
    let cleared = Cleared(asked.name);
    cleared.now()?;
    let (_one_desk, mut one) = open().await?;
    let (_other_desk, mut other) = open().await?;
    let (plan, other_plan) = (asked.plan(&mut one).await?, asked.plan(&mut other).await?);
    one.call("create_cluster", created(&plan)).await?;
    let uid = lab::kubectl(&["get", CLUSTERS, asked.name, "-o", "jsonpath={.metadata.uid}"])?;
    let fault = other.refused("create_cluster", created(&other_plan)).await?;
    assert!(fault["sentence"].to_string().contains("taken") || fault["sentence"].to_string().contains("already"), "{fault:#}");
    assert_eq!(fault["unharmed"], "Nothing was written.");
    assert_eq!(lab::kubectl(&["get", CLUSTERS, asked.name, "-o", "jsonpath={.metadata.uid}"])?, uid, "the first one stands as it was made");
    cleared.now()?;
    one.end().await?;
    other.end().await
}

#[tokio::test]
async fn a_manager_that_is_gone_is_named_by_its_webhook_and_nothing_is_written_until_it_is_back() -> anyhow::Result<()> {
    let mut look = Look::at(&Asked { name: "kos-live-gone", control_planes: 1, workers: 0 }).await?;
    let another = Asked { name: "kos-live-none", control_planes: 1, workers: 0 };
    let form = another.form(&mut look.core).await?;
    let gone = lab::Ended::manager("capi-core")?;
    let says = |fault: &Value| {
        assert!(fault["sentence"].to_string().contains("a webhook that has to agree does not answer"), "{fault:#}");
        assert_eq!(fault["unharmed"], "Nothing was written.");
    };
    says(&look.core.refused("plan_change", json!({ "at": look.which(), "change": "Pause" })).await?);
    let plan = look.core.call("plan_cluster", json!({ "context": ADMIN, "form": form, "leads": "Fields" })).await?;
    says(&plan["dry_run"]["Refused"]);
    says(&look.core.refused("create_cluster", created(&plan)).await?);
    assert_eq!(look.said(".spec.paused")?, "");
    assert_eq!(lab::kubectl(&["get", CLUSTERS, another.name, "--ignore-not-found", "-o", "name"])?, "");
    drop(gone);
    look.change(json!("Pause")).await?;
    assert_eq!(look.said(".spec.paused")?, "true");
    look.change(json!("Resume")).await?;
    look.core.end().await
}
