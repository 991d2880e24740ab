use ui::{
    model::{fleet, needs, time::Zone},
    pages::fleet::view::{Counts, FleetView, FleetViewProps},
};
use yew::Callback;

use super::{render, sample};

fn props(filter: &str) -> FleetViewProps {
    let (files, contexts, local, jobs, checks) = (sample::files(), sample::contexts(), sample::local(), sample::jobs(), sample::checks());
    FleetViewProps {
        locals: fleet::locals(&local, &contexts, Zone(0)),
        groups: fleet::groups(&files, &contexts, filter, sample::NOW, Zone(0)),
        counts: Counts { local: local.len(), contexts: contexts.len(), files: files.len() },
        loading: false,
        filter: filter.into(),
        needs: needs::needs(&jobs, &local, &contexts, &checks, &files, Zone(0)),
        computer: sample::computer(sample::docker()),
        jobs,
        now: sample::NOW,
        on_text: Callback::noop(),
        on_local: Callback::noop(),
        on_power: Callback::noop(),
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
