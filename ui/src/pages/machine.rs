//! How far is one machine, what does it say of itself, and what is safe to do with it?
//!
//! Start at: [`MachinePage`] for the page with its streams, [`MachineSheet`] for what it shows.

mod host;
mod lane;
mod why;

use std::rc::Rc;

use api::{
    ContextId, Fault, Status,
    changes::{ClusterAt, ClusterChange},
    computer::{CheckRow, ComputerView},
    feed,
    machines::{MachineHost, MachineLog, MachineRow, ReadMachineHost, ReadMachineLog},
    tables::Kind,
};
use yew::prelude::*;

use crate::{
    feeds::{use_call, use_feed},
    model::{
        capi::lanes::{going_on, leaves},
        clock::{Clock, Pace},
        connect::kept,
        machine::{conditions_of, events_of, log_of, machine_words, objects_of, tries, wrong},
        route::Route,
    },
    pages::{
        cluster::{
            Parts, told,
            verbs::{Verb, dialog},
            watching::Watching,
        },
        clusters::{Beside, use_beside},
        conditions::{Conditions, Shows},
        object_text::ObjectTexts,
        table::sidebar::{At, Sidebar},
        waiting::gone,
    },
    shell::{clipboard::copy, clock::use_clock, world::use_world},
    widgets::{Btn, BtnKind, BtnSize, Icon, IconSize, LinkBtn, Pic, Pill, Ready, Tab, Tabs},
    words::sides::{LOG, YAML},
};

#[derive(Properties, PartialEq)]
pub struct MachinePageProps {
    pub context: ContextId,
    pub namespace: String,
    pub cluster: String,
    pub name: String,
}

/// One machine, live: the rows of its cluster that are about it.
#[component]
pub fn MachinePage(props: &MachinePageProps) -> Html {
    let MachinePageProps { context, namespace, cluster, name } = props;
    let Beside { counts, clusters, sides, on_kind, on_go, .. } = use_beside(context);
    let rows = use_feed(feed::Cluster { context: context.clone(), namespace: namespace.clone(), name: cluster.clone() });
    let parts = use_memo(rows.clone(), |rows| Parts::sorted(&rows.rows()));
    let settled = parts.lanes.iter().find(|lane| lane.machine == *name).is_none_or(|lane| going_on(lane).is_none() && leaves(lane).is_none());
    let changed = parts.changed();
    let clock = use_clock(|now| Pace::when(!settled).or(Pace::of(now, changed)));
    let at = ClusterAt { context: context.clone(), namespace: namespace.clone(), name: cluster.clone() };
    let (read, look) = (use_call::<ReadMachineLog>(), use_call::<ReadMachineHost>());
    // What was read last stays until the next answer is there.
    let (log, host) = (use_state(|| None::<MachineLog>), use_state(|| None::<MachineHost>));
    let on_log = {
        let (read, look, at, machine) = (read.clone(), look.clone(), at.clone(), name.clone());
        let (log, host) = (log.setter(), host.setter());
        Callback::from(move |()| {
            let (log, host) = (log.clone(), host.clone());
            read.ask_then(ReadMachineLog { at: at.clone(), machine: machine.clone() }, move |answer| log.set(answer.as_ref().ok().cloned()));
            look.ask_then(ReadMachineHost { at: at.clone(), machine: machine.clone() }, move |answer| host.set(answer.as_ref().ok().cloned()));
        })
    };
    let has_container = parts.machines.iter().any(|row| row.name == *name && row.container.is_some());
    {
        let on_log = on_log.clone();
        use_effect_with(has_container, move |has| {
            if *has {
                on_log.emit(());
            }
        });
    }
    let world = use_world();
    let workload = world.contexts.look(|rows| kept(rows, &at));
    let on_node = workload.map(|row| {
        let go = on_go.clone();
        Callback::from(move |node: String| {
            let row_id = api::RowId(format!("/{node}"));
            go.emit(Route::Object { context: row.id.clone(), kind: Kind::Nodes, namespace: String::new(), row: row_id });
        })
    });
    let side = use_state(Side::default);
    let asking = use_state(|| None::<Verb>);
    let on_side = {
        let side = side.setter();
        Callback::from(move |to| side.set(to))
    };
    let on_verb = {
        let asking = asking.setter();
        Callback::from(move |verb| asking.set(Some(verb)))
    };
    let on_close = {
        let asking = asking.setter();
        Callback::from(move |()| asking.set(None))
    };
    html! {
        <>
            <Sidebar at={At::Machines} {counts} {on_kind} {clusters} {sides} context={Some(context.clone())} on_go={on_go.clone()} />
            if rows.status() == Status::Live { <Watching kinds={parts.watched} {changed} now={clock.now} /> }
            <MachineSheet at={at.clone()} name={name.clone()} parts={(*parts).clone()} status={rows.status()} {clock} side={*side} {on_side} {on_verb} {on_go} {on_node}
                log={(*log).clone()} host={(*host).clone()} log_fault={read.state().fault().cloned()} host_fault={look.state().fault().cloned()} limits={world.checks.rows()} computer={world.computer.one()} {on_log} />
            { dialog(asking.as_ref(), &at, on_close) }
        </>
    }
}

