//! Which pages are written, and with which data?

use api::{
    computer::{CheckFix, DockerState, Mode},
    contexts::ContextRow,
};
use std::rc::Rc;
use ui::{
    model::{clock::Clock, facts::facts, fleet, needs, route::Route},
    pages::{
        fleet::view::{Counts, FleetView},
        welcome::view::{EmptyView, WelcomeView},
    },
    shell::{
        context_bar::{ContextBar, Switched},
        frame::Frame,
        rail::Rail,
        status_line::{Lead, Said, StatusLine},
    },
    widgets::{Pic, Sprite, State},
};
use yew::prelude::*;

use crate::{sample, table, work};

pub(crate) const ALL: &[&str] =
    &["fleet", "welcome", "welcome-docker", "fleet-empty", "switcher", "pods", "pods-drawer", "pods-denied", "pods-stale", "pods-loading", "palette", "keys"];

#[derive(Properties, PartialEq)]
pub(crate) struct ScreenProps {
    pub(crate) name: String,
}

#[component]
pub(crate) fn Screen(props: &ScreenProps) -> Html {
    if let Some(screen) = work::screen(&props.name) {
        return screen;
    }
    let page = match props.name.as_str() {
        "welcome" => welcome(DockerState::Stopped { said: "Cannot connect to the Docker daemon at unix:///var/run/docker.sock".into() }),
        "welcome-docker" => welcome(sample::docker()),
        "fleet-empty" => {
            html! { <EmptyView facts={facts(&sample::computer(sample::docker()), &sample::checks(), 0)} checks="12 checks passed" looked_at={sample::looked_at()} plan={Some(sample::plan())} /> }
        }
        _ => fleet_page(),
    };
    if props.name.starts_with("pods") || props.name == "palette" || props.name == "keys" {
        return in_context(&props.name);
    }
    let switcher = if props.name == "switcher" { Switched::Open } else { Switched::Closed };
    let contexts = sample::contexts();
    let pinned = if props.name.starts_with("welcome") || props.name == "fleet-empty" { vec![] } else { fleet::pinned(&contexts) };
    framed(Route::Fleet, None, pinned, contexts, switcher, page)
}

pub(crate) fn framed(
    route: Route,
    context: Option<Rc<ContextRow>>,
    pinned: Vec<Rc<ContextRow>>,
    contexts: Vec<Rc<ContextRow>>,
    switcher: Switched,
    page: Html,
) -> Html {
    let noop = Callback::<()>::noop();
    let said = vec![
        Said { lead: Lead::State(State::Healthy), words: "Docker 28.1.1".into() },
        Said { lead: Lead::Icon(Pic::Zap), words: "3 contexts live".into() },
        Said { lead: Lead::State(State::Progress), words: "1 job: Create lab-b, step 7 of 9".into() },
        Said { lead: Lead::None, words: "KOS 0.1.0".into() },
    ];
    let protected: Option<AttrValue> = context.as_ref().filter(|c| fleet::protected(c)).map(|c| c.name.clone().into());
    html! {
        <>
            <Sprite />
            <Frame
                {protected}
                mode={Mode::Real}
                rail={html! { <Rail {route} {pinned} jobs=1 on_go={Callback::noop()} on_enter={Callback::noop()} on_pin={noop.clone()} /> }}
                bar={html! { <ContextBar {context} {contexts} {switcher} on_switcher={Callback::noop()} on_enter={Callback::noop()} on_fleet={noop.clone()} on_palette={noop} /> }}
                status={html! { <StatusLine {said} /> }}
            >
                { page }
            </Frame>
        </>
    }
}

fn fleet_page() -> Html {
    let (files, contexts, local, jobs, checks) = (sample::files(), sample::contexts(), sample::local(), sample::jobs(), sample::checks());
    let clock = Clock { now: sample::NOW, zone_minutes: 0 };
    html! {
        <FleetView
            locals={fleet::locals(&local, &contexts, clock)}
            groups={fleet::groups(&files, &contexts, "", clock)}
            counts={Counts { local: local.len(), contexts: contexts.len(), files: files.len() }}
            loading={false}
            filter=""
            needs={needs::needs(&jobs, &local, &contexts, &checks, &files, clock)}
            computer={sample::computer(sample::docker())}
            {jobs}
            now={sample::NOW}
        />
    }
}

fn welcome(docker: DockerState) -> Html {
    let computer = sample::computer(docker);
    let fix = (!matches!(computer.docker, DockerState::Running { .. })).then(|| CheckFix {
        label: "Now".into(),
        command: "sudo systemctl start docker".into(),
        remedy: None,
    });
    html! { <WelcomeView facts={facts(&computer, &sample::checks(), 0)} {computer} looked_at={sample::looked_at()} {fix} now={sample::NOW} /> }
}

fn in_context(name: &str) -> Html {
    use api::{Status, tables::Kind};
    use ui::{
        model::palette::kinds,
        pages::{
            keys::Keys,
            palette::{Here, Palette},
            table::view::TableView,
        },
        widgets::{Room, Rows},
    };
    let base = table::props(match name {
        "pods-denied" => Status::Denied { why: sample::denied() },
        "pods-stale" => table::stale(),
        "pods-loading" => Status::Loading,
        _ => Status::Live,
    });
    let mut props = base;
    if matches!(name, "pods-loading" | "pods-denied") {
        props.rows = Rows(Rc::default());
        props.all = 0;
    }
    props.looking.focus = props.rows.0.first().map(|r| api::Row::id(&**r));
    if name == "pods-drawer" {
        props.open = props.rows.0.first().cloned();
        props.looking.open = props.looking.focus.clone();
        props.room = Room::BesideDrawer;
    }
    let contexts = sample::contexts();
    let context = contexts.first().cloned();
    let id = contexts[0].id.clone();
    let over = match name {
        "palette" => {
            html! { <Palette entries={kinds(&id)} here={Some(Here { id: id.clone(), name: "dev-eu".into(), hue: 7 })} typed="po" on_act={Callback::noop()} on_close={Callback::noop()} /> }
        }
        "keys" => html! { <Keys on_close={Callback::noop()} /> },
        _ => Html::default(),
    };
    let route = Route::Table { context: id, kind: Kind::Pods, namespace: String::new() };
    html! { <>{ framed(route, context, fleet::pinned(&contexts), contexts, Switched::Closed, html! { <TableView ..props /> }) }{ over }</> }
}
