//! How do the first pages look?

use api::{
    Quote as Said, Timestamp,
    app::LookedAt,
    computer::{CheckFix, ComputerView, DockerState, Remedy},
    jobs::PlanView,
    settings::Command,
};
use yew::prelude::*;

use super::plan::PlanLanes;
use crate::{
    model::{
        facts::{Fact, docker, docker_said},
        route::Route,
        time::age,
        welcome::{as_note, as_verb, cost, times},
    },
    pages::remedy::beforehand,
    widgets::{Btn, BtnKind, BtnSize, CommandBox, CommandKey, Glyph, Icon, IconSize, LinkBtn, Pic, Pill, Quote, Skeleton, State, Voice},
    words::fleet::CREATE,
};

#[derive(Properties, PartialEq)]
pub struct WelcomeViewProps {
    pub computer: ComputerView,
    pub facts: Vec<Fact>,
    pub looked_at: Vec<LookedAt>,
    /// A command for a terminal that mends Docker.
    pub fix: Option<CheckFix>,
    pub now: Timestamp,
    #[prop_or_default]
    pub on_look: Callback<()>,
    #[prop_or_default]
    pub on_demo: Callback<()>,
    #[prop_or_default]
    pub on_remedy: Callback<Remedy>,
    #[prop_or_default]
    pub on_go: Callback<Route>,
}

/// Three ways on, one per row.
#[component]
pub fn WelcomeView(props: &WelcomeViewProps) -> Html {
    let demo = props.on_demo.clone();
    let go = |route: Route| go(&props.on_go, route);
    let places = props.looked_at.len();
    html! {
        <main class="page"><div class="wel">
            <div class="wl">
                <h1>{ "Welcome to KOS" }</h1>
                <p class="lead">{ "Watch and run Kubernetes clusters, on this computer and elsewhere. There is no kubeconfig here yet; choose how to begin." }</p>
                { make(props) }
                <div class="way">
                    <span class="wi"><Icon of={Pic::FilePlus2} size={IconSize::Large} /></span>
                    <div><h2>{ "Add a kubeconfig" }</h2><p>{ "Drop a file anywhere in this window, or choose one. It stays where it is; KOS reads it and connects to nothing yet." }</p></div>
                    <span class="s12 t3">if places > 0 { { format!("looked in {places} places") } }</span>
                    <div class="more row g8">
                        <Btn icon={Pic::FolderOpen} onclick={go(Route::AddCluster)}>{ "Choose a file…" }</Btn>
                        <Btn kind={BtnKind::Ghost} onclick={go(Route::AddCluster)}>{ "Paste text…" }</Btn>
                        <span class="s12 t3">{ looked_for(&props.looked_at) }</span>
                    </div>
                </div>
                <div class="way">
                    <span class="wi"><Icon of={Pic::LayoutGrid} size={IconSize::Large} /></span>
                    <div><h2>{ "Look around in the demo fleet" }</h2><p>{ "Invented clusters with real problems: a crash loop, a machine that never joins, a sign-in about to end. All of it is recorded; nothing is contacted or changed." }</p></div>
                    <span class="s12 t3">{ "works offline" }</span>
                    <div class="more"><Btn onclick={demo.reform(|_: MouseEvent| ())}>{ "Open the demo fleet" }</Btn></div>
                </div>
                <p class="s12 t3" style="margin-top:16px">{ "No account. KOS sends nothing anywhere. " }<LinkBtn onclick={go(Route::AddCluster)}>{ "Add a cluster in another way" }</LinkBtn></p>
            </div>
            <aside class="wr">
                <h2 class="sec" style="margin-bottom:2px">{ "This computer" }{ " " }<span class="t3">{ props.computer.looked.map(|at| format!("looked at {} ago", age(props.now.since(at)))).unwrap_or_default() }</span></h2>
                { for props.facts.iter().map(line) }
                <div class="btnrow" style="margin-top:12px"><Btn size={BtnSize::Small} onclick={go(Route::Doctor)}>{ "Open Doctor" }</Btn></div>
                <h2 class="sec" style="margin-bottom:4px;margin-top:24px">{ "Worth knowing" }</h2>
                { for [("Search or run anything", Command::Palette), ("All keys", Command::Help), ("Problems only", Command::Problems)].map(|(words, of)| html! {
                    <div class="minirow" style="grid-template-columns:minmax(0,1fr) auto;min-height:30px"><span class="t2">{ words }</span><span class="row g4"><CommandKey {of} /></span></div>
                }) }
            </aside>
        </div></main>
    }
}

