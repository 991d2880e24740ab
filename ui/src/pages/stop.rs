//! What may not come back when a local cluster is stopped?

use yew::prelude::*;

use crate::{
    widgets::{Banner, Btn, Dialog, State},
    words::fleet::{STOP_HEAD, STOP_KEPT, STOP_KNOWN},
};

#[derive(Properties, PartialEq)]
pub struct StopDialogProps {
    pub name: String,
    /// Its control plane nodes; one alone starts again without harm.
    pub control_planes: usize,
    pub on_stop: Callback<()>,
    pub on_close: Callback<()>,
}

/// Asks before a cluster with several control plane nodes is stopped, and names kind’s known issue.
#[component]
pub fn StopDialog(props: &StopDialogProps) -> Html {
    let name = &props.name;
    let keep = props.on_close.reform(|_: MouseEvent| ());
    let stop = {
        let (close, stop) = (props.on_close.clone(), props.on_stop.clone());
        Callback::from(move |_: MouseEvent| {
            close.emit(());
            stop.emit(());
        })
    };
    let footer = html! { <><Btn onclick={keep}>{ "Keep it running" }</Btn><Btn onclick={stop}>{ format!("Stop {name}") }</Btn></> };
    html! {
        <Dialog title={format!("Stop the cluster {name}?")} note={STOP_KEPT} {footer} on_close={props.on_close.clone()}>
            <Banner state={State::Warning} head={html! { STOP_HEAD }}>{ format!("{name} has {} control plane nodes. {STOP_KNOWN}", props.control_planes) }</Banner>
        </Dialog>
    }
}