/// A side of a machine's page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Side {
    #[default]
    Lane,
    Conditions,
    Events,
    Log,
    Text,
}

const SIDES: [Side; 5] = [Side::Lane, Side::Conditions, Side::Events, Side::Log, Side::Text];

#[derive(Properties, PartialEq)]
pub struct MachineSheetProps {
    /// Its cluster.
    pub at: ClusterAt,
    pub name: String,
    /// Of its cluster.
    pub parts: Parts,
    pub status: Status,
    pub clock: Clock,
    pub side: Side,
    pub on_side: Callback<Side>,
    #[prop_or_default]
    pub on_verb: Callback<Verb>,
    #[prop_or_default]
    pub on_go: Callback<Route>,
    /// Leads to its Node, where the context of its cluster is kept.
    #[prop_or_default]
    pub on_node: Option<Callback<String>>,
    /// What its container wrote.
    #[prop_or_default]
    pub log: Option<MachineLog>,
    #[prop_or_default]
    pub log_fault: Option<Fault>,
    /// Its container, as Docker tells.
    #[prop_or_default]
    pub host: Option<MachineHost>,
    #[prop_or_default]
    pub host_fault: Option<Fault>,
    /// What the doctor found on this computer.
    #[prop_or_default]
    pub limits: Vec<Rc<CheckRow>>,
    #[prop_or_default]
    pub computer: Option<Rc<ComputerView>>,
    /// Reads both once more.
    #[prop_or_default]
    pub on_log: Callback<()>,
}

/// Facts, the sides, and what stands in its way.
#[component]
pub fn MachineSheet(props: &MachineSheetProps) -> Html {
    let Some(row) = props.parts.machines.iter().find(|row| row.name == props.name) else {
        return gone(&props.status, "This machine is not there", "It was deleted or replaced, or it never was. Past runs show how it was made.");
    };
    let objects = objects_of(&props.parts.tree, &props.name);
    let conditions = conditions_of(&props.parts.conditions, &objects);
    let events = events_of(&props.parts.events, &objects);
    let log = log_of(&props.parts.log, &props.name);
    let lane = props.parts.lanes.iter().find(|lane| lane.machine == props.name);
    let bad = wrong(&conditions);
    html! {
        <>
            <main class="page">
                { head(row, props) }
                { facts(row, props) }
                { sides(props, [0, conditions.len(), events.len(), log.len(), 0]) }
                { why::banner(row, props) }
                { match props.side {
                    Side::Lane => html! {
                        <div class="scroll" tabindex="0">
                            if let Some(lane) = lane { { lane::table(lane, &tries(lane, &events, &log), props.clock) } }
                            <div class="subhead" style="margin-top:8px">
                                <h2>{ "Conditions" }</h2>
                                <span class="t3 s12">{ if bad == 0 { format!("all {} are as they should be", conditions.len()) } else { format!("{bad} of {} are not as they should be", conditions.len()) } }</span>
                            </div>
                            <Conditions label="Conditions" rows={conditions} now={props.clock.now} shows={Shows::First} />
                        </div>
                    },
                    Side::Conditions => html! { <div class="scroll" tabindex="0"><Conditions label="Conditions" rows={conditions} now={props.clock.now} /></div> },
                    Side::Events => told::events(&row.cluster, &events, props.clock),
                    Side::Log => why::whole_log(&log, props),
                    Side::Text => html! { <ObjectTexts at={props.at.clone()} {objects} /> },
                } }
            </main>
            { why::pane(row, props) }
        </>
    }
}

fn head(row: &MachineRow, props: &MachineSheetProps) -> Html {
    let live = matches!(props.status, Status::Live);
    let ready = Ready::from(live);
    let to = Route::Cluster { context: props.at.context.clone(), namespace: props.at.namespace.clone(), name: props.at.name.clone() };
    let go = props.on_go.reform(move |_: MouseEvent| to.clone());
    let press = |change: ClusterChange| props.on_verb.reform(move |_: MouseEvent| Verb::Remedy(change.clone()));
    let machine = row.name.clone();
    let is_worker = matches!(row.group, api::capi::LaneGroup::Pool(_));
    html! {
        <div class="objhead">
            <Icon of={Pic::Server} size={IconSize::Large} /><h1 class="ell" title={row.name.clone()}>{ &row.name }</h1>
            <span class="t3 nw">{ "Machine of " }<LinkBtn class="mono plain" onclick={go}>{ &row.cluster }</LinkBtn></span>
            <span class="grow"></span>
            if !live { <span class="t3 s12">{ "Not live, so nothing can be changed now." }</span> }
            if matches!(row.state, api::capi::LaneState::Deleting { .. }) {
                <span class="t3">{ "It is being deleted." }</span>
            } else {
                <div class="btnrow">
                    if let Some(host) = &props.host { <host::ShellDoor host={host.clone()} name={row.name.clone()} /> }
                    <Btn {ready} onclick={press(ClusterChange::ReplaceMachine { machine: machine.clone() })}>{ "Replace…" }</Btn>
                    if is_worker { <Btn kind={BtnKind::DangerQuiet} {ready} onclick={press(ClusterChange::RemoveMachine { machine })}>{ "Delete…" }</Btn> }
                </div>
            }
        </div>
    }
}

