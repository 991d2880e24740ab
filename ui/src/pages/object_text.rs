//! What do the objects of a cluster or a machine say, word for word?
//!
//! Start at: [`ObjectTexts`] for the calls, [`TextSheet`] for what is shown.

use api::{
    Fault,
    changes::ClusterAt,
    machines::{ObjectText, ReadObject},
};
use yew::prelude::*;

use crate::{
    feeds::{Asked, use_call},
    model::object_text::{Named, place},
    shell::{clipboard::copy, fixes::use_fix},
    widgets::{Btn, BtnSize, CommandBox, EmptyState, FixCard, Pic, Skeleton},
};

#[derive(Properties, PartialEq)]
pub struct ObjectTextsProps {
    pub at: ClusterAt,
    /// Kind and name, the most telling first.
    pub objects: Vec<Named>,
}

/// A list of objects beside the text of the chosen one, read when it is chosen.
#[component]
pub fn ObjectTexts(props: &ObjectTextsProps) -> Html {
    let (read, on_fix) = (use_call::<ReadObject>(), use_fix());
    // By its name: others come and go above it.
    let chosen = use_state(|| None::<Named>);
    let place = place(&props.objects, chosen.as_ref());
    let one = props.objects.get(place).cloned();
    let ask = {
        let (read, at) = (read.clone(), props.at.clone());
        move |one: Option<Named>| {
            if let Some((kind, name)) = one {
                read.ask(ReadObject { at: at.clone(), kind, name });
            }
        }
    };
    {
        let ask = ask.clone();
        use_effect_with(one.clone(), move |one| ask(one.clone()));
    }
    let on_choose = {
        let (chosen, objects) = (chosen.setter(), props.objects.clone());
        Callback::from(move |at: usize| chosen.set(objects.get(at).cloned()))
    };
    let on_again = Callback::from(move |()| ask(one.clone()));
    let (text, fault) = match read.state() {
        Asked::Answered(text) => (Some(text.clone()), None),
        Asked::Refused(fault) => (None, Some(fault.clone())),
        Asked::NotYet | Asked::Pending => (None, None),
    };
    html! { <TextSheet objects={props.objects.clone()} chosen={place} {text} {fault} {on_choose} {on_again} {on_fix} /> }
}

#[derive(Properties, PartialEq)]
pub struct TextSheetProps {
    pub objects: Vec<Named>,
    pub chosen: usize,
    pub text: Option<ObjectText>,
    #[prop_or_default]
    pub fault: Option<Fault>,
    pub on_choose: Callback<usize>,
    pub on_again: Callback<()>,
    #[prop_or_default]
    pub on_fix: Callback<api::Fix>,
}

/// Read only: secrets and what only the server keeps are left out.
#[component]
pub fn TextSheet(props: &TextSheetProps) -> Html {
    if props.objects.is_empty() {
        return html! { <EmptyState head="No objects">{ "Nothing of it is there any more." }</EmptyState> };
    }
    html! {
        <div class="texts">
            <nav class="textlist" aria-label="Objects">{ for props.objects.iter().enumerate().map(|(at, one)| entry(at, one, props)) }</nav>
            <div class="textof">{ inside(props) }</div>
        </div>
    }
}

fn entry(at: usize, (kind, name): &Named, props: &TextSheetProps) -> Html {
    let on = at == props.chosen;
    let onclick = props.on_choose.reform(move |_: MouseEvent| at);
    html! {
        <button type="button" key={format!("{kind}/{name}")} class={classes!("item", on.then_some("on"))} aria-current={on.then_some("true")} title={name.clone()} {onclick}>
            <span class="t3 s12">{ kind }</span><span class="mono s12 ell">{ name }</span>
        </button>
    }
}

fn inside(props: &TextSheetProps) -> Html {
    if let Some(fault) = &props.fault {
        return html! { <FixCard fault={fault.clone()} on_fix={props.on_fix.clone()} /> };
    }
    let Some(text) = &props.text else {
        return html! { <div class="empty" aria-busy="true"><Skeleton width={260} /><Skeleton width={180} /></div> };
    };
    let again = props.on_again.reform(|_: MouseEvent| ());
    let whole = text.yaml.clone();
    let onclick = Callback::from(move |_: MouseEvent| copy(&whole));
    html! {
        <>
            <div class="row g8 textbar">
                <span class="t3 s12 grow">{ "As it was read just now. Secrets, managedFields and what kubectl last applied are left out." }</span>
                <Btn size={BtnSize::Small} icon={Pic::Copy} {onclick}>{ "Copy" }</Btn><Btn size={BtnSize::Small} onclick={again}>{ "Read again" }</Btn>
            </div>
            <pre class="mono s12 text" tabindex="0" aria-label="YAML">{ for text.yaml.lines().map(|line| html! { <>{ line }{ "\n" }</> }) }</pre>
            <CommandBox command={text.command.clone()} />
        </>
    }
}
