//! How does a cluster begin with a template of a provider?

use std::collections::BTreeMap;

use api::{
    ContextId, Fault, Fix,
    drawing::ClusterForm,
    providers::{AskedVariable, Shown},
    templates::{FillTemplate, OfferTemplates, ReadTemplate, TemplatePick, TemplateView, TemplatesOf},
    visible,
};
use yew::prelude::*;

use crate::{
    feeds::use_call,
    model::drawing::template_fields,
    pages::asked::{AskedField, use_given},
    shell::fixes::use_fix,
    widgets::{Btn, BtnKind, Choice, CommandBox, Dialog, Field, FixCard, Input, Ready, Select, Skeleton},
};

#[derive(Properties, PartialEq)]
pub(super) struct TemplateDialogProps {
    pub(super) context: ContextId,
    pub(super) form: ClusterForm,
    /// The YAML with all of it filled in.
    pub(super) on_take: Callback<String>,
    pub(super) on_close: Callback<()>,
}

/// The question with its calls. What is typed goes to the core once.
#[component]
pub(super) fn TemplateDialog(props: &TemplateDialogProps) -> Html {
    let (offer, read, fill) = (use_call::<OfferTemplates>(), use_call::<ReadTemplate>(), use_call::<FillTemplate>());
    let (chosen, flavor, given) = (use_state(|| None::<TemplatesOf>), use_state(String::new), use_given());
    // The template that was read: another one has other variables.
    let shown = use_state(|| None::<TemplatePick>);
    let on_fix = use_fix();
    {
        let offer = offer.clone();
        use_effect_with(props.context.clone(), move |context| offer.ask(OfferTemplates { context: context.clone() }));
    }
    let known = offer.state().answer().cloned();
    let of = (*chosen).clone().or_else(|| known.as_ref()?.first().cloned());
    let pick = of.map(|of| TemplatePick { of, flavor: flavor.trim().to_owned() });
    let view = read.state().answer().filter(|_| pick.is_some() && *shown == pick).cloned();
    let on_pick = {
        let (chosen, flavor, forget) = (chosen.setter(), flavor.setter(), given.forget.clone());
        Callback::from(move |pick: TemplatePick| {
            chosen.set(Some(pick.of));
            flavor.set(pick.flavor);
            forget.emit(());
        })
    };
    let on_read = {
        let (read, shown, context, form) = (read.clone(), shown.setter(), props.context.clone(), props.form.clone());
        Callback::from(move |pick: TemplatePick| {
            shown.set(Some(pick.clone()));
            read.ask(ReadTemplate { context: context.clone(), pick, fields: template_fields(&form) });
        })
    };
    let on_fill = {
        let (fill, context, form, values, on_take) = (fill.clone(), props.context.clone(), props.form.clone(), given.typed(), props.on_take.clone());
        Callback::from(move |pick: TemplatePick| {
            let on_take = on_take.clone();
            fill.ask_then(FillTemplate { context: context.clone(), pick, fields: template_fields(&form), values: values.clone() }, move |answer| {
                if let Ok(filled) = answer {
                    on_take.emit(filled.yaml.clone());
                }
            });
        })
    };
    let fault = fill.state().fault().or(read.state().fault()).or(offer.state().fault()).cloned();
    let busy = if offer.state().pending() || read.state().pending() || fill.state().pending() { Ready::Busy } else { Ready::Yes };
    html! { <TemplateSheet {known} {pick} {view} values={given.values} {fault} {busy} {on_pick} {on_read} on_value={given.on_value} {on_fill} {on_fix} on_close={props.on_close.clone()} /> }
}

#[derive(Properties, PartialEq)]
pub struct TemplateSheetProps {
    /// Nothing before the context has answered.
    pub known: Option<Vec<TemplatesOf>>,
    pub pick: Option<TemplatePick>,
    pub view: Option<TemplateView>,
    #[prop_or_default]
    pub values: BTreeMap<String, String>,
    #[prop_or_default]
    pub fault: Option<Fault>,
    #[prop_or_default]
    pub busy: Ready,
    #[prop_or_default]
    pub on_pick: Callback<TemplatePick>,
    #[prop_or_default]
    pub on_read: Callback<TemplatePick>,
    #[prop_or_default]
    pub on_value: Callback<(String, String)>,
    #[prop_or_default]
    pub on_fill: Callback<TemplatePick>,
    #[prop_or_default]
    pub on_fix: Callback<Fix>,
    #[prop_or_default]
    pub on_close: Callback<()>,
}