fn facts(row: &MachineRow, props: &MachineSheetProps) -> Html {
    let (state, voice, words) = machine_words(row, props.clock.now);
    let owner = row.owner.rsplit_once(' ').map_or("nobody", |(_, name)| name);
    let short_owner = owner.strip_prefix(&row.cluster).and_then(|rest| rest.strip_prefix('-')).unwrap_or(owner).to_owned();
    let node = match (&props.on_node, row.node.as_str()) {
        (_, "") => html! { { "none yet" } },
        (Some(on_node), node) => {
            let name = node.to_owned();
            let onclick = on_node.reform(move |_: MouseEvent| name.clone());
            html! { <LinkBtn class="mono plain ell" {onclick}>{ node }</LinkBtn> }
        }
        (None, node) => html! { <span class="mono ell" title="Connect its cluster to open it">{ node }</span> },
    };
    let provider_id = row.provider_id.clone();
    let onclick = Callback::from(move |_: MouseEvent| copy(&provider_id));
    html! {
        <dl class="facts">
            <div><dt>{ "Phase" }</dt><dd><Pill {state} {voice}>{ words }</Pill></dd></div>
            <div><dt>{ "Owner" }</dt><dd title={row.owner.clone()}><span class="mono ell">{ short_owner }</span></dd></div>
            <div><dt>{ "Kubernetes" }</dt><dd><span class="mono">{ if row.version.is_empty() { "–" } else { &row.version } }</span></dd></div>
            <div><dt>{ "Node" }</dt><dd>{ node }</dd></div>
            { host::fact(row, props) }
            { fact("Failure domain", &row.failure_domain) }
            { fact("System", &row.os_image) }
            <div>
                <dt>{ "Provider ID" }</dt>
                <dd>
                    if row.provider_id.is_empty() { { "none yet" } } else {
                        <span class="mono ell" title={row.provider_id.clone()}>{ middle(&row.provider_id) }</span>
                        <Btn kind={BtnKind::Ghost} size={BtnSize::Small} icon={Pic::Copy} label="Copy provider ID" {onclick} />
                    }
                </dd>
            </div>
        </dl>
    }
}

/// A fact that not every machine tells.
fn fact(head: &'static str, says: &str) -> Html {
    if says.is_empty() {
        return Html::default();
    }
    html! { <div><dt>{ head }</dt><dd title={says.to_owned()}><span class="mono ell">{ says.to_owned() }</span></dd></div> }
}

/// `docker:////…-x7k2p`: scheme and end are what differs.
fn middle(id: &str) -> String {
    let Some((scheme, rest)) =
        id.split_once(":////").map(|(s, r)| (format!("{s}:////"), r)).or_else(|| id.split_once("://").map(|(s, r)| (format!("{s}://"), r)))
    else {
        return id.to_owned();
    };
    match rest.rsplit_once('-') {
        Some((before, tail)) if before.len() > 4 => format!("{scheme}…-{tail}"),
        Some(_) | None => id.to_owned(),
    }
}

fn sides(props: &MachineSheetProps, counts: [usize; 5]) -> Html {
    let words = ["Lane", "Conditions", "Events", LOG, YAML];
    let tabs: Vec<Tab> =
        words.into_iter().zip(counts).map(|(words, count)| Tab { words: words.into(), count: (count > 0).then(|| count.to_string().into()) }).collect();
    let chosen = SIDES.iter().position(|side| *side == props.side).unwrap_or_default();
    let on_choose = props.on_side.reform(|place: usize| SIDES.get(place).copied().unwrap_or_default());
    html! { <div class="objtabs"><Tabs label="Sides of the machine" {tabs} {chosen} {on_choose} /></div> }
}

#[cfg(test)]
mod tests {
    use super::middle;

    #[test]
    fn a_provider_id_keeps_its_scheme_and_its_end() {
        for (id, shown) in [
            ("docker:////lab-b-md-0-6k8wz-x7k2p", "docker:////…-x7k2p"),
            ("aws:///eu-west-1a/i-0abc", "aws://…-0abc"),
            ("in-memory://w1", "in-memory://w1"),
            ("odd", "odd"),
        ] {
            assert_eq!(middle(id), shown);
        }
    }
}
