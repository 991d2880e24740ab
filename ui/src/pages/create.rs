//! What shall a new management cluster be?
//!
//! Start at: [`CreatePage`], which asks for a suggestion and plans after each change; [`CreateSheet`] shows both.

pub mod config;
mod extras;
pub(crate) mod kept;
mod plan;
mod workload;

use std::rc::Rc;

use api::{
    Fault, feed,
    jobs::PlanView,
    local::{CreateManagement, LocalRow, NetworkPlugin, PlanManagement, Purpose, Role, SocketMount, SuggestManagement},
};
use config::{Config, Pace, use_config};
use gloo_timers::callback::Timeout;
use yew::prelude::*;

use crate::{
    feeds::{use_call, use_feed},
    model::{
        create::{Draft, Edit, Wrong, config_trouble, field, hindrance, obstacles_of},
        jobs::node_image,
        route::Route,
    },
    shell::{fixes::use_fix, router::use_router},
    widgets::{Btn, BtnKind, Choice, Field, FixCard, Icon, IconSize, Input, LinkBtn, Pic, Ready, Segmented, Select, Skeleton, Stepper, Switch, Valid},
};

/// A plan is asked for when nobody has typed for this long.
const QUIET_MS: u32 = 300;
const CONTROL_PLANES: [u8; 3] = [1, 3, 5];

#[component]
pub fn CreatePage() -> Html {
    let (suggest, planned, create) = (use_call::<SuggestManagement>(), use_call::<PlanManagement>(), use_call::<CreateManagement>());
    let local = use_feed(feed::Local);
    let (router, fix) = (use_router(), use_fix());
    let (draft, purpose) = (use_state(kept::opened), use_state(kept::purpose));
    // Why the start was refused, until the form or its plan is another one.
    let refused = use_state(|| None::<Fault>);
    let suggested = use_mut_ref(|| None::<Draft>);
    {
        let (suggest, draft, purpose, suggested) = (suggest.clone(), draft.clone(), *purpose, suggested.clone());
        use_effect_with((), move |()| {
            if draft.is_none() {
                let draft = draft.setter();
                suggest.ask_then(SuggestManagement, move |answer| {
                    if let Ok(suggestion) = answer {
                        let first = Draft::new(suggestion.clone()).edited(Edit::Purpose(purpose));
                        *suggested.borrow_mut() = Some(first.clone());
                        draft.set(Some(first));
                    }
                });
            }
        });
    }
    // Who comes back finds the form as it was left; what was only suggested is asked for anew.
    use_effect_with((*draft).clone(), move |draft| kept::open_with(draft.clone().filter(|_| *draft != *suggested.borrow())));
    let names: Vec<String> = local.rows().iter().filter(|row| !matches!(row.role, Role::Foreign { .. })).map(|row: &Rc<LocalRow>| row.name.clone()).collect();
    let config = use_config(draft.clone());
    let mut wrongs = draft.as_ref().map(|d| d.wrongs(&names)).unwrap_or_default();
    wrongs.extend(config_trouble(&config.now.lines));
    {
        let planned = planned.clone();
        // A name that another cluster gives up is right without an edit.
        use_effect_with(((*draft).clone(), wrongs.is_empty()), move |(draft, sound)| {
            let spec = draft.as_ref().filter(|_| *sound).map(|d| d.spec.clone());
            let timer = spec.map(|spec| Timeout::new(QUIET_MS, move || planned.ask(PlanManagement { spec })));
            move || drop(timer)
        });
    }
    let Some(now) = (*draft).clone() else {
        let inside = match suggest.state().fault() {
            Some(fault) => html! { <FixCard fault={fault.clone()} on_fix={fix} /> },
            None => html! { <div aria-busy="true"><Skeleton width={280} /></div> },
        };
        return html! { <main class="page"><div class="pagehead"><div><h1>{ "Create management cluster" }</h1></div></div><div class="form">{ inside }</div></main> };
    };
    let on_edit = {
        let (draft, now, forget, refused) = (draft.setter(), now.clone(), config.forget.clone(), refused.setter());
        // What is changed in the form is written anew in the configuration.
        Callback::from(move |edit| {
            forget.emit(());
            refused.set(None);
            draft.set(Some(now.clone().edited(edit)));
        })
    };
    let plan = planned.state().answer().cloned().map(Rc::new);
    let on_create = {
        let (create, router, draft, seen) = (create.clone(), router.clone(), now.clone(), plan.as_ref().map(|p| p.seen.clone()));
        let (planned, refused) = (planned.clone(), refused.setter());
        Callback::from(move |()| {
            let (router, draft, planned, refused) = (router.clone(), draft.clone(), planned.clone(), refused.clone());
            create.ask_then(CreateManagement { spec: draft.spec.clone(), seen: seen.clone().unwrap_or_default() }, move |answer| match answer {
                Ok(job) => {
                    kept::keep(job.clone(), draft);
                    kept::open_with(None);
                    router.go(Route::Job(job.clone()));
                }
                // The plan that was shown is refused each time: there is another one.
                Err(fault) => {
                    refused.set(Some(fault.clone()));
                    planned.ask(PlanManagement { spec: draft.spec });
                }
            });
        })
    };
    let on_look = {
        let (planned, refused, spec) = (planned.clone(), refused.setter(), now.spec.clone());
        Callback::from(move |()| {
            refused.set(None);
            planned.ask(PlanManagement { spec: spec.clone() });
        })
    };
    let fault = refused.as_ref().or(planned.state().fault()).cloned();
    let behind = config.pace == Pace::Behind;
    let busy = if behind || create.state().pending() || planned.state().pending() { Ready::Busy } else { Ready::Yes };
    let on_cancel = Callback::from(move |()| {
        kept::open_with(None);
        router.back();
    });
    html! { <CreateSheet draft={now} {wrongs} {plan} {fault} {busy} config={config.now.clone()} on_config={config.on_text.clone()} on_config_left={config.on_left.clone()} {on_edit} {on_look} {on_create} {on_cancel} on_fix={fix} /> }
}

