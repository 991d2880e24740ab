use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::Arc;

use api::changes::ClusterAt;
use api::connect::{Life, Way};
use api::contexts::{ContextRow, Link};
use api::local::Power;
use api::tables::Kind;
use api::{ContextId, FaultCode, Status};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{Method, Request};
use kubeconfig::made::Made;
use serde_json::{Value, json};

use crate::demo_fleet::{self, PATIENCE};
use crate::realm::Realm;

/// The demo fleet with its management cluster open.
struct Lab {
    realm: Arc<Realm>,
    manager: ContextId,
    _home: tempfile::TempDir,
}

impl Lab {
    async fn open() -> Self {
        Self::of(demo_fleet::opened().await).await
    }

    /// With controllers that do in a second what takes a minute.
    async fn hurried() -> Self {
        Self::of(demo_fleet::hurried("--pace=60").await).await
    }

    async fn of((home, realm): (tempfile::TempDir, Arc<Realm>)) -> Self {
        let manager = demo_fleet::live(&realm, demo_fleet::MANAGER).await;
        Self { realm, manager, _home: home }
    }

    /// Waits until a row of the fleet says so.
    async fn until(&self, done: impl Fn(&Self) -> bool) {
        demo_fleet::until(&self.realm, || done(self)).await;
    }

    fn row(&self, name: &str) -> ContextRow {
        demo_fleet::row(&self.realm, name)
    }

    fn life(&self, name: &str) -> Option<Life> {
        let rows = self.realm.fleet.contexts().rows();
        rows.iter().find(|row| row.name == name).and_then(|row| row.workload.as_ref()).map(|workload| workload.life)
    }

    fn file(&self, name: &str) -> PathBuf {
        PathBuf::from(self.row(name).file.0)
    }

    fn made(&self, name: &str) -> Made {
        Made::of(&std::fs::read(self.file(name)).unwrap(), name).unwrap()
    }

    fn at(&self, name: &str) -> ClusterAt {
        demo_fleet::at(&self.realm, name)
    }

    /// Asks the management cluster, as somebody else would.
    async fn ask(&self, method: Method, path: &str, body: Value) -> Value {
        let server = self.realm.simulated().server("https://127.0.0.1:41873").unwrap();
        let request = Request::builder().method(method).uri(path).header("content-type", "application/merge-patch+json");
        kube::Client::new(server, "default").request(request.body(body.to_string().into_bytes()).unwrap()).await.unwrap()
    }

    /// Puts another kubeconfig into a Secret.
    async fn change_secret(&self, name: &str, change: impl FnOnce(String) -> String) {
        let path = format!("/api/v1/namespaces/default/secrets/{name}-kubeconfig");
        let secret = self.ask(Method::GET, &path, Value::Null).await;
        let text = String::from_utf8(STANDARD.decode(secret["data"]["value"].as_str().unwrap()).unwrap()).unwrap();
        self.ask(Method::PATCH, &path, json!({ "data": { "value": STANDARD.encode(change(text)) } })).await;
    }

    /// Waits until other credentials are kept for a cluster than these.
    async fn until_rotated(&self, name: &str, before: &Made) {
        let mut news = self.realm.fleet.contexts().news();
        let rotated = async {
            while self.made(name).sign_in == before.sign_in {
                news.changed().await.unwrap();
            }
        };
        tokio::time::timeout(PATIENCE, rotated).await.expect("a rotated credential is kept in time");
    }

    async fn docker(&self, name: &str, power: Power) {
        let mut changes = self.realm.work.jobs.changes();
        let job = self.realm.local.switch(name, power).await.unwrap();
        let done = async {
            while self.realm.work.jobs.rows().iter().any(|row| row.id == job && row.state != api::jobs::JobState::Done) {
                changes.changed().await.unwrap();
            }
        };
        tokio::time::timeout(PATIENCE, done).await.expect("the containers change in time");
    }
}

