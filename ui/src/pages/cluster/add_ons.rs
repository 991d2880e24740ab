//! What was put into a cluster, and which network runs in it?
//!
//! Start at: [`AddOns`] for the question to the cluster, [`AddOnsSheet`] for what is shown.

use std::rc::Rc;

use api::{
    Fault,
    changes::ClusterAt,
    contexts::Link,
    machines::{AddOnRow, AddOnSource, AddOnState},
    network::{AskNetwork, NetworkFound, NetworksFound},
};
use yew::prelude::*;

use crate::{
    feeds::use_call,
    model::{clock::Clock, connect::kept},
    shell::world::use_world,
    widgets::{Btn, BtnSize, EmptyState, Glyph, Pill, Ready, Skeleton, State, Voice},
};

const ADD_ONS: &str = "--cols:152px 180px minmax(0,1fr) 200px 96px;--pad:20px";

#[derive(Properties, PartialEq)]
pub struct AddOnsProps {
    pub at: ClusterAt,
    pub rows: Vec<Rc<AddOnRow>>,
    pub clock: Clock,
}

/// Asks the cluster itself as soon as its context is live, and once more when somebody wants it.
#[component]
pub fn AddOns(props: &AddOnsProps) -> Html {
    let ask = use_call::<AskNetwork>();
    let world = use_world();
    let live = world.contexts.look(|rows| kept(rows, &props.at)).is_some_and(|row| matches!(row.link, Link::Live { .. }));
    let on_look = {
        let (ask, at) = (ask.clone(), props.at.clone());
        Callback::from(move |()| ask.ask(AskNetwork { at: at.clone() }))
    };
    {
        let on_look = on_look.clone();
        use_effect_with((props.at.clone(), live), move |_| on_look.emit(()));
    }
    let state = ask.state();
    html! { <AddOnsSheet rows={props.rows.clone()} clock={props.clock} network={state.answer().cloned()} fault={state.fault().cloned()} {on_look} /> }
}

#[derive(Properties, PartialEq)]
pub struct AddOnsSheetProps {
    pub rows: Vec<Rc<AddOnRow>>,
    pub clock: Clock,
    #[prop_or_default]
    pub network: Option<NetworksFound>,
    /// Why the cluster was not asked.
    #[prop_or_default]
    pub fault: Option<Fault>,
    #[prop_or_default]
    pub on_look: Callback<()>,
}

/// The network first, then what came from the management cluster.
#[component]
pub fn AddOnsSheet(props: &AddOnsSheetProps) -> Html {
    let look = props.on_look.reform(|_: MouseEvent| ());
    html! {
        <div class="scroll" tabindex="0">
            <div class="subhead"><h2>{ "Network" }</h2><span class="t3 s12">{ "as the cluster itself tells" }</span><span class="grow"></span>
                <Btn size={BtnSize::Small} ready={Ready::from(props.network.is_some() || props.fault.is_some())} onclick={look}>{ "Look again" }</Btn></div>
            <div style="padding:0 20px 12px">{ network(props) }</div>
            <div class="subhead"><h2>{ "Add-ons" }</h2><span class="t3 s12">{ "put there by the management cluster" }</span></div>
            { add_ons(&props.rows, props.clock) }
        </div>
    }
}

fn network(props: &AddOnsSheetProps) -> Html {
    match (&props.network, &props.fault) {
        (Some(told), _) if told.found.is_empty() => html! {
            <div class="chk"><Glyph state={State::Warning} /><div class="hd"><span class="unseen">{ "Warning: " }</span>{ "No network runs in it" }</div><p>{ "Its nodes are not Ready before one does. “Add a network…” on its page applies one." }</p></div>
        },
        (Some(told), _) => html! { <>{ for told.found.iter().map(one) }</> },
        (None, Some(fault)) => {
            html! { <div class="chk"><Glyph state={State::Unknown} /><div class="hd">{ "Not known until it is connected" }</div><p>{ &fault.sentence }</p></div> }
        }
        (None, None) => html! { <div aria-busy="true"><Skeleton width={240} /></div> },
    }
}

fn one(network: &NetworkFound) -> Html {
    let whole = network.ready == network.wanted && network.wanted > 0;
    let state = if whole { State::Healthy } else { State::Progress };
    html! {
        <div key={network.runs.clone()} class="chk">
            <Glyph {state} /><div class="hd"><span class="unseen">{ state.word() }{ ": " }</span>{ network.plugin.words() }</div>
            <p>{ format!("ready on {} of {} nodes, as DaemonSet ", network.ready, network.wanted) }<span class="mono">{ &network.runs }</span>{ " with " }<span class="mono">{ &network.image }</span></p>
        </div>
    }
}

/// What is put into the cluster from its management cluster.
fn add_ons(rows: &[Rc<AddOnRow>], clock: Clock) -> Html {
    if rows.is_empty() {
        let why = "No ClusterResourceSet and no HelmChartProxy of the management cluster puts anything into it. What was applied by hand or by KOS stands in the cluster itself.";
        return html! { <EmptyState head="No add-ons">{ why }</EmptyState> };
    }
    html! {
        <div class="datatable" role="table" aria-label="Add-ons" style={ADD_ONS}>
            <div class="th" role="row">
                { for ["Put there by", "Name", "What", "State"].map(|head| html! { <div role="columnheader">{ head }</div> }) }
                <div role="columnheader" class="right">{ "Since" }</div>
            </div>
            { for rows.iter().map(|row| add_on(row, clock)) }
        </div>
    }
}

fn add_on(row: &AddOnRow, clock: Clock) -> Html {
    let (state, voice, words) = match &row.state {
        AddOnState::Applied => (State::Healthy, Voice::Quiet, "Applied"),
        AddOnState::Waits(_) => (State::Progress, Voice::Quiet, "Waits"),
        AddOnState::Failed(_) => (State::Failed, Voice::Tinted, "Not applied"),
    };
    let why = match &row.state {
        AddOnState::Applied => String::new(),
        AddOnState::Waits(why) | AddOnState::Failed(why) => why.clone(),
    };
    let by = match &row.by {
        AddOnSource::ResourceSet => "ClusterResourceSet",
        AddOnSource::HelmChart { .. } => "HelmChartProxy",
    };
    html! {
        <div class="tr" role="row" style="height:30px">
            <div class="t3 s12" role="cell">{ by }</div>
            <div class="vis" role="cell"><span class="name ell" title={row.name.clone()}>{ &row.name }</span></div>
            <div class="mono t2 s12 ell" role="cell" title={why.clone()}>{ &row.what }if !why.is_empty() { <span class="t3">{ format!("\u{2002}{why}") }</span> }</div>
            <div role="cell"><Pill {state} {voice}>{ words }</Pill></div>
            <div class="num t2 s12 right" role="cell">{ row.at.map(|at| clock.moment(at)) }</div>
        </div>
    }
}
