use super::*;

fn check(kind: Kind, namespace: &str, context: &str, expected: &str) {
    let route = Route::Table { context: "f#c".into(), kind, namespace: namespace.into() };
    assert_eq!(command(&route, Some(context)).as_deref(), Some(expected));
}

#[test]
fn a_table_names_its_context_and_namespace() {
    check(Kind::Pods, "", "dev-eu", "kubectl --context dev-eu get pods --all-namespaces --watch");
    check(Kind::Pods, "shop", "dev-eu", "kubectl --context dev-eu get pods --namespace shop --watch");
    check(Kind::Nodes, "", "dev-eu", "kubectl --context dev-eu get nodes --watch");
}

#[test]
fn a_context_with_odd_letters_can_still_be_pasted() {
    check(Kind::Nodes, "", "my cluster; rm", "kubectl --context 'my cluster; rm' get nodes --watch");
    check(Kind::Nodes, "", "it's", r"kubectl --context 'it'\''s' get nodes --watch");
}
