use api::tables::{Health, NamespaceRow};

use super::*;
use crate::model::samples;

fn context(name: &str, guard: Guard) -> Rc<ContextRow> {
    Rc::new(ContextRow { guard, ..samples::context(name) })
}

fn hit(context: &str, kind: Kind, namespace: &str, name: &str) -> ObjectHit {
    ObjectHit { context: context.into(), kind, table: String::new(), namespace: namespace.into(), name: name.into(), health: Health::Healthy }
}

#[test]
fn a_hit_says_its_kind_namespace_and_context() {
    let contexts = [context("dev-eu", Guard::Open), context("prod-eu", Guard::Protected)];
    let hits = [hit("dev-eu", Kind::Pods, "shop", "web"), hit("prod-eu", Kind::Pods, "shop", "web"), hit("prod-eu", Kind::Nodes, "", "web-1")];
    let said: Vec<(List, String)> = entries(&hits, &contexts, Some(&"dev-eu".into())).into_iter().map(|e| (e.list, e.sub)).collect();
    let expected = [
        (List::Here, "Pod in shop".to_owned()),
        (List::Elsewhere, "Pod in shop, prod-eu, protected".to_owned()),
        (List::Elsewhere, "Node, prod-eu, protected".to_owned()),
    ];
    assert_eq!(said, expected);
}

#[test]
fn a_hit_leads_to_its_table_with_its_row_focused() {
    let found = entries(&[hit("dev-eu", Kind::Pods, "shop", "web")], &[context("dev-eu", Guard::Open)], None);
    let route = Route::Object { context: "dev-eu".into(), kind: Kind::Pods, namespace: String::new(), row: "shop/web".into() };
    assert_eq!(found[0].act, Act::Go(route));
}

#[test]
fn an_object_of_a_context_that_left_is_not_shown() {
    assert_eq!(entries(&[hit("gone", Kind::Nodes, "", "n")], &[], None), []);
}

#[test]
fn a_sign_asks_for_no_objects() {
    for (typed, expected) in [("web", Some("web")), (" web ", Some("web")), (">web", None), ("@web", None), ("", None), ("  ", None)] {
        assert_eq!(wanted(typed).as_deref(), expected, "{typed:?}");
    }
}

#[test]
fn the_foot_says_how_much_is_searched() {
    let row = |objects, state| Rc::new(SearchedRow { context: "a".into(), objects, state });
    assert_eq!(reach(&[]), "objects of open contexts are searched too");
    assert_eq!(reach(&[row(1_284, Searched::Whole)]), "1,284 objects of 1 open context");
    assert_eq!(reach(&[row(1, Searched::Whole), row(3, Searched::Loading)]), "4 objects of 2 open contexts, still reading");
    assert_eq!(reach(&[row(1, Searched::Part)]), "1 object of 1 open context, not all may be read");
}

#[test]
fn a_cluster_and_its_machine_lead_to_their_pages() {
    let hit = |context: &str, what: Made, name: &str| MadeHit { context: context.into(), what, namespace: "team".into(), name: name.into() };
    let hits = [hit("mgmt", Made::Cluster, "lab-a"), hit("other", Made::Machine { cluster: "lab-a".into() }, "lab-a-1"), hit("gone", Made::Cluster, "x")];
    let contexts = [context("mgmt", Guard::Open), context("other", Guard::Protected)];
    let found: Vec<_> = made(&hits, &contexts, Some(&"mgmt".into())).into_iter().map(|e| (e.list, e.words, e.sub, e.act)).collect();
    let (namespace, cluster) = ("team".to_owned(), "lab-a".to_owned());
    let own = Act::Go(Route::Cluster { context: "mgmt".into(), namespace: namespace.clone(), name: cluster.clone() });
    let machine = Act::Go(Route::Machine { context: "other".into(), namespace, cluster: cluster.clone(), name: "lab-a-1".into() });
    let expected = [
        (List::Here, cluster, "Workload cluster in team".to_owned(), own),
        (List::Elsewhere, "lab-a-1".to_owned(), "Machine of lab-a in team, other, protected".to_owned(), machine),
    ];
    assert_eq!(found, expected);
}

#[test]
fn live_namespaces_stand_beside_those_that_were_typed_each_once() {
    let row = |name: &str| {
        let row = NamespaceRow { name: name.into(), status: "Active".into(), health: Health::Healthy, stuck: String::new(), labels: 0, created: None };
        Rc::new(TableRow::Namespace(row))
    };
    let here = context("dev-eu", Guard::Open);
    let typed = [namespace(&here, "shop")];
    let live = namespaces(&[row("web"), row("shop"), row("db")], &typed, &here);
    assert_eq!(live.iter().map(|entry| entry.words.as_str()).collect::<Vec<_>>(), ["db", "web"]);
    assert_eq!(live[1].act, Act::Go(Route::Table { context: "dev-eu".into(), kind: Kind::Pods, namespace: "web".into() }));
    for (text, wants) in [("#", true), ("#we", true), ("we", false), (":we", false)] {
        assert_eq!(wants_namespaces(text), wants, "{text}");
    }
}
