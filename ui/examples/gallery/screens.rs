//! Which pages are written, and with which data?

use api::{
    computer::{DockerState, Mode},
    contexts::ContextRow,
};
use std::rc::Rc;
use ui::{
    model::{facts::facts, fleet, needs, route::Route, time::Zone},
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

use crate::sample;

pub(crate) const ALL: &[&str] = &["fleet", "welcome", "welcome-docker", "fleet-empty", "switcher"];

#[derive(Properties, PartialEq)]
pub(crate) struct ScreenProps {
    pub(crate) name: String,
}

#[component]
pub(crate) fn Screen(props: &ScreenProps) -> Html {
    let page = match props.name.as_str() {
        "welcome" => welcome(DockerState::Stopped { said: "Cannot connect to the Docker daemon at unix:///var/run/docker.sock".into() }),
        "welcome-docker" => welcome(sample::docker()),
        "fleet-empty" => {
            html! { <EmptyView facts={facts(&sample::computer(sample::docker()), &sample::checks())} looked_at={sample::looked_at()} plan={Some(sample::plan())} /> }
        }
        _ => fleet_page(),
    };
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
    html! {
        <FleetView
            locals={fleet::locals(&local, Zone(0))}
            groups={fleet::groups(&files, &contexts, "", sample::NOW, Zone(0))}
            counts={Counts { local: local.len(), contexts: contexts.len(), files: files.len() }}
            loading={false}
            filter=""
            needs={needs::needs(&jobs, &local, &contexts, &checks, &files, Zone(0))}
            computer={sample::computer(sample::docker())}
            {jobs}
            now={sample::NOW}
        />
    }
}

fn welcome(docker: DockerState) -> Html {
    let computer = sample::computer(docker);
    let fix = (!matches!(computer.docker, DockerState::Running { .. })).then(|| "sudo systemctl start docker".to_owned());
    html! { <WelcomeView facts={facts(&computer, &sample::checks())} {computer} looked_at={sample::looked_at()} {fix} now={sample::NOW} /> }
}
