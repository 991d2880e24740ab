//! Which version shall a cluster run, and which machines are made anew on the way?
//!
//! Start at: [`UpgradePage`] for the page with its calls, [`UpgradeSheet`] for what it shows, [`run::RunSheet`] for an
//! upgrade that goes on.

mod checks;
mod impact;
mod lanes;
pub mod run;

use std::rc::Rc;

use api::{
    ContextId, Fault, Status, Timestamp,
    capi::ClusterRow,
    changes::{Allowed, ChangePlan, ClusterAt, ClusterChange, ClusterOffers, OfferChanges, VersionOffer},
    feed,
    impact::Impact,
    upgrading::{RunState, UpgradeRun},
};
use impact::use_impact;
use yew::prelude::*;

use crate::{
    feeds::{use_call, use_feed},
    model::jobs::node_image,
    pages::{
        change::use_change,
        cluster::{Parts, strip, watching},
        clusters::{Beside, use_beside},
        table::sidebar::{At, Sidebar},
        waiting::gone,
    },
    shell::{
        hold::Hold,
        router::use_router,
        saying::{Said, use_saying},
    },
    widgets::{Btn, BtnKind, FixCard, Glyph, Icon, IconSize, Pic, Ready, Skeleton, State},
};

#[derive(Properties, PartialEq)]
pub struct UpgradePageProps {
    pub context: ContextId,
    pub namespace: String,
    pub name: String,
}

