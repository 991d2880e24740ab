//! What is forgotten when a folder defines a cluster no longer?

use yew::prelude::*;

use crate::widgets::{Btn, Dialog};

#[derive(Properties, PartialEq)]
pub struct UnbindDialogProps {
    /// Of the cluster.
    pub name: String,
    pub folder: String,
    pub on_unbind: Callback<()>,
    pub on_close: Callback<()>,
}

/// Asks before a folder is unbound, since what was accepted is forgotten with it.
#[component]
pub fn UnbindDialog(props: &UnbindDialogProps) -> Html {
    let UnbindDialogProps { name, folder, on_unbind, on_close } = props;
    let keep = on_close.reform(|_: MouseEvent| ());
    let unbind = {
        let (close, unbind) = (on_close.clone(), on_unbind.clone());
        Callback::from(move |_: MouseEvent| {
            close.emit(());
            unbind.emit(());
        })
    };
    let heading = html! { <>{ "Unbind " }<span class="mono">{ folder }</span>{ "?" }</> };
    let footer = html! { <><Btn onclick={keep}>{ "Keep it bound" }</Btn><Btn onclick={unbind}>{ "Unbind the folder" }</Btn></> };
    html! {
        <Dialog title={format!("Unbind {folder}?")} {heading} note="No file is changed, and the cluster goes on as it is." {footer} on_close={on_close.clone()}>
            <p>{ "KOS forgets that this folder defines " }<span class="mono">{ name }</span>{ ", and which differences were accepted here. It compares them no longer." }</p>
            <p class="t3 s12">{ "The folder can be bound again at any time. What was accepted has to be accepted again then." }</p>
        </Dialog>
    }
}
