//! Can clusters live on this machine, and what helps when they cannot?
//!
//! Start at: [`DoctorPage`].

mod aside;
pub mod network;
pub mod offer;
mod row;

use std::rc::Rc;

use api::{
    Fault,
    computer::{CheckAll, CheckId, CheckRow, ComputerView, Recheck, Remedy, Report},
    local::{FindLeftovers, LeftNetwork, Leftovers},
    programs::Tool,
};
use yew::prelude::*;

use crate::{
    feeds::use_call,
    model::{
        clock::{Clock, Pace},
        doctor,
        route::Route,
    },
    pages::remedy::RemedyDialog,
    shell::{clipboard::copy, clock::use_clock, fixes::send, router::use_router, toasts::use_toasts, world::use_world},
    widgets::{Btn, BtnRow, Pic, Ready, Skeleton},
};

#[component]
pub fn DoctorPage() -> Html {
    let (world, toasts, router) = (use_world(), use_toasts(), use_router());
    let clock = use_clock(|now| Pace::of(now, world.checks.rows().iter().filter_map(|c| c.checked).max()));
    let (all, report) = (use_call::<CheckAll>(), use_call::<Report>());
    let found = use_call::<FindLeftovers>();
    {
        // A cluster that came or went may have left something, or taken it along.
        let found = found.clone();
        use_effect_with(world.local.version(), move |_| found.ask(FindLeftovers));
    }
    let offered = use_state(|| None::<Tool>);
    let asked = use_state(|| None::<Remedy>);
    let removed = use_state(|| None::<LeftNetwork>);
    let on = {
        let (offered, asked, removed, all, report, toasts) = (offered.setter(), asked.setter(), removed.setter(), all.clone(), report.clone(), toasts.clone());
        Callback::from(move |action| match action {
            Action::CheckAll => all.ask(CheckAll),
            Action::Review(name) => router.go(Route::Delete(name)),
            Action::RemoveNetwork(network) => removed.set(Some(network)),
            Action::Recheck(check) => send(Recheck { check }, &toasts),
            Action::Offer(tool) => offered.set(Some(tool)),
            Action::Remedy(remedy) => asked.set(Some(remedy)),
            Action::CopyReport => {
                let toasts = toasts.clone();
                report.ask_then(Report, move |answer| match answer {
                    Ok(report) => {
                        copy(&report.text);
                        toasts.done("Report copied", "It has no names of clusters or users.");
                    }
                    Err(fault) => toasts.fault(fault.clone()),
                });
            }
        })
    };
    let on_close = {
        let offered = offered.setter();
        Callback::from(move |()| offered.set(None))
    };
    let unasked = {
        let asked = asked.setter();
        Callback::from(move |()| asked.set(None))
    };
    let unremoved = {
        let (removed, found) = (removed.setter(), found.clone());
        Callback::from(move |()| {
            removed.set(None);
            found.ask(FindLeftovers);
        })
    };
    let busy = if all.state().pending() { Ready::Busy } else { Ready::Yes };
    html! {
        <>
            <DoctorSheet checks={world.checks.rows()} computer={world.computer.one()} left_over={found.state().answer().cloned().unwrap_or_default()} {clock} {busy} fault={all.state().fault().cloned()} {on} />
            if let Some(tool) = *offered { <offer::OfferDialog {tool} {on_close} /> }
            if let Some(remedy) = *asked { <RemedyDialog {remedy} on_close={unasked} /> }
            if let Some(network) = removed.as_ref() { <network::NetworkDialog network={network.clone()} on_close={unremoved} /> }
        </>
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    CheckAll,
    /// Shows what would go with a cluster of which only a part is left.
    Review(String),
    /// Shows what removes a network.
    RemoveNetwork(LeftNetwork),
    Recheck(CheckId),
    Offer(Tool),
    /// Shows what KOS would run.
    Remedy(Remedy),
    CopyReport,
}

#[derive(Properties, PartialEq)]
pub struct DoctorSheetProps {
    pub checks: Vec<Rc<CheckRow>>,
    pub computer: Option<Rc<ComputerView>>,
    /// What is left of clusters that nobody knows any more.
    #[prop_or_default]
    pub left_over: Leftovers,
    pub clock: Clock,
    #[prop_or_default]
    pub busy: Ready,
    #[prop_or_default]
    pub fault: Option<Fault>,
    pub on: Callback<Action>,
}

/// Checks in groups, this machine beside them.
#[component]
pub fn DoctorSheet(props: &DoctorSheetProps) -> Html {
    let checks: Vec<CheckRow> = props.checks.iter().map(|row| row.as_ref().clone()).collect();
    // Untouched, the worst check is open; a click decides from then on.
    let touched = use_state(|| None::<Option<CheckId>>);
    let open = (*touched).unwrap_or_else(|| doctor::first_open(&checks));
    let on_fold = {
        let touched = touched.setter();
        Callback::from(move |id: CheckId| touched.set(Some((open != Some(id)).then_some(id))))
    };
    let all = props.on.reform(|_: MouseEvent| Action::CheckAll);
    let groups = doctor::groups(&checks);
    let headline = props.fault.as_ref().map_or_else(|| doctor::headline(&checks), |fault| fault.sentence.clone());
    html! {
        <main class="page">
            <div class="pagehead">
                <div><h1>{ "Doctor" }</h1><p>{ headline }</p></div>
                <BtnRow>
                    if let Some(at) = doctor::checked(&checks) { <span class="s12 t3">{ format!("checked {}", props.clock.ago(at)) }</span> }
                    <Btn icon={Pic::RotateCcw} ready={props.busy} onclick={all}>{ "Check everything" }</Btn>
                </BtnRow>
            </div>
            <div class="fleet doctor" style="grid-template-columns:minmax(0,1fr) 288px">
                <div class="main"><div class="frame">
                    <div class="datatable t-checks" role="table" aria-label="Checks" style="--cols:22px 230px minmax(0,1fr) 150px 150px 22px;--pad:16px">
                        <div class="th" role="row"><div></div><div role="columnheader">{ "Check" }</div><div role="columnheader">{ "Why it matters" }</div><div role="columnheader">{ "Found" }</div><div role="columnheader">{ "Needed" }</div><div></div></div>
                        if groups.is_empty() { { for [180_u16, 140, 200].map(|width| html! { <div class="tr" style="height:32px" aria-busy="true"><div></div><Skeleton {width} /></div> }) } }
                        { for groups.iter().map(|group| html! {
                            <>
                                <div class="grp" role="row" style="height:28px"><div class="whole" role="cell"><span class="m" style="color:var(--text-1)">{ group.title }</span><span class="t3">{ &group.summary }</span></div></div>
                                { for group.rows.iter().map(|check| row::check(check, open == Some(check.id), &on_fold, &props.on)) }
                            </>
                        }) }
                    </div>
                </div></div>
                { aside::aside(props.computer.as_deref(), &props.left_over, props.clock, &props.on) }
            </div>
        </main>
    }
}