#[derive(Properties, PartialEq)]
pub struct CreateSheetProps {
    pub draft: Draft,
    pub wrongs: Vec<Wrong>,
    pub plan: Option<Rc<PlanView>>,
    /// Why the plan or the start was refused.
    pub fault: Option<Fault>,
    pub busy: Ready,
    /// kind’s configuration while it is edited by hand.
    pub config: Config,
    pub on_config: Callback<String>,
    #[prop_or_default]
    pub on_config_left: Callback<()>,
    pub on_edit: Callback<Edit>,
    /// Asks for the plan of the same form again.
    pub on_look: Callback<()>,
    pub on_create: Callback<()>,
    pub on_cancel: Callback<()>,
    pub on_fix: Callback<api::Fix>,
}

/// The form left, what will be made right.
#[component]
pub fn CreateSheet(props: &CreateSheetProps) -> Html {
    let (spec, name) = (&props.draft.spec, &props.draft.spec.name);
    let (title, what) = match spec.purpose {
        Purpose::Manages => ("Create management cluster", "A kind cluster on this machine with Cluster API in it. It makes and watches your other clusters."),
        Purpose::Plain => ("Create a plain cluster", "A kind cluster on this machine as kind makes it, for tests."),
    };
    let why_not = hindrance(&props.wrongs, props.plan.as_deref());
    let ready = if why_not.is_some() { Ready::No } else { props.busy };
    // What stands in the way may be gone by now; what is wrong in the form is not.
    let sound = props.wrongs.is_empty();
    let look = props.on_look.reform(|_: MouseEvent| ());
    let again = html! { <Btn ready={if sound { props.busy } else { Ready::No }} onclick={look.clone()}>{ "Look again" }</Btn> };
    let go = props.on_create.reform(|_: MouseEvent| ());
    let cancel = props.on_cancel.reform(|_: MouseEvent| ());
    html! {
        <>
            <main class="page">
                <div class="pagehead"><div><h1>{ title }</h1><p>{ what }</p></div></div>
                <div class="scroll"><div class="form">
                    { name_field(props) }
                    { version_field(props) }
                    { machines(props) }
                    { purpose(props) }
                    { workload::workload(props) }
                    { network(props) }
                    { extras::ports(props) }
                    { extras::mounts(props) }
                    { providers(props) }
                    if let Some(fault) = &props.fault { <FixCard fault={fault.clone()} on_fix={props.on_fix.clone()} actions={again} /> }
                </div></div>
            </main>
            <aside class="pane planpane" aria-label="What will be made">
                <div class="pb">{ plan::summary(props, spec) }</div>
                <div class="pf">
                    if let Some(why) = &why_not { <span class="s12 t3">{ why }if sound && props.plan.is_some() { { " " }<LinkBtn onclick={look}>{ "Look again" }</LinkBtn> }</span> }
                    <div class="btnrow"><Btn onclick={cancel}>{ "Cancel" }</Btn><Btn kind={BtnKind::Primary} {ready} onclick={go}>{ format!("Create {name}") }</Btn></div>
                </div>
            </aside>
        </>
    }
}

