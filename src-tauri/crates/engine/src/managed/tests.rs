use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use api::capi::ClusterPart;
use api::changes::{ApplyChange, ClusterAt, ClusterChange};
use api::local::Power;
use api::{ContextId, FaultCode, Status};
use cluster::objects::Objects;
use cluster::watch::Sink;
use futures::FutureExt as _;
use http::{Method, Request};
use provision::local::Asked;
use serde_json::{Value, json};
use sim::server::access::Denial;

use super::onto::Onto;
use super::reach::Listing;
use super::{Drawn, Managed};
use crate::board::Board;
use crate::changing::Changing;
use crate::demo_fleet::{self, MANAGER, PATIENCE};
use crate::realm::Realm;
use crate::tasks::Task;

async fn ask(realm: &Realm, method: Method, path: &str, body: Value) -> Value {
    let server = realm.simulated().server("https://127.0.0.1:41873").unwrap();
    let kind = if method == Method::PATCH { "application/merge-patch+json" } else { "application/json" };
    let request = Request::builder().method(method).uri(path).header("content-type", kind);
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
    let (_home, realm) = demo_fleet::opened().await;
    let manager = demo_fleet::row(&realm, MANAGER).id;
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
async fn objects_of_a_kind_that_is_served_no_longer_are_forgotten_and_those_of_its_next_definition_are_found() {
    let (_home, realm, _, managed) = hurried("--pace=1200").await;
    managed.whole().await.unwrap();
    let page = managed.cluster("default", "lab-a");
    let definition = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/machinedeployments.cluster.x-k8s.io";
    let drawn = |rows: &[ClusterPart]| rows.iter().any(|row| matches!(row, ClusterPart::Tree(node) if node.kind == "MachineDeployment"));
    until(&page, "the pool", drawn).await;
    let mut again = ask(&realm, Method::GET, definition, Value::Null).await;
    // The simulated server tells no watch of the objects that go with it, as one does that was down meanwhile.
    ask(&realm, Method::DELETE, definition, json!({})).await;
    until(&page, "the pool to be gone", |rows| !drawn(rows)).await;

    again["metadata"] = json!({ "name": "machinedeployments.cluster.x-k8s.io" });
    ask(&realm, Method::POST, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", again).await;
    let pool = json!({
        "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "MachineDeployment",
        "metadata": { "name": "lab-a-late", "namespace": "default", "labels": { "cluster.x-k8s.io/cluster-name": "lab-a" } },
        "spec": { "clusterName": "lab-a" },
    });
    ask(&realm, Method::POST, "/apis/cluster.x-k8s.io/v1beta2/namespaces/default/machinedeployments", pool).await;
    until(&page, "the next pool", drawn).await;
    realm.close().await;
}

#[tokio::test]
async fn what_machines_reached_stands_after_a_restart_though_their_conditions_changed_since() {
    let (_home, realm, manager, managed) = hurried("--pace=1200").await;
    let first = |rows: &[ClusterPart]| {
        let lanes = rows.iter().filter_map(|part| if let ClusterPart::Lane(lane) = part { Some(lane.clone()) } else { None });
        lanes.min_by(|a, b| a.machine.cmp(&b.machine)).filter(|lane| matches!(lane.state, api::capi::LaneState::Available { .. }))
    };
    managed.whole().await.unwrap();
    let page = managed.cluster("default", "lab-a");
    until(&page, "a machine in service", |rows| first(rows).is_some()).await;
    let machine = first(&page.rows()).unwrap().machine;
    let folder = managed.drawn.runs.clone();
    drop((page, managed));
    // Its conditions say now what they say; what was seen earlier of it is in the file of its run.
    let mut runs: Vec<api::runs::Run> = super::runs::Runs::load(&folder).all().cloned().collect();
    let kept = runs.iter_mut().flat_map(|run| &mut run.machines).find(|kept| kept.name == machine).expect("its run was kept");
    let earlier = api::Timestamp(kept.created.0 + 1);
    kept.ends = [Some(earlier); 7];
    super::runs::save(&folder, &runs);

    let managed = realm.sessions.managed(&manager, realm.local.board()).unwrap();
    managed.whole().await.unwrap();
    let page = managed.cluster("default", "lab-a");
    until(&page, "the machine", |rows| first(rows).is_some_and(|lane| lane.machine == machine)).await;
    let ends: Vec<_> = first(&page.rows()).unwrap().bars.iter().map(|bar| bar.to).collect();
    assert_eq!(ends, vec![Some(earlier); 7]);
    realm.close().await;
}

#[tokio::test]
async fn what_was_seen_of_a_cluster_is_on_disk_before_this_computer_sleeps() {
    let (_home, realm, _, managed) = hurried("--pace=1200").await;
    managed.whole().await.unwrap();
    until(&managed.runs(), "its run", |rows| rows.iter().any(|run| run.name == "lab-a" && run.gone.is_none())).await;
    let key = capi::ClusterKey { namespace: "default".into(), name: "lab-a".into() };
    managed.note_add_on(&key, "seen-before-the-sleep", api::Timestamp(1), api::Timestamp(2));
    realm.keep().await;
    let kept = super::runs::Runs::load(&managed.drawn.runs);
    let shared = kept.all().filter(|run| run.row.name == "lab-a").flat_map(|run| &run.shared);
    let names: Vec<String> = shared.map(|lane| format!("{:?}", lane.what)).collect();
    assert!(names.iter().any(|name| name.contains("seen-before-the-sleep")), "{names:?}");
    realm.close().await;
}

#[tokio::test]
async fn an_event_that_is_told_reaches_the_page_of_its_cluster() {
    let (_home, realm) = demo_fleet::opened().await;
    let manager = demo_fleet::row(&realm, MANAGER).id;
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

/// The demo at this many seconds a second, with its management cluster open and its three clusters listed.
async fn hurried(pace: &str) -> (tempfile::TempDir, Arc<Realm>, ContextId, Arc<Managed>) {
    let (home, realm) = demo_fleet::hurried(pace).await;
    let manager = demo_fleet::row(&realm, MANAGER).id;
    realm.sessions.open(&manager).await.unwrap();
    let managed = realm.sessions.managed(&manager, realm.local.board()).unwrap();
    until(&managed.clusters(), "the clusters", |rows| rows.len() == 3).await;
    (home, realm, manager, managed)
}

#[tokio::test]
async fn nothing_of_a_closed_context_is_read_while_its_clusters_are_looked_at() {
    let (_home, realm, context, managed) = hurried("--pace=1200").await;
    live(&managed.clusters(), true).await;
    realm.sessions.close(&context).await;
    let idle = Task::spawn("nothing", async {});
    let reading = std::mem::replace(&mut *managed.reading.lock().unwrap(), idle);
    tokio::time::timeout(PATIENCE, reading.finished()).await.expect("the reading ends with its context");
    realm.close().await;
}

#[tokio::test]
async fn clusters_are_live_when_every_kind_has_answered_and_nobody_waits_for_one_whose_list_fails() {
    let (_home, realm, _, managed) = hurried("--pace=1200").await;
    live(&managed.clusters(), true).await;
    let (drawn, page) = (managed.drawn.clone(), managed.cluster("default", "lab-a"));
    let group = "cluster.x-k8s.io";
    let mut found = drawn.known().kinds.to_vec();
    let late = |kind: &str| Objects { group: group.into(), version: "v1beta2".into(), kind: kind.into(), plural: format!("{}s", kind.to_lowercase()) };
    let onto = |kind: &str| Onto { drawn: drawn.clone(), listing: Listing::everywhere(&late(kind)) };
    let says = || (managed.clusters().measure().1, page.measure().1);

    found.extend([late("Late"), late("Failing"), late("Gone")]);
    drawn.expect(&found, &BTreeMap::new(), |kind| ["Late", "Failing", "Gone"].contains(&&*kind.kind));
    onto("Cluster").status(Status::Live);
    assert_eq!(says(), (Status::Loading, Status::Loading), "what is there may be a part");
    assert_eq!(managed.cluster("default", "lab-b").measure().1, Status::Loading, "also for who looks now");
    assert_eq!(managed.machines().measure().1, Status::Loading, "and at all machines");
    onto("Late").status(Status::Loading);
    onto("Late").status(Status::Live);
    found.retain(|kind| kind.kind != "Gone");
    drawn.expect(&found, &BTreeMap::new(), |_| false);
    assert_eq!(says().0, Status::Loading, "one kind has said nothing");
    let why = api::Fault::new(FaultCode::Unreachable, "It does not answer.");
    onto("Failing").status(Status::Stale { since: api::Timestamp(0), why, retry_at: None });
    assert_eq!(says(), (Status::Live, Status::Live));
    realm.close().await;
}

/// In place of the one who reads, a test hears what he is told from now on.
async fn unread(managed: &Managed) -> Arc<Drawn> {
    let reading = std::mem::replace(&mut *managed.reading.lock().unwrap(), Task::spawn("nobody reads", async {}));
    reading.end().await;
    // That all is known by now may have been told to nobody.
    let _ = is_told(&managed.drawn);
    managed.drawn.clone()
}

fn is_told(drawn: &Drawn) -> bool {
    drawn.looked.notified().now_or_never().is_some()
}

#[tokio::test]
async fn a_page_that_was_open_before_the_last_list_came_has_its_logs_read_without_another_glance() {
    let (_home, realm, _, managed) = hurried("--pace=1200").await;
    managed.whole().await.unwrap();
    let drawn = unread(&managed).await;
    let is_told = || is_told(&drawn);
    let late = Objects { group: "cluster.x-k8s.io".into(), version: "v1beta2".into(), kind: "Late".into(), plural: "lates".into() };
    let found: Vec<Objects> = drawn.known().kinds.iter().cloned().chain([late.clone()]).collect();
    drawn.expect(&found, &BTreeMap::new(), |kind| kind.kind == "Late");
    let _page = managed.cluster("default", "lab-b");
    assert!(is_told(), "somebody looks at a cluster that is there");
    assert!(!is_told(), "and it is told once");
    Onto { drawn: drawn.clone(), listing: Listing::everywhere(&late) }.status(Status::Live);
    assert!(is_told(), "what blocks a cluster follows from all kinds, and its logs with it");
    realm.close().await;
}

#[tokio::test]
async fn a_page_that_was_open_before_its_cluster_was_made_has_its_logs_read_when_it_is() {
    let (_home, realm, _, managed) = hurried("--pace=1200").await;
    managed.whole().await.unwrap();
    let drawn = unread(&managed).await;
    let is_told = || is_told(&drawn);
    let page = managed.cluster("default", "later");
    assert!(!is_told() && page.rows().is_empty(), "there is nothing to read for");
    let cluster = json!({
        "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "Cluster", "metadata": { "name": "later", "namespace": "default", "uid": "l1" }, "spec": {},
    });
    Onto { drawn: drawn.clone(), listing: Listing::clusters() }.apply(vec![cluster], vec![]);
    assert!(is_told() && !page.rows().is_empty());
    realm.close().await;
}

/// Waits until a board says this of itself.
async fn says<R: api::Row>(board: &Board<R>, what: &str, wanted: impl Fn(&Status) -> bool) {
    let mut news = board.news();
    let waiting = async {
        while !wanted(&board.measure().1) {
            news.changed().await.unwrap();
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("{what} in time"));
}

#[tokio::test]
async fn who_may_list_clusters_in_a_namespace_alone_sees_them_live_once_it_is_typed() {
    let (_home, realm) = demo_fleet::hurried("--pace=1200").await;
    let management = realm.simulated().cluster("kos-mgmt").unwrap();
    let nothing_else = Denial { except: vec!["default".to_owned()], ..Denial::default() };
    management.behave(|manners| manners.access.denied.push(nothing_else));
    let manager = demo_fleet::row(&realm, MANAGER).id;
    realm.sessions.open(&manager).await.unwrap();
    let managed = realm.sessions.managed(&manager, realm.local.board()).unwrap();
    let (board, watched) = (managed.clusters(), managed.watched());
    let is_denied = |status: &Status| matches!(status, Status::Denied { .. });
    says(&board, "what the server refuses", is_denied).await;
    assert!(board.rows().is_empty());

    let typed = |names: &[&str]| {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        realm.fleet.remember(&manager, |known| known.namespaces = names).unwrap();
    };
    typed(&["default", "shop"]);
    until(&board, "the clusters of the namespace", |rows| rows.len() == 3).await;
    says(&board, "that they are live", |status| *status == Status::Live).await;
    until(&managed.classes(), "its classes", |rows| !rows.is_empty()).await;
    until(&watched, "where they are read", |rows| rows.iter().any(|row| row.namespaces == ["default"] && row.refused == ["shop"])).await;
    let row = watched.rows().remove(0);
    assert!(row.kinds > 5 && row.denied.is_some_and(|why| why.code == FaultCode::Denied), "the rest is said to be refused");
    managed.whole().await.expect("all that may be read is known");
    let asked = crate::leftovers::ask(&realm, &manager).await;
    assert_eq!(asked, Asked::No("its clusters may not be listed in all namespaces".to_owned()), "what others hold is not left over");
    until(&managed.runs(), "their runs", |rows| rows.iter().any(|run| run.name == "lab-b")).await;
    ask(&realm, Method::DELETE, LAB_A, json!({})).await;
    until(&board, "what happens there", |rows| rows.len() == 2).await;
    until(&managed.runs(), "the end of its run", |rows| rows.iter().any(|run| run.name == "lab-a" && run.gone.is_some())).await;

    typed(&[]);
    until(&board, "nothing", <[_]>::is_empty).await;
    until(&managed.classes(), "no class", <[_]>::is_empty).await;
    says(&board, "that it is refused", is_denied).await;
    let runs = managed.runs().rows();
    assert!(runs.iter().any(|run| run.name == "lab-b" && run.gone.is_none()), "what is out of sight is not gone: {runs:?}");
    realm.close().await;
}

#[tokio::test]
async fn who_may_list_everywhere_again_is_told_the_rest_and_reads_no_namespace_twice() {
    let (_home, realm) = demo_fleet::hurried("--pace=1200").await;
    let management = realm.simulated().cluster("kos-mgmt").unwrap();
    let nothing_else = Denial { except: vec!["default".to_owned()], ..Denial::default() };
    management.behave(|manners| manners.access.denied.push(nothing_else));
    let manager = demo_fleet::row(&realm, MANAGER).id;
    realm.fleet.remember(&manager, |known| known.namespaces = vec!["default".to_owned()]).unwrap();
    realm.sessions.open(&manager).await.unwrap();
    let managed = realm.sessions.managed(&manager, realm.local.board()).unwrap();
    let (board, watched) = (managed.clusters(), managed.watched());
    until(&board, "the clusters of the namespace", |rows| rows.len() == 3).await;
    management.behave(|manners| manners.access.denied.clear());
    realm.sessions.try_now(&manager).unwrap();
    until(&watched, "that all may be read", |rows| rows.iter().any(|row| row.denied.is_none() && row.namespaces.is_empty())).await;
    says(&board, "that they are live", |status| *status == Status::Live).await;
    assert_eq!(board.rows().len(), 3);
    realm.close().await;
}

const CORE: &str = "/apis/cluster.x-k8s.io/v1beta2";

/// The runs of clusters that are said to be gone.
fn gone(managed: &Managed) -> BTreeSet<String> {
    managed.runs().rows().into_iter().filter(|run| run.gone.is_some()).map(|run| run.id).collect()
}

#[tokio::test]
async fn clusters_and_their_runs_stay_while_the_server_does_not_say_which_kinds_their_group_holds() {
    let (_home, realm, manager, managed) = hurried("--pace=1200").await;
    managed.whole().await.unwrap();
    live(&managed.clusters(), true).await;
    let (watched, page) = (managed.watched(), managed.cluster("default", "lab-a"));
    let kinds = |rows: &[api::watched::WatchedRow]| rows.iter().map(|row| row.kinds).sum::<u32>();
    let (before, gone_before) = (kinds(&watched.rows()), gone(&managed));
    realm.simulated().cluster("kos-mgmt").unwrap().behave(|manners| {
        manners.busy.insert(CORE.to_owned(), usize::MAX);
    });
    // A kind of another group comes, so that the server is asked which it holds.
    let thing = json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": { "name": "things.late.cluster.x-k8s.io" },
        "spec": {
            "group": "late.cluster.x-k8s.io", "scope": "Namespaced", "names": { "kind": "Thing", "plural": "things", "singular": "thing" },
            "versions": [{ "name": "v1", "served": true, "storage": true }],
        },
    });
    ask(&realm, Method::POST, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", thing).await;
    until(&watched, "that it was asked", |rows| kinds(rows) != before).await;
    assert_eq!(kinds(&watched.rows()), before + 1, "what was known, and what is new");
    assert_eq!((managed.clusters().rows().len(), page.rows().is_empty()), (3, false));
    assert_eq!(gone(&managed), gone_before);
    let asked = crate::leftovers::ask(&realm, &manager).await;
    assert_eq!(asked, Asked::No("it does not say now which kinds it holds".to_owned()), "nothing is left over for that");
    realm.close().await;
}

#[tokio::test]
async fn a_group_that_says_nothing_when_its_context_is_opened_is_asked_again_and_no_run_ends_meanwhile() {
    let (_home, realm, manager, managed) = hurried("--pace=1200").await;
    managed.whole().await.unwrap();
    until(&managed.runs(), "a run", |rows| rows.iter().any(|run| run.name == "lab-b")).await;
    managed.keep_runs().await;
    let gone_before = gone(&managed);
    drop(managed);
    let management = realm.simulated().cluster("kos-mgmt").unwrap();
    management.behave(|manners| {
        manners.busy.insert(CORE.to_owned(), usize::MAX);
        // Definitions would tell too that something is missing.
        manners.access.denied.push(Denial { plural: "customresourcedefinitions".to_owned(), ..Denial::default() });
    });

    let managed = realm.sessions.managed(&manager, realm.local.board()).unwrap();
    let board = managed.clusters();
    says(&board, "anything", |status| *status != Status::Loading).await;
    let classes = managed.classes().measure().1;
    let are_stale = [&board.measure().1, &classes].map(|status| matches!(status, Status::Stale { .. }));
    assert_eq!(are_stale, [true, true], "nobody knows what it holds: {classes:?}");
    assert_eq!(crate::leftovers::ask(&realm, &manager).await, Asked::No("it does not answer now".to_owned()));

    management.behave(|manners| manners.busy.clear());
    managed.look_again();
    live(&board, true).await;
    managed.whole().await.expect("all is known");
    assert_eq!((board.rows().len(), gone(&managed)), (3, gone_before));
    let asked = crate::leftovers::ask(&realm, &manager).await;
    assert!(matches!(&asked, Asked::Holds(names) if names.len() == 3), "{asked:?}");
    realm.close().await;
}

#[tokio::test]
async fn a_server_that_serves_no_clusters_though_they_are_defined_is_not_taken_for_one_without() {
    let (_home, realm) = demo_fleet::opened().await;
    let definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    let clusters = format!("{definitions}/clusters.cluster.x-k8s.io");
    let mut definition = ask(&realm, Method::GET, &clusters, Value::Null).await;
    let served = definition["spec"]["versions"].clone();
    definition["metadata"] = json!({ "name": "clusters.cluster.x-k8s.io" });
    for version in definition["spec"]["versions"].as_array_mut().unwrap() {
        version["served"] = json!(false);
    }
    ask(&realm, Method::DELETE, &clusters, json!({})).await;
    ask(&realm, Method::POST, definitions, definition).await;

    let manager = demo_fleet::row(&realm, MANAGER).id;
    realm.sessions.open(&manager).await.unwrap();
    let managed = realm.sessions.managed(&manager, realm.local.board()).unwrap();
    let (board, drawn) = (managed.clusters(), managed.drawn.clone());
    says(&board, "anything", |status| *status != Status::Loading).await;
    let status = board.measure().1;
    let is_said = |why: &api::Fault| why.cause[0].text == "clusters.cluster.x-k8s.io is defined and not served";
    assert!(matches!(&status, Status::Stale { why, .. } if is_said(why)), "{status:?}");
    assert_eq!(crate::leftovers::ask(&realm, &manager).await, Asked::No("it does not answer now".to_owned()));

    ask(&realm, Method::PATCH, &clusters, json!({ "spec": { "versions": served } })).await;
    managed.look_again();
    live(&board, true).await;
    managed.whole().await.expect("all is known");
    let beside: Vec<Objects> = drawn.known().kinds.iter().filter(|kind| kind.kind != "Cluster").cloned().collect();
    drawn.expect(&beside, &[("cluster.x-k8s.io".to_owned(), "not now".to_owned())].into(), |_| false);
    assert!(!drawn.known().reach.stand().is_whole, "kinds that stand beside it end no run");
    realm.close().await;
}

const LAB_A: &str = "/apis/cluster.x-k8s.io/v1beta2/namespaces/default/clusters/lab-a";

/// Waits until a board says that it is live, or that it is not.
async fn live<R: api::Row>(board: &Board<R>, wanted: bool) {
    let mut news = board.news();
    let waiting = async {
        while (board.measure().1 == Status::Live) != wanted {
            news.changed().await.unwrap();
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.expect("the board says so in time");
}

#[tokio::test]
async fn a_management_cluster_that_is_gone_for_an_hour_keeps_its_rows_and_comes_back_by_itself() {
    let (_home, realm, _, managed) = hurried("--pace=1200").await;
    let board = managed.clusters();
    live(&board, true).await;
    let pools = json!([{ "class": "default-worker", "name": "md-0", "replicas": 5 }]);
    ask(&realm, Method::PATCH, LAB_A, json!({ "spec": { "topology": { "workers": { "machineDeployments": pools } } } })).await;
    let management = realm.simulated().cluster("kos-mgmt").unwrap();
    management.behave(|manners| manners.reach = sim::Reach::Refused);
    live(&board, false).await;
    assert_eq!(board.rows().len(), 3, "what was there is shown as it was");
    // Its controllers go on meanwhile, and it forgets what changed: every watch has to begin anew.
    management.clock().sleep(Duration::from_secs(3_600)).await;
    management.compact(0);
    management.behave(|manners| manners.reach = sim::Reach::Answers);
    live(&board, true).await;
    until(&board, "what became of it", |rows| rows.len() == 3 && rows.iter().any(|row| row.name == "lab-a" && row.machines.len() == 6)).await;
    realm.close().await;
}

#[tokio::test]
async fn a_cluster_that_was_deleted_behind_our_back_leaves_and_no_change_of_it_is_planned() {
    let (_home, realm, context, managed) = hurried("--pace=1200").await;
    let page = managed.cluster("default", "lab-a");
    until(&page, "the cluster", |rows| !rows.is_empty()).await;
    ask(&realm, Method::DELETE, LAB_A, json!({})).await;
    until(&page, "its page to be empty", <[_]>::is_empty).await;
    until(&managed.clusters(), "the others", |rows| rows.len() == 2 && rows.iter().all(|row| row.name != "lab-a")).await;
    let at = ClusterAt { context, namespace: "default".into(), name: "lab-a".into() };
    let fault = Changing::open(&realm, &at).await.unwrap().plan(&ClusterChange::Pause).await.unwrap_err();
    assert_eq!(fault.sentence, "kind-kos-mgmt holds no cluster lab-a in default, or not any more.");
    assert_eq!((fault.code, fault.unharmed.as_str()), (FaultCode::NotFound, "Nothing was written."));
    realm.close().await;
}

#[tokio::test]
async fn containers_that_somebody_pauses_are_told_on_the_page_of_their_cluster_at_once() {
    let (_home, realm, _, managed) = hurried("--pace=1200").await;
    let page = managed.cluster("default", "lab-a");
    let rule = |rows: &[ClusterPart]| rows.iter().find_map(|row| if let ClusterPart::Why(why) = row { why.rule.clone() } else { None });
    realm.local.look().await;
    until(&page, "the cluster", |rows| !rows.is_empty() && rule(rows).as_deref() != Some("docker-paused")).await;
    realm.local.switch("lab-a", Power::Pause).await.unwrap();
    let told = |rows: &[ClusterPart]| {
        rows.iter().any(|row| matches!(row, ClusterPart::Why(why) if why.seen.iter().any(|one| one.text == "paused" && one.at.is_some())))
    };
    until(&page, "what holds it, and since when", |rows| rule(rows).as_deref() == Some("docker-paused") && told(rows)).await;
    realm.close().await;
}

#[tokio::test]
async fn a_plan_for_a_cluster_is_not_written_to_another_of_its_name() {
    let (_home, realm, context, managed) = hurried("--pace=1200").await;
    let at = ClusterAt { context, namespace: "default".into(), name: "lab-a".into() };
    let plan = Changing::open(&realm, &at).await.unwrap().plan(&ClusterChange::Pause).await.unwrap();
    let before = ask(&realm, Method::GET, LAB_A, Value::Null).await;
    ask(&realm, Method::DELETE, LAB_A, json!({})).await;
    let board = managed.clusters();
    until(&board, "the first one to go", |rows| rows.iter().all(|row| row.name != "lab-a")).await;
    let again =
        json!({ "apiVersion": before["apiVersion"], "kind": "Cluster", "metadata": { "name": "lab-a", "namespace": "default" }, "spec": before["spec"] });
    ask(&realm, Method::POST, LAB_A.trim_end_matches("/lab-a"), again).await;
    until(&board, "the second one", |rows| rows.iter().any(|row| row.name == "lab-a")).await;
    let call = ApplyChange { at: at.clone(), change: ClusterChange::Pause, digest: plan.digest, typed: String::new() };
    let fault = Changing::open(&realm, &at).await.unwrap().apply(&call).await.unwrap_err();
    // The plan is another one, or an object that it would be made of went with the first one.
    assert!(matches!(fault.code, FaultCode::Changed | FaultCode::NotFound) && fault.unharmed == "Nothing was written.", "{fault}");
    let now = ask(&realm, Method::GET, LAB_A, Value::Null).await;
    assert!(now["metadata"]["uid"] != before["metadata"]["uid"] && now["spec"]["paused"] != true, "{now}");
    realm.close().await;
}

#[test]
fn what_is_made_again_under_its_name_has_a_lane_of_its_own() {
    let object = |kind: &str, name: &str, uid: &str, rest: Value| {
        let mut object = json!({
            "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": kind, "spec": { "clusterName": "again" },
            "metadata": { "name": name, "namespace": "default", "uid": uid, "creationTimestamp": "2026-11-23T14:00:00Z" },
        });
        object["status"] = rest;
        capi::Object::read(&object).unwrap()
    };
    let done = json!({ "conditions": [{ "type": "Available", "status": "True", "lastTransitionTime": "2026-11-23T14:02:00Z" }] });
    let key = capi::ClusterKey { namespace: "default".into(), name: "again".into() };
    let mut known = super::Known::default();
    known.graph.put(object("Cluster", "again", "c1", Value::Null));
    let steps = |known: &mut super::Known| {
        known.note(&key);
        let facts = capi::Facts::default();
        let head = capi::head(&known.graph, &key, &facts);
        let drawn = known.draw(&mut capi::Page::default(), &key, &facts, head).set;
        let lane = drawn.into_iter().find_map(|part| if let api::capi::ClusterPart::Lane(lane) = part { Some(lane) } else { None });
        lane.unwrap().bars.iter().filter(|bar| bar.to.is_some()).count()
    };
    let first = object("Machine", "again-md-0", "m1", done);
    let id = first.id.clone();
    known.graph.put(first);
    assert_eq!(steps(&mut known), api::capi::MachineStep::ALL.len());
    known.forget(&id);
    known.graph.put(object("Machine", "again-md-0", "m2", Value::Null));
    assert_eq!(steps(&mut known), 0, "what the first one reached is not its own");
}
