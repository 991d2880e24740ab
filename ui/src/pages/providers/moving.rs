//! How are clusters moved to another management cluster?

use std::rc::Rc;

use api::{
    ContextId, Fault, Fix, JobId,
    contexts::{ContextRow, Link},
    feed,
    providers::{MoveClusters, MovePlan, PlanMove},
};
use yew::prelude::*;

use super::plan::PlanDialog;
use crate::{
    feeds::{use_call, use_feed},
    model::providers::made_words,
    shell::{fixes::use_fix, world::use_world},
    widgets::{Btn, Choice, Field, Ready, Select},
};

#[derive(Properties, PartialEq)]
pub(super) struct MoveDialogProps {
    pub(super) context: ContextId,
    pub(super) on_close: Callback<()>,
    pub(super) on_job: Callback<JobId>,
}

/// The dialog with its calls: a namespace and a target, a dry run, the job.
#[component]
pub(super) fn MoveDialog(props: &MoveDialogProps) -> Html {
    let (world, clusters, on_fix) = (use_world(), use_feed(feed::Clusters(props.context.clone())), use_fix());
    let (plan, start) = (use_call::<PlanMove>(), use_call::<MoveClusters>());
    let (to, namespace) = (use_state(|| None::<ContextId>), use_state(|| None::<String>));
    let targets: Vec<Rc<ContextRow>> = others(&world.contexts.rows(), &props.context);
    let mut namespaces: Vec<String> = clusters.rows().iter().map(|row| row.namespace.clone()).collect();
    namespaces.sort();
    namespaces.dedup();
    let wanted_to = (*to).clone().or_else(|| targets.first().map(|row| row.id.clone()));
    let wanted_space = (*namespace).clone().or_else(|| namespaces.first().cloned());
    let planned = use_state(|| None::<(ContextId, String)>);
    let asked_now = wanted_to.clone().zip(wanted_space.clone());
    // A plan of another target or namespace says nothing of this one.
    let shown = plan.state().answer().filter(|_| *planned == asked_now).cloned();
    let on_plan = {
        let (plan, from, to, namespace, planned) = (plan.clone(), props.context.clone(), wanted_to.clone(), wanted_space.clone(), planned.setter());
        Callback::from(move |()| {
            if let (Some(to), Some(namespace)) = (to.clone(), namespace.clone()) {
                planned.set(Some((to.clone(), namespace.clone())));
                plan.ask(PlanMove { from: from.clone(), to, namespace });
            }
        })
    };
    let on_go = {
        let (start, from, to, namespace, on_job) = (start.clone(), props.context.clone(), wanted_to.clone(), wanted_space.clone(), props.on_job.clone());
        let seen = shown.as_ref().map(|shown| shown.plan.seen.clone()).unwrap_or_default();
        Callback::from(move |typed: String| {
            let (Some(to), Some(namespace)) = (to.clone(), namespace.clone()) else { return };
            let on_job = on_job.clone();
            start.ask_then(MoveClusters { from: from.clone(), to, namespace, seen: seen.clone(), typed }, move |answer| {
                if let Ok(job) = answer {
                    on_job.emit(job.clone());
                }
            });
        })
    };
    let on_to = {
        let to = to.setter();
        Callback::from(move |id: ContextId| to.set(Some(id)))
    };
    let on_namespace = {
        let namespace = namespace.setter();
        Callback::from(move |name: String| namespace.set(Some(name)))
    };
    let busy = if plan.state().pending() || start.state().pending() { Ready::Busy } else { Ready::Yes };
    let fault = start.state().fault().or(plan.state().fault()).cloned();
    html! { <MoveSheet {targets} to={wanted_to} {namespaces} namespace={wanted_space} plan={shown} {fault} {busy} {on_to} {on_namespace} {on_plan} {on_go} {on_fix} on_close={props.on_close.clone()} /> }
}

