//! Which ClusterClasses does a management cluster have, and what does each let one choose?
//!
//! Start at: [`Classes`] for the page with its streams, [`ClassesSheet`] for what it shows.

use std::rc::Rc;

use api::{
    ContextId, Row as _, Status, Timestamp,
    capi::ClusterRow,
    drawing::{ClassName, Need, Shape, Variable},
    feed,
    machines::ClassRow,
};
use yew::prelude::*;

use crate::{
    feeds::use_feed,
    model::{clock::Pace, clock::count, route::Route, time::age},
    pages::{
        cluster::watching::Watching,
        clusters::{Beside, use_beside},
        table::sidebar::{At, Sidebar},
        waiting::{gone, told},
    },
    shell::clock::use_now,
    widgets::{Banner, EmptyState, Icon, IconSize, LinkBtn, Pic, Pill, State, Voice},
};

const CLASSES: &str = "--cols:minmax(0,1fr) 200px 150px 180px 88px 88px 60px;--pad:20px";
const VARIABLES: &str = "--cols:220px 128px 80px 160px minmax(0,1fr);--pad:20px";

#[derive(Properties, PartialEq)]
pub struct ClassesProps {
    pub context: ContextId,
    /// Shows this one instead of the list.
    #[prop_or_default]
    pub class: Option<ClassName>,
}

/// The classes of a context, live.
#[component]
pub fn Classes(props: &ClassesProps) -> Html {
    let Beside { counts, clusters, sides, sight, on_kind, on_go, .. } = use_beside(&props.context);
    let classes = use_feed(feed::Classes(props.context.clone()));
    let now = use_now(|now| Pace::of(now, classes.rows().iter().filter_map(|row| row.created).collect::<Vec<_>>()));
    let (context, rows, status) = (props.context.clone(), classes.rows(), classes.status());
    let is_live = status == Status::Live;
    let inside = match &props.class {
        Some(name) => {
            html! { <ClassSheet {context} class={rows.into_iter().find(|row| row.class.name == *name)} {status} clusters={clusters.clone()} on_go={on_go.clone()} /> }
        }
        None => html! { <ClassesSheet {context} classes={rows} {status} clusters={clusters.clone()} {now} on_go={on_go.clone()} /> },
    };
    html! {
        <>
            <Sidebar at={At::Classes} {counts} {on_kind} {clusters} {sides} context={Some(props.context.clone())} {on_go} />
            if is_live { <Watching kinds={sight.watched.kinds} {now} /> }
            { inside }
        </>
    }
}

/// The clusters that were made of a class; a Cluster names one of its own namespace as a rule.
fn made_of<'a>(clusters: &'a [Rc<ClusterRow>], class: &'a ClassName) -> impl Iterator<Item = &'a Rc<ClusterRow>> {
    clusters.iter().filter(move |row| row.class == class.name)
}

#[derive(Properties, PartialEq)]
pub struct ClassesSheetProps {
    pub context: ContextId,
    pub classes: Vec<Rc<ClassRow>>,
    pub status: Status,
    pub clusters: Vec<Rc<ClusterRow>>,
    pub now: Timestamp,
    pub on_go: Callback<Route>,
}

/// A row a class.
#[component]
pub fn ClassesSheet(props: &ClassesSheetProps) -> Html {
    let mut rows = props.classes.clone();
    rows.sort_by(|a, b| (a.class.trouble.is_empty(), &a.class.name).cmp(&(b.class.trouble.is_empty(), &b.class.name)));
    let heads = ["Class", "Infrastructure", "Control plane", "Pools", "Variables", "Clusters"];
    html! {
        <main class="page">
            <div class="objhead list"><Icon of={Pic::Shapes} size={IconSize::Large} /><h1>{ "Cluster classes" }</h1></div>
            if let Some(words) = told(&props.status, rows.is_empty()) {
                { words }
            } else if rows.is_empty() {
                <EmptyState head="No cluster classes">{ "A ClusterClass is a form for clusters that are alike. Providers bring examples; none is installed here." }</EmptyState>
            } else {
                <div class="scroll">
                    <div class="datatable" role="table" aria-label="Cluster classes" style={CLASSES}>
                        <div class="th" role="row">{ for heads.map(|head| html! { <div role="columnheader">{ head }</div> }) }<div role="columnheader" class="right">{ "Age" }</div></div>
                        { for rows.iter().map(|row| line(row, props)) }
                    </div>
                </div>
            }
        </main>
    }
}

