//! How does a live table look?

use std::rc::Rc;

use api::{
    ContextId, Fault, FaultCode, Fix, RowId, Status, Timestamp,
    capi::ClusterRow,
    tables::{Kind, TableRow},
};
use web_sys::HtmlElement;
use yew::prelude::*;

use super::{
    choose, columns,
    denied::Denied,
    drawer::Object,
    nothing::nothing,
    sidebar::{At, Count, Sidebar},
    state::{Looking, Narrowed, Only},
};
use crate::{
    model::{
        route::Route,
        table::{Sort, Walk, walk},
        time::{Zone, clock, thousands},
        waits::{WaitsFor, waits_for},
    },
    pages::menu::Menu,
    widgets::{
        Banner, BannerForm, Btn, BtnKind, BtnSize, Choice, DataTable, EmptyState, FixButtons, Freshness, Glyph, Lead, Pic, Reach, Room, Rows, Search, Select,
        Skeleton, State,
    },
};

#[derive(Properties, PartialEq)]
pub struct TableViewProps {
    pub kind: Kind,
    /// Empty for all.
    pub namespace: String,
    /// The context's name.
    pub name: String,
    pub identity: String,
    pub rows: Rows<TableRow>,
    pub fresh: usize,
    /// Rows before they were narrowed.
    pub all: usize,
    pub problems: usize,
    pub counts: [Count; 3],
    #[prop_or_default]
    pub clusters: Vec<Rc<ClusterRow>>,
    #[prop_or_default]
    pub context: Option<ContextId>,
    #[prop_or_default]
    pub on_go: Callback<Route>,
    pub status: Status,
    /// The engine cannot be reached.
    pub broken: Option<Fault>,
    pub namespaces: Vec<String>,
    pub by_hand: Vec<String>,
    pub row_height: u32,
    pub room: Room,
    /// Heads of columns that the reader left out.
    #[prop_or_default]
    pub hidden: Vec<&'static str>,
    pub now: Timestamp,
    pub zone: Zone,
    pub sort: Sort,
    pub looking: Looking,
    pub open: Option<Rc<TableRow>>,
    #[prop_or_default]
    pub on_focus: Callback<RowId>,
    #[prop_or_default]
    pub on_open: Callback<RowId>,
    #[prop_or_default]
    pub on_escape: Callback<()>,
    #[prop_or_default]
    pub on_mark: Callback<(RowId, Reach)>,
    #[prop_or_default]
    pub on_fresh: Callback<()>,
    #[prop_or_default]
    pub on_sort: Callback<usize>,
    #[prop_or_default]
    pub on_narrow: Callback<Narrowed>,
    #[prop_or_default]
    pub on_namespace: Callback<String>,
    #[prop_or_default]
    pub on_kind: Callback<Kind>,
    #[prop_or_default]
    pub on_by_hand: Callback<String>,
    /// A column is left out, or shown again.
    #[prop_or_default]
    pub on_column: Callback<&'static str>,
    #[prop_or_default]
    pub on_try: Callback<()>,
    /// The context is opened again.
    #[prop_or_default]
    pub on_connect: Callback<()>,
    #[prop_or_default]
    pub on_fix: Callback<Fix>,
}

/// The word of a kind, for many.
pub fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Pods => "Pods",
        Kind::Nodes => "Nodes",
        Kind::Namespaces => "Namespaces",
    }
}

/// Sidebar, toolbar, rows, drawer.
#[component]
pub fn TableView(props: &TableViewProps) -> Html {
    html! {
        <>
            <Sidebar at={At::Kind(props.kind)} counts={props.counts.clone()} on_kind={props.on_kind.clone()} clusters={props.clusters.clone()} context={props.context.clone()} on_go={props.on_go.clone()} />
            <main class="page" style="flex:1">
                { toolbar(props) }
                { banner(props) }
                { body(props) }
            </main>
            if let Some(row) = &props.open { { object(props, row) } }
        </>
    }
}

fn toolbar(props: &TableViewProps) -> Html {
    let narrowed = &props.looking.narrowed;
    let said = if props.rows.0.len() + props.fresh == props.all {
        thousands(props.all as u64)
    } else {
        format!("{} of {}", thousands(props.rows.0.len() as u64), thousands(props.all as u64))
    };
    let on_text = {
        let (call, only) = (props.on_narrow.clone(), narrowed.only);
        Callback::from(move |text| call.emit(Narrowed { text, only }))
    };
    let turned = Narrowed { text: narrowed.text.clone(), only: if narrowed.only == Only::Problems { Only::All } else { Only::Problems } };
    let problems = {
        let call = props.on_narrow.clone();
        Callback::from(move |_: MouseEvent| call.emit(turned.clone()))
    };
    let on = narrowed.only == Only::Problems;
    html! {
        <div class="toolbar">
            <h1>{ word(props.kind) }</h1><span class="t3 s12 num nw">{ said }</span>
            <Search value={narrowed.text.clone()} placeholder="Filter by name" style="width:196px;margin-left:6px" {on_text} />
            if props.kind == Kind::Pods { { namespaces(props) } }
            if props.problems > 0 || on {
                <button type="button" class={classes!("chip", "line", "problems", on.then_some("on"))} aria-pressed={on.to_string()} onclick={problems}>
                    <Glyph state={State::Warning} />{ "Problems " }<span class="num">{ thousands(props.problems as u64) }</span>
                </button>
            }
            <span class="grow"></span>
            if !props.looking.marked.is_empty() { <span class="t3 s12 num nw">{ format!("{} marked", thousands(props.looking.marked.len() as u64)) }</span> }
            <Menu label="Choose columns" icon={Pic::Columns3} items={choose::items(props.kind, &props.hidden, &props.on_column)} />
        </div>
    }
}

