//! Why is a machine not where it should be, what is safe to do, and what did its container say?

use std::rc::Rc;

use api::{
    capi::{EvidenceSource, Explanation, LaneState, LogRow, Weight},
    changes::{ClusterChange, Repair},
    machines::{MachineRow, SaidLine},
};
use yew::prelude::*;

use super::{MachineSheetProps, Side};
use crate::{
    model::{
        capi::is_error,
        clock::{Clock, count},
        machine::{group_words, why_head, why_of},
        route::Route,
    },
    pages::cluster::{
        told,
        verbs::Verb,
        why::{act, quote},
    },
    widgets::{Banner, Btn, BtnSize, CommandBox, Glyph, GlyphSize, LinkBtn, Quote, Ready, Skeleton, State},
};

/// Lines of the container that stand beside the lane.
const LINES: usize = 12;
/// Rules whose cause lies on this computer, where the doctor mends it.
const OF_THIS_COMPUTER: [&str; 2] = ["inotify", "disk-pressure"];

fn why(props: &MachineSheetProps) -> Option<&Explanation> {
    props.parts.why.as_ref().and_then(|why| why_of(why, &props.name))
}

/// In a narrow window the pane folds into this.
pub(super) fn banner(row: &MachineRow, props: &MachineSheetProps) -> Html {
    let Some(why) = why(props).filter(|_| !matches!(row.state, LaneState::Available { .. })) else { return Html::default() };
    let first = why.remedies.iter().find(|one| one.change.is_some());
    html! {
        <div class="narrow-banner">
            <Banner state={State::Warning} head={why.sentence.clone()} actions={first.map(|one| act(one, &props.on_verb)).unwrap_or_default()} />
        </div>
    }
}

/// The right column.
pub(super) fn pane(row: &MachineRow, props: &MachineSheetProps) -> Html {
    let command = props.log.as_ref().map(|log| log.command.clone());
    html! {
        <aside class="pane" aria-label={why_head(&row.state)} style="width:372px">
            <div class="pb">
                { explained(row, props) }
                { said(row, props) }
                { super::host::section(row, props) }
            </div>
            if let Some(command) = command { <div class="pf"><CommandBox {command} /></div> }
        </aside>
    }
}

fn explained(row: &MachineRow, props: &MachineSheetProps) -> Html {
    let why = why(props);
    let stuck = why.is_some_and(|why| why.weight == Weight::Stuck);
    let (state, sentence) = match (why, &row.state) {
        (Some(why), _) => (if stuck { State::Warning } else { State::Progress }, why.sentence.clone()),
        (None, LaneState::Available { .. }) => (State::Healthy, "It serves, and nothing waits for it.".to_owned()),
        (None, _) => (State::Unknown, "KOS sees nothing that blocks this machine. Its conditions say how far it is.".to_owned()),
    };
    let seen = why.map(|why| why.seen.iter().filter(|one| !matches!(one.source, EvidenceSource::Container { .. })).collect::<Vec<_>>()).unwrap_or_default();
    html! {
        <section class={if stuck { "fix warning" } else { "fix" }} style="padding:12px 16px 16px;margin-top:2px">
            <h2><Glyph {state} size={GlyphSize::Large} />{ why_head(&row.state) }</h2>
            <p style="margin-top:6px;line-height:19px">{ sentence }</p>
            { for seen.iter().take(2).map(|one| html! { <Quote quote={quote(one, props.clock)} /> }) }
            <div class="lab">{ "Safe to do now, best first" }</div>
            <ol class="s12 remedies spaced">
                { for why.into_iter().flat_map(|why| why.remedies.iter().map(move |one| (why, one))).enumerate().map(|(at, (why, one))| item(at, &one.title, &one.effect, match &one.change {
                    Some(_) => act(one, &props.on_verb),
                    None if why.rule.as_deref().is_some_and(|rule| OF_THIS_COMPUTER.contains(&rule)) => to_doctor(props),
                    None => Html::default(),
                })) }
                { repair(why.map_or(0, |why| why.remedies.len()), row, props) }
            </ol>
        </section>
    }
}

fn item(at: usize, title: &str, effect: &str, button: Html) -> Html {
    html! {
        <li class="row g8 top">
            <span class="num t3">{ at + 1 }</span>
            <span class="grow">{ title.trim_end_matches('…') }<span class="t3 block">{ effect }</span></span>
            { button }
        </li>
    }
}

fn to_doctor(props: &MachineSheetProps) -> Html {
    let onclick = props.on_go.reform(|_: MouseEvent| Route::Doctor);
    html! { <Btn size={BtnSize::Small} {onclick}>{ "Show fix" }</Btn> }
}

