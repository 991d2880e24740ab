use std::sync::Arc;
use std::time::Duration;

use api::Status;
use http::{Method, Request};
use serde_json::{Value, json};

use crate::board::Board;
use crate::home::Home;
use crate::realm::Realm;
use crate::settings::Settings;
use crate::stage::{Demo, Stage};

const PATIENCE: Duration = Duration::from_secs(60);

async fn ask(realm: &Realm, method: Method, path: &str, body: Value) -> Value {
    let server = realm.simulated().server("https://127.0.0.1:41873").unwrap();
    let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
    kube::Client::new(server, "default").request(request.body(body.to_string().into_bytes()).unwrap()).await.unwrap()
}

async fn until<R: api::Row>(board: &Board<R>, what: &str, done: impl Fn(&[R]) -> bool) {
    let mut news = board.news();
    let waiting = async {
        while !done(&board.rows()) {
            news.changed().await.unwrap();
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("{what} in time"));
}

#[tokio::test]
async fn cluster_api_that_is_installed_later_is_found() {
    let home = tempfile::tempdir().unwrap();
    let place = Home::below(home.path());
    let realm = Realm::open(&place, &Arc::new(Settings::open(&place.config)), Stage::Demo(Demo::default())).await.unwrap();
    let manager = realm.fleet.contexts().rows().into_iter().find(|row| row.name == "kind-kos-mgmt").unwrap().id;
    // Its webhook has no pod yet, and a Cluster is made below.
    ask(&realm, Method::DELETE, "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/capi-mutating-webhook-configuration", json!({})).await;
    // Without its definition the server knows no such kind.
    let definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    let clusters = format!("{definitions}/clusters.cluster.x-k8s.io");
    let mut definition = ask(&realm, Method::GET, &clusters, Value::Null).await;
    ask(&realm, Method::DELETE, &clusters, json!({})).await;
    realm.sessions.open(&manager).await.unwrap();
    let managed = realm.sessions.managed(&manager, realm.local.board()).unwrap();
    let board = managed.clusters();
    let mut news = board.news();
    let empty = async {
        while board.measure().1 != Status::Live {
            news.changed().await.unwrap();
        }
    };
    tokio::time::timeout(PATIENCE, empty).await.expect("a context without Cluster API says so");
    assert!(board.rows().is_empty());

    definition["metadata"] = json!({ "name": "clusters.cluster.x-k8s.io" });
    ask(&realm, Method::POST, definitions, definition).await;
    let cluster = json!({
        "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "Cluster", "metadata": { "name": "late", "namespace": "default" },
        "spec": { "topology": { "classRef": { "name": "quick-start" }, "version": "v1.36.1" } },
    });
    ask(&realm, Method::POST, "/apis/cluster.x-k8s.io/v1beta2/namespaces/default/clusters", cluster).await;
    until(&board, "the new cluster", |rows| rows.iter().any(|row| row.name == "late")).await;
    realm.close().await;
}

#[tokio::test]
async fn an_event_that_is_told_reaches_the_page_of_its_cluster() {
    let home = tempfile::tempdir().unwrap();
    let place = Home::below(home.path());
    let realm = Realm::open(&place, &Arc::new(Settings::open(&place.config)), Stage::Demo(Demo::default())).await.unwrap();
    let manager = realm.fleet.contexts().rows().into_iter().find(|row| row.name == "kind-kos-mgmt").unwrap().id;
    realm.sessions.open(&manager).await.unwrap();
    let managed = realm.sessions.managed(&manager, realm.local.board()).unwrap();
    let page = managed.cluster("default", "lab-a");
    until(&page, "the cluster", |rows| rows.iter().any(|row| matches!(row, api::capi::ClusterPart::Head(_)))).await;
    let event = json!({
        "apiVersion": "v1", "kind": "Event", "metadata": { "name": "lab-a.told", "namespace": "default" }, "type": "Warning",
        "reason": "ControlPlaneUnhealthy", "message": "etcd", "count": 3, "lastTimestamp": "2026-11-23T14:00:00Z",
        "involvedObject": { "apiVersion": "controlplane.cluster.x-k8s.io/v1beta2", "kind": "KubeadmControlPlane", "namespace": "default", "name": "lab-a-cp" },
    });
    ask(&realm, Method::POST, "/api/v1/namespaces/default/events", event).await;
    until(&page, "the event", |rows| rows.iter().any(|row| matches!(row, api::capi::ClusterPart::Event(event) if event.reason == "ControlPlaneUnhealthy")))
        .await;
    realm.close().await;
}