fn namespaces(props: &TableViewProps) -> Html {
    let mut choices = vec![Choice { value: "".into(), words: "All namespaces".into() }];
    choices.extend(props.namespaces.iter().map(|n| Choice { value: n.clone().into(), words: n.clone().into() }));
    if !props.namespace.is_empty() && !props.namespaces.contains(&props.namespace) {
        choices.push(Choice { value: props.namespace.clone().into(), words: props.namespace.clone().into() });
    }
    html! { <Select icon={Pic::Folder} label="Namespace" value={props.namespace.clone()} {choices} on_choose={props.on_namespace.clone()} style="border-color:var(--line-2);max-width:200px" /> }
}

fn banner(props: &TableViewProps) -> Html {
    let try_now = props.on_try.clone();
    let again = html! { <Btn kind={BtnKind::Ghost} size={BtnSize::Small} onclick={try_now.reform(|_: MouseEvent| ())}>{ "Try now" }</Btn> };
    match (&props.broken, &props.status) {
        (Some(fault), _) => {
            html! { <Banner state={State::Failed} form={BannerForm::Flush} head={fault.sentence.clone()}>{ "What is shown is the last that was known." }</Banner> }
        }
        (None, Status::Stale { since, why, retry_at }) if props.all > 0 => {
            let next = retry_at.filter(|at| *at > props.now).map(|at| html! { format!("Next try in {}.", clock(at.since(props.now))) });
            let actions = match retry_at {
                Some(_) => again,
                None => html! { <FixButtons size={BtnSize::Small} fixes={why.fixes.clone()} on_fix={props.on_fix.clone()} /> },
            };
            html! { <Banner state={State::Stale} form={BannerForm::Flush} head={format!("Stale since {}", props.zone.at(props.now).moment(*since))} counting={next.unwrap_or_default()} {actions}><span class="t2">{ &why.sentence }</span></Banner> }
        }
        (None, Status::Loading | Status::Live | Status::Stale { .. } | Status::Denied { .. } | Status::Closed) => Html::default(),
    }
}

fn body(props: &TableViewProps) -> Html {
    match &props.status {
        Status::Denied { why } => html! {
            <>{ head_only(props) }<Denied why={why.clone()} identity={props.identity.clone()} by_hand={props.by_hand.clone()} on_namespace={props.on_namespace.clone()} on_by_hand={props.on_by_hand.clone()} on_fix={props.on_fix.clone()} /></>
        },
        Status::Loading if props.all == 0 => html! { <>{ head_only(props) }{ for [196, 168, 210, 150, 182, 204, 176, 190].map(|w| skeleton(props, w)) }</> },
        // Nothing is tried before the user acts: it would be wrong to say that the server does not answer.
        Status::Stale { why, retry_at: None, .. } if props.all == 0 => html! { <>{ head_only(props) }{ needs_you(props, why) }</> },
        Status::Stale { why, retry_at, .. } if props.all == 0 => {
            let try_now = props.on_try.clone();
            let foot = retry_at.filter(|at| *at > props.now).map(|at| format!("Next try in {}", clock(at.since(props.now)))).unwrap_or_default();
            let actions = html! { <Btn size={BtnSize::Small} icon={Pic::RotateCcw} onclick={try_now.reform(|_: MouseEvent| ())}>{ "Try now" }</Btn> };
            let head = match waits_for(why.code) {
                WaitsFor::Other => format!("{} does not answer", props.name),
                // Who could not sign in has not asked the server.
                WaitsFor::SignIn | WaitsFor::Trust | WaitsFor::TrustFile | WaitsFor::Plugin | WaitsFor::Certificate => {
                    format!("{} cannot be connected", props.name)
                }
            };
            html! {
                <>{ head_only(props) }<EmptyState lead={Lead::State(State::Failed)} {head} {actions} {foot}>
                    { &why.sentence }{ " Other contexts work." }
                    <div style="margin-top:10px">{ for why.cause.iter().map(|quote| html! { <crate::widgets::Quote quote={quote.clone()} /> }) }</div>
                </EmptyState></>
            }
        }
        Status::Closed => {
            html! { <>{ head_only(props) }<EmptyState head={format!("{} is not open", props.name)} actions={html! { <Btn size={BtnSize::Small} onclick={props.on_connect.reform(|_: MouseEvent| ())}>{ "Connect" }</Btn> }}>{ "KOS contacts a server only when you open its context." }</EmptyState></> }
        }
        Status::Live if props.rows.0.is_empty() && props.fresh == 0 => html! { <>{ head_only(props) }{ nothing(props) }</> },
        Status::Loading | Status::Live | Status::Stale { .. } => rows(props),
    }
}

