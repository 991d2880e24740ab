//! What is the page made of?
//!
//! Start at: [`App`]; [`page`] leads from a route to its view.

pub mod command;
pub mod cut_off;
pub mod dropped;
pub mod entries;
pub mod listen;
pub mod status;

use api::{
    computer::{CheckAll, Mode},
    contexts::{CloseContext, OpenContext, SetFavourite},
    jobs::JobState,
    local::SetPower,
    settings::SaveChoices,
    tables::Kind,
};
use yew::prelude::*;

use crate::{
    feeds::use_call,
    model::{
        clock::Pace,
        fleet::{pinned, protected, row_id},
        keys::Deed,
        palette::Act,
        route::Route,
        time::identity_left,
    },
    pages::{
        add_cluster::AddClusterPage,
        classes::Classes,
        cluster::ClusterPage,
        clusters::Clusters,
        create::CreatePage,
        delete::DeleteDialog,
        doctor::DoctorPage,
        fleet::{Fleet, use_mode},
        job::JobPage,
        jobs::JobsPage,
        keys::Keys,
        machine::MachinePage,
        machines::Machines,
        new_cluster::NewClusterPage,
        palette::{Here, Searching},
        providers::ProvidersPage,
        runs::Runs,
        settings::SettingsPage,
        states::StatesPage,
        table::{Table, view::focus_rows},
        trust::TrustDialog,
        unprotect::{Guarding, use_guard},
        upgrade::UpgradePage,
    },
    shell::{
        clipboard::copy,
        clock::use_now,
        context_bar::{ContextBar, Switched},
        fixes::send,
        focus::use_kept_focus,
        frame::Frame,
        looks::use_looks,
        rail::Rail,
        router::{Routing, use_router},
        saying::{Saying, use_said},
        status_line::StatusLine,
        toasts::{Speaking, use_toasts},
        world::{Watching, use_world},
    },
    widgets::{Sprite, use_keymap},
    words::sides::{LOG, YAML},
};
use command::{command, path, role};
use cut_off::use_cut_off;
use dropped::use_dropped;
use entries::entries;
use listen::use_keys;
use status::{Known, about, said};

/// Streams, history and toasts around the window.
#[component]
pub fn App() -> Html {
    html! { <Watching><Window /></Watching> }
}

/// The window over what is known.
#[component]
pub fn Window() -> Html {
    html! { <><Sprite /><Routing><Speaking><Saying><Main /></Saying></Speaking></Routing></> }
}

/// What lies over the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Over {
    Nothing,
    Palette,
    /// The palette, asking for a context.
    Pins,
    Keys,
}

