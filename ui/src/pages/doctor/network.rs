//! May KOS remove a network of Docker that nobody is on?

use api::local::{LeftNetwork, RemoveNetwork};
use yew::prelude::*;

use crate::{
    shell::starts::{Starts, use_starts},
    widgets::{Btn, BtnKind, CommandBox, Dialog, Ready},
};

#[derive(Properties, PartialEq)]
pub struct NetworkDialogProps {
    pub network: LeftNetwork,
    pub on_close: Callback<()>,
}

/// Shows the command; it runs as a job when the user says so.
#[component]
pub fn NetworkDialog(props: &NetworkDialogProps) -> Html {
    let Starts { start, ready, refused } = use_starts::<RemoveNetwork>(&props.on_close);
    let name = props.network.name.clone();
    let on_remove = start.reform(move |()| RemoveNetwork { name: name.clone() });
    html! { <NetworkSheet network={props.network.clone()} busy={ready} {on_remove} on_close={props.on_close.clone()}>{ refused }</NetworkSheet> }
}

#[derive(Properties, PartialEq)]
pub struct NetworkSheetProps {
    pub network: LeftNetwork,
    pub busy: Ready,
    pub on_remove: Callback<()>,
    pub on_close: Callback<()>,
    /// Why it was refused.
    #[prop_or_default]
    pub children: Html,
}

#[component]
pub fn NetworkSheet(props: &NetworkSheetProps) -> Html {
    let (cancel, remove) = (props.on_close.reform(|_: MouseEvent| ()), props.on_remove.reform(|_: MouseEvent| ()));
    let footer = html! { <><Btn onclick={cancel}>{ "Cancel" }</Btn><Btn kind={BtnKind::Primary} ready={props.busy} onclick={remove}>{ "Remove" }</Btn></> };
    let network = &props.network;
    html! {
        <Dialog title={format!("Remove the network {}?", network.name)} note="No container and no cluster is touched." {footer} on_close={props.on_close.clone()}>
            <p class="t2" style="margin-bottom:9px">{ &network.why }</p>
            <CommandBox command={network.command.clone()} />
            { props.children.clone() }
        </Dialog>
    }
}
