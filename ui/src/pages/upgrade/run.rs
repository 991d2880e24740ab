//! How does an upgrade go on, machine by machine?
//!
//! Start at: [`RunSheet`].

pub mod budget;
mod lanes;

use std::rc::Rc;

use api::{
    Fault, Status, Timestamp,
    budget::{AskBudget, HeldPod, MoreCopies},
    capi::{Explanation, Weight},
    changes::ClusterAt,
    contexts::{Away, Link},
    upgrading::{DrainLine, DrainPace, RunState, RunStep, UpgradeRun},
};
use yew::prelude::*;

use crate::{
    feeds::use_call,
    model::{
        capi::{controller_words, is_error, klog, why_head},
        clock::{Clock, Pace, count},
        connect::kept,
        route::Route,
        upgrading::{away_words, bar, detail, drain_line, drain_time, held_pod, mark, outlook, time, title},
    },
    pages::cluster::{
        Parts,
        verbs::{Verb, dialog},
        watching::told,
        why::quote,
    },
    shell::{
        clock::use_clock,
        saying::{Said, use_saying},
        world::use_world,
    },
    widgets::{Btn, BtnKind, Fold, Glyph, GlyphSize, Pic, Quote, Ready, SegBar, State, StepItem, StepList},
};

#[derive(Properties, PartialEq)]
pub struct RunPageProps {
    pub at: ClusterAt,
    pub run: Rc<UpgradeRun>,
    pub parts: Rc<Parts>,
    pub status: Status,
    pub on_versions: Callback<()>,
    pub on_go: Callback<Route>,
}

/// The run with the clock and the questions over it.
#[component]
pub fn RunPage(props: &RunPageProps) -> Html {
    let going = props.run.state == RunState::Going;
    let changed = props.parts.changed();
    let clock = use_clock(|now| Pace::when(going).or(Pace::of(now, changed)));
    let asking = use_state(|| None::<Question>);
    let at = &props.at;
    let (budget, world) = (use_call::<AskBudget>(), use_world());
    let mine = world.contexts.look(|rows| kept(rows, at));
    let is_open = mine.as_ref().is_some_and(|row| matches!(row.link, Link::Live { .. }));
    let away = mine.map(|row| row.away.clone()).unwrap_or_default();
    {
        let budget = budget.clone();
        // Asked again when the context of the cluster is opened meanwhile.
        use_effect_with((at.clone(), held_pod(&props.run), is_open), move |(at, pod, _)| {
            if let Some(pod) = pod {
                budget.ask(AskBudget { at: at.clone(), pod: pod.clone() });
            }
        });
    }
    // An answer about another pod is none.
    let held = budget.state().answer().filter(|held| Some(&held.pod) == held_pod(&props.run).as_ref()).cloned().map(Rc::new);
    let command = format!("clusterctl describe cluster {} --namespace {} --show-conditions all", at.name, at.namespace);
    use_saying(Said { command: Some(command.into()), about: told(props.parts.watched, changed, clock.now), ..Said::default() });
    let on = {
        let (asking, go, versions) = (asking.setter(), props.on_go.clone(), props.on_versions.clone());
        let back = Route::Cluster { context: at.context.clone(), namespace: at.namespace.clone(), name: at.name.clone() };
        Callback::from(move |action: Action| match action {
            Action::Ask(verb) => asking.set(Some(Question::Change(verb))),
            Action::Budget => asking.set(Some(Question::Budget)),
            Action::Scale(copies) => asking.set(Some(Question::Scale(copies))),
            Action::Leave => go.emit(back.clone()),
            Action::Versions => versions.emit(()),
        })
    };
    let on_close = {
        let asking = asking.setter();
        Callback::from(move |()| asking.set(None))
    };
    html! {
        <>
            <RunSheet name={at.name.clone()} run={props.run.clone()} parts={props.parts.clone()} status={props.status.clone()} {clock} held={held.clone()} held_fault={budget.state().fault().cloned()} {away} {on} />
            { match (&*asking, held) {
                (Some(Question::Change(verb)), _) => dialog(Some(verb), at, on_close),
                (Some(Question::Budget), Some(held)) => html! { <budget::BudgetSheet {held} {on_close} /> },
                (Some(Question::Scale(copies)), _) => html! { <budget::ScaleDialog at={at.clone()} copies={copies.clone()} {on_close} /> },
                (Some(Question::Budget), None) | (None, _) => Html::default(),
            } }
        </>
    }
}

/// A question that is open.
#[derive(Debug, Clone, PartialEq)]
enum Question {
    Change(Verb),
    Budget,
    Scale(MoreCopies),
}

/// What can be done on the page.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    Ask(Verb),
    /// Shows the budget that holds the drain.
    Budget,
    /// Asks before something is started once more, so that the budget lets it go.
    Scale(MoreCopies),
    /// It goes on without the page.
    Leave,
    /// Back to the versions that can be chosen.
    Versions,
}