/// The first way changes with Docker: one click, or what stands before it.
fn make(props: &WelcomeViewProps) -> Html {
    let state = docker(&props.computer.docker);
    let running = matches!(props.computer.docker, DockerState::Running { .. });
    let words = match &props.computer.docker {
        DockerState::Running { .. } => {
            "One kind node in Docker with Cluster API. From it you make real clusters and see each machine come up. One click removes it all."
        }
        DockerState::NotInstalled => "One kind node in Docker with Cluster API. Docker is not installed; install it and this becomes one click.",
        DockerState::Stopped { .. } => "One kind node in Docker with Cluster API. Docker is installed but does not run; start it and this becomes one click.",
        DockerState::NoPermission { .. } => "One kind node in Docker with Cluster API. Docker runs, but your user may not use it yet.",
        DockerState::Unreachable { .. } | DockerState::NotAsked => "One kind node in Docker with Cluster API. Docker does not answer yet.",
    };
    let pill = match &props.computer.docker {
        DockerState::Running { version, .. } => (State::Healthy, Voice::Quiet, format!("Docker {version}")),
        DockerState::NotInstalled => (State::Warning, Voice::Tinted, "Docker is not installed".into()),
        DockerState::Stopped { .. } => (State::Warning, Voice::Tinted, "Docker is stopped".into()),
        DockerState::NoPermission { .. } | DockerState::Unreachable { .. } => (State::Warning, Voice::Tinted, state.head),
        DockerState::NotAsked => (State::Idle, Voice::Quiet, "Docker was not asked yet".into()),
    };
    let look = props.on_look.clone();
    let create = go(&props.on_go, Route::Create);
    let more = if running {
        html! {
            <div class="more row g8">
                <Btn kind={BtnKind::Primary} icon={Pic::Plus} onclick={create.clone()}>{ "Create it" }</Btn>
                <Btn kind={BtnKind::Ghost} onclick={create.clone()}>{ "Show the plan" }</Btn>
                <span class="s12 t3">{ "The plan says how long it takes and what it downloads" }</span>
            </div>
        }
    } else {
        html! {
            <div class="more">
                <div class="row g8" style="margin-bottom:8px"><Btn kind={BtnKind::Primary} icon={Pic::RotateCcw} onclick={look.reform(|_: MouseEvent| ())}>{ "Check again" }</Btn>
                    if let Some(remedy) = props.fix.as_ref().and_then(|fix| fix.remedy) {
                        <Btn onclick={props.on_remedy.reform(move |_: MouseEvent| remedy)}>{ "Start it for me…" }</Btn>
                        <span class="s12 t3">{ beforehand(remedy) }</span>
                    }
                </div>
                if let Some(fix) = &props.fix { <CommandBox command={fix.command.clone()} /> }
                if let Some(text) = docker_said(&props.computer.docker) {
                    <div style="margin-top:8px"><Quote quote={Said { source: asked(props), text: text.into() }} /></div>
                }
            </div>
        }
    };
    html! {
        <div class="way">
            <span class="wi"><Icon of={Pic::Layers} size={IconSize::Large} /></span>
            <div><h2>{ "Make a management cluster here" }</h2><p>{ words }</p></div>
            <Pill state={pill.0} voice={pill.1}>{ pill.2 }</Pill>
            { more }
        </div>
    }
}

fn asked(props: &WelcomeViewProps) -> String {
    props.computer.looked.map_or_else(|| "Docker".into(), |at| format!("Docker, asked {} ago", age(props.now.since(at))))
}

/// `~/.kube/config (no such file), KUBECONFIG (not set)`.
fn looked(places: &[LookedAt]) -> Html {
    let last = places.len().saturating_sub(1);
    places
        .iter()
        .enumerate()
        .map(|(n, at)| {
            let between = if n == 0 {
                ""
            } else if n == last {
                " and "
            } else {
                ", "
            };
            html! { <>{ between }<span class="mono">{ &at.place }</span>{ format!(" ({})", as_note(&at.result)) }</> }
        })
        .collect()
}