fn line(row: &ClassRow, props: &ClassesSheetProps) -> Html {
    let class = &row.class;
    let route = Route::Class { context: props.context.clone(), class: class.name.clone() };
    let onclick = props.on_go.reform(move |_: MouseEvent| route.clone());
    html! {
        <div key={row.id().0} class="tr tall opens" role="row" onclick={onclick.clone()}>
            <div class="vis" role="cell">
                <button type="button" class="bare name ell" title={class.trouble.clone()} {onclick}>{ &class.name.name }</button><span class="t3 s12 ell">{ format!("\u{2002}{}", class.name.namespace) }</span>
                if !class.trouble.is_empty() { <Pill state={State::Warning} voice={Voice::Tinted}>{ "cannot be used now" }</Pill> }
            </div>
            <div class="t2 ell" role="cell">{ &class.infrastructure }</div>
            <div class="t2 ell" role="cell" title={class.control_plane.clone()}>{ &class.control_plane }</div>
            <div class="mono t2 s12 ell" role="cell">{ class.workers.join(", ") }</div>
            <div class="num t2" role="cell">{ class.variables.len() }</div>
            <div class="num t2" role="cell">{ made_of(&props.clusters, &class.name).count() }</div>
            <div class="num t2 right" role="cell">{ row.created.map(|at| age(props.now.since(at))) }</div>
        </div>
    }
}

#[derive(Properties, PartialEq)]
pub struct ClassSheetProps {
    pub context: ContextId,
    pub class: Option<Rc<ClassRow>>,
    pub status: Status,
    pub clusters: Vec<Rc<ClusterRow>>,
    pub on_go: Callback<Route>,
}

/// What one class makes, and its variables.
#[component]
pub fn ClassSheet(props: &ClassSheetProps) -> Html {
    let Some(row) = &props.class else {
        return gone(
            &props.status,
            "This class is not there",
            "It was deleted, or it never was. Clusters that were made of it go on, and cannot be changed by it.",
        );
    };
    let class = &row.class;
    let versions = if class.versions.is_empty() { "any".to_owned() } else { class.versions.join(", ") };
    let clusters: Vec<Html> = made_of(&props.clusters, &class.name).map(|cluster| link(cluster, props)).collect();
    html! {
        <main class="page">
            <div class="objhead">
                <Icon of={Pic::Shapes} size={IconSize::Large} /><h1>{ &class.name.name }</h1><span class="t3">{ "ClusterClass in " }<span class="mono">{ &class.name.namespace }</span></span>
            </div>
            <dl class="facts">
                <div><dt>{ "Infrastructure" }</dt><dd>{ &class.infrastructure }</dd></div>
                <div><dt>{ "Control plane" }</dt><dd>{ &class.control_plane }</dd></div>
                <div><dt>{ "Pools" }</dt><dd><span class="mono">{ class.workers.join(", ") }</span></dd></div>
                <div><dt>{ "Versions" }</dt><dd>{ versions }</dd></div>
                <div><dt>{ "Clusters" }</dt><dd>if clusters.is_empty() { { "none" } } else { { for clusters } }</dd></div>
            </dl>
            if !class.trouble.is_empty() { <Banner state={State::Warning} head="It cannot be used now.">{ &class.trouble }</Banner> }
            <div class="subhead"><h2>{ "Variables" }</h2><span class="t3 s12">{ count(class.variables.len() as u64, "variable") }</span></div>
            { variables(&class.variables) }
        </main>
    }
}

fn link(cluster: &ClusterRow, props: &ClassSheetProps) -> Html {
    let to = Route::Cluster { context: props.context.clone(), namespace: cluster.namespace.clone(), name: cluster.name.clone() };
    let onclick = props.on_go.reform(move |_: MouseEvent| to.clone());
    html! { <LinkBtn class="mono plain" {onclick}>{ &cluster.name }</LinkBtn> }
}

fn variables(all: &[Variable]) -> Html {
    if all.is_empty() {
        return html! { <EmptyState head="No variables">{ "All clusters of this class are alike but for their version and their numbers." }</EmptyState> };
    }
    html! {
        <div class="scroll">
            <div class="datatable" role="table" aria-label="Variables" style={VARIABLES}>
                <div class="th" role="row">{ for ["Variable", "Is", "Needed", "Default", "In the words of the class"].map(|head| html! { <div role="columnheader">{ head }</div> }) }</div>
                { for all.iter().map(|one| html! {
                    <div key={one.name.clone()} class="tr" role="row" style="height:30px">
                        <div class="vis" role="cell"><span class="name ell" title={one.name.clone()}>{ &one.name }</span></div>
                        <div class="t2 s12 ell" role="cell" title={one.choices.join(", ")}>{ shape(one) }</div>
                        <div class="t2 s12" role="cell">{ if one.need == Need::Required { "yes" } else { "no" } }</div>
                        <div class="mono t2 s12 ell" role="cell" title={one.default.clone()}>{ one.default.clone().unwrap_or_else(|| "–".to_owned()) }</div>
                        <div class="t2 s12 ell" role="cell" title={one.says.clone()}>{ &one.says }</div>
                    </div>
                }) }
            </div>
        </div>
    }
}

fn shape(of: &Variable) -> String {
    if !of.choices.is_empty() {
        return format!("one of {}", of.choices.len());
    }
    match &of.shape {
        Shape::Truth => "true or false".to_owned(),
        Shape::Text { .. } => "text".to_owned(),
        Shape::Whole { min: Some(min), max: Some(max) } => format!("{min} to {max}"),
        Shape::Whole { .. } => "a whole number".to_owned(),
        Shape::Number => "a number".to_owned(),
        Shape::Tree => "a tree".to_owned(),
    }
}
