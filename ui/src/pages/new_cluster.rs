//! What shall a new workload cluster be?
//!
//! Start at: [`NewClusterPage`], which asks for the classes, plans after each change and keeps the draft;
//! [`NewClusterSheet`] shows all of it.

mod aside;
mod fields;
mod pools;
mod template;
mod variables;
mod yaml;

use std::rc::Rc;

use api::{
    ContextId, Fault,
    contexts::Link,
    drawing::{ClassOffer, ClusterForm, ClusterPlan, CreateCluster, FormCheck, FormField, FormFix, KeepDraft, OfferClasses, Opens, PlanCluster},
};
use gloo_timers::callback::Timeout;
use yew::prelude::*;

pub use template::{TemplateSheet, TemplateSheetProps};

use crate::{
    feeds::{CallHandle, use_call},
    model::{
        drawing::{Drawn, Edit, Touched, error_of},
        fleet::row_id,
        hold::wait,
        route::Route,
    },
    pages::{
        clusters::{Beside, use_beside},
        table::sidebar::{At, Sidebar},
    },
    shell::{
        fixes::use_fix,
        hold::{Hold, use_hold},
        router::use_router,
        saying::use_command,
        world::use_world,
    },
    widgets::{FixCard, LinkBtn, Ready, Skeleton, Valid},
};

/// The server is asked with a dry run when nobody has typed for this long.
const QUIET_MS: u32 = 1_000;

#[derive(Properties, PartialEq)]
pub struct NewClusterProps {
    pub context: ContextId,
}

/// The form with its calls.
#[component]
pub fn NewClusterPage(props: &NewClusterProps) -> Html {
    let context = &props.context;
    let Beside { counts, clusters, sides, on_kind, on_go, .. } = use_beside(context);
    let sidebar = html! { <Sidebar at={At::Clusters} {counts} {on_kind} {clusters} {sides} context={Some(context.clone())} {on_go} /> };
    html! { <>{ sidebar }<Form context={context.clone()} /></> }
}

