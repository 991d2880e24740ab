//! What can be done with a cluster?

use api::{
    Status,
    capi::{ClusterRow, ClusterState},
    changes::{ClusterAt, ClusterChange, Repair},
};
use yew::prelude::*;

use crate::{
    pages::change::{ChangeDialog, Danger, scale::ScaleDialog},
    widgets::{Btn, BtnKind, Pic, Ready},
};

/// A wish for a cluster, before it is planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verb {
    Scale,
    Upgrade,
    Pause,
    Resume,
    Delete,
    /// What the explanation of its trouble offers.
    Remedy(ClusterChange),
}

/// The buttons of its head; what is shown is old while the server does not answer, and then nothing is changed.
pub(super) fn buttons(head: &ClusterRow, status: &Status, doors: Html, on_verb: &Callback<Verb>) -> Html {
    if head.state == ClusterState::Deleting {
        return html! { <span class="t3">{ "It is being deleted." }</span> };
    }
    let live = matches!(status, Status::Live);
    let ready = Ready::from(live);
    let press = |verb: Verb| on_verb.reform(move |_: MouseEvent| verb.clone());
    let hold = match head.state {
        ClusterState::Paused => html! { <Btn {ready} onclick={press(Verb::Resume)}>{ "Resume…" }</Btn> },
        ClusterState::Stuck
        | ClusterState::Provisioning
        | ClusterState::NotAvailable
        | ClusterState::Upgrading
        | ClusterState::Deleting
        | ClusterState::Available => html! { <Btn icon={Pic::Pause} {ready} onclick={press(Verb::Pause)}>{ "Pause…" }</Btn> },
    };
    html! {
        <>
            if !live { <span class="t3 s12">{ "Not live, so nothing can be changed now." }</span> }
            <div class="btnrow">
                { doors }
                <Btn {ready} onclick={press(Verb::Scale)}>{ "Scale…" }</Btn>
                <Btn {ready} onclick={press(Verb::Upgrade)}>{ "Upgrade…" }</Btn>
                { hold }
                <Btn kind={BtnKind::DangerQuiet} {ready} onclick={press(Verb::Delete)}>{ "Delete…" }</Btn>
            </div>
        </>
    }
}

/// The question that is open, if any.
pub(in crate::pages) fn dialog(asking: Option<&Verb>, at: &ClusterAt, on_close: Callback<()>) -> Html {
    let name = &at.name;
    let one = |change: ClusterChange, verb: &str, keep: &str, danger: Danger| {
        html! { <ChangeDialog at={at.clone()} {change} verb={format!("{verb} {name}")} keep={keep.to_owned()} {danger} on_close={on_close.clone()} /> }
    };
    match asking {
        None | Some(Verb::Upgrade) => Html::default(),
        Some(Verb::Scale) => html! { <ScaleDialog at={at.clone()} on_close={on_close.clone()} /> },
        Some(Verb::Pause) => one(ClusterChange::Pause, "Pause", "Keep it going", Danger::No),
        Some(Verb::Resume) => one(ClusterChange::Resume, "Resume", "Keep it paused", Danger::No),
        Some(Verb::Remedy(change)) => {
            let (verb, danger) = if let ClusterChange::ReplaceMachine { machine } = change {
                (format!("Replace {machine}"), Danger::Yes)
            } else if let ClusterChange::RemoveMachine { machine } = change {
                (format!("Delete {machine}"), Danger::Yes)
            } else if let ClusterChange::SetRepair { repair, .. } = change {
                (if *repair == Repair::Skipped { "Skip repair" } else { "Let it be repaired" }.to_owned(), Danger::No)
            } else if *change == ClusterChange::Resume {
                (format!("Resume {name}"), Danger::No)
            } else {
                (format!("Change {name}"), Danger::Yes)
            };
            html! { <ChangeDialog at={at.clone()} change={change.clone()} {verb} keep="Leave it" {danger} on_close={on_close.clone()} /> }
        }
        Some(Verb::Delete) => one(ClusterChange::Delete, "Delete", "Keep it", Danger::Yes),
    }
}
