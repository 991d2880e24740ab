//! What is asked before one thing is done?

use yew::prelude::*;

use crate::widgets::{Btn, Dialog, Ready};

#[derive(Properties, PartialEq)]
pub(super) struct AskDialogProps {
    /// A verb and its object.
    pub(super) title: AttrValue,
    /// The title with names in mono, where it has any.
    #[prop_or_default]
    pub(super) heading: Option<Html>,
    /// What comes of it.
    pub(super) children: Html,
    /// What stays as it is.
    pub(super) note: Html,
    /// The safe button, which has the first focus.
    pub(super) keep: AttrValue,
    pub(super) act: AttrValue,
    /// Whether it can be done; what is missing stands among the children.
    #[prop_or_default]
    pub(super) ready: Ready,
    pub(super) on_act: Callback<()>,
    pub(super) on_close: Callback<()>,
}

/// Asks, then does: the question is gone before what was asked for begins.
#[component]
pub(super) fn AskDialog(props: &AskDialogProps) -> Html {
    let keep = props.on_close.reform(|_: MouseEvent| ());
    let act = {
        let (close, act) = (props.on_close.clone(), props.on_act.clone());
        Callback::from(move |_: MouseEvent| {
            close.emit(());
            act.emit(());
        })
    };
    let footer = html! { <><Btn onclick={keep}>{ props.keep.clone() }</Btn><Btn ready={props.ready} onclick={act}>{ props.act.clone() }</Btn></> };
    html! {
        <Dialog title={props.title.clone()} heading={props.heading.clone()} note={props.note.clone()} {footer} on_close={props.on_close.clone()}>
            { props.children.clone() }
        </Dialog>
    }
}
