//! What is forgotten when a folder defines a cluster no longer?

use yew::prelude::*;

use crate::pages::ask::AskDialog;

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
    let heading = html! { <>{ "Unbind " }<span class="mono">{ folder }</span>{ "?" }</> };
    html! {
        <AskDialog title={format!("Unbind {folder}?")} {heading} note="No file is changed, and the cluster goes on as it is." keep="Keep it bound"
            act="Unbind the folder" on_act={on_unbind.clone()} on_close={on_close.clone()}>
            <p>{ "KOS forgets that this folder defines " }<span class="mono">{ name }</span>{ ", and which differences were accepted here. It compares them no longer." }</p>
            <p class="t3 s12">{ "The folder can be bound again at any time. What was accepted has to be accepted again then." }</p>
        </AskDialog>
    }
}
