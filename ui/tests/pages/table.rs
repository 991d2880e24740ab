use std::rc::Rc;

use api::{Fault, FaultCode, Fix, RowId, Status, tables::Kind};
use ui::{
    pages::table::{
        state::{Looking, Narrowed, Only},
        view::{TableView, TableViewProps},
    },
    widgets::{Room, Rows},
};

use super::{
    render, sample,
    spoken::spoken,
    table_sample::{props, stale},
};

fn none(status: Status) -> TableViewProps {
    TableViewProps { rows: Rows(Rc::default()), all: 0, problems: 0, ..props(status) }
}

async fn shot(props: impl FnOnce() -> TableViewProps + Send + 'static) -> String {
    render::<TableView>(props).await
}

#[tokio::test]
async fn a_full_table_has_the_worst_row_first() {
    insta::assert_snapshot!(shot(|| props(Status::Live)).await);
}

#[tokio::test]
async fn a_table_that_is_loading_shows_skeletons() {
    insta::assert_snapshot!(shot(|| none(Status::Loading)).await);
}

#[tokio::test]
async fn an_empty_table_says_that_the_server_was_asked() {
    insta::assert_snapshot!(shot(|| none(Status::Live)).await);
}

#[tokio::test]
async fn a_context_without_nodes_or_namespaces_leads_to_its_pods() {
    for (kind, words) in [(Kind::Nodes, "Pods wait until a machine joins."), (Kind::Namespaces, "Pods may be there all the same.")] {
        let shown = shot(move || TableViewProps { kind, namespace: String::new(), ..none(Status::Live) }).await;
        assert!(shown.contains(words) && shown.contains(">Show pods<"), "{shown}");
    }
}

#[tokio::test]
async fn a_filter_that_leaves_nothing_can_be_cleared() {
    insta::assert_snapshot!(
        shot(|| TableViewProps {
            rows: Rows(Rc::default()),
            looking: Looking { narrowed: Narrowed { text: "ledgr".into(), only: Only::Problems }, ..Looking::default() },
            ..props(Status::Live)
        })
        .await
    );
}

#[tokio::test]
async fn a_refused_table_is_not_an_empty_one() {
    insta::assert_snapshot!(shot(|| TableViewProps { by_hand: vec!["shop".into()], ..none(Status::Denied { why: sample::denied() }) }).await);
}

#[tokio::test]
async fn a_stale_table_keeps_its_rows_and_says_since_when() {
    let html = shot(|| props(stale())).await;
    assert!(html.contains("Stale since 14:01") && html.contains("Next try in 3:40."));
    assert_eq!(spoken(&html), ["Stale since 14:01 dev-eu does not answer."], "the time to the next try is only read");
    assert_eq!(html.matches("class=\"tr dim\"").count(), html.matches("role=\"gridcell\"").count() / 8, "every row that is drawn lost its hue");
}

#[tokio::test]
async fn a_table_that_is_stale_since_another_day_says_which() {
    let html = shot(|| TableViewProps { now: sample::after(3 * 86_400_000), ..props(stale()) }).await;
    assert!(html.contains(">Stale since 4 Oct 14:01<"), "{html}");
}

#[tokio::test]
async fn a_server_that_never_answered_is_an_error_with_its_words() {
    insta::assert_snapshot!(shot(|| none(stale())).await);
}

#[tokio::test]
async fn a_table_of_a_closed_context_says_so_and_offers_to_connect() {
    let shown = shot(|| props(Status::Closed)).await;
    for words in ["dev-eu is not open", ">Connect<", "KOS contacts a server only when you open its context."] {
        assert!(shown.contains(words), "{words} in {shown}");
    }
    assert!(!shown.contains("Try now") && !shown.contains("role=\"gridcell\""), "{shown}");
}

#[tokio::test]
async fn a_plugin_that_failed_is_not_put_down_to_the_server() {
    let failed = || {
        let why = Fault::new(FaultCode::Plugin, "KOS cannot sign in to dev-eu: aws ended with code 255.");
        Status::Stale { since: sample::NOW, why, retry_at: Some(sample::after(10_000)) }
    };
    let html = shot(move || none(failed())).await;
    assert!(html.contains("dev-eu cannot be connected") && html.contains("Next try in"), "{html}");
    assert!(!html.contains("does not answer"), "{html}");
}

#[tokio::test]
async fn a_context_that_asks_for_trust_says_so_and_leads_to_the_question() {
    for (code, fix, asks, leads) in [
        (FaultCode::Trust, Fix::AnswerTrust("dev-eu".into()), "dev-eu asks to run a program", "Review the program…"),
        (FaultCode::TrustFile, Fix::ReviewFile("dev-eu".into()), "dev-eu asks to send a file", "Review the file…"),
    ] {
        let why = Fault::new(code, "KOS asks you first.").unharmed("Nothing was run.").fix(fix);
        let status = Status::Stale { since: sample::NOW, why, retry_at: None };
        let html = shot(move || none(status)).await;
        assert!(html.contains(asks) && html.contains(leads), "{html}");
        assert!(!html.contains("does not answer") && !html.contains("Try now"), "{html}");
    }
}

#[tokio::test]
async fn new_rows_wait_behind_a_count() {
    let html = shot(|| TableViewProps { fresh: 12, ..props(Status::Live) }).await;
    assert!(html.contains("12 new"));
}

#[tokio::test]
async fn of_many_rows_only_the_seen_ones_are_in_the_document() {
    let html = shot(|| {
        let rows: Vec<_> = std::iter::repeat_with(sample::pods).flatten().take(50_000).collect();
        TableViewProps { rows: Rows(Rc::new(rows)), all: 50_000, ..props(Status::Live) }
    })
    .await;
    assert!(html.contains("aria-rowcount=\"50001\""));
    assert!(html.matches("aria-selected").count() < 60, "{} rows are drawn", html.matches("aria-selected").count());
}

#[tokio::test]
async fn an_open_row_shows_its_fields_beside_the_table() {
    let html = shot(|| {
        let rows = sample::pods();
        let looking = Looking { open: Some(RowId::from("shop/checkout-api-6d5f7c9b4-t8xqn")), ..Looking::default() };
        TableViewProps { open: rows.first().cloned(), looking, room: Room::BesideDrawer, ..props(Status::Live) }
    })
    .await;
    assert!(html.contains("Pod in shop") && html.contains("1 of 2 containers are ready."));
    assert!(!html.contains(">\nIP") && !html.contains(">IP<"), "columns leave before names are cut");
}

#[tokio::test]
async fn a_column_that_is_left_out_is_gone_from_head_and_rows() {
    let all = shot(|| props(Status::Live)).await;
    let without = shot(|| TableViewProps { hidden: vec!["Restarts"], ..props(Status::Live) }).await;
    assert!(all.contains("Restarts") && !without.contains("Restarts"));
    assert_eq!(all.matches("role=\"columnheader\"").count(), without.matches("role=\"columnheader\"").count() + 1);
    assert!(without.matches("role=\"gridcell\"").count() < all.matches("role=\"gridcell\"").count());
}
