//! Which clusters and contexts are there?
//!
//! Start at: [`Fleet`] for the page with its streams, [`view::FleetView`] for what it shows.

pub mod aside;
pub mod contexts;
pub mod explain;
pub mod locals;
pub mod part;
pub mod view;

use api::{
    ContextId, Status,
    app::SetMode,
    computer::{ComputerView, DockerState, Mode},
    connect::Disconnect,
    contexts::{OpenContext, SetFavourite, TryNow},
    feed,
    files::FileState,
    local::{Power, SetPower},
};
use yew::prelude::*;

use crate::{
    feeds::{Opens, use_call, use_feed_when},
    model::{
        fleet::{
            ContextAction, LocalAction, elsewhere, groups, locals as local_lines,
            managed::{by_its_word, manager, stuck},
            next_place, pace,
            power::{Question, question},
            row_id, shown_files,
        },
        needs::{Lead, needs},
        route::Route,
        welcome::{First, Visit, first},
    },
    pages::{
        export::ExportDialog,
        make_current::MakeCurrentDialog,
        stop::StopDialog,
        unprotect::{Guarding, use_guard},
        welcome::{Empty, Welcome},
    },
    shell::{
        clipboard::copy,
        clock::use_now,
        fixes::{send, use_fix},
        latest::use_latest,
        router::use_router,
        toasts::use_toasts,
        world::use_world,
    },
};
use contexts::Ask;
use explain::Explain;
use view::FleetView;

