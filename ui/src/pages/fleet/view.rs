//! How does the fleet look?

use std::rc::Rc;

use api::{ContextId, Timestamp, computer::ComputerView, jobs::JobRow, local::Power};
use yew::prelude::*;

use super::{
    aside::{Aside, need_row},
    contexts::{Ask, Contexts},
    locals::Locals,
};
use crate::{
    model::{
        fleet::{FileGroup, LocalAction, LocalLine},
        needs::{Lead, Need},
        route::Route,
        time::plural,
    },
    shell::latest::use_latest,
    widgets::{Banner, Btn, BtnKind, BtnSize, Pic},
    words::fleet::{ADD, CREATE, TITLE, summary},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    pub local: usize,
    pub contexts: usize,
    pub files: usize,
}

#[derive(Properties, PartialEq)]
pub struct FleetViewProps {
    pub locals: Vec<LocalLine>,
    pub groups: Vec<FileGroup>,
    pub counts: Counts,
    /// Nothing is known yet: rows are on their way.
    pub loading: bool,
    pub filter: String,
    pub needs: Vec<Need>,
    pub computer: ComputerView,
    pub jobs: Vec<Rc<JobRow>>,
    pub now: Timestamp,
    #[prop_or_default]
    pub on_text: Callback<String>,
    #[prop_or_default]
    pub on_local: Callback<(String, LocalAction)>,
    #[prop_or_default]
    pub on_power: Callback<(String, Power)>,
    #[prop_or_default]
    pub on_export: Callback<String>,
    #[prop_or_default]
    pub on_delete: Callback<String>,
    #[prop_or_default]
    pub on_ask: Callback<(ContextId, Ask)>,
    #[prop_or_default]
    pub on_lead: Callback<Lead>,
    #[prop_or_default]
    pub on_go: Callback<Route>,
}

/// Local clusters, contexts by file, and at the right what needs a human.
#[component]
pub fn FleetView(props: &FleetViewProps) -> Html {
    let go = |route: Route| {
        let call = props.on_go.clone();
        Callback::from(move |_: MouseEvent| call.emit(route.clone()))
    };
    let Counts { local, contexts, files } = props.counts;
    let whole = use_state(|| false);
    let show = {
        let whole = whole.clone();
        Callback::from(move |_: MouseEvent| whole.set(!*whole))
    };
    // The list of contexts may be long: it is only drawn again when it changes.
    let on_add = use_latest(props.on_go.reform(|()| Route::AddCluster));
    html! {
        <main class="page">
            <div class="pagehead">
                <div><h1>{ TITLE }</h1><p>{ summary(local, contexts, files) }</p></div>
                <div class="btnrow">
                    <Btn size={BtnSize::Large} icon={Pic::FilePlus2} onclick={go(Route::AddCluster)}>{ ADD }</Btn>
                    <Btn kind={BtnKind::Primary} size={BtnSize::Large} icon={Pic::Plus} onclick={go(Route::Create)}>{ CREATE }</Btn>
                </div>
            </div>
            <div class="fleet">
                <div class="main">
                    if let Some(need) = props.needs.first() { { folded(props, need, *whole, show) } }
                    if !props.locals.is_empty() {
                        <Locals lines={props.locals.clone()} now={props.now} on_local={props.on_local.clone()} on_power={props.on_power.clone()} on_export={props.on_export.clone()} on_delete={props.on_delete.clone()} on_ask={props.on_ask.clone()} />
                    }
                    <Contexts groups={props.groups.clone()} filter={props.filter.clone()} loading={props.loading} on_text={props.on_text.clone()} on_ask={props.on_ask.clone()} on_lead={props.on_lead.clone()} {on_add} />
                </div>
                <Aside needs={props.needs.clone()} computer={props.computer.clone()} jobs={props.jobs.clone()} now={props.now} on_lead={props.on_lead.clone()} on_go={props.on_go.clone()} />
            </div>
        </main>
    }
}

/// In a narrow window the aside folds to one line that carries its first action.
fn folded(props: &FleetViewProps, need: &Need, whole: bool, show: Callback<MouseEvent>) -> Html {
    let (call, lead) = (props.on_lead.clone(), need.lead.clone());
    let onclick = Callback::from(move |_: MouseEvent| call.emit(lead.clone()));
    let count = props.needs.len();
    let head = format!("{} {} you.", plural(count, "thing", "things"), if count == 1 { "needs" } else { "need" });
    let words = if count == 1 { format!("{}.", need.head) } else { format!("The first: {}.", need.head) };
    let actions = html! {
        <>
            if count > 1 { <Btn size={BtnSize::Small} onclick={show}>{ if whole { "Show less" } else { "Show all" } }</Btn> }
            <Btn size={BtnSize::Small} {onclick}>{ &need.verb }</Btn>
        </>
    };
    html! {
        <div class="fleet-banner">
            <Banner state={crate::widgets::State::Warning} {head} {actions}>{ words }</Banner>
            if whole { <div class="card" style="margin-top:8px">{ for props.needs.iter().map(|need| need_row(need, &props.on_lead)) }</div> }
        </div>
    }
}
