//! Which releases could the providers follow, and what would they change?

use api::{
    Millis,
    jobs::PlanView,
    providers::{Begins, ImageNeed, ProviderChanges, UpgradeLine, UpgradeOffer, UpgradeOffers, title},
};
use yew::prelude::*;

use super::{Over, ProvidersSheetProps, plan};
use crate::{
    model::{
        clock::span,
        providers::{best, can_start, change_lines, change_words, expected, following, images_words, upgrade_words, wait_words},
        time::age,
    },
    widgets::{Banner, Btn, BtnKind, BtnSize, CommandBox, FixCard, Glyph, Pic, Ready, State},
};

const COLUMNS: &str = "--cols:20px 222px 68px 68px minmax(0,1fr) 60px;--pad:16px;flex:none";

fn offer(props: &ProvidersSheetProps) -> Option<(&UpgradeOffers, &UpgradeOffer, usize)> {
    let offers = props.offers.as_ref()?;
    let at = best(offers)?;
    Some((offers, offers.offers.get(at)?, at))
}

/// The plan below the table; before clusterctl was asked, the button that asks.
pub(super) fn part(props: &ProvidersSheetProps) -> Html {
    let look = props.on_look.reform(|_: MouseEvent| ());
    let head = |words: String, verb: &'static str| {
        html! {
            <div class="subhead" style="margin-top:12px;padding:0 16px">
                <h2>{ "Upgrade plan" }</h2><span class="t3 s12 ell">{ words }</span><span class="grow"></span>
                if props.offers.is_some() { <span class="t3 s12 nw">{ "cluster objects are not touched" }</span> }
                <Btn ready={props.asking} icon={Pic::RotateCcw} onclick={look.clone()}>{ verb }</Btn>
            </div>
        }
    };
    let fault = props.fault.as_ref().map(|fault| html! { <div class="pad20"><FixCard fault={fault.clone()} on_fix={props.on_fix.clone()} /></div> });
    match offer(props) {
        Some((offers, offer, _)) => html! {
            <>
                { head(format!("to the newest of contract {}, {}", offer.contract, looked_up(props.now.since(offers.looked_up))), "Look again") }
                { fault }
                { offered(props, offers, offer) }
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

fn looked_up(past: Millis) -> String {
    if past < Millis::seconds(60) { "looked up now".to_owned() } else { format!("looked up {} ago", age(past)) }
}

/// In a narrow window the plan lies below what is seen first.
pub(super) fn banner(props: &ProvidersSheetProps) -> Html {
    let Some((offers, offer, at)) = offer(props) else { return Html::default() };
    let (Some(plan), Some(next)) = (&offer.plan, offer.lines.iter().find_map(|line| line.next.clone())) else { return Html::default() };
    let go = props.on_over.reform(|_: MouseEvent| Over::Upgrade(Begins::Now));
    let actions = html! { <Btn size={BtnSize::Small} ready={Ready::from(can_start(plan))} onclick={go}>{ format!("{}…", upgrade_words(offers, at)) }</Btn> };
    let words = format!("{} can follow, {}.", following(offers, at), expected(plan));
    html! { <div class="narrow-banner"><Banner state={State::Progress} head={format!("{next} is out.")} {actions}>{ words }</Banner></div> }
}

/// The command and the button that asks before it starts; below all that scrolls.
pub(super) fn foot(props: &ProvidersSheetProps) -> Html {
    let Some((offers, offer, at)) = offer(props) else { return Html::default() };
    let Some(plan) = &offer.plan else { return Html::default() };
    let go = props.on_over.reform(|_: MouseEvent| Over::Upgrade(Begins::Now));
    html! {
        <div class="provgo">
            <div class="grow">{ for plan.commands.iter().map(|command| html! { <CommandBox command={command.clone()} /> }) }</div>
            <Btn ready={Ready::from(can_start(plan))} onclick={go}>{ format!("{}…", upgrade_words(offers, at)) }</Btn>
        </div>
    }
}

fn offered(props: &ProvidersSheetProps, offers: &UpgradeOffers, offer: &UpgradeOffer) -> Html {
    let now = props.rows.iter().find(|row| row.name == "cert-manager").map(|row| row.version.clone()).unwrap_or_default();
    let same = offers.cert_manager.ends_with("up to date");
    let times = if offer.plan.as_ref().is_some_and(|plan| plan.learned_from == 0) { "Guessed" } else { "Usually" };
    html! {
        <>
            <div class="datatable t-plan" role="table" aria-label="Upgrade plan" style={COLUMNS}>
                <div class="th" role="row">
                    <div role="columnheader"><span class="unseen">{ "State" }</span></div><div role="columnheader">{ "Provider" }</div><div role="columnheader">{ "Now" }</div>
                    <div role="columnheader">{ "Next" }</div><div role="columnheader">{ "What changes" }</div><div class="right" role="columnheader">{ times }</div>
                </div>
                if !offers.cert_manager.is_empty() {
                    <div class="tr" role="row" style="height:30px">
                        <div role="cell"><Glyph state={State::Skipped} /></div><div role="cell">{ "cert-manager" }</div><div class="mono t2" role="cell">{ now }</div>
                        <div class="t3" role="cell">{ if same { "same" } else { "" } }</div><div class="t2 s12 ell" role="cell">{ &offers.cert_manager }</div><div role="cell"></div>
                    </div>
                }
                { for offer.lines.iter().map(|line| {
                    let changes = props.changes.iter().find(|one| one.name == line.name && line.next.as_ref() == Some(&one.version)).cloned();
                    html! { <PlanLine key={line.name.clone()} line={line.clone()} usually={usually(offer, line)} {changes} reading={props.reading} /> }
                }) }
            </div>
            if let Some(fault) = props.unread.as_ref().filter(|_| offer.plan.is_some()) { <p class="t3 s12" style="padding:6px 16px 0">{ format!("What changes could not be read. {}", fault.sentence) }</p> }
            if let Some(plan) = &offer.plan {
                <div class="provplan">
                    <div>
                        <h2 class="sec" style="margin-bottom:2px">{ "Checks before it starts" }</h2>
                        { plan::checks_with(&plan.obstacles, wait(props, offer)) }
                        { images(&props.changes.iter().flat_map(|one| &one.images).collect::<Vec<_>>()) }
                    </div>
                    <div>{ plan::order(plan) }</div>
                </div>
            }
        </>
    }
}

/// Waiting for clusters, or going on in spite of them.
fn wait(props: &ProvidersSheetProps, offer: &UpgradeOffer) -> Html {
    let Some(later) = &offer.later else { return Html::default() };
    let go = |begins: Begins| props.on_over.reform(move |_: MouseEvent| Over::Upgrade(begins));
    html! {
        <div class="btnrow" style="margin-top:6px">
            <Btn size={BtnSize::Small} onclick={go(Begins::WhenClustersStand)}>{ format!("{}…", wait_words(later)) }</Btn>
            <Btn size={BtnSize::Small} kind={BtnKind::Ghost} onclick={go(Begins::Now)}>{ "Go on anyway…" }</Btn>
        </div>
    }
}

/// Whether images have to be pulled.
pub(super) fn images(images: &[&ImageNeed]) -> Html {
    images_words(images).map(|(state, head, says)| plan::said(state, head, html! { <p>{ says }</p> })).unwrap_or_default()
}

fn usually(offer: &UpgradeOffer, line: &UpgradeLine) -> String {
    let steps = offer.plan.iter().flat_map(|plan: &PlanView| &plan.steps);
    steps.filter(|step| step.title.plain() == title(&line.name)).map(|step| span(step.expected)).next().unwrap_or_default()
}

#[derive(Properties, PartialEq)]
struct PlanLineProps {
    line: UpgradeLine,
    usually: String,
    changes: Option<ProviderChanges>,
    reading: Ready,
}

/// A provider with its next release; its kinds open below it.
#[component]
fn PlanLine(props: &PlanLineProps) -> Html {
    let open = use_state(|| false);
    let PlanLineProps { line, usually, changes, reading } = props;
    let (state, next) = match &line.next {
        Some(next) => (State::Idle, html! { <div class="mono" role="cell">{ next }</div> }),
        None => (State::Skipped, html! { <div class="t3" role="cell">{ "same" }</div> }),
    };
    let turn = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let says = match (changes, &line.next) {
        (_, None) => html! { { "the newest of this contract already" } },
        (None, Some(_)) if *reading == Ready::Busy => html! { <span class="t3">{ "its text is read" }</span> },
        (None, Some(_)) => html! { { "its controller is replaced" } },
        (Some(changes), Some(_)) if changes.kinds.is_empty() => html! { { change_words(changes) } },
        (Some(changes), Some(_)) => {
            html! { <button type="button" class="bare ell link" aria-expanded={open.to_string()} onclick={turn}>{ change_words(changes) }</button> }
        }
    };
    html! {
        <>
            <div class="tr" role="row" style="height:30px">
                <div role="cell"><Glyph {state} /></div><div role="cell">{ title(&line.name) }</div><div class="mono t2" role="cell">{ &line.now }</div>{ next }
                <div class="t2 s12 ell" role="cell">{ says }</div><div class="num t3 s12 right" role="cell">{ usually }</div>
            </div>
            if *open { <div role="row" class="kindchanges"><div role="cell">{ for changes.iter().flat_map(|one| &one.kinds).map(|kind| html! {
                <div key={kind.definition.clone()}>
                    <div class="mono" title={kind.definition.clone()}>{ &kind.kind }</div>
                    <ul>{ for change_lines(kind).into_iter().map(|(state, words)| html! { <li><Glyph {state} /><span class="unseen">{ state.word() }</span><span class="mono">{ words }</span></li> }) }</ul>
                </div>
            }) }</div></div> }
        </>
    }
}