#[component]
fn Form(props: &NewClusterProps) -> Html {
    let (offered, planned, create, keep) = (use_call::<OfferClasses>(), use_call::<PlanCluster>(), use_call::<CreateCluster>(), use_call::<KeepDraft>());
    let (router, fix) = (use_router(), use_fix());
    let (drawn, shown, typed) = (use_state(|| None::<Drawn>), use_state(|| Shown::Objects), use_state(String::new));
    let templates = use_state(|| false);
    // What is typed while a plan is on its way must not be taken back by it.
    let latest = use_mut_ref(|| None::<Drawn>);
    latest.borrow_mut().clone_from(&drawn);
    let live = use_world().contexts.get(&row_id(&props.context)).is_some_and(|row| matches!(row.link, Link::Live { .. }));
    // The form that the last plan is about.
    let settled = use_state(|| None::<ClusterForm>);
    {
        let (offered, drawn, latest) = (offered.clone(), drawn.setter(), latest.clone());
        use_effect_with((props.context.clone(), live), move |(context, live)| {
            // A connection that comes back takes nothing from what was typed.
            if *live && latest.borrow().is_none() {
                offer(&offered, context, drawn);
            }
        });
    }
    {
        let (planned, keep, context, drawn_now, settled, latest) =
            (planned.clone(), keep.clone(), props.context.clone(), drawn.clone(), settled.clone(), latest.clone());
        use_effect_with((*drawn).clone(), move |drawn| {
            let asked = drawn.clone().filter(|d| d.wrongs().is_empty() && settled.as_ref() != Some(&d.form));
            let timer = asked.map(|now| {
                let wait = if now.touched == Touched::Yes { QUIET_MS } else { 0 };
                Timeout::new(wait, move || {
                    if now.touched == Touched::Yes {
                        keep.ask(KeepDraft { context: context.clone(), form: Some(now.form.clone()) });
                    }
                    let call = PlanCluster { context, form: now.form.clone(), leads: now.leads };
                    planned.ask_then(call, move |answer| {
                        if latest.borrow().as_ref() != Some(&now) {
                            return;
                        }
                        let next = answer.as_ref().map_or_else(|_| now.clone(), |plan| now.clone().in_step(plan));
                        settled.set(Some(next.form.clone()));
                        drawn_now.set(Some(next));
                    });
                })
            });
            move || drop(timer)
        });
    }
    let world = use_world();
    let seconds = world.contexts.look(|rows| wait(&world.choices(), rows, &props.context));
    let plan = planned.state().answer().cloned().map(Rc::new);
    let hold = use_hold(((*drawn).clone(), plan.as_ref().map(|plan| plan.digest.clone())));
    use_command(plan.as_ref().map(|plan| plan.command.clone()).filter(|command| !command.is_empty()).map(AttrValue::from));
    let (Some(now), Some(offer)) = ((*drawn).clone(), offered.state().answer().cloned()) else {
        let inside = match offered.state().fault() {
            Some(fault) => html! { <FixCard fault={fault.clone()} on_fix={fix} /> },
            None => html! { <div aria-busy="true"><Skeleton width={280} /></div> },
        };
        return html! { <main class="page"><div class="pagehead"><div><h1>{ "New workload cluster" }</h1></div></div><div class="form">{ inside }</div></main> };
    };
    let offer = Rc::new(offer);
    let on_edit = {
        let (drawn, now, offer, latest) = (drawn.setter(), now.clone(), offer.clone(), latest.clone());
        Callback::from(move |edit| {
            let next = Some(now.clone().edited(edit, &offer));
            latest.borrow_mut().clone_from(&next);
            drawn.set(next);
        })
    };
    // A plan of what was there before the last letter counts no more.
    let fresh = settled.as_ref() == Some(&now.form);
    let busy = if create.state().pending() || !fresh { Ready::Busy } else { Ready::Yes };
    let on_create = {
        let (create, router, context, plan, typed) = (create.clone(), router.clone(), props.context.clone(), plan.clone(), typed.clone());
        let hold = hold.clone();
        Callback::from(move |()| {
            let Some(plan) = plan.clone() else { return };
            let (router, to) =
                (router.clone(), Route::Cluster { context: context.clone(), namespace: plan.form.namespace.clone(), name: plan.form.name.clone() });
            let call = CreateCluster { context: context.clone(), form: plan.form.clone(), digest: plan.digest.clone(), typed: (*typed).clone() };
            let create = create.clone();
            let send = Callback::from(move |()| {
                let (router, to) = (router.clone(), to.clone());
                create.ask_then(call.clone(), move |answer| {
                    if answer.is_ok() {
                        router.go(to);
                    }
                });
            });
            hold.send(seconds, send);
        })
    };
    let fault = create.state().fault().or(planned.state().fault()).cloned();
    let on_show = {
        let shown = shown.setter();
        Callback::from(move |to| shown.set(to))
    };
    let on_typed = {
        let typed = typed.setter();
        Callback::from(move |text| typed.set(text))
    };
    let on_anew = {
        let (keep, offered, drawn, context) = (keep, offered.clone(), drawn.setter(), props.context.clone());
        Callback::from(move |()| {
            let (offered, drawn, of) = (offered.clone(), drawn.clone(), context.clone());
            keep.ask_then(KeepDraft { context: context.clone(), form: None }, move |_| self::offer(&offered, &of, drawn));
        })
    };
    let on_template = {
        let templates = templates.setter();
        Callback::from(move |()| templates.set(true))
    };
    let dialog = templates.then(|| {
        let close = templates.setter();
        let on_take = {
            let (close, on_edit, on_show) = (close.clone(), on_edit.clone(), on_show.clone());
            Callback::from(move |yaml| {
                close.set(false);
                on_show.emit(Shown::Yaml);
                on_edit.emit(Edit::Yaml(yaml));
            })
        };
        html! { <template::TemplateDialog context={props.context.clone()} form={now.form.clone()} {on_take} on_close={Callback::from(move |()| close.set(false))} /> }
    });
    let sheet = html! { <NewClusterSheet {offer} drawn={now} typed={(*typed).clone()} {on_typed} {on_anew} {on_template} {plan} {fault} {busy} {hold} shown={*shown} {on_show} {on_edit} {on_create} on_cancel={Callback::from(move |()| router.back())} on_fix={fix} /> };
    html! { <>{ sheet }{ dialog }</> }
}

/// Asks what can be chosen, and opens the form with it.
fn offer(offered: &CallHandle<OfferClasses>, context: &ContextId, drawn: UseStateSetter<Option<Drawn>>) {
    offered.ask_then(OfferClasses { context: context.clone() }, move |answer| {
        if let Ok(offer) = answer {
            drawn.set(Some(Drawn::new(offer.form.clone())));
        }
    });
}

