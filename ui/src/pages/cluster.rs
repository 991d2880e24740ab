//! How does Cluster API build a cluster, machine by machine, and why is it stuck?
//!
//! Start at: [`ClusterPage`] for the page with its streams, [`ClusterSheet`] for what it shows.

mod lanes;
mod tree;
pub mod verbs;
mod why;

use std::rc::Rc;

use api::{
    ContextId, Status,
    capi::{ClusterPart, ClusterRow, Explanation, Lane, TreeRow},
    changes::ClusterAt,
    feed,
};
use verbs::Verb;
use yew::prelude::*;

use crate::{
    feeds::use_feed,
    model::{
        capi::{Folded, Folds, cluster_words, mark},
        clock::{Clock, Pace},
        route::Route,
    },
    pages::{
        clusters::{Beside, use_beside},
        table::sidebar::{At, Sidebar},
        waiting::gone,
    },
    shell::{clipboard::copy, clock::use_clock},
    widgets::{Btn, BtnKind, BtnSize, Icon, IconSize, Pic, Pill},
};

#[derive(Properties, PartialEq)]
pub struct ClusterPageProps {
    pub context: ContextId,
    pub namespace: String,
    pub name: String,
}

/// One cluster, live.
#[component]
pub fn ClusterPage(props: &ClusterPageProps) -> Html {
    let ClusterPageProps { context, namespace, name } = props;
    let Beside { counts, clusters, on_kind, on_go, .. } = use_beside(context);
    let parts = use_feed(feed::Cluster { context: context.clone(), namespace: namespace.clone(), name: name.clone() });
    let seen = use_memo(parts.clone(), |parts| Parts::sorted(&parts.rows()));
    let settled = seen.lanes.iter().all(|lane| lane.bars.last().is_none_or(|bar| bar.to.is_some()));
    let clock = use_clock(|_| Pace::when(!settled));
    let folds = use_state(Folds::new);
    let on_fold = {
        let folds = folds.clone();
        Callback::from(move |(key, to): (String, Folded)| {
            let mut next = (*folds).clone();
            next.insert(key, to);
            folds.set(next);
        })
    };
    let at = ClusterAt { context: context.clone(), namespace: namespace.clone(), name: name.clone() };
    let asking = use_state(|| None::<Verb>);
    let on_verb = {
        let (asking, go, at) = (asking.setter(), on_go.clone(), at.clone());
        Callback::from(move |verb: Verb| match verb {
            Verb::Upgrade => go.emit(Route::Upgrade { context: at.context.clone(), namespace: at.namespace.clone(), name: at.name.clone() }),
            Verb::Scale | Verb::Pause | Verb::Resume | Verb::Delete | Verb::Remedy(_) => asking.set(Some(verb)),
        })
    };
    let on_close = {
        let asking = asking.setter();
        Callback::from(move |()| asking.set(None))
    };
    html! {
        <>
            <Sidebar at={At::Cluster(namespace.clone(), name.clone())} {counts} {on_kind} {clusters} context={Some(context.clone())} {on_go} />
            <ClusterSheet parts={(*seen).clone()} status={parts.status()} {clock} folds={(*folds).clone()} {on_fold} {on_verb} />
            { verbs::dialog(asking.as_ref(), &at, on_close) }
        </>
    }
}

/// The rows of the stream by what they are.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parts {
    pub head: Option<Rc<ClusterRow>>,
    pub tree: Vec<Rc<TreeRow>>,
    pub lanes: Vec<Rc<Lane>>,
    pub why: Option<Rc<Explanation>>,
}

impl Parts {
    pub fn sorted(rows: &[Rc<ClusterPart>]) -> Self {
        let mut parts = Self::default();
        for row in rows {
            match &**row {
                ClusterPart::Head(head) => parts.head = Some(Rc::new(head.clone())),
                ClusterPart::Tree(row) => parts.tree.push(Rc::new(row.clone())),
                ClusterPart::Lane(lane) => parts.lanes.push(Rc::new(lane.clone())),
                ClusterPart::Why(why) => parts.why = Some(Rc::new(why.clone())),
            }
        }
        parts
    }
}

#[derive(Properties, PartialEq)]
pub struct ClusterSheetProps {
    pub parts: Parts,
    pub status: Status,
    pub clock: Clock,
    pub folds: Folds,
    pub on_fold: Callback<(String, Folded)>,
    #[prop_or_default]
    pub on_verb: Callback<Verb>,
}

/// Facts, the tree, the lanes, and what blocks.
#[component]
pub fn ClusterSheet(props: &ClusterSheetProps) -> Html {
    let Some(head) = &props.parts.head else {
        return gone(&props.status, "This cluster is not there", "It was deleted, or it never was. Its machines are gone with it.");
    };
    html! {
        <main class="page">
            <div class="objhead">
                <Icon of={Pic::Boxes} size={IconSize::Large} /><h1>{ &head.name }</h1>
                <span class="t3">{ "Cluster in " }<span class="mono">{ &head.namespace }</span></span><span class="grow"></span>
                { verbs::buttons(head, &props.status, &props.on_verb) }
            </div>
            { facts(head, props.clock) }
            <div class="capi">
                <div class="lft">
                    { tree::tree(&props.parts.tree, &props.folds, &props.on_fold, props.clock.now) }
                    { lanes::lanes(&head.name, &props.parts.lanes, props.clock) }
                </div>
                if let Some(why) = &props.parts.why { { why::aside(&head.name, why, props.clock, &props.on_verb) } }
            </div>
        </main>
    }
}

fn facts(head: &ClusterRow, clock: Clock) -> Html {
    let (state, voice, words) = cluster_words(head.state);
    let (ready, made) = (head.ready(), head.machines.len());
    let machines = if made as u32 == head.wanted { format!("{ready} of {made} ready") } else { format!("{ready} ready, {made} made, {} asked", head.wanted) };
    let mono = |words: &str| html! { <span class="mono">{ if words.is_empty() { "–".to_owned() } else { words.to_owned() } }</span> };
    let endpoint = head.endpoint.clone();
    let onclick = Callback::from(move |_: MouseEvent| copy(&endpoint));
    html! {
        <dl class="facts">
            <div><dt>{ "Phase" }</dt><dd><Pill {state} {voice}>{ words }</Pill></dd></div>
            <div>
                <dt>{ "Machines" }</dt>
                <dd><span class="strip" aria-hidden="true">{ for head.machines.iter().take(12).map(|m| html! { <i class={mark(*m).class()}></i> }) }</span><span class="num">{ machines }</span></dd>
            </div>
            <div><dt>{ "Kubernetes" }</dt><dd>{ mono(&head.version) }</dd></div>
            <div><dt>{ "Class" }</dt><dd>{ mono(&head.class) }</dd></div>
            <div>
                <dt>{ "Endpoint" }</dt>
                <dd>{ mono(&head.endpoint) }if !head.endpoint.is_empty() { <Btn kind={BtnKind::Ghost} size={BtnSize::Small} icon={Pic::Copy} label="Copy endpoint" {onclick} /> }</dd>
            </div>
            if let Some(at) = head.created { <div><dt>{ "Created" }</dt><dd>{ clock.moment(at) }</dd></div> }
        </dl>
    }
}