#[tokio::test]
async fn a_cluster_is_connected_where_docker_publishes_it_and_kept_for_the_user_alone() {
    let lab = Lab::open().await;
    let at = lab.at("ci-smoke");
    let paused = lab.realm.connections.plan(&at).await.unwrap_err();
    assert_eq!(paused.code, FaultCode::Unreachable, "{paused}");
    lab.docker("ci-smoke", Power::Unpause).await;

    let plan = lab.realm.connections.plan(&at).await.unwrap();
    assert_eq!((plan.endpoint.as_str(), plan.server.as_str()), ("https://172.18.0.5:6443", "https://127.0.0.1:55003"));
    assert_eq!((&plan.way, plan.version.as_str()), (&Way::Published { container: "ci-smoke-cp-h5w8m".into(), port: 55003 }, "v1.35.4"));
    assert!(plan.change.before.is_empty() && !plan.change.after.concat().contains("demo-token"), "{:?}", plan.change.after);
    assert!(!PathBuf::from(plan.change.file.as_str()).exists(), "a plan writes nothing");

    let other = lab.realm.connections.connect(&at, "another plan").await.unwrap_err();
    assert_eq!(other.code, FaultCode::Changed);
    let context = lab.realm.connections.connect(&at, &plan.change.seen).await.unwrap();
    let row = lab.row("ci-smoke");
    assert_eq!((&row.id, &row.workload.as_ref().unwrap().manager), (&context, &"kind-kos-mgmt".to_owned()));
    let file = lab.file("ci-smoke");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(file.ends_with("ci-smoke.default.kind-kos-mgmt.yaml"), "{file:?}");
    lab.realm.sessions.open(&context).await.unwrap();
    lab.until(|lab| matches!(lab.row("ci-smoke").link, Link::Live { .. })).await;
    lab.realm.close().await;
}

#[tokio::test]
async fn a_rotated_credential_is_kept_and_one_of_another_cluster_is_only_said() {
    let lab = Lab::open().await;
    assert_eq!(lab.life("lab-a"), Some(Life::There));
    let before = lab.made("lab-a");
    lab.change_secret("lab-a", |text| text.replace("demo-token-that-opens-nothing", "a-new-token-for-lab-a")).await;
    lab.until_rotated("lab-a", &before).await;
    let after = lab.made("lab-a");
    assert_eq!((&after.server, &after.authority), (&before.server, &before.authority), "the address that is in use stays");

    let kept = std::fs::read(lab.file("lab-b")).unwrap();
    let other = STANDARD.encode("-----BEGIN CERTIFICATE-----\nMIIBother\n-----END CERTIFICATE-----\n");
    lab.change_secret("lab-b", |text| {
        let line = text.lines().find(|line| line.contains("certificate-authority-data")).unwrap().to_owned();
        text.replace(&line, &format!("    certificate-authority-data: {other}"))
    })
    .await;
    lab.until(|lab| matches!(lab.life("lab-b"), Some(Life::Remade { .. }))).await;
    assert_eq!(std::fs::read(lab.file("lab-b")).unwrap(), kept, "the user decides");
    // The new credentials are taken when they were seen.
    let plan = lab.realm.connections.plan(&lab.at("lab-b")).await.unwrap();
    assert_ne!(plan.change.before, plan.change.after);
    lab.realm.connections.connect(&lab.at("lab-b"), &plan.change.seen).await.unwrap();
    assert_eq!(lab.life("lab-b"), Some(Life::There));
    lab.realm.close().await;
}

#[tokio::test]
async fn a_kept_kubeconfig_is_followed_though_the_server_did_not_say_at_first_where_clusters_are() {
    let (home, realm) = demo_fleet::opened().await;
    let kept = realm.fleet.memory().read().workloads.len();
    let management = realm.simulated().cluster("kos-mgmt").unwrap();
    // Each is asked for as soon as the management cluster is open.
    management.behave(|manners| {
        manners.busy.insert("/apis/cluster.x-k8s.io/v1beta2".to_owned(), kept);
    });
    let lab = Lab::of((home, realm)).await;
    let before = lab.made("lab-a");
    lab.change_secret("lab-a", |text| text.replace("demo-token-that-opens-nothing", "a-new-token-for-lab-a")).await;
    lab.until_rotated("lab-a", &before).await;
    assert!(kept > 0 && management.manners().busy.values().all(|left| *left < kept), "it was asked and did not say so");
    lab.realm.close().await;
}

#[tokio::test]
async fn a_deleted_cluster_is_said_on_its_context_which_can_be_removed() {
    let lab = Lab::hurried().await;
    lab.ask(Method::DELETE, "/apis/cluster.x-k8s.io/v1beta2/namespaces/default/clusters/lab-a", json!({})).await;
    lab.until(|lab| matches!(lab.life("lab-a"), Some(Life::Deleted { .. }))).await;
    let (context, file) = (lab.row("lab-a").id, lab.file("lab-a"));
    lab.realm.connections.disconnect(&context).await.unwrap();
    assert!(!file.exists() && lab.life("lab-a").is_none());
    assert!(lab.realm.fleet.contexts().rows().iter().all(|row| row.id != context));
    let foreign = lab.realm.connections.disconnect(&lab.manager).await.unwrap_err();
    assert_eq!(foreign.code, FaultCode::Invalid);
    lab.realm.close().await;
}

