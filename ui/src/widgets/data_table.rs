//! How are many rows shown?
//!
//! Knows: a header grid and a virtual body of rows of one height; only what is seen stands in the document.
//! Does not know: what rows mean; order and filter are made by `model::table`.

use std::{
    cmp::Ordering,
    collections::{HashMap, HashSet},
    rc::Rc,
};

use api::{Row, RowId, Timestamp};
use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use super::icon::{Icon, Pic};
use crate::model::{
    table::{Direction, Sort, Walk, reveal, walk, walk_from_gap, window},
    time::thousands,
};

/// When a column leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Leaves {
    Never,
    /// Below 1280 pixels.
    Narrow,
    /// Below 1280 pixels and beside a drawer.
    Crowded,
}

/// How much room the table has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Room {
    Narrow,
    BesideDrawer,
    Full,
}

impl Room {
    pub fn shows(self, leaves: Leaves) -> bool {
        match self {
            Self::Full => true,
            Self::BesideDrawer => leaves != Leaves::Crowded,
            Self::Narrow => leaves == Leaves::Never,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Left,
    Right,
}

/// One column of a kind of row.
pub struct Column<R> {
    pub head: &'static str,
    /// A track of the grid: `152px`, `minmax(0,1fr)`.
    pub width: &'static str,
    pub align: Align,
    pub leaves: Leaves,
    /// Whole cells, with their class; the time is for ages.
    pub cell: fn(&R, Timestamp) -> Html,
    pub order: Option<fn(&R, &R) -> Ordering>,
}

/// The columns of one kind; two sets are the same when they are the same list.
pub struct Columns<R: 'static>(pub &'static [Column<R>]);

impl<R> Clone for Columns<R> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<R> Copy for Columns<R> {}
impl<R> PartialEq for Columns<R> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

/// Rows in the order shown; compared by identity, since comparing 50,000 rows is what a memo should avoid.
pub struct Rows<R>(pub Rc<Vec<Rc<R>>>);

impl<R> Clone for Rows<R> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}
impl<R> PartialEq for Rows<R> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// Whether what is shown is true now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Freshness {
    #[default]
    Live,
    /// Rows lose their hue and keep their shape.
    Old,
}

#[derive(Properties, PartialEq)]
pub struct DataTableProps<R: Row> {
    pub label: AttrValue,
    pub columns: Columns<R>,
    pub rows: Rows<R>,
    /// Pixels: 28, 30 or 32.
    pub row_height: u32,
    pub room: Room,
    /// Heads of columns that the reader left out.
    #[prop_or_default]
    pub hidden: Vec<&'static str>,
    pub now: Timestamp,
    pub sort: Sort,
    pub on_sort: Callback<usize>,
    #[prop_or_default]
    pub focus: Option<RowId>,
    /// A row got the focus by a key or a click.
    pub on_focus: Callback<RowId>,
    pub on_open: Callback<RowId>,
    /// Esc: back to where no row is open or focused.
    pub on_escape: Callback<()>,
    #[prop_or_default]
    pub open: Option<RowId>,
    #[prop_or_default]
    pub marked: Rc<HashSet<RowId>>,
    /// Space, with Shift for a range.
    #[prop_or_default]
    pub on_mark: Callback<(RowId, Reach)>,
    /// Rows that wait, and what shows them.
    #[prop_or_default]
    pub fresh: usize,
    #[prop_or_default]
    pub on_fresh: Callback<()>,
    #[prop_or_default]
    pub freshness: Freshness,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    One,
    Range,
}

#[derive(Clone, Copy, PartialEq)]
struct Port {
    top: u32,
    seen: u32,
    /// Width of the scroll bar, which the head leaves free.
    bar: u32,
}

/// What is seen of the body; whole rows, so that a pixel of scrolling does not render anything anew.
fn measure(scroller: &NodeRef, height: u32) -> Option<Port> {
    let e = scroller.cast::<HtmlElement>()?;
    let top = e.scroll_top().max(0) as u32;
    Some(Port { top: top - top % height.max(1), seen: e.client_height().max(0) as u32, bar: (e.offset_width() - e.client_width()).max(0) as u32 })
}

/// Where a walk by keys starts.
#[derive(Clone, Copy)]
enum Start {
    /// The focused row, if there is one.
    Row(Option<usize>),
    /// The focused row has gone; it stood here.
    Gap(usize),
}