/// The other contexts that are connected: only what the user opened is contacted.
fn others(all: &[Rc<ContextRow>], here: &ContextId) -> Vec<Rc<ContextRow>> {
    let mut found: Vec<Rc<ContextRow>> =
        all.iter().filter(|row| row.id != *here && row.workload.is_none() && matches!(row.link, Link::Live { .. })).cloned().collect();
    found.sort_by_key(|row| row.order);
    found
}

#[derive(Properties, PartialEq)]
pub struct MoveSheetProps {
    pub targets: Vec<Rc<ContextRow>>,
    pub to: Option<ContextId>,
    pub namespaces: Vec<String>,
    pub namespace: Option<String>,
    pub plan: Option<MovePlan>,
    #[prop_or_default]
    pub fault: Option<Fault>,
    #[prop_or_default]
    pub busy: Ready,
    #[prop_or_default]
    pub on_to: Callback<ContextId>,
    #[prop_or_default]
    pub on_namespace: Callback<String>,
    #[prop_or_default]
    pub on_plan: Callback<()>,
    #[prop_or_default]
    pub on_go: Callback<String>,
    #[prop_or_default]
    pub on_fix: Callback<Fix>,
    pub on_close: Callback<()>,
}

/// Which namespace goes where, what the dry run says, and the button.
#[component]
pub fn MoveSheet(props: &MoveSheetProps) -> Html {
    let names: Vec<Choice> = props.targets.iter().map(|row| Choice { value: row.id.0.clone().into(), words: row.name.clone().into() }).collect();
    let spaces: Vec<Choice> = props.namespaces.iter().map(|name| Choice { value: name.clone().into(), words: name.clone().into() }).collect();
    let on_to = props.on_to.reform(|id: String| ContextId::from(id.as_str()));
    let run = props.on_plan.reform(|_: MouseEvent| ());
    let ready = if props.to.is_some() && props.namespace.is_some() { props.busy } else { Ready::No };
    let typed = props.plan.as_ref().and_then(|plan| plan.typed.clone());
    let value = |text: Option<String>| AttrValue::from(text.unwrap_or_default());
    let none = match (props.targets.is_empty(), props.namespaces.is_empty()) {
        (true, _) => Some("No other context is connected. Open the management cluster that shall take them."),
        (false, true) => Some("This management cluster has no clusters to move."),
        (false, false) => None,
    };
    let moved = props.plan.as_ref().map(|plan| &plan.moved).filter(|moved| !moved.is_empty());
    html! {
        <PlanDialog verb="Move clusters" keep="Leave them here" plan={props.plan.as_ref().map(|plan| plan.plan.clone())} {typed} fault={props.fault.clone()} busy={props.busy} on_go={props.on_go.clone()} on_close={props.on_close.clone()} on_fix={props.on_fix.clone()}>
            if let Some(words) = none { <p class="t3">{ words }</p> } else {
                <Field label="Clusters of"><Select class="mono" value={value(props.namespace.clone())} label="Namespace" choices={spaces} on_choose={props.on_namespace.clone()} /></Field>
                <Field label="To" help="Another management cluster with the same providers."><Select class="mono" value={value(props.to.as_ref().map(|id| id.0.clone()))} label="To" choices={names} on_choose={on_to} /></Field>
                <div class="btnrow"><Btn {ready} onclick={run}>{ "Run it dry" }</Btn></div>
            }
            if let Some(moved) = moved {
                <div>
                    <h2 class="sec" style="margin-bottom:4px">{ "What moves, in this order" }</h2>
                    <div class="frame" style="max-height:180px;overflow:auto" tabindex="0" role="region" aria-label="What moves">
                        { for moved.iter().map(|made| {
                            let (head, says) = made_words(made);
                            html! { <div class="minirow" style="grid-template-columns:minmax(0,1fr) auto;padding:0 12px"><span class="ell">{ head }</span><span class="t3 mono ell">{ says }</span></div> }
                        }) }
                    </div>
                </div>
            }
        </PlanDialog>
    }
}