/// What the user must do first, with the way to it.
fn needs_you(props: &TableViewProps, why: &Fault) -> Html {
    let name = &props.name;
    let (lead, head) = match waits_for(why.code) {
        WaitsFor::Trust => (Lead::State(State::Warning), format!("{name} asks to run a program")),
        WaitsFor::TrustFile => (Lead::State(State::Warning), format!("{name} asks to send a file")),
        WaitsFor::SignIn => (Lead::State(State::Stale), format!("{name} needs a sign-in")),
        WaitsFor::Certificate => (Lead::State(State::Failed), format!("The certificate of {name} is not accepted")),
        WaitsFor::Plugin | WaitsFor::Other => (Lead::State(State::Failed), format!("{name} cannot be connected")),
    };
    let try_now = props.on_try.clone();
    let actions = html! {
        <>
            <FixButtons size={BtnSize::Small} fixes={why.fixes.clone()} on_fix={props.on_fix.clone()} />
            if !matches!(why.code, FaultCode::Trust | FaultCode::TrustFile) && !why.fixes.iter().any(|fix| matches!(fix, Fix::TryNow(_))) {
                <Btn size={BtnSize::Small} icon={Pic::RotateCcw} onclick={try_now.reform(|_: MouseEvent| ())}>{ "Try now" }</Btn>
            }
        </>
    };
    html! {
        <EmptyState {lead} {head} {actions} foot={why.unharmed.clone()}>
            { &why.sentence }
            <div style="margin-top:10px">{ for why.cause.iter().map(|quote| html! { <crate::widgets::Quote quote={quote.clone()} /> }) }</div>
        </EmptyState>
    }
}

fn rows(props: &TableViewProps) -> Html {
    let freshness = if matches!(props.status, Status::Stale { .. }) || props.broken.is_some() { Freshness::Old } else { Freshness::Live };
    html! {
        <DataTable<TableRow>
            label={word(props.kind)}
            columns={columns::of(props.kind)}
            rows={props.rows.clone()}
            row_height={props.row_height}
            room={props.room}
            hidden={props.hidden.clone()}
            now={props.now}
            sort={props.sort}
            focus={props.looking.focus.clone()}
            open={props.looking.open.clone()}
            marked={props.looking.marked.clone()}
            fresh={props.fresh}
            {freshness}
            on_sort={props.on_sort.clone()} on_focus={props.on_focus.clone()} on_open={props.on_open.clone()} on_escape={props.on_escape.clone()} on_mark={props.on_mark.clone()} on_fresh={props.on_fresh.clone()}
        />
    }
}

/// The head alone, so that the columns stand where the rows will.
fn head_only(props: &TableViewProps) -> Html {
    let shown = shown(props);
    let heads = shown.iter().map(|c| html! { <div>{ c.head }</div> });
    html! { <div class="datatable" style={style(&shown)}><div class="th">{ for heads }</div></div> }
}

fn skeleton(props: &TableViewProps, width: u16) -> Html {
    let shown = shown(props);
    let cells = (0..shown.len()).map(|n| {
        let width = match n {
            0 => width / 3 + 20,
            1 => width,
            _ => 32,
        };
        html! { <div><Skeleton {width} /></div> }
    });
    html! { <div class="datatable late" aria-busy="true" style={style(&shown)}><div class="tr">{ for cells }</div></div> }
}

type Shown = Vec<&'static crate::widgets::Column<TableRow>>;

fn shown(props: &TableViewProps) -> Shown {
    columns::of(props.kind).0.iter().filter(|c| props.room.shows(c.leaves) && !props.hidden.contains(&c.head)).collect()
}

fn style(shown: &Shown) -> String {
    format!("--cols:{};--pad:16px", shown.iter().map(|c| c.width).collect::<Vec<_>>().join(" "))
}

fn object(props: &TableViewProps, row: &Rc<TableRow>) -> Html {
    let at = props.rows.0.iter().position(|r| Rc::ptr_eq(r, row));
    let step = |way: Walk| {
        let (rows, call) = (props.rows.clone(), props.on_focus.clone());
        Callback::from(move |()| {
            if let Some(row) = walk(at, rows.0.len(), 1, way).and_then(|n| rows.0.get(n)) {
                call.emit(api::Row::id(&**row));
            }
        })
    };
    let on_close = props.on_escape.reform(|()| {
        focus_rows();
    });
    html! { <Object row={row.clone()} now={props.now} {on_close} on_previous={step(Walk::Previous)} on_next={step(Walk::Next)} /> }
}

/// Leads the keys into the table, and tells whether there is one.
pub fn focus_rows() -> bool {
    let Ok(Some(grid)) = gloo_utils::document().query_selector("[role=grid]") else { return false };
    if let Some(grid) = wasm_bindgen::JsCast::dyn_ref::<HtmlElement>(&grid) {
        let _ = grid.focus();
    }
    true
}