/// A grid of rows: J and K walk, Enter opens, Space marks, Esc goes back.
#[component]
pub fn DataTable<R: Row>(props: &DataTableProps<R>) -> Html {
    let scroller = use_node_ref();
    // Before the first measure a tall window is assumed: a few rows too many are better than a blank.
    let port = use_state_eq(|| Port { top: 0, seen: 900, bar: 0 });
    let height = props.row_height;
    {
        let (scroller, port) = (scroller.clone(), port.setter());
        use_effect_with((), move |()| {
            let look = move || {
                if let Some(seen) = measure(&scroller, height) {
                    port.set(seen);
                }
            };
            look();
            let listener = EventListener::new(&gloo_utils::window(), "resize", move |_| look());
            move || drop(listener)
        });
    }
    let onscroll = {
        let (scroller, port) = (scroller.clone(), port.setter());
        Callback::from(move |_: Event| {
            if let Some(seen) = measure(&scroller, height) {
                port.set(seen);
            }
        })
    };
    let rows = &props.rows.0;
    // Made once per change of the rows, and only for who reads: a key must not look through 50,000 of them.
    let places = use_memo((props.rows.clone(), props.focus.is_some()), |(rows, is_read)| {
        let read = if *is_read { rows.0.as_slice() } else { &[] };
        read.iter().enumerate().map(|(n, r)| (r.id(), n)).collect::<HashMap<RowId, usize>>()
    });
    let focused = props.focus.as_ref().and_then(|id| places.get(id).copied());
    // Where the focused row stood last.
    let stood = use_mut_ref(|| None::<usize>);
    if props.focus.is_none() || focused.is_some() {
        *stood.borrow_mut() = focused;
    }
    let start = match (focused, *stood.borrow()) {
        (None, Some(place)) => Start::Gap(place),
        (focused, _) => Start::Row(focused),
    };
    {
        let scroller = scroller.clone();
        use_effect_with(focused, move |focused| {
            if let (Some(place), Some(e)) = (focused, scroller.cast::<Element>())
                && let Some(top) = reveal(*place, height, e.scroll_top().max(0) as u32, e.client_height().max(0) as u32)
            {
                e.set_scroll_top(top as i32);
            }
        });
    }
    let onkeydown = keys(props, start, (port.seen / height.max(1)) as usize);
    let shown: Vec<(usize, &Column<R>)> =
        props.columns.0.iter().enumerate().filter(|(_, c)| props.room.shows(c.leaves) && !props.hidden.contains(&c.head)).collect();
    let tracks = shown.iter().map(|(_, c)| c.width).collect::<Vec<_>>().join(" ");
    let drawn = window(rows.len(), height, port.top, port.seen);
    let active = focused.filter(|n| (drawn.first..drawn.end).contains(n)).map(|n| format!("row-{n}"));
    html! {
        <div class="datatable live" role="grid" aria-label={props.label.clone()} aria-rowcount={(rows.len() + 1).to_string()} aria-colcount={shown.len().to_string()}
            aria-activedescendant={active} tabindex="0" style={format!("--cols:{tracks};--pad:16px")} {onkeydown}>
            <div class="th" role="row" aria-rowindex="1" style={format!("padding-right:calc(var(--pad) + {}px)", port.bar)}>{ for shown.iter().map(|(n, c)| head(*n, c, props)) }</div>
            <div class="scroller" role="rowgroup" tabindex="0" ref={scroller} {onscroll}>
                <div class="canvas" style={format!("height:{}px", rows.len() as u64 * u64::from(height))}>
                    <div style={format!("transform:translateY({}px)", drawn.first as u64 * u64::from(height))}>
                        { for rows.iter().enumerate().take(drawn.end).skip(drawn.first).map(|(n, row)| line(n, row, &shown, focused, props)) }
                    </div>
                </div>
            </div>
            if props.fresh > 0 { { pill(props) } }
        </div>
    }
}

fn head<R: Row>(place: usize, column: &Column<R>, props: &DataTableProps<R>) -> Html {
    let on = props.sort.column == place;
    let right = matches!(column.align, Align::Right).then_some("right");
    let said = match (on, props.sort.direction) {
        (false, Direction::Up | Direction::Down) => None,
        (true, Direction::Up) => Some("ascending"),
        (true, Direction::Down) => Some("descending"),
    };
    let arrow = on.then(|| match props.sort.direction {
        Direction::Up => html! { <Icon of={Pic::ArrowDown} /> },
        Direction::Down => html! { <Icon of={Pic::ArrowUp} /> },
    });
    if column.order.is_none() {
        return html! { <div class={classes!(right)} role="columnheader">{ column.head }</div> };
    }
    let sort = props.on_sort.clone();
    let onclick = Callback::from(move |_: MouseEvent| sort.emit(place));
    html! { <div class={classes!(right)} role="columnheader" aria-sort={said}><button type="button" class="bare head" {onclick}>{ column.head }{ arrow }</button></div> }
}

