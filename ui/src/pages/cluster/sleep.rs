//! How does a cluster in containers of this machine sleep, and how does it wake?
//!
//! Its objects are paused before its containers, and resumed after they answer: in between no health check replaces a
//! machine. Start at: [`SleepDialog`], [`WakeDialog`].

use std::rc::Rc;

use api::{
    changes::{ClusterAt, ClusterChange},
    contexts::OpenContext,
    local::{LocalRow, Power, SetPower},
};
use yew::prelude::*;

use crate::{
    feeds::use_call,
    model::{
        change::listed,
        connect::kept,
        fleet::power::question,
        route::Route,
        sleep::{Begun, Deed, Waking, due, waking},
    },
    pages::{
        change::{Asked, ChangeSheet, Danger, use_change},
        stop::StopDialog,
    },
    shell::{fixes::send, router::use_router, toasts::use_toasts, world::use_world},
    widgets::{Glyph, Ready, State},
};

#[derive(Properties, PartialEq)]
pub struct SleepProps {
    pub at: ClusterAt,
    pub on_close: Callback<()>,
}

/// Shows how the objects are paused; the containers follow when that is written.
#[component]
pub fn SleepDialog(props: &SleepProps) -> Html {
    let (world, router, toasts, power) = (use_world(), use_router(), use_toasts(), use_call::<SetPower>());
    let name = props.at.name.clone();
    // Its own context may be protected beside that of its management cluster: then its containers wait for that name.
    let asking = use_state(|| false);
    let row = world.local.rows().into_iter().find(|row| row.name == name);
    let question = row.and_then(|row| question(&row, &world.contexts.rows(), Power::Pause));
    let on_pause = {
        let (power, name) = (power.clone(), name.clone());
        Callback::from(move |typed: String| {
            let (router, toasts) = (router.clone(), toasts.clone());
            power.ask_then(SetPower { name: name.clone(), power: Power::Pause, typed }, move |answer| match answer {
                Ok(job) => router.go(Route::Job(job.clone())),
                Err(fault) => toasts.fault(fault.clone()),
            });
        })
    };
    let on_done = {
        let (pause, asking, waits) = (on_pause.clone(), asking.setter(), question.is_some());
        Callback::from(move |()| if waits { asking.set(true) } else { pause.emit(String::new()) })
    };
    let asked = use_change(&props.at, Some(ClusterChange::Pause), on_done);
    if let Some(question) = question.filter(|_| *asking) {
        return html! { <StopDialog {question} on_act={on_pause} on_close={props.on_close.clone()} /> };
    }
    let containers = containers(&world.local.rows(), &name);
    html! { <SleepSheet {name} {containers} {asked} on_close={props.on_close.clone()} /> }
}

/// The containers of a cluster on this machine.
fn containers(rows: &[Rc<LocalRow>], name: &str) -> Vec<String> {
    rows.iter().filter(|row| row.name == name).flat_map(|row| row.balancers.iter().chain(&row.nodes)).map(|node| node.container.clone()).collect()
}

#[derive(Properties, PartialEq)]
pub struct SleepSheetProps {
    pub name: String,
    pub containers: Vec<String>,
    pub asked: Asked,
    pub on_close: Callback<()>,
}

/// First the objects, then the containers.
#[component]
pub fn SleepSheet(props: &SleepSheetProps) -> Html {
    html! {
        <ChangeSheet verb={format!("Put {} to sleep", props.name)} keep="Keep it awake" danger={Danger::No} asked={props.asked.clone()} on_close={props.on_close.clone()}>
            <p class="t2">{ "First its objects are paused, so that no health check replaces a machine; then its containers are paused, and nothing in them runs. Memory stays in use, processors are free." }</p>
            <div class="chk"><Glyph state={State::Paused} /><div>{ "These containers are paused after that." }</div><p class="mono s12" title={props.containers.join(", ")}>{ listed(&props.containers) }</p></div>
        </ChangeSheet>
    }
}

/// Unpauses the containers, waits until the cluster answers, and then resumes its objects as was shown.
#[component]
pub fn WakeDialog(props: &SleepProps) -> Html {
    let (world, toasts, power) = (use_world(), use_toasts(), use_call::<SetPower>());
    // What was typed with a press that waits for the cluster to answer.
    let press = use_state(|| None::<String>);
    let name = props.at.name.clone();
    let asked = use_change(&props.at, Some(ClusterChange::Resume), props.on_close.clone());
    let kept = world.contexts.look(|rows| kept(rows, &props.at));
    let row = world.local.rows().into_iter().find(|row| row.name == name);
    let stage = waking(if press.is_some() { Begun::Yes } else { Begun::NotYet }, row.as_deref(), kept.as_deref());
    {
        let (apply, press, kept) = (asked.on_apply.clone(), press.clone(), kept.as_ref().map(|row| row.id.clone()));
        use_effect_with((stage, press.is_some()), move |(stage, _)| match due(*stage, (*press).clone()) {
            (Deed::Resume(typed), next) => {
                press.set(next);
                apply.emit(typed);
            }
            (Deed::Connect, _) => {
                if let Some(context) = kept {
                    send(OpenContext { context }, &toasts);
                }
            }
            (Deed::Nothing, _) => {}
        });
    }
    let on_apply = {
        let (apply, power, press, name) = (asked.on_apply.clone(), power.clone(), press.setter(), name.clone());
        Callback::from(move |typed: String| {
            if stage == Waking::Awake {
                return apply.emit(typed);
            }
            let press = press.clone();
            power.ask_then(SetPower { name: name.clone(), power: Power::Unpause, typed: String::new() }, move |answer| {
                if answer.is_ok() {
                    press.set(Some(typed));
                }
            });
        })
    };
    let fault = power.state().fault().cloned().or(asked.fault.clone());
    let busy = if press.is_some() || power.state().pending() { Ready::Busy } else { asked.busy };
    let asked = Asked { on_apply, fault, busy, ..asked };
    html! { <WakeSheet {name} {stage} {asked} on_close={props.on_close.clone()} /> }
}

#[derive(Properties, PartialEq)]
pub struct WakeSheetProps {
    pub name: String,
    pub stage: Waking,
    pub asked: Asked,
    pub on_close: Callback<()>,
}

/// Three steps in their order.
#[component]
pub fn WakeSheet(props: &WakeSheetProps) -> Html {
    let states = match props.stage {
        Waking::Asleep => [State::Idle; 3],
        Waking::Containers => [State::Progress, State::Idle, State::Idle],
        Waking::Answer => [State::Done, State::Progress, State::Idle],
        Waking::Awake => [State::Done, State::Done, State::Idle],
    };
    let words = ["Its containers go on, the load balancer first.", "Its API server answers.", "Its objects are resumed, as shown below."];
    html! {
        <ChangeSheet verb={format!("Wake {}", props.name)} keep="Leave it" danger={Danger::No} asked={props.asked.clone()} on_close={props.on_close.clone()}>
            <div class="follows" role="status">
                { for states.into_iter().zip(words).map(|(state, words)| html! { <div class="chk"><Glyph {state} /><div><span class="unseen">{ format!("{}: ", state.word()) }</span>{ words }</div></div> }) }
            </div>
            if matches!(props.stage, Waking::Containers | Waking::Answer) { <p class="t3 s12">{ "Leaving this now is safe: the containers run, and the cluster stays paused until it is resumed." }</p> }
        </ChangeSheet>
    }
}
