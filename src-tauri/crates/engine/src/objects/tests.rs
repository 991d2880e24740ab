use api::capi::{ClusterState, LaneGroup, LaneState};
use api::changes::Repair;
use api::machines::Told;
use api::tables::{Health, NamespaceRow, NodeRow, PodRow};
use api::{Fault, FaultCode};

use super::*;

fn pod(namespace: &str, name: &str) -> TableRow {
    TableRow::Pod(PodRow {
        namespace: namespace.into(),
        name: name.into(),
        ready: 1,
        containers: 1,
        status: "Running".into(),
        health: Health::Healthy,
        restarts: 0,
        last_restart: None,
        node: String::new(),
        ip: String::new(),
        created: None,
    })
}

fn space(name: &str) -> TableRow {
    TableRow::Namespace(NamespaceRow { name: name.into(), status: "Active".into(), health: Health::Warning, stuck: String::new(), labels: 0, created: None })
}

fn node(name: &str) -> TableRow {
    TableRow::Node(NodeRow {
        name: name.into(),
        status: "Ready".into(),
        health: Health::Healthy,
        roles: vec![],
        version: String::new(),
        internal_ip: String::new(),
        os_image: String::new(),
        kernel: String::new(),
        runtime: String::new(),
        taints: 0,
        cpu_milli: 0,
        memory_bytes: 0,
        pods: 0,
        created: None,
    })
}

fn live(context: &str, kind: Kind, namespace: &str, status: Status, rows: Vec<TableRow>) -> Live {
    let board = Arc::new(Board::new(status));
    board.replace_set(rows);
    Live { context: context.into(), kind, namespace: namespace.into(), board, _interest: Arc::new(()) }
}

fn names(tables: &[Live], text: &str) -> Vec<String> {
    find(tables, text).into_iter().map(|h| format!("{}:{:?}:{}/{}", h.context, h.kind, h.table, h.name)).collect()
}

#[test]
fn objects_of_every_open_context_are_found_by_letters_of_their_names() {
    let tables = [
        live("b", Kind::Pods, "", Status::Live, vec![pod("shop", "checkout-api-1"), pod("shop", "web")]),
        live("a", Kind::Namespaces, "", Status::Live, vec![space("checkout"), space("shop")]),
        live("a", Kind::Nodes, "", Status::Live, vec![node("chassis-7-eck")]),
    ];
    assert_eq!(names(&tables, "check"), ["a:Namespaces:/checkout", "b:Pods:/checkout-api-1", "a:Nodes:/chassis-7-eck"]);
    assert_eq!(names(&tables, "CHECK api"), ["b:Pods:/checkout-api-1"]);
}

#[test]
fn no_letters_find_no_object() {
    let tables = [live("a", Kind::Nodes, "", Status::Live, vec![node("one")])];
    assert_eq!(names(&tables, "  "), Vec::<String>::new());
}

#[test]
fn an_object_that_two_tables_show_is_found_once_in_the_table_of_all() {
    let both = [
        live("a", Kind::Pods, "shop", Status::Live, vec![pod("shop", "web"), pod("shop", "web-2")]),
        live("a", Kind::Pods, "", Status::Loading, vec![pod("shop", "web")]),
    ];
    assert_eq!(names(&both, "web"), ["a:Pods:/web", "a:Pods:shop/web-2"]);
}

#[test]
fn of_many_objects_the_best_fifty_are_given() {
    let mut rows: Vec<TableRow> = (0..2_000).map(|n| pod("shop", &format!("worker-{n:04}"))).collect();
    rows.push(pod("shop", "work"));
    let found = names(&[live("a", Kind::Pods, "", Status::Live, rows)], "work");
    assert_eq!((found.len(), found[0].as_str(), found[1].as_str()), (MOST_HITS, "a:Pods:/work", "a:Pods:/worker-0000"));
}

