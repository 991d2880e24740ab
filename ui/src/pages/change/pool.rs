//! Which pool shall be added?

use api::changes::{ClusterAt, ClusterChange, ClusterOffers};
use yew::prelude::*;

use super::{
    Asked, ChangeSheet, Danger,
    draft::{Drafting, edited, idle, unknown, use_draft},
    offers::use_offers,
    use_change,
};
use crate::{
    model::pools::{PoolDraft, source_words, sources},
    widgets::{Btn, Choice, Field, Input, Ready, Select, Stepper},
};

#[derive(Properties, PartialEq)]
pub struct AddPoolDialogProps {
    pub at: ClusterAt,
    pub on_close: Callback<()>,
}

/// Name, kind, number, labels and taints; planned when asked for.
#[component]
pub fn AddPoolDialog(props: &AddPoolDialogProps) -> Html {
    let (offers, refused) = use_offers(&props.at);
    let drafting = use_draft(offers.as_ref().map(PoolDraft::of).unwrap_or_default());
    let change = offers.as_ref().map(|offers| drafting.draft.change(offers));
    let asked = use_change(&props.at, drafting.planned(change.clone().and_then(Result::ok)), props.on_close.clone());
    let asked = Asked { fault: refused.or(asked.fault), ..asked };
    let Drafting { draft, on_draft, on_show, .. } = drafting;
    html! { <AddPoolSheet name={props.at.name.clone()} {offers} {draft} {change} {on_draft} {on_show} {asked} on_close={props.on_close.clone()} /> }
}

#[derive(Properties, PartialEq)]
pub struct AddPoolSheetProps {
    pub name: String,
    pub offers: Option<ClusterOffers>,
    pub draft: PoolDraft,
    /// What the draft means, or what is wrong with it.
    pub change: Option<Result<ClusterChange, String>>,
    pub on_draft: Callback<PoolDraft>,
    pub on_show: Callback<()>,
    pub asked: Asked,
    pub on_close: Callback<()>,
}

/// The fields, and what follows from them.
#[component]
pub fn AddPoolSheet(props: &AddPoolSheetProps) -> Html {
    html! {
        <ChangeSheet
            verb={format!("Add a pool to {}", props.name)} keep="Leave it" danger={Danger::No} asked={props.asked.clone()} idle={idle(&props.asked)} on_close={props.on_close.clone()}
        >
            { fields(props) }
        </ChangeSheet>
    }
}

fn fields(props: &AddPoolSheetProps) -> Html {
    let Some(offers) = &props.offers else { return unknown(&props.asked) };
    let draft = &props.draft;
    let text = |edit: fn(&mut PoolDraft, String)| edited(draft, &props.on_draft, edit);
    let on_value = edited(draft, &props.on_draft, |draft, replicas: u8| draft.replicas = replicas);
    let kinds = sources(offers);
    let choices: Vec<Choice> = kinds.iter().enumerate().map(|(at, from)| Choice { value: at.to_string().into(), words: source_words(from).into() }).collect();
    let wrong = props.change.as_ref().and_then(|change| change.as_ref().err()).map(|why| html! { { why } });
    let show = props.on_show.reform(|_: MouseEvent| ());
    html! {
        <div class="form tight">
            <Field label="Name"><Input class="mono" label="Name of the pool" value={draft.name.clone()} on_text={text(|draft, text| draft.name = text)} /></Field>
            <Field label="Kind"><Select class="mono" label="Kind of its machines" value={draft.from.to_string()} {choices} on_choose={text(|draft, text| draft.from = text.parse().unwrap_or_default())} /></Field>
            <Field label="Machines"><Stepper label="Machines of the pool" value={draft.replicas} min={0} max={super::scale::MOST} {on_value} /></Field>
            <Field label="Labels" help="With commas between them."><Input class="mono" label="Labels" placeholder="node-role.kubernetes.io/gpu, tier=gpu" value={draft.labels.clone()} on_text={text(|draft, text| draft.labels = text)} /></Field>
            <Field label="Taints" error={wrong.clone()}><Input class="mono" label="Taints" placeholder="gpu=yes:NoSchedule" value={draft.taints.clone()} on_text={text(|draft, text| draft.taints = text)} /></Field>
            <div><Btn ready={Ready::from(wrong.is_none())} onclick={show}>{ "Show what follows" }</Btn></div>
        </div>
    }
}
