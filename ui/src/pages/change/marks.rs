//! Which labels or taints shall the machines of a pool have?

use api::changes::{ClusterAt, PoolOffer};
use yew::prelude::*;

use super::{
    Asked, ChangeSheet, Danger,
    draft::{Drafting, idle, unknown, use_draft},
    offers::use_offers,
    use_change,
};
use crate::{
    model::pools::{Marks, pool_of},
    widgets::{Btn, Field, Input, Ready},
};

#[derive(Properties, PartialEq)]
pub struct MarksDialogProps {
    pub at: ClusterAt,
    /// As it or its object is called.
    pub pool: String,
    pub marks: Marks,
    pub on_close: Callback<()>,
}

/// One line of text, planned when asked for.
#[component]
pub fn MarksDialog(props: &MarksDialogProps) -> Html {
    let MarksDialogProps { at, pool, marks, on_close } = props;
    let (offers, refused) = use_offers(at);
    let offer = offers.as_ref().and_then(|offers| pool_of(offers, pool)).cloned();
    let drafting = use_draft(offer.as_ref().map(|offer| marks.of(offer)).unwrap_or_default());
    let change = marks.change(pool, &drafting.draft);
    let asked = use_change(at, drafting.planned(change.clone().ok()), on_close.clone());
    let asked = Asked { fault: refused.or(asked.fault), ..asked };
    let Drafting { draft: text, on_draft: on_text, on_show, .. } = drafting;
    html! { <MarksSheet pool={pool.clone()} {offer} marks={*marks} {text} wrong={change.err()} {on_text} {on_show} {asked} on_close={on_close.clone()} /> }
}

#[derive(Properties, PartialEq)]
pub struct MarksSheetProps {
    pub pool: String,
    pub offer: Option<PoolOffer>,
    pub marks: Marks,
    pub text: String,
    /// What is not typed right.
    pub wrong: Option<String>,
    pub on_text: Callback<String>,
    pub on_show: Callback<()>,
    pub asked: Asked,
    pub on_close: Callback<()>,
}

/// The text, and what follows from it.
#[component]
pub fn MarksSheet(props: &MarksSheetProps) -> Html {
    let name = props.offer.as_ref().map_or(&props.pool, |offer| &offer.pool);
    let word = props.marks.word();
    let wrong = props.wrong.as_ref().map(|why| html! { { why } });
    let show = props.on_show.reform(|_: MouseEvent| ());
    let inside = if props.offer.is_none() && props.asked.fault.is_none() {
        unknown(&props.asked)
    } else {
        let label = format!("{} of {name}", capital(word));
        html! {
            <div class="form tight">
                <Field label={capital(word)} help="With commas between them; an empty line takes all away." error={wrong.clone()}>
                    <span class="row g8">
                        <Input class="mono grow" {label} placeholder={props.marks.looks_like()} value={props.text.clone()} on_text={props.on_text.clone()} />
                        <Btn ready={Ready::from(wrong.is_none())} onclick={show}>{ "Show what follows" }</Btn>
                    </span>
                </Field>
            </div>
        }
    };
    html! {
        <ChangeSheet verb={format!("Change the {word} of {name}")} keep="Leave them" danger={Danger::No} asked={props.asked.clone()} idle={idle(&props.asked)} on_close={props.on_close.clone()}>
            { inside }
        </ChangeSheet>
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
