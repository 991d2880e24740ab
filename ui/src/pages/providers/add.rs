//! How is one more provider added?

use std::collections::BTreeMap;

use api::{
    ContextId, Fault, Fix, JobId,
    providers::{AddProvider, AskedVariable, KnownProvider, OfferProviders, PlanProvider, ProviderPick, ProviderPlan, ProviderRole},
};
use yew::prelude::*;

use super::{plan::checks, upgrade::images};
use crate::{
    feeds::use_call,
    model::{
        clock::count,
        providers::{can_start, first_of, made_words, of_role, role_of},
    },
    pages::{
        asked::{AskedField, use_given},
        typed::TypedName,
    },
    shell::fixes::use_fix,
    widgets::{Btn, BtnKind, Choice, CommandBox, Field, FixCard, Input, Ready, Select, Skeleton},
};

#[derive(Properties, PartialEq)]
pub(super) struct AddPaneProps {
    pub(super) context: ContextId,
    pub(super) on_close: Callback<()>,
    pub(super) on_job: Callback<JobId>,
}

/// The pane with its calls. What is typed stays in this pane and goes to the core once.
#[component]
pub(super) fn AddPane(props: &AddPaneProps) -> Html {
    let (offer, plan, add) = (use_call::<OfferProviders>(), use_call::<PlanProvider>(), use_call::<AddProvider>());
    let (pick, given, on_fix) = (use_state(|| None::<ProviderPick>), use_given(), use_fix());
    {
        let offer = offer.clone();
        use_effect_with(props.context.clone(), move |context| offer.ask(OfferProviders { context: context.clone() }));
    }
    let known = offer.state().answer().cloned().unwrap_or_default();
    let picked = (*pick).clone().or_else(|| first_of(&known, ProviderRole::Infrastructure));
    let on_ask = {
        let (plan, context) = (plan.clone(), props.context.clone());
        Callback::from(move |pick| plan.ask(PlanProvider { context: context.clone(), pick }))
    };
    let on_pick = {
        let (pick, forget) = (pick.setter(), given.forget.clone());
        Callback::from(move |to: ProviderPick| {
            pick.set(Some(to));
            forget.emit(());
        })
    };
    let shown = plan.state().answer().filter(|shown| picked.as_ref().is_some_and(|pick| is_of(shown, pick))).cloned();
    let on_add = {
        let (add, context, picked, shown, values, on_job) =
            (add.clone(), props.context.clone(), picked.clone(), shown.clone(), given.typed(), props.on_job.clone());
        Callback::from(move |typed: String| {
            let (Some(pick), Some(shown)) = (picked.clone(), shown.clone()) else { return };
            let on_job = on_job.clone();
            let pick = ProviderPick { version: shown.version, ..pick };
            add.ask_then(AddProvider { context: context.clone(), pick, values: values.clone(), seen: shown.plan.seen, typed }, move |answer| {
                if let Ok(job) = answer {
                    on_job.emit(job.clone());
                }
            });
        })
    };
    let fault = add.state().fault().or(plan.state().fault()).or(offer.state().fault()).cloned();
    let busy = if add.state().pending() || plan.state().pending() || offer.state().pending() { Ready::Busy } else { Ready::Yes };
    html! { <AddSheet {known} pick={picked} plan={shown} values={given.values} {fault} {busy} {on_pick} {on_ask} on_value={given.on_value} {on_add} {on_fix} on_close={props.on_close.clone()} /> }
}

/// Whether a plan is about the provider that is chosen now.
fn is_of(plan: &ProviderPlan, pick: &ProviderPick) -> bool {
    let version = pick.version.is_empty() || pick.version == plan.version;
    version && plan.plan.commands.iter().any(|command| command.contains(&format!(" {}:{}", pick.name, plan.version)))
}

#[derive(Properties, PartialEq)]
pub struct AddSheetProps {
    pub known: Vec<KnownProvider>,
    pub pick: Option<ProviderPick>,
    pub plan: Option<ProviderPlan>,
    pub values: BTreeMap<String, String>,
    #[prop_or_default]
    pub fault: Option<Fault>,
    #[prop_or_default]
    pub busy: Ready,
    #[prop_or_default]
    pub on_pick: Callback<ProviderPick>,
    #[prop_or_default]
    pub on_ask: Callback<ProviderPick>,
    #[prop_or_default]
    pub on_value: Callback<(String, String)>,
    #[prop_or_default]
    pub on_add: Callback<String>,
    #[prop_or_default]
    pub on_fix: Callback<Fix>,
    pub on_close: Callback<()>,
}

