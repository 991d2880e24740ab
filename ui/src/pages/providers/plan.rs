//! What is asked before a job on providers starts?

use api::{
    Fault, Fix,
    files::Severity,
    jobs::{Obstacle, PlanView},
};
use yew::prelude::*;

use crate::{
    model::providers::{can_start, expected, lanes, mark, percent},
    pages::typed::TypedName,
    widgets::{Btn, BtnKind, CommandBox, Dialog, DialogWidth, FixCard, Glyph, Ready, Skeleton, State},
};

/// The checks of a plan, those that stop it first.
pub(super) fn checks(obstacles: &[Obstacle]) -> Html {
    checks_with(obstacles, Html::default())
}

/// The same with what can be done about the first risk.
pub(super) fn checks_with(obstacles: &[Obstacle], actions: Html) -> Html {
    let first = obstacles.iter().position(|one| one.severity == Severity::Risk);
    html! { <>{ for obstacles.iter().enumerate().map(|(at, one)| check(one, if Some(at) == first { actions.clone() } else { Html::default() })) }</> }
}

/// A sentence with its mark, and what is said of it.
pub(super) fn said(state: State, head: String, says: Html) -> Html {
    html! { <div class="chk"><Glyph {state} /><div class="hd"><span class="unseen">{ state.word() }{ ": " }</span>{ head }</div>{ says }</div> }
}

fn check(one: &Obstacle, actions: Html) -> Html {
    let state = mark(one);
    let quotes = one.why.cause.iter().map(|quote| html! { <p><span>{ &quote.source }</span>{ " " }{ &quote.text }</p> });
    said(state, one.why.sentence.clone(), html! { <>{ for quotes }{ actions }</> })
}

/// The steps one below the other, each where it is expected.
pub(super) fn order(plan: &PlanView) -> Html {
    let drawn = lanes(&plan.steps);
    html! {
        <>
            <h2 class="sec" style="margin-bottom:8px">{ "In this order" }<span class="t3">{ expected(plan) }</span></h2>
            <div class="lanes mini">
                { for drawn.bars.iter().map(|bar| html! {
                    <div class="lane"><span class="lb ell">{ &bar.label }</span><div class="trk"><span class="ghost" style={format!("left:{};width:{}", percent(bar.left), percent(bar.width))}></span></div></div>
                }) }
                <div class="axis" aria-hidden="true"><div></div><div class="trk">{ for drawn.ticks.iter().map(|(at, words)| html! { <span style={format!("left:{}", percent(*at))}>{ words }</span> }) }</div></div>
                <div class="vgrid">{ for drawn.ticks.iter().map(|(at, _)| html! { <i style={format!("left:{}", percent(*at))}></i> }) }</div>
            </div>
        </>
    }
}

#[derive(Properties, PartialEq)]
pub struct PlanDialogProps {
    /// `Upgrade 4 providers`.
    pub verb: String,
    pub keep: AttrValue,
    pub plan: Option<PlanView>,
    /// What has to be typed.
    #[prop_or_default]
    pub typed: Option<String>,
    #[prop_or_default]
    pub fault: Option<Fault>,
    #[prop_or_default]
    pub busy: Ready,
    /// What is chosen before there is a plan, and what the plan is about.
    #[prop_or_default]
    pub children: Html,
    /// With what was typed.
    pub on_go: Callback<String>,
    pub on_close: Callback<()>,
    #[prop_or_default]
    pub on_fix: Callback<Fix>,
}

/// Sentence, checks, order and command of a plan, with the one button that starts it.
#[component]
pub fn PlanDialog(props: &PlanDialogProps) -> Html {
    let typed = use_state(String::new);
    let go = {
        let (on_go, typed) = (props.on_go.clone(), (*typed).clone());
        Callback::from(move |_: MouseEvent| on_go.emit(typed.clone()))
    };
    let sound = props.plan.as_ref().is_some_and(can_start) && props.typed.as_ref().is_none_or(|wanted| *wanted == *typed);
    let ready = if sound { props.busy } else { Ready::No };
    let keep = props.on_close.reform(|_: MouseEvent| ());
    let footer = html! { <><Btn onclick={keep}>{ props.keep.clone() }</Btn><Btn kind={BtnKind::Primary} {ready} onclick={go}>{ &props.verb }</Btn></> };
    let body = match &props.plan {
        Some(plan) => html! {
            <>
                <p class="t2">{ &plan.sentence }</p>
                if !plan.obstacles.is_empty() { <div>{ checks(&plan.obstacles) }</div> }
                if can_start(plan) { <div>{ order(plan) }</div> }
            </>
        },
        None if props.fault.is_some() => Html::default(),
        None if matches!(props.busy, Ready::Busy) => html! { <div aria-busy="true"><Skeleton width={320} /></div> },
        None => Html::default(),
    };
    html! {
        <Dialog title={format!("{}?", props.verb)} width={DialogWidth::Wide} note="Nothing is changed before you press." {footer} on_close={props.on_close.clone()}>
            { props.children.clone() }
            { body }
            if let Some(fault) = &props.fault { <FixCard fault={fault.clone()} on_fix={props.on_fix.clone()} /> }
            if let Some(wanted) = &props.typed {
                <TypedName wanted={wanted.clone()} typed={typed.clone()} />
            }
            if let Some(plan) = &props.plan { { for plan.commands.iter().map(|command| html! { <CommandBox command={command.clone()} /> }) } }
        </Dialog>
    }
}
