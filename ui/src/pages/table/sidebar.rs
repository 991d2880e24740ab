//! Which kinds has a context, which clusters does it manage, and where is something wrong?

use std::rc::Rc;

use api::{
    ContextId, Row as _, Status,
    capi::{ClusterRow, ClusterState},
    tables::{Health, Kind},
};
use yew::prelude::*;

use super::columns::look;
use crate::{
    model::{capi::cluster_words, route::Route, time::thousands},
    widgets::{Glyph, Icon, IconSize, Pic, State},
};

/// What stands beside a kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Count {
    pub rows: usize,
    pub worst: Option<Health>,
    pub status: Status,
}

/// Which entry stands for the page.
#[derive(Debug, Clone, PartialEq)]
pub enum At {
    Kind(Kind),
    Clusters,
    Providers,
    Machines,
    Classes,
    Runs,
    /// One cluster, by namespace and name.
    Cluster(String, String),
}

/// What else a management cluster has, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sides {
    pub classes: usize,
    pub runs: usize,
}

#[derive(Properties, PartialEq)]
pub struct SidebarProps {
    pub at: At,
    /// Of nodes, namespaces, pods.
    pub counts: [Count; 3],
    pub on_kind: Callback<Kind>,
    /// The clusters that the context manages; without any the section is not there.
    #[prop_or_default]
    pub clusters: Vec<Rc<ClusterRow>>,
    #[prop_or_default]
    pub sides: Sides,
    #[prop_or_default]
    pub context: Option<ContextId>,
    /// How many providers there are, where that is known.
    #[prop_or_default]
    pub providers: Option<usize>,
    #[prop_or_default]
    pub on_go: Callback<Route>,
}

/// Kinds with counts; a triangle where something is wrong, a lock where the user may not look.
#[component]
pub fn Sidebar(props: &SidebarProps) -> Html {
    let [nodes, spaces, pods] = &props.counts;
    let entry = |kind: Kind, of: Pic, words: &'static str, at: &Count| {
        let on = props.at == At::Kind(kind);
        let go = props.on_kind.clone();
        let onclick = Callback::from(move |_: MouseEvent| go.emit(kind));
        let mark = at.worst.filter(|w| *w >= Health::Warning).map(|w| html! { <Glyph state={look(w).0} /> });
        let number = match at.status {
            Status::Denied { .. } => html! { <Icon of={Pic::Lock} size={IconSize::Tiny} /> },
            Status::Loading if at.rows == 0 => Html::default(),
            Status::Loading | Status::Live | Status::Stale { .. } | Status::Closed => html! { { thousands(at.rows as u64) } },
        };
        html! {
            <button type="button" class={classes!("sb", on.then_some("on"))} aria-current={on.then_some("page")} title={words} {onclick}>
                <Icon {of} /><span>{ words }</span><span class="n">{ mark }{ number }</span>
            </button>
        }
    };
    html! {
        <nav class="sidebar" aria-label="Kinds">
            { managed(props) }
            <div class="gh">{ "Cluster" }</div>
            { entry(Kind::Nodes, Pic::Server, "Nodes", nodes) }
            { entry(Kind::Namespaces, Pic::Folder, "Namespaces", spaces) }
            <div class="gh">{ "Workloads" }</div>
            { entry(Kind::Pods, Pic::Box, "Pods", pods) }
        </nav>
    }
}

/// A context without anything of Cluster API has no such section.
fn is_shown(props: &SidebarProps) -> bool {
    let here = matches!(props.at, At::Clusters | At::Providers | At::Machines | At::Classes | At::Runs);
    here || !props.clusters.is_empty() || props.sides != Sides::default()
}

/// The clusters of Cluster API, each with its state where that is not simply well.
fn managed(props: &SidebarProps) -> Html {
    let Some(context) = props.context.clone().filter(|_| is_shown(props)) else { return Html::default() };
    let go = |route: Route| props.on_go.reform(move |_: MouseEvent| route.clone());
    let on = props.at == At::Clusters;
    let one = |row: &Rc<ClusterRow>| {
        let on = props.at == At::Cluster(row.namespace.clone(), row.name.clone());
        let onclick = go(Route::Cluster { context: context.clone(), namespace: row.namespace.clone(), name: row.name.clone() });
        let (state, _, word) = cluster_words(row.state);
        html! {
            <button type="button" key={row.id().0} class={classes!("sb", "sub", on.then_some("on"))} aria-current={on.then_some("page")} title={row.name.clone()} {onclick}>
                <span class="ell">{ &row.name }</span><span class="n"><Glyph {state} /><span class="unseen">{ word }</span></span>
            </button>
        }
    };
    let machines = props.clusters.iter().map(|row| row.machines.len()).sum::<usize>();
    let is_ill = props.clusters.iter().any(|row| row.state == ClusterState::Stuck && row.ready() < row.machines.len());
    let ill = is_ill.then_some(State::Warning);
    let side = |at: At, to: Route, of: Pic, words: &'static str, count: usize, mark: Option<State>| {
        let on = props.at == at;
        let onclick = go(to);
        let mark = mark.map(|state| html! { <><Glyph {state} /><span class="unseen">{ state.word() }</span></> });
        html! {
            <button type="button" class={classes!("sb", on.then_some("on"))} aria-current={on.then_some("page")} title={words} {onclick}>
                <Icon {of} /><span>{ words }</span><span class="n">{ mark }if count > 0 { { thousands(count as u64) } }</span>
            </button>
        }
    };
    html! {
        <>
            <div class="gh">{ "Cluster API" }</div>
            <button type="button" class={classes!("sb", on.then_some("on"))} aria-current={on.then_some("page")} title="Clusters" onclick={go(Route::Clusters(context.clone()))}>
                <Icon of={Pic::Boxes} /><span>{ "Clusters" }</span><span class="n">{ thousands(props.clusters.len() as u64) }</span>
            </button>
            { for props.clusters.iter().map(one) }
            { side(At::Machines, Route::Machines(context.clone()), Pic::Server, "Machines", machines, ill) }
            { side(At::Classes, Route::Classes(context.clone()), Pic::Shapes, "Cluster classes", props.sides.classes, None) }
            { side(At::Providers, Route::Providers(context.clone()), Pic::Plug, "Providers", props.providers.unwrap_or(0), None) }
            { side(At::Runs, Route::Runs(context.clone()), Pic::History, "Past runs", props.sides.runs, None) }
        </>
    }
}
