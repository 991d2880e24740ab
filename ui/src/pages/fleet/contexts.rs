//! How do contexts look in the fleet?

use std::iter;

use api::{
    ContextId,
    contexts::{ContextRow, Favourite, Guard},
};
use yew::prelude::*;

use crate::{
    model::{
        fleet::{ContextAction, ContextLine, FileGroup, deceives, protected, unverified},
        needs::Lead,
        time::plural,
    },
    pages::{
        fleet::part::use_part,
        menu::{Menu, MenuItem},
    },
    widgets::{Btn, BtnKind, BtnSize, EmptyState, Icon, IconSize, Pic, Pill, Search, Skeleton, State, Tag, Tile, TileSize},
    words::fleet::{ADD, CONTEXTS, origin},
};

/// What is asked of a context.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    Act(ContextAction),
    Guard(Guard),
    Pin,
    Unpin,
    /// Shows what would change in the file that kubectl reads.
    MakeCurrent,
    /// Removes the file that KOS keeps for a workload cluster.
    Disconnect,
}

#[derive(Properties, PartialEq)]
pub struct ContextsProps {
    pub groups: Vec<FileGroup>,
    pub filter: String,
    pub loading: bool,
    pub on_text: Callback<String>,
    pub on_ask: Callback<(ContextId, Ask)>,
    pub on_lead: Callback<Lead>,
    /// Leads to where files are added.
    #[prop_or_default]
    pub on_add: Callback<()>,
}

const COLUMNS: &str = "--cols:minmax(0,1fr) 232px 220px 72px 76px 72px";

/// Height of a row and of the head of a group, in CSS pixels.
const ROW_PX: u32 = 32;