#[derive(Properties, PartialEq)]
pub struct RunSheetProps {
    pub name: String,
    pub run: Rc<UpgradeRun>,
    pub parts: Rc<Parts>,
    pub status: Status,
    pub clock: Clock,
    /// What the workload cluster says of the pod that is held.
    #[prop_or_default]
    pub held: Option<Rc<HeldPod>>,
    /// Why it says nothing.
    #[prop_or_default]
    pub held_fault: Option<Fault>,
    /// When the API server of the cluster did not answer KOS.
    #[prop_or_default]
    pub away: Vec<Away>,
    pub on: Callback<Action>,
}

/// Bar and steps left; what holds, lanes and what the controllers say right.
#[component]
pub fn RunSheet(props: &RunSheetProps) -> Html {
    let RunSheetProps { name, run, clock, .. } = props;
    let says = outlook(run, clock.now);
    let left = html! { <>{ says.before }<b class="m" style="color:var(--text-1)">{ says.time }</b>{ says.after }</> };
    let steps: Vec<StepItem> = run.steps.iter().map(|step| item(step, props)).collect();
    let chosen = run.steps.iter().position(|step| mark(step.stage) == api::jobs::StepMark::Running);
    html! {
        <main class="page">
            <div class="pagehead">
                <div style="min-width:0">
                    <h1 class="ell" title={name.clone()}>{ "Upgrade " }<span class="mono" style="font-size:18px;font-weight:600">{ name }</span>{ format!(" to {}", run.to) }</h1>
                    <p>{ lead(run) }</p>
                </div>
                { buttons(props) }
            </div>
            <SegBar segs={bar(run, clock.now)} {left} right={says.right} />
            <div class="runsplit uprun">
                <StepList {steps} {chosen} on_choose={Callback::noop()} />
                <div class="outcol scrolls">
                    { holds(props) }
                    { lanes::lanes(props) }
                    <Controllers parts={props.parts.clone()} clock={*clock} />
                </div>
            </div>
        </main>
    }
}

fn lead(run: &UpgradeRun) -> String {
    match run.state {
        RunState::Going => "Pods stay up where a second copy exists. You may close this page; Cluster API goes on without KOS.".to_owned(),
        RunState::Paused => "The cluster is paused: no machine is replaced until it is resumed. What runs in it goes on.".to_owned(),
        RunState::Done { .. } => format!("Every machine runs {}; it was {} before.", run.to, run.from),
    }
}

fn buttons(props: &RunSheetProps) -> Html {
    let ready = Ready::from(matches!(props.status, Status::Live));
    let press = |action: Action| props.on.reform(move |_: MouseEvent| action.clone());
    let leave = format!("Show {}", props.name);
    let inside = match props.run.state {
        RunState::Going => {
            html! { <><Btn icon={Pic::Pause} {ready} onclick={press(Action::Ask(Verb::Pause))}>{ "Pause…" }</Btn><Btn onclick={press(Action::Leave)}>{ "Run in background" }</Btn></> }
        }
        RunState::Paused => {
            html! { <><Btn icon={Pic::Zap} {ready} onclick={press(Action::Ask(Verb::Resume))}>{ "Resume…" }</Btn><Btn onclick={press(Action::Leave)}>{ leave }</Btn></> }
        }
        RunState::Done { .. } => {
            html! { <><Btn onclick={press(Action::Versions)}>{ "Choose another version" }</Btn><Btn onclick={press(Action::Leave)}>{ leave }</Btn></> }
        }
    };
    html! { <div class="btnrow">{ inside }</div> }
}

fn item(step: &RunStep, props: &RunSheetProps) -> StepItem {
    // Words and names take turns.
    let mut said = detail(step, &props.name);
    if let (Some(last), Some(away)) = (said.last_mut(), away_words(step, &props.away, props.clock.now)) {
        last.push_str(&away);
    }
    let detail = said.into_iter().enumerate().map(|(at, words)| {
        if at % 2 == 1 {
            html! { <span class="mono">{ words }</span> }
        } else {
            html! { { words } }
        }
    });
    let detail: Html = detail.collect();
    let parts = step.pods.iter().map(|line| pods(line, props.clock.now)).collect::<Html>();
    StepItem {
        mark: mark(step.stage),
        title: html! { { title(step, &props.run) } },
        detail,
        time: time(step, props.clock.now).into(),
        parts: if step.pods.is_empty() { Html::default() } else { parts },
    }
}

fn pods(line: &DrainLine, now: Timestamp) -> Html {
    let (state, words) = drain_line(line);
    let time = drain_time(line, now).map(|time| html! { <span class="tm">{ time }</span> });
    html! { <div><Glyph {state} /><span class="unseen">{ state.word() }</span><span class="mono ell" title={line.pods.clone()}>{ &line.pods }</span><span class="t3 nw">{ words }</span>{ time }</div> }
}

