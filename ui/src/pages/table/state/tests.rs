use api::tables::NamespaceRow;

use super::*;

fn row(name: &str, health: Health) -> Rc<TableRow> {
    Rc::new(TableRow::Namespace(NamespaceRow { name: name.into(), status: "Active".into(), health, stuck: String::new(), labels: 0, created: None }))
}

fn check(text: &str, only: Only, expected: &[&str]) {
    let rows = vec![row("shop", Health::Healthy), row("payments", Health::Warning), row("Shop-test", Health::Failed)];
    let kept = narrow(rows, &Narrowed { text: text.into(), only });
    let names: Vec<&str> = kept.iter().map(|r| r.name()).collect();
    assert_eq!(names, expected);
}

#[test]
fn a_filter_finds_names_in_any_case() {
    check("SHOP", Only::All, &["shop", "Shop-test"]);
    check("  ", Only::All, &["shop", "payments", "Shop-test"]);
}

#[test]
fn problems_only_keeps_what_needs_a_look() {
    check("", Only::Problems, &["payments", "Shop-test"]);
    check("shop", Only::Problems, &["Shop-test"]);
}

#[test]
fn the_worst_row_gives_the_kind_its_mark() {
    assert_eq!(worst(&[row("a", Health::Healthy), row("b", Health::Warning)]), Some(Health::Warning));
    assert_eq!(worst(&[]), None);
}

#[test]
fn an_unreadable_row_is_unknown_and_not_well() {
    let broken = TableRow::Unreadable { namespace: "shop".into(), name: "x".into(), why: "no metadata".into() };
    assert_eq!(health(&broken), Health::Unknown);
}

#[test]
fn who_was_led_to_an_object_sees_it_at_once() {
    let row = || Some(RowId("shop/web".into()));
    for (kind, open) in [(Kind::Pods, row()), (Kind::Nodes, row()), (Kind::Namespaces, None)] {
        let looking = Looking::at(kind, row());
        assert_eq!((looking.focus, looking.open), (row(), open), "{kind:?}");
    }
    assert_eq!(Looking::at(Kind::Pods, None), Looking::default());
}
