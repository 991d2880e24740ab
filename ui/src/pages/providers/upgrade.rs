//! Which releases could the providers follow?

use api::providers::{UpgradeLine, UpgradeOffer, UpgradeOffers, title};
use yew::prelude::*;

use super::{Over, ProvidersSheetProps, plan};
use crate::{
    model::{
        clock::span,
        providers::{best, upgrade_words},
        time::ago,
    },
    widgets::{Btn, CommandBox, FixCard, Glyph, Pic, Ready, State},
};

const COLUMNS: &str = "--cols:20px 222px 68px 68px minmax(0,1fr) 60px;--pad:16px;flex:none";

/// The plan below the table; before clusterctl was asked, the button that asks.
pub(super) fn part(props: &ProvidersSheetProps) -> Html {
    let look = props.on_look.reform(|_: MouseEvent| ());
    let head = |words: String, verb: &'static str| {
        html! {
            <div class="subhead" style="margin-top:12px;padding:0 16px">
                <h2>{ "Upgrade plan" }</h2><span class="t3 s12 ell">{ words }</span><span class="grow"></span>
                <Btn ready={props.asking} icon={Pic::RotateCcw} onclick={look.clone()}>{ verb }</Btn>
            </div>
        }
    };
    let fault = props.fault.as_ref().map(|fault| html! { <div class="pad20"><FixCard fault={fault.clone()} on_fix={props.on_fix.clone()} /></div> });
    match props.offers.as_ref().and_then(|offers| Some((offers, best(offers)?))) {
        Some((offers, at)) => html! {
            <>
                { head(format!("to the newest of contract {}, looked up {}", offers.offers.get(at).map(|o| o.contract.as_str()).unwrap_or_default(), ago(props.now.since(offers.looked_up))), "Look again") }
                { fault }
                { for offers.offers.get(at).map(|offer| offered(props, offers, offer, at)) }
            </>
        },
        None => html! {
            <>
                { head("clusterctl asks where the releases are published".to_owned(), "Look up releases") }
                { fault }
            </>
        },
    }
}

fn offered(props: &ProvidersSheetProps, offers: &UpgradeOffers, offer: &UpgradeOffer, at: usize) -> Html {
    let usually = |line: &UpgradeLine| {
        let steps = offer.plan.iter().flat_map(|plan| &plan.steps);
        steps.filter(|step| step.title.plain() == title(&line.name)).map(|step| span(step.expected)).next().unwrap_or_default()
    };
    let line = |line: &UpgradeLine| {
        let (state, next, says) = match &line.next {
            Some(next) => (State::Idle, html! { <div class="mono" role="cell">{ next }</div> }, "its controller is replaced"),
            None => (State::Skipped, html! { <div class="t3" role="cell">{ "same" }</div> }, "the newest of this contract already"),
        };
        html! {
            <div key={line.name.clone()} class="tr" role="row" style="height:30px">
                <div role="cell"><Glyph {state} /></div><div role="cell">{ title(&line.name) }</div><div class="mono t2" role="cell">{ &line.now }</div>{ next }
                <div class="t2 s12 ell" role="cell">{ says }</div><div class="num t3 s12 right" role="cell">{ usually(line) }</div>
            </div>
        }
    };
    let now = props.rows.iter().find(|row| row.name == "cert-manager").map(|row| row.version.clone()).unwrap_or_default();
    let go = props.on_over.reform(|_: MouseEvent| Over::Upgrade);
    html! {
        <>
            <div class="datatable" role="table" aria-label="Upgrade plan" style={COLUMNS}>
                <div class="th" role="row">
                    <div role="columnheader"><span class="unseen">{ "State" }</span></div><div role="columnheader">{ "Provider" }</div><div role="columnheader">{ "Now" }</div>
                    <div role="columnheader">{ "Next" }</div><div role="columnheader">{ "What changes" }</div><div class="right" role="columnheader">{ "Usually" }</div>
                </div>
                if !offers.cert_manager.is_empty() {
                    <div class="tr" role="row" style="height:30px">
                        <div role="cell"><Glyph state={State::Skipped} /></div><div role="cell">{ "cert-manager" }</div><div class="mono t2" role="cell">{ now }</div>
                        <div class="t3" role="cell">{ "" }</div><div class="t2 s12 ell" role="cell">{ &offers.cert_manager }</div><div role="cell"></div>
                    </div>
                }
                { for offer.lines.iter().map(line) }
            </div>
            if let Some(plan) = &offer.plan {
                <div class="provplan">
                    <div><h2 class="sec" style="margin-bottom:2px">{ "Checks before it starts" }</h2>{ plan::checks(&plan.obstacles) }</div>
                    <div>{ plan::order(plan) }</div>
                </div>
                <div class="provgo">
                    <div class="grow">{ for plan.commands.iter().map(|command| html! { <CommandBox command={command.clone()} /> }) }</div>
                    <Btn ready={Ready::from(crate::model::providers::can_start(plan))} onclick={go}>{ format!("{}…", upgrade_words(offers, at)) }</Btn>
                </div>
            }
        </>
    }
}