/// What holds the upgrade, quoted; nothing while it only takes its time.
fn holds(props: &RunSheetProps) -> Html {
    // A budget that holds a drain within its time is no trouble, and said all the same: it can be limited.
    let tells = |why: &&Rc<Explanation>| matches!(why.weight, Weight::Stuck | Weight::Unclear) || why.rule.as_deref() == Some("delete-drain");
    let Some(why) = props.parts.why.as_ref().filter(tells).filter(|_| props.run.state == RunState::Going) else {
        return Html::default();
    };
    let (state, head) = why_head(&props.name, why.weight);
    let held = props.run.steps.iter().flat_map(|step| &step.pods).find(|line| line.pace == DrainPace::Held);
    let (state, head) = match held {
        Some(line) if why.rule.as_deref() == Some("delete-drain") => (State::Warning, format!("{} holds the drain", line.pods)),
        Some(_) | None => (state, head),
    };
    html! {
        <div style="padding:12px 16px">
            <section class="fix warning" style="padding:12px 16px">
                <h2><Glyph {state} size={GlyphSize::Large} />{ head }</h2>
                <p style="margin-top:6px;line-height:19px">{ &why.sentence }</p>
                <div style="margin-top:8px">{ for why.seen.iter().map(|one| html! { <Quote quote={quote(one, props.clock)} /> }) }</div>
                { remedies(why, props) }
            </section>
        </div>
    }
}

fn remedies(why: &Explanation, props: &RunSheetProps) -> Html {
    let each = why.remedies.iter().filter_map(|one| {
        let verb = Verb::Remedy(one.change.clone()?);
        let onclick = props.on.reform(move |_: MouseEvent| Action::Ask(verb.clone()));
        Some(html! { <Btn {onclick}>{ format!("{}…", one.title.trim_end_matches('…')) }</Btn> })
    });
    let each: Vec<Html> = inside(props).into_iter().chain(each).collect();
    let untold = held_pod(&props.run).and(props.held_fault.as_ref()).map(|fault| fault.sentence.clone());
    html! {
        <>
            if !each.is_empty() { <div class="btnrow" style="margin-top:12px">{ for each }</div> }
            if let Some(sentence) = untold { <p class="t3 s12" style="margin-top:8px">{ sentence }</p> }
        </>
    }
}

/// What can be seen and done in the workload cluster itself, as far as it could be asked.
fn inside(props: &RunSheetProps) -> Vec<Html> {
    let Some(held) = &props.held else { return vec![] };
    let press = |action: Action| props.on.reform(move |_: MouseEvent| action.clone());
    let scale = held.scale.as_ref().map(|more| {
        let words = format!("Scale {} to {}…", more.of.name, more.to);
        html! { <Btn onclick={press(Action::Scale(more.clone()))}>{ words }</Btn> }
    });
    let open = (!held.budgets.is_empty()).then(|| html! { <Btn kind={BtnKind::Ghost} onclick={press(Action::Budget)}>{ "Open budget" }</Btn> });
    scale.into_iter().chain(open).collect()
}

#[derive(Properties, PartialEq)]
struct ControllersProps {
    parts: Rc<Parts>,
    clock: Clock,
}

/// Lines that are shown: the newest ones tell what goes on.
const MOST_LINES: usize = 40;

/// Log lines of this cluster; where no log is read, the events.
#[component]
fn Controllers(props: &ControllersProps) -> Html {
    let open = use_state(|| true);
    let on_toggle = {
        let open = open.setter();
        Callback::from(move |to| open.set(to))
    };
    let ControllersProps { parts, clock } = props;
    let (log, events) = (&parts.log, &parts.events);
    let (note, lines): (String, Vec<Html>) = if log.is_empty() {
        let newest: Vec<_> = events.iter().take(MOST_LINES).collect();
        let lines = newest.into_iter().rev().map(|event| {
            let class = (event.tone == api::capi::EventTone::Warning).then_some("warning");
            html! { <div key={event.id.clone()} class={classes!("l", class)}><span class="ts">{ clock.seconds(event.at) }</span><span class="ts ell" title={event.source.clone()}>{ &event.kind }</span><span class="tx">{ &event.message }</span></div> }
        });
        (count(events.len() as u64, "event"), lines.collect())
    } else {
        let lines = log.iter().skip(log.len().saturating_sub(MOST_LINES)).map(|line| {
            html! { <div key={line.number} class={classes!("l", is_error(&line.text).then_some("warning"))}><span class="ts">{ line.at.map(|at| clock.seconds(at)) }</span><span class="ts ell" title={line.source.clone()}>{ controller_words(&line.source) }</span><span class="tx" title={line.text.clone()}>{ klog(&line.text) }</span></div> }
        });
        (count(log.len() as u64, "line"), lines.collect())
    };
    html! {
        <div style="margin-top:12px;border-top:1px solid var(--line-1)">
            <Fold open={*open} title={html! { "Controllers, only this cluster" }} note={html! { { note } }} {on_toggle}>
                <div class="logview" style="padding:8px 0;--lc:64px 120px 1fr;overflow:auto;max-height:240px" tabindex="0" role="log" aria-live="off" aria-label="What controllers say">
                    if lines.is_empty() { <p class="t3" style="padding:0 16px">{ "They have said nothing of it yet." }</p> }
                    { for lines }
                </div>
            </Fold>
        </div>
    }
}
