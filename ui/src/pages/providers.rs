//! Which providers does a management cluster hold, how are they, and what can be done with them?
//!
//! Start at: [`ProvidersPage`] for the page with its streams and calls, [`ProvidersSheet`] for what it shows.

mod add;
mod aside;
mod log;
mod moving;
mod plan;
pub(crate) mod read;
mod upgrade;

use std::rc::Rc;

use api::{
    ContextId, Fault, Row as _, RowId, Status, Timestamp, feed,
    providers::{Begins, PlanProviderUpgrade, ProviderAt, ProviderChanges, ProviderRow, ReadProviderChanges, UpgradeOffers, UpgradeProviders},
};
use yew::prelude::*;

pub use add::{AddSheet, AddSheetProps};
pub use log::{LogSheet, LogSheetProps};
pub use moving::{MoveSheet, MoveSheetProps};
pub use plan::{PlanDialog, PlanDialogProps};

use crate::{
    feeds::{use_call, use_feed},
    model::{
        clock::Pace,
        fleet::row_id,
        providers::{best, health, next_of, ordered, plan_of, summary, upgrade_words, wait_words},
        route::Route,
        time::ago,
    },
    pages::{
        cluster::watching::Watching,
        clusters::{Beside, use_beside},
        table::sidebar::{At, Sidebar},
    },
    shell::{clock::use_now, fixes::use_fix, router::use_router, world::use_world},
    widgets::{Btn, EmptyState, Glyph, Lead, Pic, Pill, Ready, Skeleton, State},
};

const COLUMNS: &str = "--cols:20px 222px 68px 68px 118px minmax(0,1fr);--pad:16px;flex:none";

/// What lies over the page or beside it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Over {
    #[default]
    Nothing,
    Add,
    Upgrade(Begins),
    Move,
    /// What the chosen one writes.
    Log,
}

#[derive(Properties, PartialEq)]
pub struct ProvidersPageProps {
    pub context: ContextId,
}

