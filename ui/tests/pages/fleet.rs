use std::rc::Rc;

use api::contexts::{ContextRow, Identity, Link};
use api::files::{Problem, Severity};
use api::local::LocalRow;
use ui::{
    model::{clock::Clock, fleet, needs},
    pages::fleet::view::{Counts, FleetView, FleetViewProps},
    shell::context_bar::{ContextBar, ContextBarProps, Switched},
};
use yew::Callback;

use super::{render, sample};

pub(crate) const CLOCK: Clock = Clock { now: sample::NOW, zone_minutes: 0 };

pub(crate) fn props(filter: &str) -> FleetViewProps {
    let (files, contexts, local, jobs, checks) = (sample::files(), sample::contexts(), sample::local(), sample::jobs(), sample::checks());
    FleetViewProps {
        locals: fleet::locals(&local, &contexts, CLOCK),
        groups: fleet::groups(&files, &contexts, filter, CLOCK),
        counts: Counts { local: local.len(), contexts: contexts.len(), files: files.len() },
        loading: false,
        filter: filter.into(),
        needs: needs::needs(&jobs, &local, &contexts, &checks, &files, CLOCK),
        computer: sample::computer(sample::docker()),
        jobs,
        now: sample::NOW,
        on_text: Callback::noop(),
        on_local: Callback::noop(),
        on_power: Callback::noop(),
        on_export: Callback::noop(),
        on_delete: Callback::noop(),
        on_ask: Callback::noop(),
        on_lead: Callback::noop(),
        on_go: Callback::noop(),
    }
}

#[tokio::test]
async fn a_full_fleet_shows_clusters_contexts_and_what_needs_a_human() {
    insta::assert_snapshot!(render::<FleetView>(|| props("")).await);
}

#[tokio::test]
async fn a_local_cluster_says_what_its_containers_use() {
    let used = || {
        let mut props = props("");
        for line in &mut props.locals {
            line.row = Rc::new(LocalRow { cpu_milli: Some(1_425), memory_bytes: Some(1_260_000_000), ..(*line.row).clone() });
        }
        props
    };
    let html = render::<FleetView>(used).await;
    assert!(html.contains(">1.4 cores, 1.3 GB<") && html.contains("Its containers use 1.42 cores and 1.3 GB of memory."), "{html}");
    assert!(!render::<FleetView>(|| props("")).await.contains(" cores, "), "what Docker does not say is not made up");
}

#[tokio::test]
async fn a_filter_that_matches_nothing_says_so() {
    insta::assert_snapshot!(render::<FleetView>(|| FleetViewProps { locals: vec![], needs: vec![], ..props("ledgr") }).await);
}

#[tokio::test]
async fn a_fleet_that_is_loading_shows_skeletons() {
    insta::assert_snapshot!(
        render::<FleetView>(|| FleetViewProps { groups: vec![], locals: vec![], needs: vec![], jobs: vec![], loading: true, ..props("") }).await
    );
}

#[tokio::test]
async fn of_a_thousand_contexts_only_the_seen_ones_are_drawn() {
    let text = render::<FleetView>(|| {
        let mut props = props("");
        props.groups = std::iter::repeat_n(props.groups, 1_000).flatten().collect();
        props
    });
    let drawn = text.await.matches("tr tall").count();
    assert!((10..60).contains(&drawn), "{drawn} rows are drawn");
}

/// The fleet with a problem of one rule on live contexts and of another on the rest.
async fn marked(live: &'static str, other: &'static str) -> String {
    render::<FleetView>(move || {
        let marked = |row: &Rc<ContextRow>, rule: &str| {
            let problem = Problem { rule: rule.into(), severity: Severity::Risk, line: 0, entry: String::new(), sentence: "It is so.".into() };
            Rc::new(ContextRow { problems: vec![problem], ..(**row).clone() })
        };
        let contexts: Vec<_> = sample::contexts().iter().map(|row| marked(row, if matches!(row.link, Link::Live { .. }) { live } else { other })).collect();
        FleetViewProps { groups: fleet::groups(&sample::files(), &contexts, "", CLOCK), ..props("") }
    })
    .await
}

#[tokio::test]
async fn a_name_that_may_deceive_and_another_cluster_than_before_are_marked_on_their_rows() {
    let text = marked("KC31", "KC32").await;
    assert!(text.contains("Name may deceive") && text.contains("Another cluster than before"), "{text}");
}

#[tokio::test]
async fn an_open_context_that_no_file_names_any_more_says_so_on_its_row() {
    let text = marked("KC33", "KC32").await;
    assert!(text.contains("Open, in no file any more"), "{text}");
}

#[tokio::test]
async fn a_clock_that_is_not_the_server_s_is_said_on_the_row_of_a_live_context() {
    let text = marked("KC34", "KC32").await;
    assert!(text.contains("Clock of this computer is off"), "{text}");
}

#[tokio::test]
async fn a_fleet_without_contexts_names_the_next_step() {
    let text = render::<FleetView>(|| FleetViewProps { groups: vec![], ..props("") }).await;
    let (_, none) = text.split_once("No kubeconfig is known").unwrap_or_default();
    assert!(none.contains("Add kubeconfig"), "{none}");
}

#[tokio::test]
async fn the_context_bar_says_who_one_is_in_which_groups_and_for_how_long() {
    let bar = |link: Link| {
        let identity = Some(Identity { user: "<b>jo</b>".into(), groups: vec!["dev".into(), "system:authenticated".into()] });
        let row = ContextRow { identity, link, ..(*sample::contexts()[0]).clone() };
        ContextBarProps {
            context: Some(Rc::new(row)),
            path: vec![],
            role: None,
            contexts: vec![],
            switcher: Switched::Closed,
            left: Some("42 min".into()),
            saved: Default::default(),
            on_switcher: Callback::noop(),
            on_enter: Callback::noop(),
            on_fleet: Callback::noop(),
            on_palette: Callback::noop(),
        }
    };
    let live = Link::Live { since: sample::NOW, latency: api::Millis(1) };
    let shown = render::<ContextBar>(move || bar(live)).await;
    for words in ["&lt;b>jo&lt;/b>, 2 groups, 42 min", "Groups: dev, system:authenticated", "Its credential is good for 42 min"] {
        assert!(shown.replace("&gt;", ">").contains(words), "{words}: {shown}");
    }
    let shown = render::<ContextBar>(move || bar(Link::Unopened)).await;
    assert!(!shown.contains("2 groups"), "nobody told yet who one is: {shown}");
}
