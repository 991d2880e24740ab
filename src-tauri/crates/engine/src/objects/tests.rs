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
        searched(&tables).into_iter().map(|row| (row.objects, row.state)).collect::<Vec<_>>()
    };
    assert_eq!(known(Status::Live), [(2, Searched::Whole)]);
    assert_eq!(known(Status::Loading), [(2, Searched::Loading)]);
    assert_eq!(known(denied()), [(2, Searched::Part)]);
    assert_eq!(searched(&[]), []);
}
