//! How do clusters of this machine look in the fleet?

use api::{
    ContextId, Row, Timestamp,
    local::{LocalState, Power, Role},
};
use yew::prelude::*;

use super::contexts::{Ask, context_items};
use crate::{
    model::{
        fleet::{Branch, LocalAction, LocalLine},
        makers::commands,
        time::age,
    },
    pages::menu::{Menu, MenuItem},
    shell::clipboard::copy,
    widgets::{Btn, BtnKind, BtnSize, Icon, IconSize, MachineStrip, Pic, Pill, Tag},
    words::fleet::{FOREIGN, LOCAL, managed_by, uses},
};

#[derive(Properties, PartialEq)]
pub struct LocalsProps {
    pub lines: Vec<LocalLine>,
    pub now: Timestamp,
    pub on_local: Callback<(String, LocalAction)>,
    pub on_power: Callback<(String, Power)>,
    pub on_export: Callback<String>,
    pub on_delete: Callback<String>,
    pub on_ask: Callback<(ContextId, Ask)>,
}

const COLUMNS: &str = "--cols:minmax(0,1fr) 232px 104px 104px 72px 76px 72px";

/// Managers with the clusters they manage below them.
#[component]
pub fn Locals(props: &LocalsProps) -> Html {
    html! {
        <div class="block">
            <h2 class="sec">{ LOCAL }</h2>
            <div class="frame">
                <div class="datatable t-local" role="table" aria-label={LOCAL} style={COLUMNS}>
                    <div class="th" role="row">
                        <div role="columnheader">{ "Cluster" }</div><div role="columnheader">{ "State" }</div><div role="columnheader">{ "Machines" }</div>
                        <div role="columnheader">{ "Runs on" }</div><div role="columnheader">{ "Version" }</div><div role="columnheader" class="right">{ "Age" }</div><div></div>
                    </div>
                    <>{ for props.lines.iter().map(|line| row(line, props)) }</>
                </div>
            </div>
        </div>
    }
}

fn row(line: &LocalLine, props: &LocalsProps) -> Html {
    let branch = match line.branch {
        Branch::None => None,
        Branch::Middle => Some("t"),
        Branch::Last => Some("e"),
    };
    let icon = match line.row.role {
        Role::Management => Pic::Layers,
        Role::Plain | Role::Foreign { .. } => Pic::Box,
        Role::Workload { .. } => Pic::Boxes,
    };
    let version = if line.row.version.is_empty() {
        html! { <span class="t3">{ "–" }</span> }
    } else {
        // What a distribution adds to a version is in the way of the version.
        html! { { line.row.version.split('+').next().unwrap_or_default() } }
    };
    let used = uses(&line.row);
    let old = line.row.created.map_or_else(|| "–".into(), |at| age(props.now.since(at)));
    html! {
        <div key={line.row.id().0} class="tr tall" role="row">
            <div class="vis" role="cell">
                <div class="tl">
                    if let Some(branch) = branch { <span class={classes!("bx", branch)}></span> }
                    <Icon of={icon} size={IconSize::Small} /><span class="name ell" style="margin-left:8px" title={line.row.name.clone()}>{ &line.row.name }</span>
                    if line.row.role == Role::Management { <span class="row g4" style="margin-left:8px"><Tag>{ "management" }</Tag></span> }
                    if let Role::Foreign { by } = line.row.role { <span class="row g4" style="margin-left:8px" title={managed_by(by)}><Tag>{ FOREIGN }</Tag></span> }
                </div>
            </div>
            <div role="cell" title={line.told.words.clone()}><Pill state={line.told.state} voice={line.told.voice}>{ &line.told.words }</Pill></div>
            <div class="row g8" role="cell" title={used.as_ref().map(|(_, whole)| AttrValue::from(whole.clone()))}><MachineStrip marks={line.marks.clone()} ready={line.ready} /></div>
            <div class="t2" role="cell">if let Some((short, whole)) = &used {
                <div class="uses"><div class="ell" title={line.runs_on.clone()}>{ &line.runs_on }</div><div class="t3 s11 num ell" title={whole.clone()}>{ short }</div></div>
            } else { { &line.runs_on } }</div>
            <div class="mono t2 ell" role="cell" title={line.row.version.clone()}>{ version }</div>
            <div class="num t2 right" role="cell">{ old }</div>
            <div class="row right vis" role="cell">{ button(line, props) }<Menu label={format!("More for {}", line.row.name)} items={items(line, props)} /></div>
        </div>
    }
}

fn button(line: &LocalLine, props: &LocalsProps) -> Html {
    let words = match line.action {
        LocalAction::Open(_) => "Open",
        LocalAction::Watch(_) => "Watch",
        LocalAction::Start => "Start",
        LocalAction::Unpause => "Resume",
        LocalAction::None => return Html::default(),
    };
    let (call, name, action) = (props.on_local.clone(), line.row.name.clone(), line.action.clone());
    let onclick = Callback::from(move |_: MouseEvent| call.emit((name.clone(), action.clone())));
    html! { <Btn kind={BtnKind::Ghost} size={BtnSize::Small} {onclick}>{ words }</Btn> }
}

/// The verbs of its context, then its own. Workload clusters belong to their manager: their containers are not stopped or
/// deleted from here.
fn items(line: &LocalLine, props: &LocalsProps) -> Vec<MenuItem> {
    let mut all = line.context.as_ref().map_or_else(Vec::new, |row| context_items(row, &props.on_ask));
    match line.row.role {
        Role::Management | Role::Plain if line.row.job.is_none() => all.extend(own_items(line, props)),
        Role::Foreign { by } => all.extend(commands(by, &line.row).into_iter().map(copied)),
        Role::Management | Role::Plain | Role::Workload { .. } => {}
    }
    all
}

/// What its own program is told in a terminal.
fn copied(command: String) -> MenuItem {
    let text = command.clone();
    MenuItem::new(Pic::Copy, format!("Copy {command}"), Callback::from(move |()| copy(&text)))
}

fn own_items(line: &LocalLine, props: &LocalsProps) -> Vec<MenuItem> {
    let name = line.row.name.clone();
    let power = |to: Power, verb: &str, icon: Pic| {
        let (call, name) = (props.on_power.clone(), name.clone());
        MenuItem::new(icon, format!("{verb} {name}"), Callback::from(move |()| call.emit((name.clone(), to))))
    };
    let mut items = match line.row.state {
        LocalState::Running => vec![power(Power::Pause, "Pause", Pic::Pause), power(Power::Stop, "Stop", Pic::CircleStop)],
        LocalState::Paused => vec![power(Power::Unpause, "Resume", Pic::Zap), power(Power::Stop, "Stop", Pic::CircleStop)],
        LocalState::Stopped { .. } => vec![power(Power::Start, "Start", Pic::Zap)],
        LocalState::Mixed { .. } => vec![power(Power::Start, "Start", Pic::Zap), power(Power::Stop, "Stop", Pic::CircleStop)],
        LocalState::Creating | LocalState::NotAsked => vec![],
    };
    if !line.row.nodes.is_empty() {
        let (call, of) = (props.on_export.clone(), name.clone());
        items.push(MenuItem::new(Pic::Download, format!("Export logs of {name}…"), Callback::from(move |()| call.emit(of.clone()))));
    }
    let (call, of) = (props.on_delete.clone(), name.clone());
    items.push(MenuItem::dangerous(Pic::X, format!("Delete {name}…"), Callback::from(move |()| call.emit(of.clone()))));
    items
}
