//! What goes when a local cluster is deleted?

use api::{
    Fault,
    local::{DeleteCluster, Deletion, PlanDelete},
};
use yew::prelude::*;

use super::typed::TypedName;
use crate::{
    feeds::use_call,
    model::{clock::count, route::Route},
    shell::{
        fixes::use_fix,
        router::use_router,
        starts::{Starts, use_starts},
    },
    widgets::{Banner, Btn, BtnKind, CommandBox, Dialog, FixCard, Ready, Skeleton, State},
};

#[derive(Properties, PartialEq)]
pub struct DeleteDialogProps {
    pub name: String,
}

/// Asks what would go, which deletes nothing, and starts the job when what it asks for is typed.
#[component]
pub fn DeleteDialog(props: &DeleteDialogProps) -> Html {
    let (plan, router, fix) = (use_call::<PlanDelete>(), use_router(), use_fix());
    // The dialog is an address of its own: going to the job leaves it.
    let Starts { start, ready, refused } = use_starts::<DeleteCluster>(&Callback::noop());
    {
        let plan = plan.clone();
        use_effect_with(props.name.clone(), move |name| plan.ask(PlanDelete { name: name.clone() }));
    }
    let on_close = {
        let question = Route::Delete(props.name.clone());
        Callback::from(move |()| router.leave(question.clone()))
    };
    let on_delete = {
        let (name, seen) = (props.name.clone(), plan.state().answer().map(|plan| plan.seen.clone()).unwrap_or_default());
        start.reform(move |typed: String| DeleteCluster { name: name.clone(), typed, seen: seen.clone() })
    };
    let (deletion, fault) = (plan.state().answer().cloned(), plan.state().fault().cloned());
    html! { <DeleteSheet name={props.name.clone()} {deletion} {fault} busy={ready} {on_delete} {on_close} on_fix={fix}>{ refused }</DeleteSheet> }
}

#[derive(Properties, PartialEq)]
pub struct DeleteSheetProps {
    pub name: String,
    pub deletion: Option<Deletion>,
    #[prop_or_default]
    pub fault: Option<Fault>,
    #[prop_or_default]
    pub busy: Ready,
    pub on_delete: Callback<String>,
    pub on_close: Callback<()>,
    #[prop_or_default]
    pub on_fix: Callback<api::Fix>,
    /// Why it was refused.
    #[prop_or_default]
    pub children: Html,
}

/// Counted consequences, workload clusters first; what the plan asks for must be typed.
#[component]
pub fn DeleteSheet(props: &DeleteSheetProps) -> Html {
    let typed = use_state(String::new);
    let name = &props.name;
    let keep = props.on_close.reform(|_: MouseEvent| ());
    let go = {
        let (on_delete, typed) = (props.on_delete.clone(), (*typed).clone());
        Callback::from(move |_: MouseEvent| on_delete.emit(typed.clone()))
    };
    let ready = if props.deletion.as_ref().is_some_and(|deletion| *typed == deletion.typed) { props.busy } else { Ready::No };
    let footer = html! { <><Btn onclick={keep}>{ "Keep it" }</Btn><Btn kind={BtnKind::Danger} {ready} onclick={go}>{ format!("Delete {name}") }</Btn></> };
    let body = match &props.deletion {
        Some(deletion) => consequences(deletion),
        None if props.fault.is_some() => Html::default(),
        None => html! { <div aria-busy="true"><Skeleton width={300} /></div> },
    };
    html! {
        <Dialog title={format!("Delete the cluster {name}?")} note="You can leave this page while it runs." {footer} on_close={props.on_close.clone()}>
            { body }
            if let Some(fault) = &props.fault { <FixCard fault={fault.clone()} on_fix={props.on_fix.clone()} /> }
            if let Some(deletion) = &props.deletion {
                <TypedName wanted={deletion.typed.clone()} to="to delete it" typed={typed.clone()} />
                <CommandBox command={deletion.command.clone()} />
            }
            { props.children.clone() }
        </Dialog>
    }
}

fn consequences(deletion: &Deletion) -> Html {
    let line = |one: &'static str, many: &'static str, names: &[String]| {
        let (n, what) = match names.len() {
            0 => return Html::default(),
            1 => (1, one),
            n => (n, many),
        };
        let names = names.join(", ");
        html! { <div class="minirow" style="grid-template-columns:26px auto minmax(0,1fr);padding:0 12px"><span class="num m">{ n }</span><span>{ what }</span><span class="t3 mono ell right" title={names.clone()}>{ names }</span></div> }
    };
    html! {
        <>
            <p class="t2">{ "Its containers and everything stored in them go away. This cannot be undone." }</p>
            if !deletion.workloads.is_empty() {
                <Banner state={State::Warning} head={html! { format!("{} lose their manager:", count(deletion.workloads.len() as u64, "workload cluster")) }}>
                    <span class="mono">{ deletion.workloads.join(", ") }</span>{ ". They keep running, and nothing repairs or deletes them any more." }
                </Banner>
            }
            <div>
                <div class="s12 t3" style="margin-bottom:4px">{ "These go away:" }</div>
                <div class="frame">
                    { line("Container with its volumes", "Containers with their volumes", &deletion.containers) }
                    { line("Kubeconfig entry", "Kubeconfig entries", &deletion.kubeconfig) }
                </div>
            </div>
        </>
    }
}
