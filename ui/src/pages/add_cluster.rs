//! How does one get a cluster, and which ways work here?
//!
//! Start at: [`AddClusterPage`].

pub mod kubeconfig;

use std::rc::Rc;

use api::{
    app::LookAround,
    computer::{CheckRow, ComputerView},
    files::FileRow,
    local::{LocalRow, Maker, Purpose, Role},
};
use yew::prelude::*;

use crate::{
    feeds::use_call,
    model::{
        add_cluster::{Found, FoundMood, PLACES, Seen, Support, System, found, management, running_here, searched},
        clock::{Clock, Pace, count},
        fleet::row_id,
        route::Route,
        settings::Section,
    },
    pages::{create::kept, providers::read},
    shell::{clock::use_clock, router::use_router, world::use_world},
    widgets::{Btn, BtnKind, BtnRow, BtnSize, Icon, IconSize, LinkBtn, Pic, Pill, Ready, State, Tag, Voice, said},
    words::fleet::local_state,
};

#[component]
pub fn AddClusterPage() -> Html {
    let (world, router) = (use_world(), use_router());
    let clock = use_clock(|now| Pace::of(now, world.computer.one().and_then(|c| c.looked)));
    let look = use_call::<LookAround>();
    let adding = use_state(|| false);
    let on = {
        let (look, adding) = (look.clone(), adding.setter());
        Callback::from(move |action| match action {
            Action::Look => look.ask(LookAround),
            Action::New(purpose) => {
                kept::open_for(purpose);
                router.go(Route::Create);
            }
            Action::Add => adding.set(true),
            Action::Tools => router.go(Route::Settings(Section::Tools)),
        })
    };
    let on_close = {
        let adding = adding.setter();
        Callback::from(move |()| adding.set(false))
    };
    let busy = if look.state().pending() { Ready::Busy } else { Ready::Yes };
    let local = world.local.rows();
    let managing = management(local.iter().map(|row| &**row)).and_then(|row| row.context.as_ref());
    let providers = managing.and_then(|context| world.contexts.get(&row_id(context))).and_then(|row| read::count(&row));
    html! {
        <>
            <AddClusterSheet checks={world.checks.rows()} computer={world.computer.one()} {local} {providers} files={world.files.rows()} {clock} {busy} {on} />
            if *adding { <kubeconfig::AddKubeconfig {on_close} /> }
        </>
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Look,
    New(Purpose),
    /// A kubeconfig: a file, a folder or pasted text.
    Add,
    Tools,
}

#[derive(Properties, PartialEq)]
pub struct AddClusterSheetProps {
    pub checks: Vec<Rc<CheckRow>>,
    pub computer: Option<Rc<ComputerView>>,
    pub local: Vec<Rc<LocalRow>>,
    /// Those of the management cluster, where they were read.
    #[prop_or_default]
    pub providers: Option<usize>,
    pub files: Vec<Rc<FileRow>>,
    pub clock: Clock,
    #[prop_or_default]
    pub busy: Ready,
    pub on: Callback<Action>,
}

/// Systems by where their clusters live, with what was found of each.
#[component]
pub fn AddClusterSheet(props: &AddClusterSheetProps) -> Html {
    let checks: Vec<CheckRow> = props.checks.iter().map(|row| row.as_ref().clone()).collect();
    let local: Vec<LocalRow> = props.local.iter().map(|row| row.as_ref().clone()).collect();
    let files: Vec<FileRow> = props.files.iter().map(|row| row.as_ref().clone()).collect();
    let unknown = ComputerView::default();
    let computer = props.computer.as_deref().unwrap_or(&unknown);
    let seen = Seen { checks: &checks, computer, local: &local, providers: props.providers, files: &files };
    let press = |action| props.on.reform(move |_: MouseEvent| action);
    let looked =
        computer.looked.map_or_else(|| "KOS looks at this machine now.".to_owned(), |at| format!("KOS looked at this machine {}.", props.clock.ago(at)));
    html! {
        <main class="page">
            <div class="pagehead">
                <div style="min-width:0"><h1>{ "Add a cluster" }</h1><p>{ looked }{ " Nothing is installed or started before you confirm." }</p></div>
                <BtnRow><Btn icon={Pic::RotateCcw} ready={props.busy} onclick={press(Action::Look)}>{ "Look again" }</Btn></BtnRow>
            </div>
            <div class="scroll gutter" style="padding-left:24px;padding-bottom:24px">
                <div class="frame">
                    <div class="datatable t-add" role="table" aria-label="Ways to a cluster" style="--cols:20px 148px minmax(0,1fr) 244px 92px 84px;--pad:16px">
                        <div class="th" role="row"><div></div><div role="columnheader">{ "System" }</div><div role="columnheader">{ "Good for" }</div><div role="columnheader">{ "Found on this machine" }</div><div role="columnheader" class="right">{ "Usually takes" }</div><div></div></div>
                        { for PLACES.iter().map(|(place, title, note)| html! {
                            <>
                                <div class="grp" role="row" style="height:28px"><div class="whole" role="cell"><span class="m" style="color:var(--text-1)">{ *title }</span><span class="t3 ell">{ *note }</span></div></div>
                                { for System::ALL.into_iter().filter(|system| system.place() == *place).map(|system| row(system, found(system, seen), &props.on)) }
                            </>
                        }) }
                        { here(&local, props.clock) }
                    </div>
                </div>
                <p class="s12 t3" style="margin-top:12px">{ searched(&checks) }{ " " }<LinkBtn onclick={press(Action::Tools)}>{ "Tools and paths" }</LinkBtn></p>
            </div>
        </main>
    }
}

fn pic(system: System) -> Pic {
    match system {
        System::ClusterApi => Pic::Boxes,
        System::Kind => Pic::Box,
        System::K3d => Pic::Zap,
        System::Minikube => Pic::Monitor,
        System::OpenShiftLocal => Pic::CircleDot,
        System::Kubeadm => Pic::Server,
        System::Kubespray => Pic::Network,
        System::K3s => Pic::Cpu,
        System::WksCtl => Pic::GitBranch,
        System::Kubeconfig => Pic::FileText,
        System::Rancher => Pic::Waypoints,
        System::TokenLogin => Pic::Globe,
    }
}

fn row(system: System, found: Option<Found>, on: &Callback<Action>) -> Html {
    let action = match system.support() {
        Support::Later => html! { <Tag>{ "later" }</Tag> },
        Support::Now => {
            let (words, action) = match system {
                System::Kubeconfig => ("Add…", Action::Add),
                System::Kind => ("New…", Action::New(Purpose::Plain)),
                System::ClusterApi
                | System::K3d
                | System::Minikube
                | System::OpenShiftLocal
                | System::Kubeadm
                | System::Kubespray
                | System::K3s
                | System::WksCtl
                | System::Rancher
                | System::TokenLogin => ("New…", Action::New(Purpose::Manages)),
            };
            html! { <Btn size={BtnSize::Small} kind={BtnKind::Ghost} onclick={on.reform(move |_: MouseEvent| action)}>{ words }</Btn> }
        }
    };
    html! {
        <div class="tr" role="row" style="height:32px">
            <div role="cell"><Icon of={pic(system)} size={IconSize::Small} /></div>
            <div role="cell" class="row g8"><span class="m">{ system.name() }</span></div>
            <div role="cell" class="t2 s12 ell">{ system.good_for() }</div>
            <div role="cell" class="s12 ell">{ found.map_or_else(|| html! { <span class="t3">{ "not there yet" }</span> }, pill) }</div>
            <div role="cell" class="num t3 s12 right">{ system.takes() }</div>
            <div role="cell" class="row right">{ action }</div>
        </div>
    }
}

/// The pictures of the ways above, for what came on such a way.
fn made_by(role: &Role) -> Pic {
    match role {
        Role::Foreign { by: Maker::K3d } => pic(System::K3d),
        Role::Foreign { by: Maker::Minikube } => pic(System::Minikube),
        Role::Foreign { by: Maker::OpenShiftLocal } => pic(System::OpenShiftLocal),
        Role::Foreign { by: Maker::K3s } => pic(System::K3s),
        Role::Foreign { by: Maker::DockerDesktop } | Role::Plain | Role::Management | Role::Workload { .. } => pic(System::Kind),
    }
}

/// `k3d, 2 nodes, v1.35.4`.
fn what(row: &LocalRow) -> String {
    let by = if let Role::Foreign { by } = row.role { by.name() } else { "kind" };
    let nodes = (!row.nodes.is_empty()).then(|| count(row.nodes.len() as u64, "node"));
    let version = Some(row.version.clone()).filter(|version| !version.is_empty());
    [Some(by.to_owned()), nodes, version].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn state(row: &LocalRow, clock: Clock) -> Html {
    let told = local_state(row, None, clock);
    html! { <Pill state={told.state} voice={told.voice}>{ told.words }</Pill> }
}

fn pill(found: Found) -> Html {
    let (state, voice) = match found.mood {
        FoundMood::Good => (State::Healthy, Voice::Quiet),
        FoundMood::Idle => (State::Idle, Voice::Quiet),
        FoundMood::Warning => (State::Warning, Voice::Tinted),
        FoundMood::Failed => (State::Failed, Voice::Tinted),
    };
    html! { <Pill {state} {voice}>{ said(&found.words) }</Pill> }
}

/// Clusters that other programs made: the fleet lists them already.
fn here(local: &[LocalRow], clock: Clock) -> Html {
    let rows = running_here(local);
    if rows.is_empty() {
        return Html::default();
    }
    html! {
        <>
            <div class="grp" role="row" style="height:28px"><div class="whole" role="cell"><span class="m" style="color:var(--text-1)">{ "Already here" }</span><span class="t3 ell">{ "made by other programs; they stand in Fleet" }</span><span class="grow"></span><span class="t3 s12 num">{ rows.len() }</span></div></div>
            { for rows.into_iter().map(|row| html! {
                <div class="tr" role="row" style="height:32px">
                    <div role="cell"><Icon of={made_by(&row.role)} size={IconSize::Small} /></div>
                    <div role="cell" class="mono ell" title={row.name.clone()}>{ &row.name }</div>
                    <div role="cell" class="t2 s12 ell">{ what(row) }</div>
                    <div role="cell" class="s12 ell">{ state(row, clock) }</div><div role="cell"></div><div role="cell"></div>
                </div>
            }) }
        </>
    }
}
