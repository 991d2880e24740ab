//! How does Cluster API build a cluster, machine by machine, and why is it stuck?
//!
//! Start at: [`ClusterPage`] for the page with its streams, [`ClusterSheet`] for what it shows.

pub mod add_ons;
pub mod connect;
pub(super) mod lanes;
pub(super) mod machines;
pub mod network;
mod sides;
pub mod sleep;
pub(super) mod told;
mod tree;
pub mod verbs;
pub(super) mod watching;
pub(crate) mod why;

use std::rc::Rc;

use api::{
    ContextId, Status,
    capi::{ClusterRow, TreeRow},
    changes::ClusterAt,
    contexts::{ContextRow, Link},
    feed,
    local::{LocalRow, Role},
    network::{AskNetwork, NetworksFound},
};
pub use sides::Side;
pub(in crate::pages) use sides::tabs;
use verbs::Verb;
use yew::prelude::*;

pub use crate::model::parts::Parts;
use crate::{
    feeds::{use_call, use_feed},
    model::{
        capi::{
            Folded, Folds, cluster_words,
            lanes::{going_on, leaves},
            marks,
        },
        clock::{Clock, Pace},
        connect::kept,
        network::network,
        route::{Route, Wish},
    },
    pages::{
        clusters::{Beside, use_beside},
        conditions::{Conditions, Names},
        drift::DriftPage,
        object_text::ObjectTexts,
        table::sidebar::{At, Sidebar},
        waiting::gone,
    },
    shell::{clipboard::copy, clock::use_clock, router::use_router, world::use_world},
    widgets::{Btn, BtnKind, BtnSize, Icon, IconSize, Pic, Pill},
};

#[derive(Properties, PartialEq)]
pub struct ClusterPageProps {
    pub context: ContextId,
    pub namespace: String,
    pub name: String,
    /// What is asked as soon as the page is open.
    #[prop_or_default]
    pub asks: Option<Wish>,
}

/// One cluster, live.
#[component]
pub fn ClusterPage(props: &ClusterPageProps) -> Html {
    let ClusterPageProps { context, namespace, name, asks } = props;
    let Beside { counts, clusters, sides, on_kind, on_go, .. } = use_beside(context);
    let parts = use_feed(feed::Cluster { context: context.clone(), namespace: namespace.clone(), name: name.clone() });
    let seen = use_memo(parts.clone(), |parts| Parts::sorted(&parts.rows()));
    let settled = seen.lanes.iter().all(|lane| going_on(lane).is_none() && leaves(lane).is_none());
    let changed = seen.changed();
    let clock = use_clock(|now| Pace::when(!settled).or(Pace::of(now, changed)));
    let (folds, router) = (use_state(Folds::new), use_router());
    let side = use_state(Side::default);
    let on_side = {
        let side = side.setter();
        Callback::from(move |to| side.set(to))
    };
    let at = ClusterAt { context: context.clone(), namespace: namespace.clone(), name: name.clone() };
    let kept = use_world().contexts.look(|rows| kept(rows, &at));
    let waits = seen.why.as_ref().is_some_and(|why| why.rule.as_deref() == Some("no-cni"));
    let local = use_world().local.rows().into_iter().find(|row| row.name == *name && matches!(row.role, Role::Workload { .. }));
    let guard = kept.as_ref().filter(|_| waits).map(|row| row.guard);
    let found = use_call::<AskNetwork>();
    {
        let found = found.clone();
        let live = kept.as_ref().is_some_and(|row| matches!(row.link, Link::Live { .. }));
        // Nodes that begin to wait for a network, or wait no more, have another one than before.
        use_effect_with((at.clone(), live, waits), move |(at, live, _)| {
            if *live {
                found.ask(AskNetwork { at: at.clone() });
            }
        });
    }
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
    let on_machine = {
        let (go, at) = (on_go.clone(), at.clone());
        Callback::from(move |machine: String| {
            go.emit(Route::Machine { context: at.context.clone(), namespace: at.namespace.clone(), cluster: at.name.clone(), name: machine });
        })
    };
    let asking = use_state(|| None::<Verb>);
    {
        let (asking, now) = (asking.setter(), clock.now);
        use_effect_with(*asks, move |asks| {
            if let Some(wish) = asks {
                asking.set(Some(Verb::of(*wish, now)));
            }
        });
    }
    let on_verb = {
        let (asking, go, at) = (asking.setter(), on_go.clone(), at.clone());
        Callback::from(move |verb: Verb| match verb {
            Verb::Upgrade => go.emit(Route::Upgrade { context: at.context.clone(), namespace: at.namespace.clone(), name: at.name.clone() }),
            Verb::Scale
            | Verb::AddPool
            | Verb::RemovePool(_)
            | Verb::Marks(..)
            | Verb::Bounds(_)
            | Verb::Health(_)
            | Verb::Rollout(..)
            | Verb::Sleep
            | Verb::Wake
            | Verb::Pause
            | Verb::Resume
            | Verb::Delete
            | Verb::Remedy(_) => asking.set(Some(verb)),
        })
    };
    let on_close = {
        let asking = asking.setter();
        let question = asks.map(|wish| Route::Ask { context: context.clone(), namespace: namespace.clone(), name: name.clone(), wish });
        Callback::from(move |()| {
            asking.set(None);
            // The page was opened for the question alone; an answer may come when it is left already.
            if let Some(question) = question.clone() {
                router.leave(question);
            }
        })
    };
    html! {
        <>
            <Sidebar at={At::Cluster(namespace.clone(), name.clone())} {counts} {on_kind} {clusters} {sides} context={Some(context.clone())} on_go={on_go.clone()} />
            if *side == Side::Git && seen.head.is_some() {
                <DriftPage key={format!("{namespace}/{name}")} at={at.clone()} parts={(*seen).clone()} {on_side} />
            } else {
                if parts.status() == Status::Live { <watching::Watching kinds={seen.watched} {changed} now={clock.now} /> }
                <ClusterSheet at={at.clone()} {on_machine} parts={(*seen).clone()} status={parts.status()} {clock} folds={(*folds).clone()} {on_fold} {on_verb} {kept} network={found.state().answer().cloned()} {local} {actions} side={*side} {on_side} />
            }
            { verbs::dialog(asking.as_ref(), &at, on_close) }
        </>
    }
}