/// What is wrong with a field: found here, else by the plan.
fn error(props: &CreateSheetProps, of: &str) -> Option<Html> {
    let own = props.wrongs.iter().find(|wrong| wrong.field == of).map(|wrong| html! { &wrong.sentence });
    own.or_else(|| {
        let plan = props.plan.as_deref()?;
        obstacles_of(plan, Some(of)).first().map(|obstacle| html! { &obstacle.why.sentence })
    })
}

fn valid(error: &Option<Html>) -> Valid {
    if error.is_some() { Valid::No } else { Valid::Yes }
}

fn name_field(props: &CreateSheetProps) -> Html {
    let name = &props.draft.spec.name;
    let error = error(props, field::NAME);
    let help = html! { <>{ "Its nodes are called " }<span class="mono">{ format!("{name}-…") }</span>{ ". Cannot be changed later." }</> };
    html! {
        <Field label="Name" {help} error={error.clone()}>
            <Input class="mono" label="Name" value={name.clone()} valid={valid(&error)} style="width:300px" on_text={props.on_edit.reform(Edit::Name)} />
        </Field>
    }
}

fn version_field(props: &CreateSheetProps) -> Html {
    let choices = props
        .draft
        .images
        .iter()
        .map(|image| Choice { value: image.kubernetes.clone().into(), words: format!("{}, {}", image.kubernetes, node_image(image.is)).into() })
        .collect::<Vec<_>>();
    let help = match props.draft.image() {
        Some(image) if image.is.here() => html! { "The node image is already here." },
        Some(image) => html! { <>{ "The node image is pulled first: " }<span class="mono">{ &image.image }</span></> },
        None => Html::default(),
    };
    html! {
        <Field label="Kubernetes" {help} error={error(props, field::KUBERNETES)}>
            <Select label="Kubernetes version" value={props.draft.spec.kubernetes.clone()} {choices} style="width:240px" on_choose={props.on_edit.reform(Edit::Kubernetes)} />
        </Field>
    }
}

fn machines(props: &CreateSheetProps) -> Html {
    let spec = &props.draft.spec;
    let chosen = CONTROL_PLANES.iter().position(|n| *n == spec.control_planes).unwrap_or(0);
    let on_choose = props.on_edit.reform(|place: usize| Edit::ControlPlanes(CONTROL_PLANES.get(place).copied().unwrap_or(1)));
    html! {
        <>
            <Field label="Control plane" help="3 keeps working when one node fails. On one computer, 1 is enough." error={error(props, field::CONTROL_PLANES)}>
                <Segmented label="Control plane nodes" segments={vec!["1 node".into(), "3 nodes".into(), "5".into()]} {chosen} {on_choose} />
            </Field>
            <Field label="Workers" help="Without workers, the control plane runs everything." error={error(props, field::WORKERS)}>
                <Stepper value={spec.workers} min={0} max={9} label="Workers" on_value={props.on_edit.reform(Edit::Workers)} />
            </Field>
        </>
    }
}