/// Provider and flavor; what the template leaves open; the command.
#[component]
pub fn TemplateSheet(props: &TemplateSheetProps) -> Html {
    let given = |variable: &AskedVariable| variable.default.is_some() || props.values.get(&variable.name).is_some_and(|value| !value.is_empty());
    let (words, act, whole) = match &props.view {
        Some(view) => ("Take this template", &props.on_fill, view.variables.iter().all(given)),
        None => ("Show what it needs", &props.on_read, true),
    };
    let ready = if props.pick.is_some() && whole { props.busy } else { Ready::No };
    let pick = props.pick.clone();
    let act = act.clone();
    let onclick = Callback::from(move |_: MouseEvent| {
        if let Some(pick) = &pick {
            act.emit(pick.clone());
        }
    });
    let cancel = props.on_close.reform(|_: MouseEvent| ());
    let footer = html! { <><Btn onclick={cancel}>{ "Cancel" }</Btn><Btn kind={BtnKind::Primary} {ready} {onclick}>{ words }</Btn></> };
    html! {
        <Dialog title="Begin with a template of a provider" note="Nothing is made yet: the form goes on with its YAML." {footer} on_close={props.on_close.clone()}>
            { chosen(props) }
            if let Some(view) = &props.view { { asked(props, view) } }
            if let Some(fault) = &props.fault { <FixCard fault={fault.clone()} on_fix={props.on_fix.clone()} /> }
            if props.view.is_none() && matches!(props.busy, Ready::Busy) { <div aria-busy="true"><Skeleton width={240} /></div> }
        </Dialog>
    }
}

fn chosen(props: &TemplateSheetProps) -> Html {
    let Some(known) = &props.known else { return Html::default() };
    let Some(pick) = props.pick.clone() else { return html! { <p class="t2">{ "This management cluster has no infrastructure provider yet." }</p> } };
    let words = |of: &TemplatesOf| visible::owned(format!("{} {}", of.provider, of.version));
    let choices: Vec<Choice> = known.iter().map(|of| Choice { value: of.provider.clone().into(), words: words(of).into() }).collect();
    let on_provider = {
        let (on_pick, known) = (props.on_pick.clone(), known.clone());
        Callback::from(move |name: String| {
            if let Some(of) = known.iter().find(|of| of.provider == name) {
                on_pick.emit(TemplatePick { of: of.clone(), flavor: String::new() });
            }
        })
    };
    let on_flavor = {
        let of = pick.of.clone();
        props.on_pick.reform(move |flavor: String| TemplatePick { of: of.clone(), flavor })
    };
    html! {
        <>
            <Field label="Provider" help="Its templates are read where clusterctl finds its release.">
                <Select class="mono" label="Provider" value={pick.of.provider.clone()} {choices} on_choose={on_provider} />
            </Field>
            <Field label="Flavor" help={html! { <>{ "As in " }<span class="mono">{ "cluster-template-FLAVOR.yaml" }</span>{ "; empty for the usual one. Docker has " }<span class="mono">{ "development" }</span>{ "." }</> }}>
                <Input class="mono" label="Flavor" value={pick.flavor} on_text={on_flavor} />
            </Field>
        </>
    }
}

fn asked(props: &TemplateSheetProps, view: &TemplateView) -> Html {
    let needed = view.variables.iter().filter(|variable| variable.default.is_none()).count();
    let words = if needed == 0 { "none needed".to_owned() } else { format!("{needed} needed") };
    let provider = props.pick.as_ref().map(|pick| pick.of.provider.clone()).unwrap_or_default();
    html! {
        <>
            <h2 class="sec">{ "Variables" }<span class="t3">{ words }</span></h2>
            { for view.variables.iter().map(|variable| html! {
                <AskedField key={variable.name.clone()} variable={variable.clone()} provider={provider.clone()} value={props.values.get(&variable.name).cloned().unwrap_or_default()} on_value={props.on_value.clone()} />
            }) }
            if let Some(hidden) = view.variables.iter().find(|variable| variable.shown == Shown::AsDots) {
                <p class="t2">{ "What is typed as dots is written nowhere: the YAML has " }<span class="mono">{ format!("${{{}}}", hidden.name) }</span>{ " in its place. KOS knows it until the cluster is made or KOS is closed." }</p>
            }
            <CommandBox command={view.command.clone()} />
        </>
    }
}