#[component]
fn Main() -> Html {
    let (world, router, toasts, on_mode) = (use_world(), use_router(), use_toasts(), use_mode());
    let page_says = use_said();
    let over = use_state(|| Over::Nothing);
    let switcher = use_state(Switched::default);
    use_looks(world.choices());
    use_cut_off(&world.jobs, &router);
    use_dropped(&router, &toasts);
    let route = router.now();
    let contexts = world.contexts.rows();
    let pins = pinned(&contexts);
    let context = route.context().and_then(|id| world.contexts.get(&row_id(id)));
    // Only a credential that ends is told by the time.
    let now = use_now(|now| context.as_ref().and_then(|row| identity_left(row, now)).map_or(Pace::Still, |_| Pace::Minutes));
    let mode = world.computer.one().map_or(Mode::Real, |c| c.mode);
    let on_enter = {
        let (router, toasts) = (router.clone(), toasts.clone());
        Callback::from(move |id: api::ContextId| {
            send(OpenContext { context: id.clone() }, &toasts);
            router.enter(id);
        })
    };
    let on_go = {
        let router = router.clone();
        Callback::from(move |route| router.go(route))
    };
    let set_over = {
        let over = over.setter();
        move |to: Over| over.set(to)
    };
    let power = use_call::<SetPower>();
    let Guarding { set: set_guard, asked } = use_guard();
    let on_act = {
        let (router, toasts, enter, mode, over) = (router.clone(), toasts.clone(), on_enter.clone(), on_mode.clone(), set_over.clone());
        Callback::from(move |act: Act| match act {
            Act::Go(route) => router.go(route),
            Act::Enter(context) => enter.emit(context),
            Act::Demo => mode.emit(Mode::Demo),
            Act::Real => mode.emit(Mode::Real),
            Act::CheckAll => {
                send(CheckAll, &toasts);
                router.go(Route::Doctor);
            }
            Act::LookAround => send(api::app::LookAround, &toasts),
            Act::Help => over(Over::Keys),
            Act::Copy(text) => {
                copy(&text);
                toasts.done("Copied", text);
            }
            Act::Pin(context, favourite) => send(SetFavourite { context, favourite }, &toasts),
            Act::Guard(context, guard) => set_guard.emit((context, guard)),
            Act::Close(context) => send(CloseContext { context }, &toasts),
            Act::Choose(chosen) => send(SaveChoices { chosen }, &toasts),
            Act::Power(name, to) => {
                let (router, toasts) = (router.clone(), toasts.clone());
                power.ask_then(SetPower { name, power: to, typed: String::new() }, move |answer| match answer {
                    Ok(job) => router.go(Route::Job(job.clone())),
                    Err(fault) => toasts.fault(fault.clone()),
                });
            }
        })
    };
    let on_deed = {
        let (router, enter, pins, over, route) = (router.clone(), on_enter.clone(), pins.clone(), set_over.clone(), route.clone());
        Callback::from(move |deed: Deed| match deed {
            Deed::Palette => over(Over::Palette),
            Deed::Help => over(Over::Keys),
            Deed::Back => router.back(),
            Deed::Leave => {
                if !listen::press(".drawer .dh button[aria-label^=Close]") && route != Route::Fleet {
                    router.back();
                }
            }
            Deed::Filter => listen::focus(".search input"),
            Deed::Apply => {
                listen::press("main .btn.primary:not([disabled]), .pane .btn.primary:not([disabled])");
            }
            Deed::Problems => {
                listen::press(".chip.problems");
            }
            Deed::Log => listen::open_side(LOG),
            Deed::Text => listen::open_side(YAML),
            Deed::Rows(way) => {
                if !focus_rows() {
                    listen::walk_rows(way);
                }
            }
            Deed::Fleet => router.go(Route::Fleet),
            Deed::Context(n) => {
                if let Some(row) = pins.get(n) {
                    enter.emit(row.id.clone());
                }
            }
            Deed::Kind(kind) => {
                if let Some(context) = route.context() {
                    let namespace = if kind == Kind::Pods { router.left_at(context) } else { String::new() };
                    router.go(Route::Table { context: context.clone(), kind, namespace });
                }
            }
        })
    };
    let keymap = use_keymap();
    use_keys(keymap, on_deed);
    use_kept_focus();
    let waits = world
        .jobs
        .rows()
        .iter()
        .filter(|j| {
            matches!(
                j.state,
                JobState::Running
                    | JobState::Undoing { .. }
                    | JobState::Failed { .. }
                    | JobState::UndoFailed { .. }
                    | JobState::Interrupted { .. }
                    | JobState::Damaged { .. }
            )
        })
        .count();
    let close = {
        let over = set_over.clone();
        Callback::from(move |()| over(Over::Nothing))
    };
    let here = context.as_ref().map(|c| Here { id: c.id.clone(), name: c.name.clone(), hue: c.tile.hue });
    let opens = |to: Over| {
        let over = set_over.clone();
        Callback::from(move |()| over(to))
    };
    let to_fleet = {
        let router = router.clone();
        Callback::from(move |()| router.go(Route::Fleet))
    };
    let on_switcher = {
        let switcher = switcher.setter();
        Callback::from(move |to| switcher.set(to))
    };
    let cut = matches!(&route, Route::Job(id) if world.jobs.rows().iter().any(|j| j.id == *id && matches!(j.state, JobState::Interrupted { .. })));
    let rail = html! { <Rail route={if cut { Route::Jobs } else { route.clone() }} pinned={pins} jobs={waits} on_go={on_go} on_enter={on_enter.clone()} on_pin={opens(Over::Pins)} /> };
    let bar = html! {
        <ContextBar context={context.clone()} path={path(&route, &world.jobs.rows()).into_iter().chain(page_says.side.clone()).collect::<Vec<_>>()} role={context.as_ref().and_then(|row| role(&world.local.rows(), &contexts, &row.id))} contexts={contexts} switcher={*switcher} {on_switcher} {on_enter} on_fleet={to_fleet} on_palette={opens(Over::Palette)}
            left={context.as_ref().and_then(|c| identity_left(c, now)).map(AttrValue::from)} saved={page_says.saved} />
    };
    let status = html! { <StatusLine said={about(said(&route, &Known::of(&world, context.clone())), &page_says.about)} command={page_says.command.clone().or_else(|| command(&route, context.as_deref().map(|c| c.name.as_str()))).filter(|_| route != Route::Fleet || !world.contexts.is_empty())} /> };
    let shield: Option<AttrValue> = context.as_ref().filter(|c| protected(c)).map(|c| AttrValue::from(c.name.clone()));
    let typed = if *over == Over::Pins { "@" } else { "" };
    html! {
        <>
            <Frame {rail} {bar} {status} protected={shield} {mode} on_real={Callback::from(move |()| on_mode.emit(Mode::Real))}>{ page(&route) }</Frame>
            if matches!(*over, Over::Palette | Over::Pins) { <Searching entries={entries(&world, &route, mode)} {here} {typed} {on_act} on_close={close.clone()} /> }
            if *over == Over::Keys { <Keys on_close={close} /> }
            { asked }
        </>
    }
}

