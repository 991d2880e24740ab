//! What speaks for an upgrade and what against it, and what is written?

use api::{
    Fault,
    changes::{ChangePlan, Follows},
    impact::Impact,
};
use yew::prelude::*;

use super::UpgradeSheetProps;
use crate::{
    model::change::{schedule, takes},
    pages::{change::parts, typed::TypedName},
    shell::hold::Hold,
    widgets::{Btn, BtnKind, Glyph, Ready, Skeleton, State},
};

/// The answer of the server, the consequences, the text, the button.
pub(super) fn pane(name: &str, props: &UpgradeSheetProps) -> Html {
    html! { <Pane name={name.to_owned()} plan={props.plan.clone()} version={props.version.clone()} failed={props.fault.is_some()} impact={props.impact.clone()} busy={props.busy} hold={props.hold.clone()} on_apply={props.on_apply.clone()} /> }
}

#[derive(Properties, PartialEq)]
struct PaneProps {
    name: String,
    plan: Option<ChangePlan>,
    version: Option<String>,
    failed: bool,
    impact: Option<Result<Impact, Fault>>,
    busy: Ready,
    hold: Hold,
    on_apply: Callback<String>,
}

#[component]
fn Pane(props: &PaneProps) -> Html {
    let (typed, command) = (use_state(String::new), use_state(|| Shown::Hidden));
    let wanted = props.plan.as_ref().and_then(|plan| plan.typed.clone());
    let ready = if props.plan.is_some() && wanted.as_ref().is_none_or(|wanted| *wanted == *typed) { props.busy } else { Ready::No };
    let go = {
        let (apply, typed) = (props.on_apply.clone(), (*typed).clone());
        Callback::from(move |_: MouseEvent| apply.emit(typed.clone()))
    };
    let turn = {
        let (command, to) = (command.setter(), command.other());
        Callback::from(move |_: MouseEvent| command.set(to))
    };
    let words = match &props.version {
        Some(version) => format!("Upgrade {} to {version}", props.name),
        None => format!("Upgrade {}", props.name),
    };
    html! {
        <aside class="pane planpane slim" aria-label="Checks">
            <div class="pb">
                <h2 class="sec" style="margin-bottom:2px">{ "Checks" }<span class="grow"></span>if props.plan.is_some() { <span class="t3 s12">{ "dry run" }</span> }</h2>
                { inside(props) }
            </div>
            <div class="pf">
                if let Some(plan) = &props.plan {
                    <div class="s12 t3">{ takes(&schedule(&plan.replaced, &props.name)) }{ " It can be paused between machines, not undone." }</div>
                    if *command == Shown::Whole { { parts::commands(plan) } }
                }
                if let Some(wanted) = wanted {
                    <TypedName wanted={wanted.clone()} typed={typed.clone()} />
                }
                <div class="btnrow">
                    <Btn kind={BtnKind::Ghost} ready={Ready::from(props.plan.is_some())} onclick={turn}>{ command.verb() }</Btn><span class="grow"></span>
                    { props.hold.button(BtnKind::Primary, ready, go, &words) }
                </div>
            </div>
        </aside>
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Hidden,
    Whole,
}

impl Shown {
    fn other(self) -> Self {
        match self {
            Self::Hidden => Self::Whole,
            Self::Whole => Self::Hidden,
        }
    }

    fn verb(self) -> &'static str {
        match self {
            Self::Hidden => "Show command",
            Self::Whole => "Hide command",
        }
    }
}

fn inside(props: &PaneProps) -> Html {
    let Some(plan) = &props.plan else {
        let words = match (&props.version, props.failed) {
            (_, true) => html! { <p class="t3">{ "There is no plan: its reason stands beside." }</p> },
            (Some(_), false) => html! { <div aria-busy="true"><Skeleton width={240} /></div> },
            (None, false) => html! { <p class="t3">{ "There is no version to go to now." }</p> },
        };
        return words;
    };
    let fields = plan.writes.iter().map(|write| format!("{} {}", write.kind, write.name)).collect::<Vec<_>>().join(", ");
    // What may not be wanted stands first.
    let (risks, others): (Vec<_>, Vec<_>) = plan.effects.iter().partition(|effect| effect.weight == Follows::Risk);
    html! {
        <>
            <div class="chk"><Glyph state={State::Healthy} /><div class="hd">{ "The server accepts the change" }</div><p>{ "It ran it dry, webhooks included: " }<span class="mono">{ fields }</span></p></div>
            { for risks.into_iter().map(parts::check) }
            { super::impact::checks(props.impact.as_ref()) }
            { for others.into_iter().map(parts::check) }
            <div style="margin-top:12px">{ parts::text(plan) }</div>
        </>
    }
}