/// One line of the list.
#[derive(Clone, Copy)]
enum Line<'a> {
    File(&'a FileGroup),
    Context(&'a ContextLine),
}

/// A group per file; what is wrong with a file stands on its own row.
#[component]
pub fn Contexts(props: &ContextsProps) -> Html {
    let lines: Vec<Line<'_>> = props.groups.iter().flat_map(|g| iter::once(Line::File(g)).chain(g.contexts.iter().map(Line::Context))).collect();
    let above = use_node_ref();
    let part = use_part(&above, lines.len(), ROW_PX);
    let shown = part.map_or(0..lines.len(), |part| part.first..part.end);
    let gap = |rows: usize| format!("height:{}px", rows as u64 * u64::from(ROW_PX));
    html! {
        <div class="block">
            <h2 class="sec">
                { CONTEXTS }<span class="grow"></span>
                <Search value={props.filter.clone()} placeholder="Filter" style="width:200px;height:24px;font-weight:var(--fw-regular);letter-spacing:0" on_text={props.on_text.clone()} />
            </h2>
            <div class="frame">
                <div class="datatable t-kube" role="table" aria-label={CONTEXTS} aria-busy={props.loading.to_string()} style={COLUMNS}>
                    <div class="th" role="row">
                        <div role="columnheader">{ "Context" }</div><div role="columnheader">{ "Connection" }</div><div role="columnheader">{ "Signs in with" }</div>
                        <div role="columnheader">{ "Version" }</div><div role="columnheader" class="right">{ "Last used" }</div><div></div>
                    </div>
                    if props.loading { { for [96, 140, 72, 118].map(skeleton) } }
                    if part.is_some() { <div key="above" ref={above} aria-hidden="true" style={gap(shown.start)}></div> }
                    // A list of its own: only where all have keys does a row stay the same element, with its open menu, when others come before it.
                    <>{ for lines[shown.clone()].iter().map(|line| match line { Line::File(group) => file(group, props), Line::Context(line) => row(line, props) }) }</>
                    if part.is_some() { <div key="below" aria-hidden="true" style={gap(lines.len() - shown.end)}></div> }
                </div>
                if props.groups.is_empty() && !props.loading { { none(props) } }
            </div>
        </div>
    }
}

fn skeleton(width: u16) -> Html {
    html! {
        <div class="tr tall late" role="row">
            <div><Skeleton {width} /></div><div><Skeleton width=88 /></div><div><Skeleton width=130 /></div><div><Skeleton width=44 /></div><div></div><div></div>
        </div>
    }
}

fn none(props: &ContextsProps) -> Html {
    if props.filter.trim().is_empty() {
        let add = props.on_add.reform(|_: MouseEvent| ());
        let actions = html! { <Btn size={BtnSize::Small} onclick={add}>{ ADD }</Btn> };
        return html! { <EmptyState head="No kubeconfig is known" {actions}>{ "Add one, or create a local cluster: its context appears here." }</EmptyState> };
    }
    let clear = props.on_text.clone();
    let onclick = Callback::from(move |_: MouseEvent| clear.emit(String::new()));
    let head = format!("No contexts match “{}”", props.filter.trim());
    html! { <EmptyState {head} actions={html! { <Btn size={BtnSize::Small} {onclick}>{ "Clear filter" }</Btn> }}>{ "Names, servers and file paths were searched." }</EmptyState> }
}

fn file(group: &FileGroup, props: &ContextsProps) -> Html {
    let file = &group.file;
    let icon = if group.trouble.as_ref().is_some_and(|t| t.state == State::Failed) { Pic::FileWarning } else { Pic::FileText };
    let lead = Lead::CopyPath { path: file.id.0.clone(), line: group.line };
    let call = props.on_lead.clone();
    let onclick = Callback::from(move |_: MouseEvent| call.emit(lead.clone()));
    html! {
        <div key={file.id.0.clone()} class="grp" role="row"><div class="whole" role="cell">
            <Icon of={icon} size={IconSize::Small} />
            <span class="mono ell path" title={file.id.0.clone()}>{ &file.shown }</span>
            if file.contexts > 0 { <span class="nw">{ plural(file.contexts as usize, "context", "contexts") }</span> }
            if let Some(told) = &group.trouble { <span class="trouble" title={told.words.clone()}><Pill state={told.state} voice={told.voice}>{ &told.words }</Pill></span> }
            <span class="grow"></span>
            if !file.current_context.is_empty() { <span class="t3 nw">{ "current-context" }</span><span class="mono ell current" title={file.current_context.clone()}>{ &file.current_context }</span> }
            if group.trouble.is_some() && group.line > 0 { <Btn kind={BtnKind::Ghost} size={BtnSize::Small} {onclick}>{ format!("Copy path, line {}", group.line) }</Btn> }
        </div></div>
    }
}

fn row(line: &ContextLine, props: &ContextsProps) -> Html {
    let row = &line.row;
    let act = asking(row, &props.on_ask, Ask::Act(line.action));
    let kind = if matches!(line.action, ContextAction::SignIn | ContextAction::Review) { BtnKind::Plain } else { BtnKind::Ghost };
    let signs = &line.signs_in;
    html! {
        <div key={row.id.0.clone()} class="tr tall" role="row">
            <div class="vis" role="cell">
                <div class="tl" style="gap:8px">
                    <Tile tile={row.tile.clone()} size={TileSize::Small} /><span class="name ell" title={format!("{}\n{}", row.name, row.server)}>{ &row.name }</span>
                    if protected(row) { <Tag icon={Pic::Lock} icon_tint={State::Failed}>{ "protected" }</Tag> }
                    if let Some(words) = origin(row) { <span class="t3 s12 ell" title={words.clone()}>{ words }</span> }
                    if let Some(words) = deceives(row) { <Tag icon={Pic::ShieldOff} tint={State::Warning}>{ words }</Tag> }
                    if let Some(words) = unverified(row) { <Tag icon={Pic::ShieldOff} tint={State::Failed}>{ words }</Tag> }
                </div>
            </div>
            <div role="cell" title={line.told.words.clone()}><Pill state={line.told.state} voice={line.told.voice}>{ &line.told.words }</Pill></div>
            <div class="t2 row g6" role="cell">
                <Icon of={signs.icon} size={IconSize::Small} /><span class="ell" title={signs.words.clone()}>{ &signs.words }</span>
                if let Some(told) = &signs.warning { <Pill state={told.state} voice={told.voice}>{ &told.words }</Pill> }
            </div>
            <div class="mono t2" role="cell">if row.version.is_empty() { <span class="t3">{ "–" }</span> } else { { &row.version } }</div>
            <div class="num t2 right" role="cell">{ &line.last_used }</div>
            <div class="row right vis" role="cell">
                <Btn {kind} size={BtnSize::Small} onclick={act.reform(|_: MouseEvent| ())}>{ line.action.words() }</Btn>
                <Menu label={format!("More for {}", row.name)} items={context_items(row, &props.on_ask)} />
            </div>
        </div>
    }
}

fn asking(row: &ContextRow, call: &Callback<(ContextId, Ask)>, what: Ask) -> Callback<()> {
    let (call, id) = (call.clone(), row.id.clone());
    Callback::from(move |()| call.emit((id.clone(), what)))
}

/// What else can be done with a context, wherever it stands.
pub(super) fn context_items(row: &ContextRow, call: &Callback<(ContextId, Ask)>) -> Vec<MenuItem> {
    let name = &row.name;
    let ask = |what: Ask| asking(row, call, what);
    let pin = match row.favourite {
        Favourite::No => MenuItem::new(Pic::Pin, format!("Pin {name} to the rail"), ask(Ask::Pin)),
        Favourite::Pinned { .. } => MenuItem::new(Pic::Pin, format!("Take {name} off the rail"), ask(Ask::Unpin)),
    };
    let guard = match row.guard {
        Guard::Open => MenuItem::new(Pic::Lock, format!("Protect {name}"), ask(Ask::Guard(Guard::Protected))),
        Guard::Protected => MenuItem::new(Pic::Shield, format!("No longer protect {name}…"), ask(Ask::Guard(Guard::Open))),
    };
    let mut items = vec![pin, guard];
    if !row.current_for_kubectl {
        items.push(MenuItem::new(Pic::Terminal, format!("Make {name} current for kubectl…"), ask(Ask::MakeCurrent)));
    }
    if row.workload.is_some() {
        items.push(MenuItem::new(Pic::X, format!("Remove {name} from KOS"), ask(Ask::Disconnect)));
    }
    items
}
