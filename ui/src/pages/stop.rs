//! What may not come back when a local cluster is stopped?

use yew::prelude::*;

use super::ask::AskDialog;
use crate::{
    widgets::{Banner, State},
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
    html! {
        <AskDialog title={format!("Stop the cluster {name}?")} note={STOP_KEPT} keep="Keep it running" act={format!("Stop {name}")}
            on_act={props.on_stop.clone()} on_close={props.on_close.clone()}>
            <Banner state={State::Warning} head={html! { STOP_HEAD }}>{ format!("{name} has {} control plane nodes. {STOP_KNOWN}", props.control_planes) }</Banner>
        </AskDialog>
    }
}