/// The providers of a context, live.
#[component]
pub fn ProvidersPage(props: &ProvidersPageProps) -> Html {
    let context = &props.context;
    let Beside { counts, clusters, sides, sight, on_kind, on_go, .. } = use_beside(context);
    let rows = use_feed(feed::Providers(context.clone()));
    let (over, chosen) = (use_state(Over::default), use_state(|| None::<RowId>));
    let (plan, start, router, on_fix) = (use_call::<PlanProviderUpgrade>(), use_call::<UpgradeProviders>(), use_router(), use_fix());
    let now = use_now(|now| Pace::of(now, []));
    let set_over = {
        let over = over.setter();
        Callback::from(move |to| over.set(to))
    };
    let on_choose = {
        let chosen = chosen.setter();
        Callback::from(move |row| chosen.set(row))
    };
    let on_look = {
        let (plan, context) = (plan.clone(), context.clone());
        Callback::from(move |()| plan.ask(PlanProviderUpgrade { context: context.clone() }))
    };
    let offers = plan.state().answer().cloned();
    let changes = use_call::<ReadProviderChanges>();
    {
        // Their texts lie where the releases are, and those were just asked for.
        let (changes, context) = (changes.clone(), context.clone());
        use_effect_with(offers.clone(), move |offers| {
            let next = offers.as_ref().map(next_of).unwrap_or_default();
            if !next.is_empty() {
                changes.ask(ReadProviderChanges { context, next });
            }
        });
    }
    let close = set_over.reform(|()| Over::Nothing);
    let to_job = {
        let context = context.clone();
        Callback::from(move |job| {
            read::forget(&context);
            router.go(Route::Job(job));
        })
    };
    let on_upgrade = {
        let (start, context, offers, to_job) = (start.clone(), context.clone(), offers.clone(), to_job.clone());
        let begins = if let Over::Upgrade(begins) = *over { begins } else { Begins::Now };
        Callback::from(move |typed: String| {
            let Some(offer) = offers.as_ref().and_then(|offers| offers.offers.get(best(offers)?)) else { return };
            let Some(plan) = plan_of(offer, begins) else { return };
            let to_job = to_job.clone();
            let call = UpgradeProviders { context: context.clone(), contract: offer.contract.clone(), begins, seen: plan.seen.clone(), typed };
            start.ask_then(call, move |answer| {
                if let Ok(job) = answer {
                    to_job.emit(job.clone());
                }
            });
        })
    };
    let (providers, _) = ordered(&rows.rows());
    let row = use_world().contexts.get(&row_id(context));
    use_effect_with((row, rows.status() == Status::Live, providers.len()), |(row, live, count)| {
        if let Some(row) = row.as_ref().filter(|_| *live) {
            read::keep(row, *count);
        }
    });
    let asking = if plan.state().pending() { Ready::Busy } else { Ready::Yes };
    let dialog = match *over {
        Over::Nothing | Over::Add => Html::default(),
        Over::Log => match rows.rows().iter().find(|row| (*chosen).as_ref() == Some(&row.id())) {
            Some(row) => {
                let at = ProviderAt { context: context.clone(), name: row.name.clone() };
                html! { <log::LogDialog {at} title={row.title.clone()} on_close={close.clone()} /> }
            }
            None => Html::default(),
        },
        Over::Move => html! { <moving::MoveDialog context={context.clone()} on_close={close.clone()} on_job={to_job.clone()} /> },
        Over::Upgrade(begins) => {
            let at = offers.as_ref().and_then(|offers| Some((offers, best(offers)?)));
            let verb = at.map(|(offers, at)| upgrade_words(offers, at)).unwrap_or_default();
            let shown = at.and_then(|(offers, at)| plan_of(offers.offers.get(at)?, begins).cloned());
            let verb = match at.and_then(|(offers, at)| offers.offers.get(at)?.later.as_ref()).filter(|_| begins == Begins::WhenClustersStand) {
                Some(later) => format!("{}, then {}", wait_words(later), verb.to_lowercase()),
                None => verb,
            };
            let typed = offers.as_ref().and_then(|offers| offers.typed.clone());
            let busy = if start.state().pending() { Ready::Busy } else { Ready::Yes };
            html! { <PlanDialog {verb} keep="Cancel" plan={shown} {typed} fault={start.state().fault().cloned()} {busy} on_go={on_upgrade} on_close={close.clone()} on_fix={on_fix.clone()} /> }
        }
    };
    html! {
        <>
            <Sidebar at={At::Providers} {counts} {on_kind} {clusters} {sides} context={Some(context.clone())} providers={Some(providers.len())} on_go={on_go.clone()} />
            if rows.status() == Status::Live { <Watching kinds={sight.watched.kinds} {now} /> }
            <ProvidersSheet rows={rows.rows()} status={rows.status()} chosen={(*chosen).clone()} {offers} fault={plan.state().fault().cloned()} {asking} {now} over={*over} changes={changes.state().answer().cloned().unwrap_or_default()} reading={if changes.state().pending() { Ready::Busy } else { Ready::Yes }} unread={changes.state().fault().cloned()} {on_choose} {on_look} on_over={set_over} on_fix={on_fix.clone()} on_go={on_go.clone()} />
            if *over == Over::Add { <add::AddPane context={context.clone()} on_close={close} on_job={to_job} /> }
            { dialog }
        </>
    }
}

#[derive(Properties, PartialEq)]
pub struct ProvidersSheetProps {
    pub rows: Vec<Rc<ProviderRow>>,
    pub status: Status,
    /// The row whose errors and kinds stand beside the table.
    #[prop_or_default]
    pub chosen: Option<RowId>,
    /// What clusterctl said of newer releases, when it was asked.
    #[prop_or_default]
    pub offers: Option<UpgradeOffers>,
    /// What the next releases change, when their texts were read.
    #[prop_or_default]
    pub changes: Vec<ProviderChanges>,
    #[prop_or_default]
    pub reading: Ready,
    #[prop_or_default]
    pub unread: Option<Fault>,
    #[prop_or_default]
    pub fault: Option<Fault>,
    #[prop_or_default]
    pub asking: Ready,
    pub now: Timestamp,
    #[prop_or_default]
    pub over: Over,
    #[prop_or_default]
    pub on_choose: Callback<Option<RowId>>,
    #[prop_or_default]
    pub on_look: Callback<()>,
    #[prop_or_default]
    pub on_over: Callback<Over>,
    #[prop_or_default]
    pub on_fix: Callback<api::Fix>,
    #[prop_or_default]
    pub on_go: Callback<Route>,
}