fn purpose(props: &CreateSheetProps) -> Html {
    const PURPOSES: [Purpose; 2] = [Purpose::Manages, Purpose::Plain];
    let chosen = PURPOSES.iter().position(|purpose| *purpose == props.draft.spec.purpose).unwrap_or(0);
    let on_choose = props.on_edit.reform(|place: usize| Edit::Purpose(PURPOSES.get(place).copied().unwrap_or_default()));
    html! {
        <Field label="Cluster API" help="It makes and watches other clusters from this one. Without it this is a plain cluster for tests.">
            <Segmented label="Cluster API" segments={vec!["install it".into(), "leave it out".into()]} {chosen} {on_choose} />
        </Field>
    }
}

fn network(props: &CreateSheetProps) -> Html {
    let port = error(props, field::API_PORT);
    let plugin = props.on_edit.reform(|place| Edit::Network(if place == 1 { NetworkPlugin::NotInstalled } else { NetworkPlugin::Kindnet }));
    let mounted = matches!(props.draft.spec.docker_socket, SocketMount::Mounted { .. });
    let manages = props.draft.spec.purpose == Purpose::Manages;
    let socket = props.draft.socket.clone();
    let on_turn = props.on_edit.reform(move |on| Edit::Socket(if on { socket.clone() } else { SocketMount::NotMounted }));
    html! {
        <>
            <Field label="API port" help="On 127.0.0.1. Empty takes a free one." error={port.clone()}>
                <Input class="mono" label="API port" placeholder="free port" value={props.draft.port.clone()} valid={valid(&port)} style="width:120px" on_text={props.on_edit.reform(Edit::Port)} />
            </Field>
            <Field label="Network plug-in" help="kindnet is kind’s own. Without one no pod starts before you install another, and Cluster API is left out." error={error(props, field::NETWORK)}>
                <Segmented label="Network plug-in" segments={vec!["kindnet".into(), "none".into()]} chosen={usize::from(props.draft.spec.network == NetworkPlugin::NotInstalled)} on_choose={plugin} />
            </Field>
            if manages { <Field label="Docker socket" help="Cluster API’s Docker provider makes machines through it. Whoever is root in the cluster can then control Docker here." error={error(props, field::DOCKER_SOCKET)}>
                <span class="row g8"><Switch on={mounted} label="Mount the Docker socket" {on_turn} /><span>{ if mounted { "mounted into the nodes" } else { "not mounted" } }</span></span>
            </Field> }
        </>
    }
}

fn providers(props: &CreateSheetProps) -> Html {
    let of = &props.draft.spec.providers;
    let line = |name: &'static str, value: String, edit: fn(String) -> Edit| {
        html! { <div class="minirow" style="grid-template-columns:minmax(0,1fr) 120px;padding:3px 0"><span>{ name }</span><Input class="mono" label={name} {value} on_text={props.on_edit.reform(edit)} /></div> }
    };
    let docker = match &of.docker {
        Some(version) => line("Docker", version.clone(), |v| Edit::Docker(Some(v))),
        None => html! { <div class="minirow t3 row g6"><Icon of={Pic::Minus} size={IconSize::Tiny} />{ "Docker is not installed without the socket" }</div> },
    };
    if props.draft.spec.purpose == Purpose::Plain {
        return Html::default();
    }
    if props.draft.spec.network == NetworkPlugin::NotInstalled {
        return html! { <Field label="Providers" help="Cluster API’s pods need a network. Once you have installed one, install Cluster API with clusterctl init."><span class="t3">{ "left out without a network plug-in" }</span></Field> };
    }
    html! {
        <Field label="Providers" error={error(props, field::PROVIDERS)} help="Versions that were released together fit together.">
            <div style="max-width:420px">
                { line("Core", of.core.clone(), Edit::Core) }
                { line("kubeadm bootstrap", of.kubeadm_bootstrap.clone(), Edit::Bootstrap) }
                { line("kubeadm control plane", of.kubeadm_control_plane.clone(), Edit::ControlPlaneProvider) }
                { docker }
            </div>
        </Field>
    }
}
