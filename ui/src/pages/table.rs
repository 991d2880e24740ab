//! Which objects of a kind has a context?
//!
//! Start at: [`Table`] for the page with its streams, [`view::TableView`] for what it shows.

pub mod by_hand;
mod choose;
pub mod columns;
pub mod denied;
pub mod drawer;
mod nothing;
pub mod sidebar;
pub mod state;
pub mod view;

use std::{collections::HashSet, rc::Rc};

use api::{
    ContextId, RowId, Status,
    contexts::{LeaveAt, OpenContext, SetNamespaces, TryNow},
    feed,
    settings::{Chosen, SaveChoices},
    tables::{Health, Kind, TableRow},
};
use yew::prelude::*;

use crate::{
    feeds::{FeedState, use_feed},
    model::{
        capi::listed,
        columns::{hidden, turned},
        fleet::row_id,
        route::Route,
        table::{Hold, arrange, mark},
    },
    shell::{
        clock::use_now,
        fixes::{send, use_fix},
        looks::{row_height, use_room},
        router::use_router,
        toasts::use_toasts,
        world::use_world,
    },
    widgets::{Reach, Rows},
};
use sidebar::Count;
use state::{Looking, Narrowed, narrow, start_sort};
use view::TableView;

#[derive(Properties, PartialEq)]
pub struct TableProps {
    pub context: ContextId,
    pub kind: Kind,
    pub namespace: String,
    /// The row that has the focus at first.
    #[prop_or_default]
    pub row: Option<RowId>,
}