/// The upgrade that goes on; else the versions of the cluster, and the plan of the one that is chosen.
#[component]
pub fn UpgradePage(props: &UpgradePageProps) -> Html {
    let UpgradePageProps { context, namespace, name } = props;
    let at = ClusterAt { context: context.clone(), namespace: namespace.clone(), name: name.clone() };
    let Beside { counts, clusters, sides, on_kind, on_go, .. } = use_beside(context);
    let parts = use_feed(feed::Cluster { context: context.clone(), namespace: namespace.clone(), name: name.clone() });
    let seen = use_memo(parts.clone(), |parts| Rc::new(Parts::sorted(&parts.rows())));
    let goes_on = seen.run.as_ref().is_some_and(|run| !matches!(run.state, RunState::Done { .. }));
    // One that ends while it is looked at stays until another version is wanted.
    let shown = use_state(|| Shown::Versions);
    {
        let shown = shown.setter();
        use_effect_with(goes_on, move |goes_on| {
            if *goes_on {
                shown.set(Shown::Run);
            }
        });
    }
    let inside = match seen.run.clone().filter(|_| goes_on || *shown == Shown::Run) {
        Some(run) => {
            let on_versions = {
                let shown = shown.setter();
                Callback::from(move |()| shown.set(Shown::Versions))
            };
            html! { <run::RunPage {at} {run} parts={(*seen).clone()} status={parts.status()} {on_versions} on_go={on_go.clone()} /> }
        }
        None => html! { <Versions {at} parts={(*seen).clone()} status={parts.status()} /> },
    };
    html! {
        <>
            <Sidebar at={At::Cluster(namespace.clone(), name.clone())} {counts} {on_kind} {clusters} {sides} context={Some(context.clone())} {on_go} />
            { inside }
        </>
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Versions,
    Run,
}

#[derive(Properties, PartialEq)]
struct VersionsProps {
    at: ClusterAt,
    parts: Rc<Parts>,
    status: Status,
}

#[component]
fn Versions(props: &VersionsProps) -> Html {
    let VersionsProps { at, parts, status } = props;
    let (router, offer) = (use_router(), use_call::<OfferChanges>());
    {
        let offer = offer.clone();
        use_effect_with(at.clone(), move |at| offer.ask(OfferChanges { at: at.clone() }));
    }
    let chosen = use_state(|| None::<String>);
    let offers = offer.state().answer().cloned();
    let version = (*chosen).clone().or_else(|| offers.as_ref().and_then(|offers| best(&offers.versions)));
    // The first machine of the new version turns this page into that of the run.
    let asked = use_change(at, version.clone().map(|to| ClusterChange::Upgrade { to }), Callback::noop());
    let impact = use_impact(at, version.clone());
    let command = asked.plan.as_ref().and_then(|plan| plan.commands.first()).cloned().map(AttrValue::from);
    // When the cluster changed last is told by the page of its run.
    let kinds = if *status == Status::Live { parts.watched } else { 0 };
    use_saying(Said { command, about: watching::told(kinds, None, Timestamp::default()), ..Said::default() });
    let on_choose = {
        let chosen = chosen.setter();
        Callback::from(move |version| chosen.set(Some(version)))
    };
    let on_cancel = Callback::from(move |()| router.back());
    let fault = offer.state().fault().cloned().or(asked.fault);
    html! { <UpgradeSheet head={parts.head.clone()} last={parts.run.clone()} status={status.clone()} {offers} {version} plan={asked.plan} {impact} {fault} busy={asked.busy} hold={asked.hold} {on_choose} on_apply={asked.on_apply} on_again={asked.on_again} {on_cancel} on_fix={asked.on_fix} /> }
}

/// The newest that may be chosen.
fn best(versions: &[VersionOffer]) -> Option<String> {
    versions.iter().find(|offer| offer.allowed == Allowed::Yes).map(|offer| offer.version.clone())
}

#[derive(Properties, PartialEq)]
pub struct UpgradeSheetProps {
    pub head: Option<Rc<ClusterRow>>,
    pub status: Status,
    pub offers: Option<ClusterOffers>,
    /// The one that is chosen.
    pub version: Option<String>,
    pub plan: Option<ChangePlan>,
    /// The upgrade that was seen last.
    #[prop_or_default]
    pub last: Option<Rc<UpgradeRun>>,
    /// Who notices, as far as the cluster itself was asked.
    #[prop_or_default]
    pub impact: Option<Result<Impact, Fault>>,
    #[prop_or_else(Hold::none)]
    pub hold: Hold,
    #[prop_or_default]
    pub fault: Option<Fault>,
    #[prop_or_default]
    pub busy: Ready,
    pub on_choose: Callback<String>,
    pub on_apply: Callback<String>,
    #[prop_or_default]
    pub on_again: Callback<()>,
    pub on_cancel: Callback<()>,
    #[prop_or_default]
    pub on_fix: Callback<api::Fix>,
}

/// Versions and lanes left, checks and text right.
#[component]
pub fn UpgradeSheet(props: &UpgradeSheetProps) -> Html {
    let Some(head) = &props.head else {
        return gone(&props.status, "This cluster is not there", "It was deleted, or it never was. Its machines are gone with it.");
    };
    let cancel = props.on_cancel.reform(|_: MouseEvent| ());
    let again = props.on_again.reform(|_: MouseEvent| ());
    html! {
        <>
            <main class="page">
                <div class="objhead">
                    <Icon of={Pic::Boxes} size={IconSize::Large} /><h1 class="ell" title={head.name.clone()}>{ &head.name }</h1><span class="t3 nw">{ "Upgrade" }</span><span class="grow"></span>
                    <div class="btnrow"><Btn kind={BtnKind::Ghost} onclick={cancel}>{ "Cancel" }</Btn></div>
                </div>
                { facts(head, props) }
                <div class="scroll">
                    if let Some(fault) = &props.fault { <div class="pad20"><FixCard fault={fault.clone()} on_fix={props.on_fix.clone()} actions={html! { <Btn onclick={again}>{ "Look again" }</Btn> }} /></div> }
                    { versions(props) }
                    if let Some(plan) = &props.plan { { lanes::lanes(&head.name, &plan.replaced) } }
                    { impact::notices(props.impact.as_ref()) }
                </div>
            </main>
            { checks::pane(&head.name, props) }
        </>
    }
}

fn facts(head: &ClusterRow, props: &UpgradeSheetProps) -> Html {
    let offers = props.offers.as_ref();
    let last = match &props.last {
        Some(run) => html! { <><span class="mono">{ &run.to }</span>{ " " }<span class="t3">{ format!("from {}", run.from) }</span></> },
        None => html! { "none that KOS saw" },
    };
    let planes = offers.and_then(|offers| offers.control_plane.as_ref()).map(|plane| machines(plane.replicas));
    let pools = offers.into_iter().flat_map(|offers| &offers.pools).map(|pool| {
        html! { <dd><span class="mono ell" title={pool.pool.clone()}>{ &pool.pool }</span>{ " " }<span class="t3">{ pool.replicas.map_or_else(|| "sized by an autoscaler".to_owned(), machines) }</span></dd> }
    });
    let class = if head.class.is_empty() { "–".to_owned() } else { head.class.clone() };
    html! {
        <dl class="facts">
            <div><dt>{ "Now" }</dt><dd><span class="mono">{ &head.version }</span></dd></div>
            <div><dt>{ "Machines" }</dt><dd>{ strip(head) }<span class="num">{ format!("{} of {} ready", head.ready(), head.wanted) }</span></dd></div>
            <div><dt>{ "Class" }</dt><dd><span class="mono ell" title={class.clone()}>{ class.clone() }</span></dd></div>
            if let Some(planes) = planes { <div><dt>{ "Control plane" }</dt><dd>{ planes }</dd></div> }
            <div><dt>{ "Pools" }</dt>{ for pools }</div>
            <div class="last"><dt>{ "Last upgrade" }</dt><dd>{ last }</dd></div>
        </dl>
    }
}

fn machines(n: u32) -> String {
    if n == 1 { "1 machine".to_owned() } else { format!("{n} machines") }
}

fn versions(props: &UpgradeSheetProps) -> Html {
    let body = match &props.offers {
        Some(offers) if offers.versions.is_empty() => html! { <p class="t3">{ "KOS knows no version to go to." }</p> },
        Some(offers) => html! {
            <div class="frame">
                <div class="datatable" role="radiogroup" aria-label="To version" style="--cols:20px 88px 160px minmax(0,1fr) 8px;--pad:12px">
                    <div class="th" aria-hidden="true"><div></div><div>{ "Version" }</div><div>{ "Node image" }</div><div>{ "Why" }</div><div></div></div>
                    { for offers.versions.iter().map(|offer| version(props, offer)) }
                </div>
            </div>
        },
        None if props.fault.is_some() => Html::default(),
        None => html! { <div aria-busy="true"><Skeleton width={320} /></div> },
    };
    html! { <div class="toversion"><h2 class="sec" style="margin-bottom:8px">{ "To version" }</h2>{ body }</div> }
}

/// Nothing where the machines are no containers of this computer.
fn image(offer: &VersionOffer) -> String {
    offer.image.map_or_else(|| "–".to_owned(), node_image)
}

fn version(props: &UpgradeSheetProps, offer: &VersionOffer) -> Html {
    let on = props.version.as_ref() == Some(&offer.version);
    match offer.allowed {
        Allowed::Yes => {
            let (version, choose) = (offer.version.clone(), props.on_choose.clone());
            let choose = Callback::from(move |()| choose.emit(version.clone()));
            let onclick = choose.reform(|_: MouseEvent| ());
            let onkeydown = Callback::from(move |e: KeyboardEvent| {
                if matches!(e.key().as_str(), "Enter" | " ") {
                    e.prevent_default();
                    choose.emit(());
                }
            });
            html! {
                <div key={offer.version.clone()} class={classes!("tr", "opens", on.then_some("on"))} role="radio" aria-checked={on.to_string()} tabindex="0" style="height:30px" {onclick} {onkeydown}>
                    <div class="row"><span class={classes!("radio", on.then_some("on"))}></span></div><div class="mono">{ &offer.version }</div><div class="s12 ell t2">{ image(offer) }</div><div class="s12 ell t2">{ &offer.why }</div><div></div>
                </div>
            }
        }
        Allowed::No => html! {
            <div key={offer.version.clone()} class="tr" role="radio" aria-checked="false" aria-disabled="true" style="height:30px">
                <div><Glyph state={State::Deleting} /></div><div class="mono t3">{ &offer.version }</div><div class="s12 ell t2">{ image(offer) }</div><div class="s12 ell t3">{ &offer.why }</div><div></div>
            </div>
        },
    }
}