#[tokio::test]
async fn a_load_balancer_that_started_at_another_port_is_found_again() {
    let lab = Lab::open().await;
    let context = lab.row("lab-a").id;
    let before = lab.made("lab-a").server;
    for power in [Power::Stop, Power::Start] {
        lab.docker("lab-a", power).await;
    }
    lab.realm.sessions.open(&context).await.unwrap();
    lab.until(|lab| lab.made("lab-a").server != before && matches!(lab.row("lab-a").link, Link::Live { .. })).await;
    lab.realm.close().await;
}

#[tokio::test]
async fn an_open_session_and_its_tables_follow_a_load_balancer_to_its_new_port() {
    let lab = Lab::open().await;
    let context = lab.row("lab-a").id;
    lab.realm.sessions.open(&context).await.unwrap();
    let is_live = |lab: &Lab| matches!(lab.row("lab-a").link, Link::Live { .. });
    lab.until(is_live).await;
    let (_table, _interest) = lab.realm.sessions.table(&context, Kind::Nodes, "").unwrap();
    let nodes = lab.realm.sessions.live().tables.into_iter().find(|live| live.context == context && live.kind == Kind::Nodes).unwrap().board;
    let before = lab.made("lab-a").server;
    lab.docker("lab-a", Power::Stop).await;
    let waits = |lab: &Lab| {
        let stopped = |why: &api::Fault| why.cause.iter().any(|cause| cause.text.starts_with("the load balancer lab-a-lb is stopped"));
        matches!(lab.row("lab-a").link, Link::Stale { why, .. } if stopped(&why))
    };
    lab.until(waits).await;
    lab.docker("lab-a", Power::Start).await;
    lab.until(|lab| lab.made("lab-a").server != before && is_live(lab)).await;
    let mut news = nodes.news();
    let live = async {
        while nodes.measure().1 != Status::Live {
            news.changed().await.unwrap();
        }
    };
    tokio::time::timeout(PATIENCE, live).await.expect("the table that was open is filled from the new port");
    lab.realm.close().await;
}

#[tokio::test]
async fn what_has_no_kubeconfig_or_no_such_name_is_refused_with_a_sentence() {
    let lab = Lab::open().await;
    for (name, code) in [("no-such-cluster", FaultCode::NotFound), ("../../etc", FaultCode::Invalid), ("", FaultCode::Invalid)] {
        let why = lab.realm.connections.plan(&lab.at(name)).await.unwrap_err();
        assert_eq!(why.code, code, "{name:?}: {why}");
    }
    let closed = ClusterAt { context: lab.row("lab-a").id, ..lab.at("lab-b") };
    assert_eq!(lab.realm.connections.plan(&closed).await.unwrap_err().code, FaultCode::NotFound);
    lab.realm.close().await;
}

#[tokio::test]
async fn a_secret_that_is_gone_or_rubbish_is_said_and_what_is_kept_stays() {
    let lab = Lab::open().await;
    let kept = std::fs::read(lab.file("lab-a")).unwrap();
    let secret = "/api/v1/namespaces/default/secrets/lab-a-kubeconfig";
    lab.ask(Method::PATCH, secret, json!({ "data": { "value": STANDARD.encode("no kubeconfig") } })).await;
    let why = lab.realm.connections.plan(&lab.at("lab-a")).await.unwrap_err();
    assert_eq!((why.code, why.sentence.as_str()), (FaultCode::File, "The kubeconfig of lab-a cannot be used."), "{why}");
    lab.ask(Method::DELETE, secret, json!({})).await;
    let why = lab.realm.connections.plan(&lab.at("lab-a")).await.unwrap_err();
    assert_eq!((why.code, why.unharmed.as_str()), (FaultCode::NotFound, "Nothing was written."), "{why}");
    assert!(why.sentence.starts_with("lab-a has no kubeconfig yet") && why.cause[0].text == "there is no Secret lab-a-kubeconfig in default", "{why}");
    // The watch of the Secret heard both by the time that another one is heard.
    let before = lab.made("lab-b");
    lab.change_secret("lab-b", |text| text.replace("demo-token-that-opens-nothing", "a-new-token-for-lab-b")).await;
    lab.until_rotated("lab-b", &before).await;
    assert_eq!((lab.life("lab-a"), std::fs::read(lab.file("lab-a")).unwrap()), (Some(Life::There), kept));
    lab.realm.close().await;
}