/// A live table with its sidebar and drawer.
#[component]
pub fn Table(props: &TableProps) -> Html {
    let (world, router, toasts, on_fix) = (use_world(), use_router(), use_toasts(), use_fix());
    let TableProps { context, kind, namespace, row: _ } = props.clone_parts();
    let table = |kind: Kind, namespace: &str| feed::Table { context: context.clone(), kind, namespace: namespace.to_owned() };
    let pods = use_feed(table(Kind::Pods, if kind == Kind::Pods { &namespace } else { "" }));
    let nodes = use_feed(table(Kind::Nodes, ""));
    let spaces = use_feed(table(Kind::Namespaces, ""));
    let feed = match kind {
        Kind::Pods => &pods,
        Kind::Nodes => &nodes,
        Kind::Namespaces => &spaces,
    };
    let now = use_now(|now| feed.look(|rows| state::pace(rows, &feed.status(), now)));
    // Leaving a page and coming back opens the context again: a closed one is opened by looking at it.
    {
        let (context, toasts) = (context.clone(), toasts.clone());
        use_effect_with(context, move |context| send(OpenContext { context: context.clone() }, &toasts));
    }
    let start = props.row.clone();
    // Who was led to a row goes on from it by keys.
    use_effect_with(start.clone(), |row| {
        if row.is_some() {
            view::focus_rows();
        }
    });
    let looking = use_state(move || Looking::at(kind, start));
    let sort = use_state(|| start_sort(kind));
    let order_of = use_mut_ref(Rc::<Vec<Rc<TableRow>>>::default);
    let look = {
        let looking = looking.clone();
        move |change: &dyn Fn(&mut Looking)| {
            let mut next = (*looking).clone();
            change(&mut next);
            looking.set(next);
        }
    };
    let hold = if looking.focus.is_some() && !matches!(feed.status(), Status::Loading) { Hold::Yes } else { Hold::No };
    let arranged = {
        let (order_of, feed) = (order_of.clone(), feed.clone());
        use_memo((feed.clone(), looking.narrowed.clone(), *sort, hold, looking.shown), move |(_, narrowed, sort, hold, _)| {
            let rows = narrow(feed.rows(), narrowed);
            let arranged = arrange(&order_of.borrow(), rows, *hold, |a, b| columns::compare(kind, *sort, a, b));
            let rows = Rc::new(arranged.rows);
            *order_of.borrow_mut() = rows.clone();
            (Rows(rows), arranged.fresh)
        })
    };
    let (rows, fresh) = (arranged.0.clone(), arranged.1);
    let open = looking.open.as_ref().and_then(|id| feed.get(id));
    let room = use_room(open.is_some());
    let on_focus = {
        let look = look.clone();
        // While the drawer is open it follows the focus.
        Callback::from(move |id: RowId| {
            look(&|l| {
                l.focus = Some(id.clone());
                if l.open.is_some() {
                    l.open = Some(id.clone());
                }
            })
        })
    };
    // The pods of a namespace; the context opens there again after a restart.
    let go_to = {
        let (router, context, toasts) = (router.clone(), context.clone(), toasts.clone());
        Callback::from(move |namespace: String| {
            send(LeaveAt { context: context.clone(), namespace: namespace.clone() }, &toasts);
            router.go(Route::Table { context: context.clone(), kind: Kind::Pods, namespace });
        })
    };
    let on_open = {
        let (look, go_to) = (look.clone(), go_to.clone());
        Callback::from(move |id: RowId| match kind {
            Kind::Pods | Kind::Nodes => look(&|l| l.open = Some(id.clone())),
            Kind::Namespaces => {
                go_to.emit(id.0.trim_start_matches('/').to_owned());
            }
        })
    };
    let on_escape = {
        let look = look.clone();
        Callback::from(move |()| {
            look(&|l| {
                if l.open.take().is_none() {
                    l.focus = None;
                    l.marked = Rc::default();
                }
            })
        })
    };
    let on_mark = {
        let (look, rows) = (look.clone(), rows.clone());
        Callback::from(move |(id, reach): (RowId, Reach)| {
            let ids: Vec<RowId> = rows.0.iter().map(|r| api::Row::id(&**r)).collect();
            let Some(at) = ids.iter().position(|i| *i == id) else { return };
            look(&|l| {
                let from = l.last_mark.as_ref().filter(|_| reach == Reach::Range).and_then(|last| ids.iter().position(|i| i == last));
                l.marked = Rc::new(mark(&l.marked, &ids, at, from));
                l.last_mark = Some(id.clone());
            });
        })
    };
    let on_fresh = {
        let look = look.clone();
        let order_of = order_of.clone();
        Callback::from(move |()| {
            *order_of.borrow_mut() = Rc::default();
            look(&|l| l.shown += 1);
        })
    };
    let on_sort = {
        let (sort, order_of) = (sort.clone(), order_of.clone());
        Callback::from(move |column| {
            *order_of.borrow_mut() = Rc::default();
            sort.set(sort.press(column));
        })
    };
    let on_narrow = {
        let (look, order_of) = (look.clone(), order_of.clone());
        Callback::from(move |narrowed: Narrowed| {
            *order_of.borrow_mut() = Rc::default();
            look(&|l| {
                l.narrowed = narrowed.clone();
                l.focus = None;
            });
        })
    };
    let on_kind = {
        let (router, context) = (router.clone(), context.clone());
        Callback::from(move |to: Kind| {
            let namespace = if to == Kind::Pods { router.left_at(&context) } else { String::new() };
            router.go(Route::Table { context: context.clone(), kind: to, namespace });
        })
    };
    let row = world.contexts.get(&row_id(&context));
    let by_hand = row.as_ref().map(|c| c.namespaces.clone()).unwrap_or_default();
    let on_by_hand = {
        let (context, toasts, go_to, known) = (context.clone(), toasts.clone(), go_to.clone(), by_hand.clone());
        Callback::from(move |name: String| {
            let mut namespaces = known.clone();
            if !namespaces.contains(&name) {
                namespaces.push(name.clone());
            }
            send(SetNamespaces { context: context.clone(), namespaces }, &toasts);
            go_to.emit(name);
        })
    };
    let on_try = {
        let (context, toasts) = (context.clone(), toasts.clone());
        Callback::from(move |()| send(TryNow { context: context.clone() }, &toasts))
    };
    let on_connect = {
        let (context, toasts) = (context.clone(), toasts.clone());
        Callback::from(move |()| send(OpenContext { context: context.clone() }, &toasts))
    };
    let names = use_memo((spaces.clone(), by_hand.clone()), |(spaces, by_hand)| {
        let mut names: Vec<String> = spaces.look(|rows| rows.iter().map(|r| r.name().to_owned()).chain(by_hand.iter().cloned()).collect());
        names.sort();
        names.dedup();
        names
    });
    let counts = [use_count(&nodes), use_count(&spaces), use_count(&pods)];
    let clusters = listed(&use_feed(feed::Clusters(context.clone())).rows());
    let on_go = {
        let router = router.clone();
        Callback::from(move |route: Route| router.go(route))
    };
    let hidden = hidden(&world.choices(), kind, &columns::optional(kind));
    let on_column = {
        let (choices, toasts) = (world.choices(), toasts.clone());
        Callback::from(move |head: &'static str| send(SaveChoices { chosen: Box::new(Chosen::between(&choices, &turned(&choices, kind, head))) }, &toasts))
    };
    let problems = use_memo(feed.clone(), |feed| feed.look(|rows| rows.iter().filter(|r| state::health(r) >= Health::Warning).count()));
    html! {
        <TableView
            {kind} {namespace} {rows} {fresh} {room} {now} {open} {hidden} {on_column}
            name={row.as_ref().map(|c| c.name.clone()).unwrap_or_default()}
            identity={row.as_ref().and_then(|c| c.identity.clone()).map(|i| i.user).unwrap_or_default()}
            all={feed.len()}
            problems={*problems}
            {counts} {clusters} {on_go}
            context={Some(context.clone())}
            status={feed.status()}
            broken={feed.broken()}
            namespaces={(*names).clone()}
            {by_hand}
            row_height={row_height(world.choices().rows)}
            zone={world.zone}
            sort={*sort}
            looking={(*looking).clone()}
            {on_focus} {on_open} {on_escape} {on_mark} {on_fresh} {on_sort} {on_narrow} on_namespace={go_to} {on_kind} {on_by_hand} {on_try} {on_connect} {on_fix}
        />
    }
}

impl TableProps {
    fn clone_parts(&self) -> Self {
        Self { context: self.context.clone(), kind: self.kind, namespace: self.namespace.clone(), row: self.row.clone() }
    }
}

/// What the sidebar says of a kind; looked through once per change.
#[hook]
pub(super) fn use_count(feed: &FeedState<TableRow>) -> Count {
    let worst = use_memo(feed.clone(), |feed| feed.look(state::worst));
    Count { rows: feed.len(), worst: *worst, status: feed.status() }
}

/// Marks that are kept between renderings.
pub type Marks = Rc<HashSet<RowId>>;
