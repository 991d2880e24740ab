//! How does Cluster API build a cluster, machine by machine, and why is it stuck?
//!
//! Start at: [`ClusterPage`] for the page with its streams, [`ClusterSheet`] for what it shows.

pub mod connect;
mod lanes;
pub mod network;
mod told;
mod tree;
pub mod verbs;
mod why;

use std::rc::Rc;

use api::{
    ContextId, Status,
    capi::{ClusterPart, ClusterRow, EventRow, Explanation, Lane, LogRow, TreeRow},
    changes::ClusterAt,
    contexts::ContextRow,
    feed,
};
use verbs::Verb;
use yew::prelude::*;

use crate::{
    feeds::use_feed,
    model::{
        capi::{Folded, Folds, cluster_words, marks},
        clock::{Clock, Pace},
        connect::kept,
        route::Route,
    },
    pages::{
        clusters::{Beside, use_beside},
        drift::DriftPage,
        table::sidebar::{At, Sidebar},
        waiting::gone,
    },
    shell::{clipboard::copy, clock::use_clock, world::use_world},
    widgets::{Btn, BtnKind, BtnSize, Icon, IconSize, Pic, Pill, Tab, Tabs},
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
    let side = use_state(Side::default);
    let on_side = {
        let side = side.setter();
        Callback::from(move |to| side.set(to))
    };
    let at = ClusterAt { context: context.clone(), namespace: namespace.clone(), name: name.clone() };
    let kept = use_world().contexts.look(|rows| kept(rows, &at));
    let waits = seen.why.as_ref().is_some_and(|why| why.rule.as_deref() == Some("no-cni"));
    let guard = kept.as_ref().filter(|_| waits).map(|row| row.guard);
    let actions = html! {
        <>
            <connect::Doorway at={at.clone()} kept={kept.clone()} />
            if let Some(guard) = guard { <network::NetworkDoor at={at.clone()} {guard} /> }
        </>
    };
    let on_fold = {
        let folds = folds.clone();
        Callback::from(move |(key, to): (String, Folded)| {
            let mut next = (*folds).clone();
            next.insert(key, to);
            folds.set(next);
        })
    };
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
            if *side == Side::Git && seen.head.is_some() {
                <DriftPage at={at.clone()} parts={(*seen).clone()} {on_side} />
            } else {
                <ClusterSheet parts={(*seen).clone()} status={parts.status()} {clock} folds={(*folds).clone()} {on_fold} {on_verb} {kept} {actions} side={*side} {on_side} />
            }
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
    pub events: Vec<Rc<EventRow>>,
    pub log: Vec<Rc<LogRow>>,
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
                ClusterPart::Event(event) => parts.events.push(Rc::new(event.clone())),
                ClusterPart::Log(line) => parts.log.push(Rc::new(line.clone())),
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
    /// The context that KOS keeps for it.
    #[prop_or_default]
    pub kept: Option<Rc<ContextRow>>,
    #[prop_or_default]
    pub side: Side,
    #[prop_or_default]
    pub on_side: Callback<Side>,
    /// What leads into the cluster.
    #[prop_or_default]
    pub actions: Html,
}

/// Facts, the tree, the lanes, and what blocks.
#[component]
pub fn ClusterSheet(props: &ClusterSheetProps) -> Html {
    let asked = use_state(|| Folded::Closed);
    let on_ask = {
        let asked = asked.setter();
        Callback::from(move |to| asked.set(to))
    };
    let Some(head) = &props.parts.head else {
        return gone(&props.status, "This cluster is not there", "It was deleted, or it never was. Its machines are gone with it.");
    };
    html! {
        <main class="page">
            <div class="objhead">
                <Icon of={Pic::Boxes} size={IconSize::Large} /><h1>{ &head.name }</h1>
                <span class="t3">{ "Cluster in " }<span class="mono">{ &head.namespace }</span></span>
                <span class="grow"></span>
                { verbs::buttons(head, &props.status, props.actions.clone(), &props.on_verb) }
            </div>
            { connect::changed(props.kept.as_deref(), props.clock) }
            { facts(head, props.clock) }
            { tabs(&props.parts, props.side, None, &props.on_side) }
            { match props.side {
                // Its own page, which the page of the cluster shows in this one's place.
                Side::Git => Html::default(),
                Side::Provisioning => html! {
                    <div class={classes!("capi", (*asked == Folded::Open).then_some("asked"))}>
                        <div class="lft">
                            if let Some(why) = &props.parts.why { { why::banner(&head.name, why, *asked, &on_ask) } }
                            { tree::tree(&props.parts.tree, &props.folds, &props.on_fold, props.clock.now) }
                            { lanes::lanes(&head.name, &props.parts.lanes, props.clock) }
                        </div>
                        if let Some(why) = &props.parts.why { { why::aside(&head.name, why, props.clock, &props.on_verb) } }
                    </div>
                },
                Side::Events => told::events(&head.name, &props.parts.events, props.clock),
                Side::Log => told::log(&props.parts.log, props.clock),
            } }
        </main>
    }
}

/// A side of a cluster's page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Side {
    #[default]
    Provisioning,
    /// The files that define it.
    Git,
    Events,
    Log,
}

const SIDES: [Side; 4] = [Side::Provisioning, Side::Git, Side::Events, Side::Log];

/// The sides of a cluster's page; how many objects differ from their files is known only where that is looked at.
pub(super) fn tabs(parts: &Parts, at: Side, differ: Option<usize>, on_side: &Callback<Side>) -> Html {
    let number = |n: usize| (n > 0).then(|| n.to_string().into());
    let tab = |side: &Side| {
        let (words, count) = match side {
            Side::Provisioning => ("Provisioning", None),
            Side::Git => ("Git", differ.filter(|n| *n > 0).map(|n| format!("{n} differ").into())),
            Side::Events => ("Events", number(parts.events.len())),
            Side::Log => ("Log", number(parts.log.len())),
        };
        Tab { words: words.into(), count }
    };
    let chosen = SIDES.iter().position(|side| *side == at).unwrap_or_default();
    let on_choose = on_side.reform(|place: usize| SIDES.get(place).copied().unwrap_or_default());
    html! { <div class="objtabs"><Tabs label="Sides of the cluster" tabs={SIDES.iter().map(tab).collect::<Vec<_>>()} {chosen} {on_choose} /></div> }
}

/// More marks than this are no picture any more; the number beside them is always there.
const MOST_MARKS: usize = 12;

/// A mark a machine.
pub(super) fn strip(head: &ClusterRow) -> Html {
    html! { <span class="strip" aria-hidden="true">{ for marks(head).into_iter().take(MOST_MARKS).map(|state| html! { <i class={state.class()}></i> }) }</span> }
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
                <dd>{ strip(head) }<span class="num">{ machines }</span></dd>
            </div>
            <div><dt>{ "Kubernetes" }</dt><dd>{ mono(&head.version) }</dd></div>
            <div><dt>{ "Class" }</dt><dd>{ mono(&head.class) }</dd></div>
            <div>
                <dt>{ "Endpoint" }</dt>
                <dd>{ mono(&head.endpoint) }if !head.endpoint.is_empty() { <Btn kind={BtnKind::Ghost} size={BtnSize::Small} icon={Pic::Copy} label="Copy endpoint" {onclick} /> }</dd>
            </div>
            if let Some(at) = head.created { <div class="last"><dt>{ "Created" }</dt><dd>{ format!("{}, {}", clock.moment(at), clock.ago(at)) }</dd></div> }
        </dl>
    }
}