/// Table, plan of an upgrade, and what one of them says.
#[component]
pub fn ProvidersSheet(props: &ProvidersSheetProps) -> Html {
    let (providers, needed) = ordered(&props.rows);
    let go = |to: Over| props.on_over.reform(move |_: MouseEvent| to);
    let some = Ready::from(!providers.is_empty());
    html! {
        <>
            <main class="page providers">
                <div class="toolbar">
                    <h1>{ "Providers" }</h1>
                    if !providers.is_empty() { <span class="t3 s12 nw">{ summary(&providers) }</span> }
                    <span class="grow"></span>
                    <Btn ready={some} onclick={go(Over::Move)}>{ "Move clusters…" }</Btn>
                    <Btn icon={Pic::Plus} ready={some} onclick={go(Over::Add)}>{ "Add provider…" }</Btn>
                </div>
                { upgrade::banner(props) }
                { inside(props, &providers, &needed) }
                { upgrade::foot(props) }
            </main>
            if props.over != Over::Add { { aside::aside(props) } }
        </>
    }
}

fn inside(props: &ProvidersSheetProps, providers: &[Rc<ProviderRow>], needed: &[Rc<ProviderRow>]) -> Html {
    match &props.status {
        Status::Loading if props.rows.is_empty() => html! { <div class="empty" aria-busy="true"><Skeleton width={260} /><Skeleton width={180} /></div> },
        Status::Denied { why } | Status::Stale { why, .. } if props.rows.is_empty() => {
            html! { <EmptyState lead={Lead::State(State::Failed)} head={html! { &why.sentence }}>{ why.cause.first().map(|quote| quote.text.clone()) }</EmptyState> }
        }
        Status::Loading | Status::Live | Status::Closed | Status::Stale { .. } | Status::Denied { .. } if providers.is_empty() => {
            let create = props.on_go.reform(|_: MouseEvent| Route::Create);
            let actions = html! { <Btn onclick={create}>{ "Create local management cluster" }</Btn> };
            html! { <EmptyState head="No providers" {actions}>{ "Neither an inventory of clusterctl nor a controller of Cluster API is in this cluster." }</EmptyState> }
        }
        Status::Loading | Status::Live | Status::Closed | Status::Stale { .. } | Status::Denied { .. } => html! {
            <div class="scroll col">
                <div class="datatable t-prov" role="table" aria-label="Providers" style={COLUMNS}>
                    <div class="th" role="row">
                        <div role="columnheader"><span class="unseen">{ "State" }</span></div><div role="columnheader">{ "Provider" }</div><div role="columnheader">{ "Version" }</div>
                        <div role="columnheader">{ "Contract" }</div><div role="columnheader">{ "Health" }</div><div role="columnheader">{ "Last error line" }</div>
                    </div>
                    { for providers.iter().map(|row| line(row, props)) }
                    if !needed.is_empty() {
                        <div class="grp" role="row" style="height:28px"><span role="cell" class="m" style="color:var(--text-1)">{ "Needed by them" }</span></div>
                        { for needed.iter().map(|row| line(row, props)) }
                    }
                </div>
                { upgrade::part(props) }
            </div>
        },
    }
}

fn line(row: &Rc<ProviderRow>, props: &ProvidersSheetProps) -> Html {
    let (state, voice, words) = health(row);
    let id = row.id();
    let on = props.chosen.as_ref() == Some(&id);
    let to = if on { None } else { Some(id.clone()) };
    let onclick = props.on_choose.reform(move |_: MouseEvent| to.clone());
    let error = match row.errors.first() {
        Some(error) => {
            html! { <><span class="mono">{ &error.text }</span>{ " " }<span class="t3 nw">{ error.at.map(|at| ago(props.now.since(at))) }</span></> }
        }
        None => html! { <span class="t3">{ "none in its log" }</span> },
    };
    html! {
        <div key={id.0} class={classes!("tr", "opens", on.then_some("on"))} role="row" style="height:44px" onclick={onclick.clone()}>
            <div role="cell"><Glyph {state} /><span class="unseen">{ state.word() }</span></div>
            <div role="cell"><div class="col" style="line-height:18px"><button type="button" class="bare m ell" aria-pressed={on.to_string()} {onclick}>{ &row.title }</button><span class="mono t3 ell s11">{ &row.namespace }</span></div></div>
            <div class="mono t2" role="cell">{ &row.version }</div>
            <div class="mono t2" role="cell" title={row.contracts.join(", ")}>{ row.contracts.first() }</div>
            <div role="cell"><Pill {state} {voice}>{ words }</Pill></div>
            <div class="errl" role="cell">{ error }</div>
        </div>
    }
}