/// The first page: local clusters, contexts by file, what needs a human.
#[component]
pub fn Fleet() -> Html {
    let (world, router, toasts, on_fix) = (use_world(), use_router(), use_toasts(), use_fix());
    let now = use_now(|now| pace(&world.contexts.rows(), &world.local.rows(), &world.jobs.rows(), now));
    let filter = use_state(String::new);
    let explained = use_state(|| None::<ContextId>);
    let current = use_state(|| None::<ContextId>);
    let stopping = use_state(|| None::<Question>);
    let exporting = use_state(|| None::<String>);
    let power = use_call::<SetPower>();
    let Guarding { set: set_guard, asked } = use_guard();
    let (files, contexts, local) = (world.files.rows(), world.contexts.rows(), world.local.rows());
    let manager = manager(&local, &contexts);
    let opens = if manager.is_some() { Opens::Now } else { Opens::Later };
    let managed = use_feed_when(opens, feed::Clusters(manager.as_ref().map_or_else(|| "".into(), |manager| manager.context.clone())));
    let computer = world.computer.one();
    let docker = computer.as_ref().map_or(DockerState::NotAsked, |c| c.docker.clone());
    let trouble = files.iter().filter(|f| matches!(f.state, FileState::Unreadable | FileState::Partly)).count();
    let known = files.iter().any(|f| f.state != FileState::Missing) || !world.jobs.is_empty();
    let visit = if known { Visit::Returning } else { Visit::First };
    let start = {
        let (router, toasts) = (router.clone(), toasts.clone());
        move |name: String, to: Power, typed: String| {
            let (router, toasts) = (router.clone(), toasts.clone());
            power.ask_then(SetPower { name, power: to, typed }, move |answer| match answer {
                Ok(job) => router.go(Route::Job(job.clone())),
                Err(fault) => toasts.fault(fault.clone()),
            });
        }
    };
    let on_local = {
        let (router, toasts, start) = (router.clone(), toasts.clone(), start.clone());
        Callback::from(move |(name, action): (String, LocalAction)| match action {
            LocalAction::Open(context) => {
                send(OpenContext { context: context.clone() }, &toasts);
                router.enter(context);
            }
            LocalAction::Watch(job) => router.go(Route::Job(job)),
            LocalAction::Start => start(name, Power::Start, String::new()),
            LocalAction::Unpause => start(name, Power::Unpause, String::new()),
            LocalAction::None => {}
        })
    };
    let on_delete = {
        let router = router.clone();
        Callback::from(move |name: String| router.go(Route::Delete(name)))
    };
    let on_export = {
        let exporting = exporting.setter();
        Callback::from(move |name: String| exporting.set(Some(name)))
    };
    let unexporting = {
        let exporting = exporting.setter();
        Callback::from(move |()| exporting.set(None))
    };
    let on_power = {
        let (start, stopping, local, contexts) = (start.clone(), stopping.setter(), local.clone(), contexts.clone());
        Callback::from(move |(name, to): (String, Power)| match local.iter().filter(|row| row.name == name).find_map(|row| question(row, &contexts, to)) {
            Some(asked) => stopping.set(Some(asked)),
            None => start(name, to, String::new()),
        })
    };
    let on_ask = {
        let (router, toasts, explained, current, all) = (router.clone(), toasts.clone(), explained.setter(), current.setter(), contexts.clone());
        Callback::from(move |(context, ask): (ContextId, Ask)| match ask {
            Ask::Act(ContextAction::Open) => router.enter(context),
            Ask::Act(ContextAction::Connect) => {
                send(OpenContext { context: context.clone() }, &toasts);
                router.enter(context);
            }
            Ask::Act(ContextAction::TryNow) => send(TryNow { context }, &toasts),
            Ask::Act(ContextAction::SignIn | ContextAction::Explain) => explained.set(Some(context)),
            Ask::Act(ContextAction::Review) => router.go(Route::Trust(context)),
            Ask::MakeCurrent => current.set(Some(context)),
            Ask::Disconnect => send(Disconnect { context }, &toasts),
            Ask::Guard(guard) => set_guard.emit((context, guard)),
            Ask::Pin => send(SetFavourite { context, favourite: next_place(&all) }, &toasts),
            Ask::Unpin => send(SetFavourite { context, favourite: api::contexts::Favourite::No }, &toasts),
        })
    };
    let on_lead = {
        let (router, toasts, explained, start) = (router.clone(), toasts.clone(), explained.setter(), start.clone());
        Callback::from(move |lead: Lead| match lead {
            Lead::Job(job) => router.go(Route::Job(job)),
            Lead::Doctor => router.go(Route::Doctor),
            Lead::Explain(context) => explained.set(Some(context)),
            Lead::Trust(context) => router.go(Route::Trust(context)),
            Lead::Start(name) => start(name, Power::Start, String::new()),
            Lead::Open(context) => {
                send(OpenContext { context: context.clone() }, &toasts);
                router.enter(context);
            }
            Lead::Cluster { context, namespace, name } => router.go(Route::Cluster { context, namespace, name }),
            Lead::CopyPath { path, line } => {
                let place = if line > 0 { format!("{path}:{line}") } else { path };
                copy(&place);
                toasts.done("Path copied", place);
            }
        })
    };
    let on_text = {
        let filter = filter.setter();
        Callback::from(move |text| filter.set(text))
    };
    let close = {
        let explained = explained.setter();
        Callback::from(move |()| explained.set(None))
    };
    let stop = (*stopping).clone().map(|question| {
        let (start, stopping, name, to) = (start.clone(), stopping.setter(), question.name.clone(), question.halt.power());
        let on_act = Callback::from(move |typed: String| start(name.clone(), to, typed));
        let on_close = Callback::from(move |()| stopping.set(None));
        html! { <StopDialog {question} {on_act} {on_close} /> }
    });
    let uncurrent = {
        let current = current.setter();
        Callback::from(move |()| current.set(None))
    };
    let row = (*explained).as_ref().and_then(|id| world.contexts.get(&row_id(id)));
    let on_try = {
        let toasts = toasts.clone();
        Callback::from(move |context: ContextId| send(TryNow { context }, &toasts))
    };
    // Words of time change a row or two: what did not change is not drawn again.
    let (on_ask, on_lead, on_text) = (use_latest(on_ask), use_latest(on_lead), use_latest(on_text));
    match first((contexts.len(), &world.contexts.status()), (local.len(), &world.local.status()), trouble, &docker, visit) {
        First::Wait => return html! { <main class="page" aria-busy="true"></main> },
        First::Empty => return html! { <Empty /> },
        First::Welcome | First::NoDocker => return html! { <Welcome /> },
        First::Fleet => {}
    }
    let clock = world.zone.at(now);
    let lines = local_lines(&local, &contexts, clock);
    let (lines, late) = match &manager {
        Some(manager) => (by_its_word(lines, manager, &managed.rows()), stuck(manager, &managed.rows())),
        None => (lines, vec![]),
    };
    let listed = elsewhere(&contexts, &local, &files);
    let listed_files = shown_files(&files, &listed);
    html! {
        <>
            <FleetView
                locals={lines}
                groups={groups(&listed_files, &listed, &filter, clock)}
                counts={view::Counts { local: local.len(), contexts: listed.len(), files: listed_files.iter().filter(|f| f.state != FileState::Missing).count() }}
                loading={matches!(world.contexts.status(), Status::Loading) && contexts.is_empty()}
                filter={(*filter).clone()}
                needs={[late, needs(&world.jobs.rows(), &local, &contexts, &world.checks.rows(), &files, clock)].concat()}
                computer={computer.as_deref().cloned().unwrap_or_else(ComputerView::default)}
                jobs={world.jobs.rows()}
                {now}
                {on_text} {on_local} {on_power} {on_export} {on_delete} {on_ask} {on_lead}
                on_go={let router = router.clone(); Callback::from(move |route| router.go(route))}
            />
            if let Some(row) = (*current).as_ref().and_then(|id| world.contexts.get(&row_id(id))) { <MakeCurrentDialog context={row.id.clone()} name={row.name.clone()} guard={row.guard} on_close={uncurrent} /> }
            { stop }
            { asked }
            if let Some(name) = (*exporting).clone() { <ExportDialog {name} on_close={unexporting} /> }
            if let Some(row) = row { <Explain {row} on_close={close} {on_fix} {on_try} /> }
        </>
    }
}

/// Leaves the demo fleet, or enters it.
#[hook]
pub fn use_mode() -> Callback<Mode> {
    let toasts = use_toasts();
    Callback::from(move |mode| send(SetMode { mode }, &toasts))
}
