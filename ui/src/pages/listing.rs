//! How does a page of rows stand that are sorted by their heads and narrowed by letters?
//!
//! Start at: [`Listing`]; what a row is looked for by and sorted by is said by [`Listed`].

use std::{cmp::Ordering, rc::Rc};

use api::{Row, RowId, Timestamp};
use yew::prelude::*;

use crate::{
    model::table::{Direction, Hold, Sort, arrange},
    widgets::{Column, Columns, DataTable, EmptyState, Room, Rows, Search},
};

/// A row of such a page.
pub(super) trait Listed: Row {
    const COLUMNS: &'static [Column<Self>];
    /// How the page opens.
    const START: Sort;
    /// `No machine has these letters in its name, cluster or node`.
    const NONE: &'static str;

    /// Whether it has these letters, which are small.
    fn has(&self, letters: &str) -> bool;

    /// Tells equals apart.
    fn by_name(&self, other: &Self) -> Ordering;
}

/// The rows that have the letters of a filter.
fn narrowed<R: Listed>(rows: &[Rc<R>], filter: &str) -> Vec<Rc<R>> {
    let letters = filter.trim().to_lowercase();
    rows.iter().filter(|row| letters.is_empty() || row.has(&letters)).cloned().collect()
}

/// How two rows stand by the head that was pressed.
fn compare<R: Listed>(sort: Sort, a: &R, b: &R) -> Ordering {
    let by = |a: &R, b: &R| match R::COLUMNS.get(sort.column).and_then(|column| column.order) {
        Some(order) => order(a, b),
        None => a.by_name(b),
    };
    let order = match sort.direction {
        Direction::Up => by(a, b),
        Direction::Down => by(b, a),
    };
    order.then_with(|| a.by_name(b))
}

#[derive(Properties, PartialEq)]
pub(super) struct ListingProps<R: Row> {
    pub label: &'static str,
    /// Icon, heading and count.
    pub title: Html,
    #[prop_or_default]
    pub actions: Html,
    /// What is so of all rows.
    #[prop_or_default]
    pub note: Html,
    pub rows: Vec<Rc<R>>,
    /// What stands in place of the table where there is no row to list.
    #[prop_or_default]
    pub instead: Option<Html>,
    pub room: Room,
    pub now: Timestamp,
    pub on_open: Callback<Rc<R>>,
}

/// A head with a filter, and a row each; a focused row keeps its place.
#[component]
pub(super) fn Listing<R: Listed>(props: &ListingProps<R>) -> Html {
    let (sort, focus, filter) = (use_state(|| R::START), use_state(|| None::<RowId>), use_state(String::new));
    let order_of = use_mut_ref(Vec::<Rc<R>>::new);
    let hold = if focus.is_some() { Hold::Yes } else { Hold::No };
    let arranged = arrange(&order_of.borrow(), narrowed(&props.rows, &filter), hold, |a, b| compare(*sort, a, b));
    order_of.borrow_mut().clone_from(&arranged.rows);
    let forget = {
        let order_of = order_of.clone();
        move || order_of.borrow_mut().clear()
    };
    let on_sort = {
        let (sort, forget) = (sort.clone(), forget.clone());
        Callback::from(move |column| {
            forget();
            sort.set(sort.press(column));
        })
    };
    let on_text = {
        let (filter, focus, forget) = (filter.setter(), focus.setter(), forget.clone());
        Callback::from(move |text| {
            forget();
            focus.set(None);
            filter.set(text);
        })
    };
    let on_focus = {
        let focus = focus.setter();
        Callback::from(move |id| focus.set(Some(id)))
    };
    let on_escape = {
        let focus = focus.setter();
        Callback::from(move |()| focus.set(None))
    };
    let on_fresh = {
        let (focus, forget) = (focus.setter(), forget);
        Callback::from(move |()| {
            forget();
            focus.set(None);
        })
    };
    let on_open = {
        let (open, rows) = (props.on_open.clone(), props.rows.clone());
        Callback::from(move |id: RowId| {
            if let Some(row) = rows.iter().find(|row| row.id() == id) {
                open.emit(row.clone());
            }
        })
    };
    let rows = Rows(Rc::new(arranged.rows));
    html! {
        <main class="page">
            <div class="objhead list">
                { props.title.clone() }<span class="grow"></span>
                <Search value={(*filter).clone()} placeholder="Filter" style="width:200px" {on_text} />
                { props.actions.clone() }
            </div>
            { props.note.clone() }
            if let Some(instead) = &props.instead {
                { instead.clone() }
            } else if rows.0.is_empty() {
                <EmptyState head={html! { { R::NONE } }}>{ "Esc empties the filter." }</EmptyState>
            } else {
                <DataTable<R> label={props.label} columns={Columns(R::COLUMNS)} {rows} row_height={30} room={props.room} now={props.now} sort={*sort} {on_sort}
                    focus={(*focus).clone()} {on_focus} {on_open} {on_escape} fresh={arranged.fresh} {on_fresh} />
            }
        </main>
    }
}
