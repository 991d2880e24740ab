use api::{
    contexts::{Favourite, Link, SignIn, Tile, TlsCheck, Way},
    tables::Health,
};

use super::*;

fn context(name: &str, guard: Guard) -> Rc<ContextRow> {
    Rc::new(ContextRow {
        id: name.into(),
        name: name.into(),
        file: "f".into(),
        order: 0,
        tile: Tile { letters: "AB".into(), hue: 1 },
        server: String::new(),
        namespace: String::new(),
        namespaces: vec![],
        left_at: String::new(),
        sign_in: SignIn { way: Way::Token, expires: None },
        tls: TlsCheck::Verified,
        guard,
        favourite: Favourite::No,
        link: Link::Unopened,
        version: String::new(),
        identity: None,
        last_used: None,
        problems: vec![],
        current_for_kubectl: false,
        workload: None,
    })
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
