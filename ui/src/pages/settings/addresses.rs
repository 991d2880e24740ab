//! Whom does KOS contact, and when?

use std::rc::Rc;

use api::{
    contexts::ContextRow,
    programs::{OfferTool, Tool, ToolOffer},
    settings::Choices,
};
use yew::prelude::*;

use super::setrow;
use crate::{
    feeds::use_call,
    model::addresses::{addresses, by_way_of},
    widgets::{Btn, Dialog, DialogBody, DialogWidth},
};

#[derive(Properties, PartialEq)]
pub(super) struct PrivacyProps {
    pub contexts: Vec<Rc<ContextRow>>,
    pub choices: Choices,
}

/// What leaves this machine: nothing but what the user asks for.
#[component]
pub(super) fn Privacy(props: &PrivacyProps) -> Html {
    let open = use_state(|| false);
    let show = {
        let open = open.setter();
        Callback::from(move |_: MouseEvent| open.set(true))
    };
    let on_close = {
        let open = open.setter();
        Callback::from(move |()| open.set(false))
    };
    let words = html! { "No account, no usage data, no crash reports. It contacts your clusters when you open them, Docker on this machine, and download sites when you agree to a download." };
    html! {
        <>
            { setrow("KOS sends nothing", words, html! { <Btn onclick={show}>{ "Show all addresses" }</Btn> }) }
            if *open { <Addresses contexts={props.contexts.clone()} choices={props.choices.clone()} {on_close} /> }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct AddressesProps {
    contexts: Vec<Rc<ContextRow>>,
    choices: Choices,
    on_close: Callback<()>,
}

/// Asks where downloads would come from, which contacts nobody.
#[component]
fn Addresses(props: &AddressesProps) -> Html {
    let (kind, clusterctl) = (use_call::<OfferTool>(), use_call::<OfferTool>());
    {
        let (kind, clusterctl) = (kind.clone(), clusterctl.clone());
        use_effect_with((), move |()| {
            kind.ask(OfferTool { tool: Tool::Kind });
            clusterctl.ask(OfferTool { tool: Tool::Clusterctl });
        });
    }
    let offers: Vec<ToolOffer> = [kind.state().answer(), clusterctl.state().answer()].into_iter().flatten().cloned().collect();
    html! { <AddressesSheet contexts={props.contexts.clone()} choices={props.choices.clone()} {offers} on_close={props.on_close.clone()} /> }
}

#[derive(Properties, PartialEq)]
pub struct AddressesSheetProps {
    pub contexts: Vec<Rc<ContextRow>>,
    pub choices: Choices,
    pub offers: Vec<ToolOffer>,
    pub on_close: Callback<()>,
}

/// Every address with what leads to it.
#[component]
pub fn AddressesSheet(props: &AddressesSheetProps) -> Html {
    let close = props.on_close.reform(|_: MouseEvent| ());
    let rows = addresses(&props.contexts, &props.choices, &props.offers);
    html! {
        <Dialog title="Addresses that KOS may contact" width={DialogWidth::Wide} body={DialogBody::Text} lead="None is contacted before what stands beside it." note={by_way_of(&props.choices)} footer={html! { <Btn onclick={close}>{ "Close" }</Btn> }} on_close={props.on_close.clone()}>
            <div class="frame" style="overflow:auto">
                <div class="datatable" role="table" aria-label="Addresses" style="--cols:minmax(0,1fr) 112px minmax(0,1fr);--pad:12px">
                    <div class="th" role="row"><div role="columnheader">{ "Address" }</div><div role="columnheader">{ "Contacted by" }</div><div role="columnheader">{ "When" }</div></div>
                    { for rows.iter().map(|at| html! {
                        <div class="tr" role="row"><div class="name ell" role="cell" title={at.to.clone()}>{ &at.to }</div><div class="t2 s12" role="cell">{ at.by }</div><div class="t2 s12 ell" role="cell" title={at.when.clone()}>{ &at.when }</div></div>
                    }) }
                </div>
            </div>
        </Dialog>
    }
}
