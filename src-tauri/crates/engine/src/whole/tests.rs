use std::path::PathBuf;
use std::sync::Arc;

use api::contexts::Link;
use api::jobs::PartState;
use api::{FaultCode, Timestamp};
use capi::form::{DockerNetwork, started, starter, written};
use http::Request;
use provision::{NotMade, Progress, Site, Workloads};
use serde_json::Value;

use super::Whole;
use crate::demo_fleet::{self, PATIENCE};
use crate::realm::Realm;

const NEVER: Timestamp = Timestamp(u64::MAX);

struct Way {
    realm: Arc<Realm>,
    whole: Whole,
    site: Site,
    yaml: String,
    _home: tempfile::TempDir,
}

/// The demo fleet at a pace at which a cluster needs a second.
async fn open() -> Way {
    let (home, realm) = demo_fleet::hurried("--pace=60").await;
    let row = demo_fleet::row(&realm, demo_fleet::MANAGER);
    let site = Site { manager: PathBuf::from(row.file.0), context: row.name, namespace: "default".into(), name: "lab-n".into() };
    let documents = started(&starter("lab-n", "v1.36.1", &[] as &[DockerNetwork]), "kindest/node");
    let whole = Whole::default();
    whole.stands(&realm);
    Way { realm, whole, site, yaml: written(&documents.cluster, &documents.others), _home: home }
}

impl Way {
    async fn managed(&self, path: &str) -> Option<Value> {
        let server = self.realm.simulated().server("https://127.0.0.1:41873").unwrap();
        kube::Client::new(server, "default").request(Request::get(path).body(vec![]).unwrap()).await.ok()
    }

    fn containers(&self) -> usize {
        self.realm.local.board().rows().iter().filter(|row| row.name == "lab-n").map(|row| row.nodes.len()).sum()
    }
}

const CLUSTER: &str = "/apis/cluster.x-k8s.io/v1beta2/namespaces/default/clusters/lab-n";

#[tokio::test]
async fn an_apply_that_meets_a_silent_webhook_keeps_nothing_and_is_whole_when_it_is_sent_again() {
    let way = open().await;
    let management = way.realm.simulated().cluster("kos-mgmt").unwrap();
    management.behave(|manners| manners.deaf_until = vec![("capi-webhook-service".into(), NEVER)]);
    let Err(NotMade::WebhookSilent(fault)) = way.whole.make(&way.site, &way.yaml).await else { panic!("the webhook is silent") };
    assert!(fault.cause[0].source.contains("cluster.x-k8s.io"), "{fault:?}");
    assert!(way.managed(CLUSTER).await.is_none());
    management.behave(|manners| manners.deaf_until.clear());
    way.whole.make(&way.site, &way.yaml).await.unwrap();
    let first = way.managed(CLUSTER).await.unwrap();
    way.whole.make(&way.site, &way.yaml).await.unwrap();
    let again = way.managed(CLUSTER).await.unwrap();
    assert_eq!(first["metadata"]["uid"], again["metadata"]["uid"], "an apply of what is there makes nothing twice");
    way.realm.close().await;
}

#[tokio::test]
async fn what_is_refused_is_not_taken_for_a_silence() {
    let way = open().await;
    let odd = way.yaml.replace("version: v1.36.1", "version: vX");
    assert!(matches!(way.whole.make(&way.site, &odd).await, Err(NotMade::Refused(_))));
    assert!(matches!(way.whole.make(&way.site, "kind: [").await, Err(NotMade::Refused(fault)) if fault.code == FaultCode::Invalid));
    assert!(way.managed(CLUSTER).await.is_none());
    way.realm.close().await;
}

#[tokio::test]
async fn a_cluster_is_made_connected_given_its_network_seen_available_and_taken_away() {
    let way = open().await;
    let (whole, site) = (&way.whole, &way.site);
    let seen = std::sync::Mutex::new(vec![]);
    let told = |progress: Progress| seen.lock().unwrap().push(progress);
    let lived = async {
        whole.make(site, &way.yaml).await.unwrap();
        assert!(!whole.is_connected(site).await.unwrap());
        whole.await_answer(site, &told).await.unwrap();
        whole.connect(site).await.unwrap();
        assert!(whole.is_connected(site).await.unwrap() && whole.file(site).await.unwrap().is_file());
        assert!(!whole.has_network(site).await.unwrap());
        whole.add_network(site).await.unwrap();
        assert!(whole.has_network(site).await.unwrap());
        whole.await_available(site, &told).await.unwrap();
    };
    tokio::time::timeout(PATIENCE, lived).await.expect("the demo goes on in time");
    let last = seen.lock().unwrap().last().cloned().unwrap();
    assert_eq!(last.machines.iter().map(|part| part.state).collect::<Vec<_>>(), [PartState::Ready; 2]);
    way.realm.local.look().await;
    assert_eq!(way.containers(), 2, "a load balancer is no machine");
    let row = way.realm.fleet.contexts().rows().into_iter().find(|row| row.name == "lab-n").unwrap();
    assert!(matches!(row.link, Link::Live { .. }), "{:?}", row.link);

    whole.disconnect(site).await.unwrap();
    whole.disconnect(site).await.unwrap();
    tokio::time::timeout(PATIENCE, whole.remove(site, &told)).await.expect("it goes in time").unwrap();
    whole.remove(site, &told).await.unwrap();
    assert!(way.managed(CLUSTER).await.is_none() && !whole.file(site).await.unwrap().exists());
    way.realm.close().await;
}

#[tokio::test]
async fn a_management_cluster_that_is_gone_is_said_and_nothing_is_written() {
    let way = open().await;
    let site = Site { manager: "/nonexistent/kind-x.yaml".into(), ..way.site.clone() };
    let fault = way.whole.connect(&site).await.unwrap_err();
    assert_eq!(fault.code, FaultCode::NotFound);
    assert!(!way.whole.is_connected(&site).await.unwrap_or(false));
    way.realm.close().await;
}
