//! What does one see who has no cluster yet?
//!
//! Start at: [`Welcome`] for the first time, [`Empty`] when all clusters are gone.

pub mod plan;
pub mod view;

use api::{
    app::{AskAbout, LookAround, SetMode},
    computer::{CheckId, Mode, Remedy},
    local::{PlanManagement, SuggestManagement},
};
use yew::prelude::*;

use crate::{
    feeds::use_call,
    model::{
        clock::Pace,
        facts::{facts, verdicts},
    },
    pages::remedy::RemedyDialog,
    shell::{clock::use_now, fixes::send, router::use_router, toasts::use_toasts, world::use_world},
};
use view::{EmptyView, WelcomeView};

/// Three ways to begin, and what this computer is like.
#[component]
pub fn Welcome() -> Html {
    let (world, router, toasts) = (use_world(), use_router(), use_toasts());
    let now = use_now(|now| Pace::of(now, world.computer.one().and_then(|c| c.looked)));
    let about = use_call::<AskAbout>();
    {
        let about = about.clone();
        use_effect_with((), move |()| about.ask(AskAbout));
    }
    let computer = world.computer.one().map(|c| (*c).clone()).unwrap_or_default();
    let checks = world.checks.rows();
    let fix = checks.iter().find(|c| c.id == CheckId::Docker).and_then(|c| c.fixes.first()).cloned();
    let asked = use_state(|| None::<Remedy>);
    let on_remedy = {
        let asked = asked.setter();
        Callback::from(move |remedy| asked.set(Some(remedy)))
    };
    let unasked = {
        let asked = asked.setter();
        Callback::from(move |()| asked.set(None))
    };
    let on_look = {
        let toasts = toasts.clone();
        Callback::from(move |()| send(LookAround, &toasts))
    };
    let on_demo = Callback::from(move |()| send(SetMode { mode: Mode::Demo }, &toasts));
    html! {
        <>
        <WelcomeView
            facts={facts(&computer, &checks, world.local.len())}
            looked_at={about.state().answer().map(|a| a.looked_at.clone()).unwrap_or_default()}
            {computer} {fix} {now} {on_look} {on_demo} {on_remedy}
            on_go={Callback::from(move |route| router.go(route))}
        />
        if let Some(remedy) = *asked { <RemedyDialog {remedy} on_close={unasked} /> }
        </>
    }
}

/// The way to a first cluster, with its plan.
#[component]
pub fn Empty() -> Html {
    let (world, router) = (use_world(), use_router());
    let about = use_call::<AskAbout>();
    let suggestion = use_call::<SuggestManagement>();
    let plan = use_call::<PlanManagement>();
    {
        let (about, suggestion, plan) = (about.clone(), suggestion.clone(), plan.clone());
        use_effect_with((), move |()| {
            about.ask(AskAbout);
            suggestion.ask_then(SuggestManagement, move |answer| {
                if let Ok(suggestion) = answer {
                    plan.ask(PlanManagement { spec: suggestion.spec.clone() });
                }
            });
        });
    }
    let computer = world.computer.one().map(|c| (*c).clone()).unwrap_or_default();
    html! {
        <EmptyView
            facts={facts(&computer, &world.checks.rows(), world.local.len())}
            checks={verdicts(&world.checks.rows())}
            looked_at={about.state().answer().map(|a| a.looked_at.clone()).unwrap_or_default()}
            plan={plan.state().answer().cloned()}
            on_go={Callback::from(move |route| router.go(route))}
        />
    }
}
