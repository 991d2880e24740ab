use super::*;

fn table(context: &str, kind: Kind) -> Route {
    Route::Table { context: context.into(), kind, namespace: String::new() }
}

#[test]
fn back_leads_to_the_previous_view() {
    let mut history = History::default();
    history.go(Route::Jobs);
    history.go(Route::Doctor);
    history.back();
    assert_eq!(history.now(), &Route::Jobs);
    history.back();
    assert_eq!(history.now(), &Route::Fleet);
}

#[test]
fn going_to_the_same_view_is_no_step() {
    let mut history = History::default();
    history.go(Route::Jobs);
    history.go(Route::Jobs);
    history.back();
    assert_eq!(history.now(), &Route::Fleet);
}

#[test]
fn a_question_that_was_answered_is_no_step_on_the_way_back() {
    let mut history = History::default();
    history.go(Route::Delete("lab".into()));
    history.go(Route::Job("j".into()));
    history.back();
    assert_eq!(history.now(), &Route::Fleet);
}

#[test]
fn what_a_question_stands_over_is_one_step_however_it_is_left() {
    let mut history = History::default();
    history.go(Route::Jobs);
    history.go(Route::Trust("a".into()));
    history.go(Route::Jobs);
    history.back();
    assert_eq!(history.now(), &Route::Fleet);
}

#[test]
fn a_question_is_left_once_however_often_it_is_answered() {
    let mut history = History::default();
    history.go(Route::Jobs);
    history.go(Route::Trust("a".into()));
    history.leave(&Route::Trust("a".into()));
    history.leave(&Route::Trust("a".into()));
    assert_eq!(history.now(), &Route::Jobs);
}

#[test]
fn a_question_about_a_cluster_is_left_once_too() {
    let (context, namespace, name) = (ContextId::from("mgmt"), String::from("default"), String::from("lab-a"));
    let cluster = Route::Cluster { context: context.clone(), namespace: namespace.clone(), name: name.clone() };
    let question = Route::Ask { context, namespace, name, wish: Wish::Pause };
    let mut history = History::default();
    history.go(cluster.clone());
    history.go(question.clone());
    history.leave(&question);
    history.leave(&question);
    assert_eq!(history.now(), &cluster);
}

#[test]
fn a_context_opens_where_it_was_left() {
    let mut history = History::default();
    assert_eq!(history.in_context(&"dev-eu".into(), ""), table("dev-eu", Kind::Pods));
    history.go(table("dev-eu", Kind::Nodes));
    history.go(Route::Fleet);
    assert_eq!(history.in_context(&"dev-eu".into(), ""), table("dev-eu", Kind::Nodes));
}

#[test]
fn the_way_back_is_bounded() {
    let mut history = History::default();
    for n in 0..200 {
        history.go(Route::Job(n.to_string().into()));
    }
    assert_eq!(history.before.len(), MOST);
}

#[test]
fn a_context_opens_again_without_the_row_one_was_led_to() {
    let mut history = History::default();
    history.go(Route::Object { context: "a".into(), kind: Kind::Nodes, namespace: String::new(), row: "/n1".into() });
    assert_eq!(history.now().context(), Some(&"a".into()));
    assert_eq!(history.in_context(&"a".into(), ""), table("a", Kind::Nodes));
}

#[test]
fn a_context_opens_in_the_namespace_in_which_it_was_left_before_the_restart() {
    let history = History::default();
    let shop = Route::Table { context: "dev-eu".into(), kind: Kind::Pods, namespace: "shop".into() };
    assert_eq!(history.in_context(&"dev-eu".into(), "shop"), shop);
}
