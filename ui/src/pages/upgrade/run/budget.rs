//! Why does a budget hold a pod, and how is more of it started?
//!
//! Start at: [`BudgetSheet`] for what it says, [`ScaleDialog`] for the change that lets the drain go on.

use std::rc::Rc;

use api::{
    budget::{ApplyCopies, Budget, HeldPod, MoreCopies, PlanCopies},
    changes::ClusterAt,
};
use yew::prelude::*;

use crate::{
    feeds::use_call,
    model::{connect::kept, hold::wait},
    pages::change::{Asked, ChangeSheet, Danger},
    shell::{fixes::use_fix, hold::use_hold, toasts::use_toasts, world::use_world},
    widgets::{Btn, CommandBox, Dialog, Ready},
};

#[derive(Properties, PartialEq)]
pub struct BudgetSheetProps {
    pub held: Rc<HeldPod>,
    pub on_close: Callback<()>,
}

/// The budgets of a pod with their numbers as they were when the drain was seen to wait.
#[component]
pub fn BudgetSheet(props: &BudgetSheetProps) -> Html {
    let held = &props.held;
    let leave = props.on_close.reform(|_: MouseEvent| ());
    let (namespace, name) = held.budgets.first().and_then(|budget| budget.name.split_once('/')).unwrap_or_default();
    let command = format!("kubectl --context {} describe poddisruptionbudget {name} -n {namespace}", held.context);
    let heading = html! { <>{ "What holds " }<span class="mono">{ &held.pod }</span></> };
    html! {
        <Dialog title={format!("What holds {}", held.pod)} {heading} lead={format!("As {} says it. Nothing is changed here.", held.context)}
            footer={html! { <Btn onclick={leave}>{ "Close" }</Btn> }} on_close={props.on_close.clone()}>
            { for held.budgets.iter().map(budget) }
            <p class="t2 s12">{ "A drain asks before it takes a pod. While no pod may go it is refused and asks again; it never gives up by itself." }</p>
            <CommandBox {command} />
        </Dialog>
    }
}

fn budget(budget: &Budget) -> Html {
    let row = |what: &'static str, says: String| html! { <div class="minirow hostrow"><span class="t2">{ what }</span><span class="mono ell" title={says.clone()}>{ says.clone() }</span></div> };
    html! {
        <section>
            <h3 class="lab">{ "PodDisruptionBudget " }<span class="mono">{ &budget.name }</span></h3>
            { row("Rule", budget.rule.clone()) }
            { row("Of the pods with", budget.selector.clone()) }
            { row("Healthy", format!("{} of {}", budget.healthy, budget.expected)) }
            { row("Have to stay", budget.needed.to_string()) }
            { row("May go now", budget.allowed.to_string()) }
        </section>
    }
}

#[derive(Properties, PartialEq)]
pub struct ScaleDialogProps {
    pub at: ClusterAt,
    pub copies: MoreCopies,
    pub on_close: Callback<()>,
}

/// Plans more copies, which writes nothing, and writes exactly that plan.
#[component]
pub fn ScaleDialog(props: &ScaleDialogProps) -> Html {
    let (plan, apply) = (use_call::<PlanCopies>(), use_call::<ApplyCopies>());
    let (toasts, on_fix, world) = (use_toasts(), use_fix(), use_world());
    let hold = use_hold((props.copies.clone(), plan.state().answer().map(|plan| plan.digest.clone())));
    // It is the workload cluster that is written to.
    let seconds = world.contexts.look(|rows| kept(rows, &props.at).map_or(0, |row| wait(&world.choices(), rows, &row.id)));
    let on_again = {
        let (plan, at, copies) = (plan.clone(), props.at.clone(), props.copies.clone());
        Callback::from(move |()| plan.ask(PlanCopies { at: at.clone(), copies: copies.clone() }))
    };
    {
        let again = on_again.clone();
        use_effect_with((), move |()| again.emit(()));
    }
    let on_apply = {
        let (at, copies, hold, apply, close) = (props.at.clone(), props.copies.clone(), hold.clone(), apply.clone(), props.on_close.clone());
        let shown = plan.state().answer().cloned();
        Callback::from(move |typed: String| {
            let Some(plan) = shown.clone() else { return };
            let call = ApplyCopies { at: at.clone(), copies: copies.clone(), digest: plan.digest, typed };
            let (toasts, close, apply, title) = (toasts.clone(), close.clone(), apply.clone(), plan.title);
            let send = Callback::from(move |()| {
                let (toasts, close, title) = (toasts.clone(), close.clone(), title.clone());
                apply.ask_then(call.clone(), move |answer| {
                    if answer.is_ok() {
                        toasts.done(title, "It is written. The drain goes on as soon as the budget lets it.");
                        close.emit(());
                    }
                });
            });
            hold.send(seconds, send);
        })
    };
    let busy = if plan.state().pending() || apply.state().pending() { Ready::Busy } else { Ready::Yes };
    let fault = plan.state().fault().or(apply.state().fault()).cloned();
    let asked = Asked { plan: plan.state().answer().cloned(), fault, busy, hold, on_apply, on_again, on_fix };
    let verb = format!("Scale {} to {}", props.copies.of.name, props.copies.to);
    html! { <ChangeSheet {verb} keep={format!("Leave it at {}", props.copies.now)} danger={Danger::No} {asked} on_close={props.on_close.clone()} /> }
}