/// What stands beside the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    Objects,
    Yaml,
}

#[derive(Properties, PartialEq)]
pub struct NewClusterSheetProps {
    pub offer: Rc<ClassOffer>,
    pub drawn: Drawn,
    pub plan: Option<Rc<ClusterPlan>>,
    /// Why the plan or the making was refused.
    #[prop_or_default]
    pub fault: Option<Fault>,
    pub busy: Ready,
    #[prop_or_else(Hold::none)]
    pub hold: Hold,
    pub shown: Shown,
    /// The name of a protected context, as far as it is typed.
    #[prop_or_default]
    pub typed: String,
    #[prop_or_default]
    pub on_typed: Callback<String>,
    /// Forgets the draft with which the form opened.
    #[prop_or_default]
    pub on_anew: Callback<()>,
    /// Begins with a template of a provider.
    #[prop_or_default]
    pub on_template: Callback<()>,
    #[prop_or_default]
    pub on_show: Callback<Shown>,
    #[prop_or_default]
    pub on_edit: Callback<Edit>,
    #[prop_or_default]
    pub on_create: Callback<()>,
    #[prop_or_default]
    pub on_cancel: Callback<()>,
    #[prop_or_default]
    pub on_fix: Callback<api::Fix>,
}

/// The form left, what will be made right.
#[component]
pub fn NewClusterSheet(props: &NewClusterSheetProps) -> Html {
    let more = use_state(|| false);
    let toggle = {
        let more = more.clone();
        Callback::from(move |to| more.set(to))
    };
    html! {
        <>
            <main class="page">
                <div class="pagehead wide"><div><h1>{ "New workload cluster" }</h1>
                    if props.offer.opens == Opens::Draft { <p>{ "As you left it. " }<LinkBtn onclick={props.on_anew.reform(|_: MouseEvent| ())}>{ "Start anew" }</LinkBtn></p> }
                </div></div>
                <div class="scroll"><div class="form wide">
                    { fields::name(props) }
                    { fields::class(props) }
                    { fields::version(props) }
                    { fields::control_plane(props) }
                    <pools::PoolTable pools={props.drawn.form.pools.clone()} typed={props.drawn.pools.clone()} classes={fields::workers(props)} wrongs={pool_wrongs(props)} on_edit={props.on_edit.clone()} />
                    { fields::network(props) }
                    { fields::pod_range(props) }
                    { variables::all(props, *more, toggle) }
                    if let Some(fault) = &props.fault { <FixCard fault={fault.clone()} on_fix={props.on_fix.clone()} /> }
                </div></div>
            </main>
            { aside::aside(props) }
        </>
    }
}

fn checks(props: &NewClusterSheetProps) -> &[FormCheck] {
    props.plan.as_deref().map_or(&[], |plan| plan.checks.as_slice())
}

/// What is wrong with each pool: as it was typed, else as the plan says.
fn pool_wrongs(props: &NewClusterSheetProps) -> Vec<Option<String>> {
    let typed = props.drawn.wrongs();
    let of = |at: usize| {
        typed.iter().find(|(n, _)| *n == at).map(|(_, why)| why.clone()).or_else(|| Some(error_of(checks(props), &FormField::Pool(at))?.says.clone()))
    };
    (0..props.drawn.form.pools.len()).map(of).collect()
}

/// The sentence of a field with the value that would be taken.
fn error(props: &NewClusterSheetProps, field: &FormField, edit: fn(String) -> Edit) -> Option<Html> {
    let check = error_of(checks(props), field)?;
    let fix = match &check.fix {
        Some(FormFix::Use(value)) => {
            let (on_edit, taken) = (props.on_edit.clone(), value.clone());
            let onclick = Callback::from(move |_: MouseEvent| on_edit.emit(edit(taken.clone())));
            html! { <>{ " " }<LinkBtn {onclick}>{ format!("Use {value}") }</LinkBtn></> }
        }
        Some(FormFix::Go(_)) | None => Html::default(),
    };
    Some(html! { <>{ &check.says }{ fix }</> })
}

fn valid(error: &Option<Html>) -> Valid {
    if error.is_some() { Valid::No } else { Valid::Yes }
}