fn line<R: Row>(place: usize, row: &Rc<R>, shown: &[(usize, &Column<R>)], focused: Option<usize>, props: &DataTableProps<R>) -> Html {
    let id = row.id();
    let (focus, open) = (focused == Some(place), props.open.as_ref() == Some(&id));
    let marked = props.marked.contains(&id);
    let old = matches!(props.freshness, Freshness::Old).then_some("dim");
    let onclick = {
        let (on_focus, on_open, id) = (props.on_focus.clone(), props.on_open.clone(), id.clone());
        Callback::from(move |_: MouseEvent| {
            on_focus.emit(id.clone());
            on_open.emit(id.clone());
        })
    };
    html! {
        <div key={id.0.clone()} id={format!("row-{place}")} class={classes!("tr", (open || marked).then_some("on"), focus.then_some("is-at"), old)} role="row"
            aria-rowindex={(place + 2).to_string()} aria-selected={(marked || open).to_string()} {onclick}>
            { for shown.iter().map(|(_, column)| (column.cell)(row, props.now)) }
        </div>
    }
}

fn pill<R: Row>(props: &DataTableProps<R>) -> Html {
    let show = props.on_fresh.clone();
    let onclick = Callback::from(move |e: MouseEvent| {
        // The button goes away with what it shows: the keys go on in the rows.
        let grid = e.target_dyn_into::<Element>().and_then(|e| e.closest("[role=grid]").ok().flatten());
        if let Some(grid) = grid.and_then(|e| e.dyn_into::<HtmlElement>().ok()) {
            let _ = grid.focus();
        }
        show.emit(());
    });
    let button =
        html! { <button type="button" class="fresh" {onclick}><Icon of={Pic::ArrowUp} />{ format!("{} new", thousands(props.fresh as u64)) }</button> };
    // A grid has rows of cells and nothing else; the button floats over them.
    html! { <div role="row" style="display:contents"><div role="gridcell" style="display:contents">{ button }</div></div> }
}

/// A button that Tab leads to is pressed by its own keys; one in a row, where only a click leads, stands for the row.
fn presses_a_button(e: &KeyboardEvent) -> bool {
    e.target_dyn_into::<HtmlElement>().is_some_and(|e| e.matches("button").unwrap_or_default() && e.tab_index() >= 0)
}

fn keys<R: Row>(props: &DataTableProps<R>, start: Start, page: usize) -> Callback<KeyboardEvent> {
    let (rows, on_focus, on_open, on_escape, on_mark) =
        (props.rows.clone(), props.on_focus.clone(), props.on_open.clone(), props.on_escape.clone(), props.on_mark.clone());
    let focused = match start {
        Start::Row(focused) => focused,
        Start::Gap(_) => None,
    };
    let idle = props.focus.is_none() && props.open.is_none() && props.marked.is_empty();
    Callback::from(move |e: KeyboardEvent| {
        if e.ctrl_key() || e.meta_key() || e.alt_key() {
            return;
        }
        let way = match e.key().as_str() {
            "j" | "ArrowDown" => Some(Walk::Next),
            "k" | "ArrowUp" => Some(Walk::Previous),
            "PageDown" => Some(Walk::PageDown),
            "PageUp" => Some(Walk::PageUp),
            "Home" => Some(Walk::First),
            "End" => Some(Walk::Last),
            _ => None,
        };
        if let Some(way) = way {
            e.prevent_default();
            let to = match start {
                Start::Row(focused) => walk(focused, rows.0.len(), page, way),
                Start::Gap(place) => walk_from_gap(place, rows.0.len(), page, way),
            };
            if let Some(row) = to.and_then(|n| rows.0.get(n)) {
                on_focus.emit(row.id());
            }
            return;
        }
        match (e.key().as_str(), focused.and_then(|n| rows.0.get(n))) {
            ("Enter" | " ", _) if presses_a_button(&e) => {}
            ("Enter", Some(row)) => {
                e.prevent_default();
                on_open.emit(row.id());
            }
            (" ", Some(row)) => {
                e.prevent_default();
                on_mark.emit((row.id(), if e.shift_key() { Reach::Range } else { Reach::One }));
            }
            // Nothing is open or marked any more: the page is left.
            ("Escape", _) if idle => {}
            ("Escape", _) => {
                e.stop_propagation();
                on_escape.emit(());
            }
            _ => {}
        }
    })
}