/// `~/.kube/config does not exist, KUBECONFIG is not set`.
fn looked_for(places: &[LookedAt]) -> Html {
    let say = |(n, at): (usize, &LookedAt)| {
        let (between, result) = (if n == 0 { "" } else { ", " }, as_verb(&at.result));
        html! { <>{ between }<span class="mono">{ &at.place }</span>{ format!(" {result}") }</> }
    };
    places.iter().enumerate().map(say).collect()
}

fn line(fact: &Fact) -> Html {
    html! { <div class="chk"><Glyph state={fact.state} /><div class="hd">{ &fact.head }</div>if !fact.text.is_empty() { <p>{ &fact.text }</p> }</div> }
}

fn go(call: &Callback<Route>, route: Route) -> Callback<MouseEvent> {
    let call = call.clone();
    Callback::from(move |_: MouseEvent| call.emit(route.clone()))
}

#[derive(Properties, PartialEq)]
pub struct EmptyViewProps {
    pub facts: Vec<Fact>,
    /// All checks in one clause.
    pub checks: String,
    pub looked_at: Vec<LookedAt>,
    /// `None` while it is being made.
    pub plan: Option<PlanView>,
    #[prop_or_default]
    pub on_go: Callback<Route>,
}

/// Docker, memory, disk and kernel limits: what a first cluster stands on.
const FACTS_SHOWN: usize = 4;

/// No clusters: the plan of a first one, with expected times.
#[component]
pub fn EmptyView(props: &EmptyViewProps) -> Html {
    let go = |route: Route| go(&props.on_go, route);
    let cost = cost(props.plan.as_ref().map(|plan| plan.steps.as_slice()).unwrap_or_default());
    html! {
        <main class="page"><div class="first">
            <div>
                <h1>{ "No clusters yet" }</h1>
                <p class="lead">{ "KOS can make a Cluster API management cluster on this machine. From there you create and watch real clusters, machine by machine." }</p>
                <div class="btnrow"><Btn kind={BtnKind::Primary} size={BtnSize::Large} icon={Pic::Plus} onclick={go(Route::Create)}>{ CREATE }</Btn><Btn kind={BtnKind::Ghost} size={BtnSize::Large} onclick={go(Route::Create)}>{ "Show the plan" }</Btn></div>
                <p class="s12 t2" style="margin-top:12px">{ cost }</p>
                <div class="or">{ "or use what you have" }</div>
                <div class="drop">
                    <Icon of={Pic::FilePlus2} size={IconSize::Large} />
                    <div>
                        <div class="m">{ "Drop a kubeconfig here, " }<LinkBtn onclick={go(Route::AddCluster)}>{ "choose a file" }</LinkBtn>{ " or " }<LinkBtn onclick={go(Route::AddCluster)}>{ "paste text" }</LinkBtn></div>
                        if !props.looked_at.is_empty() { <div class="s12 t2">{ "Looked at " }{ looked(&props.looked_at) }{ "." }</div> }
                    </div>
                </div>
                <p class="s12 t3" style="margin-top:18px">{ "No account. KOS sends nothing anywhere." }</p>
            </div>
            <div class="planfig">
                <div class="ph"><h2 class="sec">{ "What will happen" }</h2><span class="s12 t3">{ props.plan.as_ref().map(|plan| times(plan.learned_from)) }</span></div>
                if let Some(plan) = &props.plan { <PlanLanes steps={plan.steps.clone()} /> } else { { waiting() } }
                <div class="row g16 s12 t2" style="margin-top:14px;flex-wrap:wrap">
                    { for props.facts.iter().take(FACTS_SHOWN).map(|f| html! { <Pill state={f.state}>{ f.brief() }</Pill> }) }
                    <LinkBtn onclick={go(Route::Doctor)}>{ &props.checks }</LinkBtn>
                </div>
            </div>
        </div></main>
    }
}

fn waiting() -> Html {
    let lanes = [120, 96, 132, 110, 84, 120, 104]
        .map(|width| html! { <div class="lane late"><span class="lb"><Skeleton {width} /></span><div class="trk"></div></div> });
    html! { <div class="lanes" aria-busy="true">{ for lanes }</div> }
}