/// Whether a health check may replace it, which is said also where none can.
fn repair(at: usize, row: &MachineRow, props: &MachineSheetProps) -> Html {
    if row.checks.is_empty() {
        let none = format!("no MachineHealthCheck covers {}", group_words(&row.group));
        return item(at, "Leave it to a health check", &none, html! { <Btn size={BtnSize::Small} ready={Ready::No}>{ "Skip repair…" }</Btn> });
    }
    let (title, effect, words, to) = match row.repair {
        Repair::Allowed => ("Keep it to look at it", format!("{} leaves it alone, however ill it is", row.checks.join(", ")), "Skip repair…", Repair::Skipped),
        Repair::Skipped => ("Let it be repaired again", format!("{} leaves it alone now", row.checks.join(", ")), "Allow repair…", Repair::Allowed),
    };
    let change = ClusterChange::SetRepair { machine: row.name.clone(), repair: to };
    let onclick = props.on_verb.reform(move |_: MouseEvent| Verb::Remedy(change.clone()));
    item(at, title, &effect, html! { <Btn size={BtnSize::Small} ready={Ready::from(matches!(props.status, api::Status::Live))} {onclick}>{ words }</Btn> })
}

/// The last lines of its container, where that is on this computer.
fn said(row: &MachineRow, props: &MachineSheetProps) -> Html {
    let Some(log) = &props.log else {
        if row.container.is_some() {
            return html! {
                <>
                    <h2 class="sec" style="margin:16px 0 8px">{ "What the container said" }</h2>
                    if let Some(fault) = &props.log_fault { <p class="t3 s12">{ &fault.sentence }</p> } else { <div aria-busy="true"><Skeleton width={220} /></div> }
                </>
            };
        }
        let all = props.on_side.reform(|_: MouseEvent| Side::Log);
        return html! {
            <>
                <div class="row g8" style="margin:16px 0 8px"><h2 class="sec">{ "What it says" }</h2></div>
                <p class="t3 s12">{ "Its container is not on this computer, so KOS cannot read what it writes. What the controllers write about it stands on " }<LinkBtn onclick={all}>{ "its log" }</LinkBtn>{ "." }</p>
            </>
        };
    };
    let again = props.on_log.reform(|_: MouseEvent| ());
    let from = log.lines.len().saturating_sub(LINES);
    let whole = props.on_side.reform(|_: MouseEvent| Side::Log);
    html! {
        <>
            <div class="row g8" style="margin:16px 0 8px">
                <h2 class="sec">{ "What the container said" }</h2><span class="grow"></span>
                <LinkBtn class="s12" onclick={again}>{ "Read again" }</LinkBtn>
                if from > 0 { <LinkBtn class="s12" onclick={whole}>{ format!("All {} lines", log.lines.len()) }</LinkBtn> }
            </div>
            <div class="frame">{ lines(log.lines.get(from..).unwrap_or_default(), props.clock) }</div>
        </>
    }
}

/// What it wrote, the newest last.
fn lines(lines: &[SaidLine], clock: Clock) -> Html {
    html! {
        <div class="logview" style="--lc:62px 1fr;padding:8px 0" tabindex="0" role="log" aria-live="off" aria-label="Container log">
            { for lines.iter().enumerate().map(|(place, line)| html! {
                <div key={place} class={classes!("l", (is_error(&line.text) || is_failure(&line.text)).then_some("failed"))} style="padding:0 10px">
                    <span class="ts" title={line.at.map(|at| clock.moment(at))}>{ line.at.map(|at| clock.seconds(at)) }</span><span class="tx">{ &line.text }</span>
                </div>
            }) }
        </div>
    }
}

/// All that is read of its container, then what the controllers say of it.
pub(super) fn whole_log(log: &[Rc<LogRow>], props: &MachineSheetProps) -> Html {
    html! {
        <div class="scroll" tabindex="0">
            if let Some(said) = &props.log {
                <div class="subhead"><h2>{ "What the container said" }</h2><span class="t3 s12">{ format!("the last {}", count(said.lines.len() as u64, "line")) }</span></div>
                { lines(&said.lines, props.clock) }
            }
            <div class="subhead"><h2>{ "What the controllers say of it" }</h2></div>
            { told::log(log, props.clock) }
        </div>
    }
}

/// Programs in a container say it in words of their own.
fn is_failure(line: &str) -> bool {
    let line = line.to_lowercase();
    ["too many open files", "failed to", "error:", "fatal"].iter().any(|word| line.contains(word))
}