#[derive(Properties, PartialEq)]
pub struct ClusterSheetProps {
    pub at: ClusterAt,
    pub parts: Parts,
    pub status: Status,
    pub clock: Clock,
    pub folds: Folds,
    pub on_fold: Callback<(String, Folded)>,
    #[prop_or_default]
    pub on_verb: Callback<Verb>,
    /// One of its machines by name.
    #[prop_or_default]
    pub on_machine: Callback<String>,
    /// The context that KOS keeps for it.
    #[prop_or_default]
    pub kept: Option<Rc<ContextRow>>,
    /// What the cluster itself told of its network.
    #[prop_or_default]
    pub network: Option<NetworksFound>,
    #[prop_or_default]
    pub side: Side,
    #[prop_or_default]
    pub on_side: Callback<Side>,
    /// Its containers, where they are on this machine.
    #[prop_or_default]
    pub local: Option<Rc<LocalRow>>,
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
        let left = props.local.as_ref().filter(|row| !row.nodes.is_empty() || !row.balancers.is_empty());
        let why = match left {
            Some(row) => {
                let names: Vec<String> = row.balancers.iter().chain(&row.nodes).map(|node| node.container.clone()).collect();
                format!(
                    "It was deleted. Of its containers on this machine are left: {}. What its provider does not remove, the Doctor offers to.",
                    names.join(", ")
                )
            }
            None => "It was deleted, or it never was. Its machines are gone with it.".to_owned(),
        };
        return gone(&props.status, "This cluster is not there", why);
    };
    html! {
        <main class="page">
            <div class="objhead">
                <Icon of={Pic::Boxes} size={IconSize::Large} /><h1 title={head.name.clone()}>{ &head.name }</h1>
                <span class="t3">{ "Cluster in " }<span class="mono">{ &head.namespace }</span></span>
                <span class="grow"></span>
                { verbs::buttons(head, &props.status, props.actions.clone(), props.local.as_deref(), &props.on_verb, props.clock.now) }
            </div>
            { connect::changed(props.kept.as_deref(), props.clock) }
            { facts(head, network(props.network.as_ref(), &props.parts.shared), props.clock) }
            { tabs(&props.parts, props.side, None, &props.on_side) }
            { match props.side {
                // Its own page, which the page of the cluster shows in this one's place.
                Side::Git => Html::default(),
                Side::Provisioning => html! {
                    <div class={classes!("capi", (*asked == Folded::Open).then_some("asked"))}>
                        <div class="lft">
                            if let Some(why) = &props.parts.why { { why::banner(&head.name, why, *asked, &on_ask) } }
                            { tree::tree(&props.parts.tree, &props.folds, &props.on_fold, props.clock.now, tree::Ways { machine: &props.on_machine, verb: matches!(props.status, Status::Live).then_some(&props.on_verb) }) }
                            { lanes::lanes(&head.name, &props.parts, props.clock, &props.on_machine) }
                        </div>
                        if let Some(why) = &props.parts.why { { why::aside(&head.name, why, props, props.clock) } }
                    </div>
                },
                Side::Machines => machines::machines(&head.name, &props.parts.machines, &props.parts.checks, props.clock, &props.on_machine, matches!(props.status, Status::Live).then_some(&props.on_verb)),
                Side::Conditions => html! {
                    <div class="scroll" tabindex="0">
                        <Conditions label="Conditions" rows={props.parts.conditions.clone()} now={props.clock.now} names={Names::Shown} />
                        if props.parts.conditions.len() == MOST_CONDITIONS { <p class="t3 s12 pad20">{ "There are more, all as they should be." }</p> }
                    </div>
                },
                Side::AddOns => html! { <add_ons::AddOns at={props.at.clone()} rows={props.parts.add_ons.clone()} clock={props.clock} /> },
                Side::Text => html! { <ObjectTexts at={props.at.clone()} objects={objects(&props.parts.tree)} /> },
                Side::Events => told::events(&head.name, &props.parts.events, props.clock),
                Side::Log => told::log(&props.parts.log, props.clock),
            } }
        </main>
    }
}

/// The engine sends so many conditions of a cluster, what is not as it should be first.
const MOST_CONDITIONS: usize = 1_000;

/// The objects of the tree, the Cluster first.
fn objects(tree: &[Rc<TreeRow>]) -> Vec<(String, String)> {
    tree.iter().map(|row| (row.kind.clone(), row.name.clone())).collect()
}

/// More marks than this are no picture any more; the number beside them is always there.
const MOST_MARKS: usize = 12;

/// A mark a machine.
pub(super) fn strip(head: &ClusterRow) -> Html {
    html! { <span class="strip" aria-hidden="true">{ for marks(head).into_iter().take(MOST_MARKS).map(|state| html! { <i class={state.class()}></i> }) }</span> }
}

fn facts(head: &ClusterRow, network: Option<String>, clock: Clock) -> Html {
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
            if let Some(network) = network { <div><dt>{ "Network" }</dt><dd>{ mono(&network) }</dd></div> }
            if let Some(at) = head.created { <div class="last"><dt>{ "Created" }</dt><dd>{ format!("{}, {}", clock.moment(at), clock.ago(at)) }</dd></div> }
        </dl>
    }
}
