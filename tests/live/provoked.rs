//! Real controllers are brought to where they do not go on, with machines in memory: is the cause named in their words?

use anyhow::{Context, bail, ensure};
use serde_json::{Value, json};
use tests::lab::{Classless, Server};
use tests::moment::{self, Machines};

use crate::memory::{Asked, CLUSTERS, Look};
use crate::page::{head, why};

const REFUSED: &str = "kos-live-refused";
const POLICY: &str = "kos-live-pools";
const POLICIES: [&str; 2] = ["validatingadmissionpolicies", "validatingadmissionpolicybindings"];

/// A policy of the server by which no pool of a cluster has more than one machine; gone when this is, also when a test fails.
struct Policy<'a>(&'a Server);

impl<'a> Policy<'a> {
    fn of_pools(server: &'a Server, cluster: &str) -> anyhow::Result<Self> {
        let rule = json!({ "apiGroups": ["cluster.x-k8s.io"], "apiVersions": ["*"], "operations": ["CREATE", "UPDATE"], "resources": ["machinedeployments"] });
        let small = format!("!object.metadata.name.startsWith('{cluster}-') || object.spec.replicas <= 1");
        let group = "admissionregistration.k8s.io/v1";
        let policy = json!({
            "apiVersion": group, "kind": "ValidatingAdmissionPolicy", "metadata": { "name": POLICY },
            "spec": {
                "failurePolicy": "Fail", "matchConstraints": { "resourceRules": [rule] },
                "validations": [{ "expression": small, "message": "a pool has one machine at most" }],
            },
        });
        let binding = json!({
            "apiVersion": group, "kind": "ValidatingAdmissionPolicyBinding", "metadata": { "name": POLICY },
            "spec": { "policyName": POLICY, "validationActions": ["Deny"] },
        });
        let made = Self(server);
        server.apply(&json!({ "apiVersion": "v1", "kind": "List", "items": [policy, binding] }).to_string())?;
        made.counts(cluster)?;
        Ok(made)
    }

    /// An API server takes a moment to hear of its own policies.
    fn counts(&self, cluster: &str) -> anyhow::Result<()> {
        let label = format!("cluster.x-k8s.io/cluster-name={cluster}");
        let pool = self.0.kubectl(&["get", "machinedeployments", "-l", &label, "-o", "jsonpath={.items[0].metadata.name}"])?;
        for _ in 0..200 {
            if let Err(why) = self.0.kubectl(&["patch", "machinedeployment", &pool, "--dry-run=server", "--type=merge", "-p", r#"{"spec":{"replicas":9}}"#]) {
                ensure!(why.to_string().contains(POLICY), "{why:#}");
                return Ok(());
            }
        }
        bail!("{POLICY} refuses nothing")
    }
}

impl Drop for Policy<'_> {
    fn drop(&mut self) {
        for kind in POLICIES {
            if let Err(why) = self.0.kubectl(&["delete", kind, POLICY, "--ignore-not-found"]) {
                eprintln!("{why:#}");
            }
        }
    }
}

/// What a kubelet says of a full disk is written into the Node of a worker: a machine in memory has neither.
fn fill_the_disk(look: &Look) -> anyhow::Result<()> {
    let inside = look.server.inside(look.name, &look.desk)?;
    let worker = look.server.workers(look.name)?.into_iter().next().context("a worker")?;
    let name = look.server.kubectl(&["get", "machine", &worker, "-o", "jsonpath={.status.nodeRef.name}"])?;
    let node: Value = serde_json::from_str(&inside.kubectl(&["get", "node", &name, "-o", "json"])?)?;
    // Its API server takes a list as a whole.
    let mut conditions = node["status"]["conditions"].as_array().context("a Node has conditions")?.clone();
    for condition in conditions.iter_mut().filter(|condition| condition["type"] == "DiskPressure") {
        condition["status"] = json!("True");
        condition["reason"] = json!("KubeletHasDiskPressure");
        condition["message"] = json!("kubelet has disk pressure");
    }
    let patch = json!({ "status": { "conditions": conditions } }).to_string();
    inside.kubectl(&["patch", "node", &name, "--type=merge", "-p", &patch]).map(drop)
}

#[tokio::test]
async fn what_a_policy_refuses_and_a_disk_that_is_full_are_named_in_the_words_of_who_said_it() -> anyhow::Result<()> {
    let mut look = Look::at(&Asked { name: REFUSED, control_planes: 1, workers: 1 }).await?;
    look.as_asked(1, 1).await?;
    let server = look.server.clone();
    let policy = Policy::of_pools(&server, REFUSED)?;
    let two = json!([{ "class": "default-worker", "name": "md-0", "replicas": 2 }]);
    look.patch(&json!({ "spec": { "topology": { "workers": { "machineDeployments": two } } } }))?;
    let rows = look.until("stuck, and what is refused", |rows| head(rows)["state"] == "Stuck" && why(rows)["rule"] == "topology-refused").await?;
    assert_eq!(why(&rows)["weight"], "Stuck");
    let said = look.said(".status.conditions[?(@.type==\"TopologyReconciled\")].message")?;
    assert_eq!(why(&rows)["seen"][0]["text"].as_str(), Some(said.as_str()), "word for word");
    let sentence = format!("What was asked of {REFUSED} is refused: a pool has one machine at most");
    assert!(why(&rows)["sentence"].as_str().is_some_and(|told| told.starts_with(&sentence)), "{:#}", why(&rows));
    moment::keep(&server, REFUSED, Machines::InMemory, why(&rows))?;
    drop(policy);
    look.as_asked(1, 2).await?;

    fill_the_disk(&look)?;
    let rows = look.until("a full disk", |rows| why(rows)["rule"] == "disk-pressure").await?;
    assert!(why(&rows)["seen"][0]["text"].as_str().is_some_and(|text| text.contains("kubelet has disk pressure")), "{:#}", why(&rows));
    moment::keep(&server, REFUSED, Machines::InMemory, why(&rows))?;
    look.core.end().await
}

#[tokio::test]
async fn a_cluster_that_cannot_go_without_a_feature_says_so_and_goes_once_it_is_on() -> anyhow::Result<()> {
    let mut look = Look::at(&Asked { name: "kos-live-off", control_planes: 1, workers: 0 }).await?;
    look.until("it is available", |rows| head(rows)["state"] == "Available").await?;
    // What takes pools of a class away is switched off with the feature: an empty one would be what holds the cluster.
    look.patch(&json!({ "spec": { "topology": { "workers": null } } }))?;
    let label = format!("cluster.x-k8s.io/cluster-name={}", look.name);
    look.server.kubectl(&["wait", "--for=delete", "machinedeployments", "-l", &label, "--timeout=120s"])?;

    let classless = Classless::core()?;
    look.server.kubectl(&["delete", CLUSTERS, look.name, "--wait=false"])?;
    let rows = look.until("the feature that is off", |rows| why(rows)["rule"] == "feature-off").await?;
    assert!(why(&rows)["sentence"].as_str().is_some_and(|told| told.contains("does not let kos-live-off go")), "{:#}", why(&rows));
    assert!(why(&rows)["seen"].to_string().contains("ClusterTopology feature flag"), "{:#}", why(&rows));
    moment::keep(&look.server, look.name, Machines::InMemory, why(&rows))?;
    drop(classless);
    look.until("its page is empty", |rows| rows.rows.is_empty()).await?;
    assert_eq!(look.server.held(look.name)?, Vec::<String>::new());
    look.core.end().await
}