/// Kind, provider and version; what it asks for; what it would make; the command.
#[component]
pub fn AddSheet(props: &AddSheetProps) -> Html {
    let typed = use_state(String::new);
    let cancel = props.on_close.reform(|_: MouseEvent| ());
    let ask = props.pick.clone().map(|pick| props.on_ask.reform(move |_: MouseEvent| pick.clone()));
    let add = {
        let (on_add, typed) = (props.on_add.clone(), (*typed).clone());
        Callback::from(move |_: MouseEvent| on_add.emit(typed.clone()))
    };
    let name = props.pick.as_ref().map(|pick| pick.name.clone()).unwrap_or_default();
    let given = |variable: &AskedVariable| variable.default.is_some() || props.values.get(&variable.name).is_some_and(|value| !value.is_empty());
    let footer = match &props.plan {
        Some(plan) => {
            let confirmed = plan.typed.as_ref().is_none_or(|wanted| *wanted == *typed);
            let ready = if can_start(&plan.plan) && plan.variables.iter().all(given) && confirmed { props.busy } else { Ready::No };
            html! {
                <>
                    { for plan.plan.commands.iter().map(|command| html! { <CommandBox command={command.clone()} /> }) }
                    if let Some(wanted) = &plan.typed {
                        <TypedName wanted={wanted.clone()} typed={typed.clone()} />
                    }
                    <div class="btnrow"><Btn onclick={cancel}>{ "Cancel" }</Btn><Btn kind={BtnKind::Primary} {ready} onclick={add}>{ format!("Add {name}") }</Btn></div>
                </>
            }
        }
        None => {
            let ready = if ask.is_some() { props.busy } else { Ready::No };
            html! { <div class="btnrow"><Btn onclick={cancel}>{ "Cancel" }</Btn><Btn kind={BtnKind::Primary} {ready} onclick={ask.unwrap_or_default()}>{ "Show what it needs" }</Btn></div> }
        }
    };
    html! {
        <aside class="pane planpane addprov" aria-label="Add provider">
            <div class="pb">
                <h2 class="sec">{ "Add provider" }</h2>
                { chosen(props) }
                if let Some(fault) = &props.fault { <FixCard fault={fault.clone()} on_fix={props.on_fix.clone()} /> }
                { for props.plan.as_ref().map(|plan| asked(props, plan, &name)) }
                if props.plan.is_none() && matches!(props.busy, Ready::Busy) { <div aria-busy="true"><Skeleton width={240} /></div> }
            </div>
            <div class="pf">{ footer }</div>
        </aside>
    }
}

fn chosen(props: &AddSheetProps) -> Html {
    let Some(pick) = props.pick.clone() else { return Html::default() };
    let role = pick.role;
    let roles = ProviderRole::ADDED.into_iter().filter(|role| !of_role(&props.known, *role).is_empty());
    let roles: Vec<Choice> = roles.map(|role| Choice { value: role.words().into(), words: role.words().into() }).collect();
    let on_role = {
        let (on_pick, known) = (props.on_pick.clone(), props.known.clone());
        Callback::from(move |words: String| {
            if let Some(pick) = role_of(&words).and_then(|role| first_of(&known, role)) {
                on_pick.emit(pick);
            }
        })
    };
    let names: Vec<Choice> = of_role(&props.known, role).iter().map(|one| Choice { value: one.name.clone().into(), words: one.name.clone().into() }).collect();
    let on_name = props.on_pick.reform(move |name: String| ProviderPick { role, name, version: String::new() });
    let on_version = {
        let pick = pick.clone();
        props.on_pick.reform(move |version: String| ProviderPick { version, ..pick.clone() })
    };
    let newest: AttrValue = props.plan.as_ref().map_or_else(|| "the newest".into(), |plan| plan.version.clone().into());
    let from = of_role(&props.known, role).iter().find(|one| one.name == pick.name).map(|one| one.from.clone()).unwrap_or_default();
    html! {
        <>
            <Field label="Kind"><Select value={role.words()} label="Kind" choices={roles} on_choose={on_role} /></Field>
            <Field label="Provider" help={html! { <>{ format!("{} of this kind are known to clusterctl. From ", names.len()) }<span class="mono" style="overflow-wrap:anywhere">{ from }</span></> }}>
                <Select class="mono" value={pick.name.clone()} label="Provider" choices={names} on_choose={on_name} />
            </Field>
            <Field label="Version" help="Empty for the newest."><Input class="mono" label="Version" value={pick.version.clone()} placeholder={newest} on_text={on_version} /></Field>
        </>
    }
}

fn asked(props: &AddSheetProps, plan: &ProviderPlan, name: &str) -> Html {
    let needed = plan.variables.iter().filter(|variable| variable.default.is_none()).count();
    let words = if needed == 0 { "none needed".to_owned() } else { format!("{needed} needed now") };
    let made = plan.made.iter().map(|made| {
        let (head, says) = made_words(made);
        html! { <div class="minirow" style="grid-template-columns:minmax(0,1fr) auto"><span class="ell">{ head }</span><span class="t3 mono ell">{ says }</span></div> }
    });
    html! {
        <>
            if !plan.variables.is_empty() {
                <h2 class="sec" style="margin-top:8px">{ "Variables" }<span class="t3">{ words }</span></h2>
                { for plan.variables.iter().map(|variable| html! {
                    <AskedField key={variable.name.clone()} variable={variable.clone()} provider={name.to_owned()} value={props.values.get(&variable.name).cloned().unwrap_or_default()} on_value={props.on_value.clone()} />
                }) }
                <p class="s12 t3" style="margin:4px 0 12px">{ "They go to clusterctl in a file for you alone, which goes with its run. KOS does not keep them." }</p>
            }
            <h2 class="sec" style="margin:8px 0 4px">{ "What will be made" }<span class="t3">{ count(plan.made.iter().map(|made| made.names.len() as u64).sum(), "object") }</span></h2>
            { for made }
            <div style="margin-top:10px">{ checks(&plan.plan.obstacles) }{ images(&plan.images.iter().collect::<Vec<_>>()) }</div>
        </>
    }
}