#[test]
fn what_is_known_of_a_context_is_told_kind_by_kind() {
    let denied = || Status::Denied { why: Fault::new(FaultCode::Denied, "No.") };
    let known = |second: Status| {
        let tables = [live("a", Kind::Nodes, "", Status::Live, vec![node("one")]), live("a", Kind::Pods, "", second, vec![pod("shop", "web")])];
        searched(&Held { tables: tables.to_vec(), managers: vec![] }).into_iter().map(|row| (row.objects, row.state)).collect::<Vec<_>>()
    };
    assert_eq!(known(Status::Live), [(2, Searched::Whole)]);
    assert_eq!(known(Status::Loading), [(2, Searched::Loading)]);
    assert_eq!(known(denied()), [(2, Searched::Part)]);
    assert_eq!(searched(&Held::default()), []);
}

fn cluster(name: &str) -> ClusterRow {
    let (version, class, endpoint, why) = Default::default();
    let (namespace, state, created) = ("default".into(), ClusterState::Available, None);
    let (planes, workers, since) = Default::default();
    ClusterRow { namespace, name: name.into(), state, version, class, machines: vec![], wanted: 0, planes, workers, endpoint, created, since, why }
}

fn machine(name: &str, of: &str) -> MachineRow {
    let text = String::new;
    MachineRow {
        namespace: "default".into(),
        name: name.into(),
        cluster: of.into(),
        owner: text(),
        group: LaneGroup::ControlPlane,
        since: None,
        late_at: None,
        says: text(),
        state: LaneState::Available { since: api::Timestamp(0) },
        ready: Told::Yes,
        available: Told::Yes,
        up_to_date: Told::Yes,
        version: text(),
        node: text(),
        provider_id: text(),
        addresses: vec![],
        failure_domain: text(),
        os_image: text(),
        infrastructure: text(),
        container: None,
        created: None,
        repair: Repair::Allowed,
        checks: vec![],
    }
}

fn manager(context: &str, status: Status, clusters: Vec<ClusterRow>, machines: Vec<MachineRow>) -> Manager {
    let (of_clusters, of_machines) = (Arc::new(Board::new(status)), Arc::new(Board::new(Status::Live)));
    of_clusters.replace_set(clusters);
    of_machines.replace_set(machines);
    Manager { context: context.into(), clusters: of_clusters, machines: of_machines, _interest: Arc::new(()) }
}

#[test]
fn clusters_and_machines_of_every_open_management_cluster_are_found_by_their_names() {
    let managers = [
        manager("b", Status::Live, vec![cluster("lab-a"), cluster("other")], vec![]),
        manager("a", Status::Live, vec![cluster("lab-a")], vec![machine("lab-a-cp-1", "lab-a"), machine("web", "other")]),
    ];
    let found = |text: &str| made(&managers, text).into_iter().map(|hit| (hit.context.0, hit.what, hit.name)).collect::<Vec<_>>();
    let hit = |context: &str, what: Made, name: &str| (context.to_owned(), what, name.to_owned());
    let of = Made::Machine { cluster: "lab-a".into() };
    assert_eq!(found("lab"), [hit("a", Made::Cluster, "lab-a"), hit("b", Made::Cluster, "lab-a"), hit("a", of, "lab-a-cp-1")]);
    assert_eq!(found(" "), []);
    assert_eq!(found("xyz"), []);
}

#[test]
fn clusters_count_to_what_is_known_of_their_context() {
    let known = |of_tables: Status, of_clusters: Status| {
        let tables = vec![live("a", Kind::Nodes, "", of_tables, vec![node("one")])];
        let managers = vec![manager("a", of_clusters, vec![cluster("lab-a")], vec![machine("m", "lab-a")])];
        searched(&Held { tables, managers }).into_iter().map(|row| (row.objects, row.state)).collect::<Vec<_>>()
    };
    let stale = || Status::Stale { since: api::Timestamp(0), why: Fault::new(FaultCode::Unreachable, "No."), retry_at: None };
    assert_eq!(known(Status::Live, Status::Live), [(3, Searched::Whole)]);
    assert_eq!(known(Status::Live, Status::Loading), [(3, Searched::Loading)]);
    assert_eq!(known(Status::Live, stale()), [(3, Searched::Part)]);
    assert_eq!(known(stale(), Status::Loading), [(3, Searched::Part)], "who does not answer is not read on");
}