/// The view of a route.
fn page(route: &Route) -> Html {
    match route {
        Route::Fleet => over_fleet(None),
        Route::Table { context, kind, namespace } => {
            let key = format!("{context}/{kind:?}/{namespace}");
            html! { <Table {key} context={context.clone()} kind={*kind} namespace={namespace.clone()} /> }
        }
        Route::Object { context, kind, namespace, row } => {
            let key = format!("{context}/{kind:?}/{namespace}/{row}");
            html! { <Table {key} context={context.clone()} kind={*kind} namespace={namespace.clone()} row={row.clone()} /> }
        }
        Route::Clusters(context) => html! { <Clusters key={context.0.clone()} context={context.clone()} /> },
        Route::Providers(context) => html! { <ProvidersPage key={context.0.clone()} context={context.clone()} /> },
        Route::NewCluster(context) => html! { <NewClusterPage key={context.0.clone()} context={context.clone()} /> },
        Route::Cluster { context, namespace, name } => {
            let key = format!("{context}/{namespace}/{name}");
            html! { <ClusterPage {key} context={context.clone()} namespace={namespace.clone()} name={name.clone()} /> }
        }
        Route::Machines(context) => html! { <Machines key={context.0.clone()} context={context.clone()} /> },
        Route::Machine { context, namespace, cluster, name } => {
            let key = format!("{context}/{namespace}/{cluster}/{name}/machine");
            html! { <MachinePage {key} context={context.clone()} namespace={namespace.clone()} cluster={cluster.clone()} name={name.clone()} /> }
        }
        Route::Classes(context) => html! { <Classes key={format!("{context}/classes")} context={context.clone()} /> },
        Route::Class { context, class } => html! { <Classes key={format!("{context}/classes")} context={context.clone()} class={Some(class.clone())} /> },
        Route::Runs(context) => html! { <Runs key={format!("{context}/runs")} context={context.clone()} /> },
        Route::Run { context, id } => html! { <Runs key={format!("{context}/runs")} context={context.clone()} run={Some(id.clone())} /> },
        Route::Ask { context, namespace, name, wish } => {
            let key = format!("{context}/{namespace}/{name}/{wish:?}");
            html! { <ClusterPage {key} context={context.clone()} namespace={namespace.clone()} name={name.clone()} asks={*wish} /> }
        }
        Route::Upgrade { context, namespace, name } => {
            let key = format!("{context}/{namespace}/{name}/upgrade");
            html! { <UpgradePage {key} context={context.clone()} namespace={namespace.clone()} name={name.clone()} /> }
        }
        Route::Create => html! { <CreatePage /> },
        Route::Jobs => html! { <JobsPage /> },
        Route::Job(job) => html! { <JobPage key={job.0.clone()} job={job.clone()} /> },
        Route::AddCluster => html! { <AddClusterPage /> },
        Route::Doctor => html! { <DoctorPage /> },
        Route::Settings(section) => html! { <SettingsPage key={section.title()} section={*section} /> },
        Route::States => html! { <StatesPage /> },
        Route::Trust(context) => over_fleet(Some(html! { <TrustDialog key={format!("trust/{context}")} context={context.clone()} /> })),
        Route::Delete(name) => over_fleet(Some(html! { <DeleteDialog key={format!("delete/{name}")} name={name.clone()} /> })),
    }
}

/// Questions stand over the fleet, where the thing they are about is seen. By its key it is the same fleet before, below and
/// after them: what was typed and scrolled there stays.
fn over_fleet(question: Option<Html>) -> Html {
    html! { <><Fleet key="fleet" />{ for question }</> }
}
