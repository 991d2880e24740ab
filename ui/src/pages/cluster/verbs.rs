//! What can be done with a cluster?

use api::{
    Status, Timestamp,
    capi::{ClusterRow, ClusterState, LaneGroup},
    changes::{ClusterAt, ClusterChange, Repair},
    local::{LocalRow, LocalState},
};
use yew::prelude::*;

use super::sleep::{SleepDialog, WakeDialog};
use crate::{
    model::{pools::Marks, route::Wish},
    pages::{
        change::{ChangeDialog, Danger, bounds::BoundsDialog, health::HealthDialog, marks::MarksDialog, pool::AddPoolDialog, scale::ScaleDialog},
        menu::{Menu, MenuItem},
    },
    widgets::{Btn, BtnKind, Pic, Ready},
};

/// A wish for a cluster, before it is planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verb {
    Scale,
    Upgrade,
    AddPool,
    /// Pools by the names of their objects.
    RemovePool(String),
    Marks(String, Marks),
    Bounds(String),
    Health(LaneGroup),
    /// Makes the machines of a group anew, from this moment on.
    Rollout(LaneGroup, Timestamp),
    /// Of a cluster in containers of this machine: pauses its objects, then its containers.
    Sleep,
    /// The other way round.
    Wake,
    Pause,
    Resume,
    Delete,
    /// What the explanation of its trouble offers.
    Remedy(ClusterChange),
}

impl Verb {
    pub fn of(wish: Wish, now: Timestamp) -> Self {
        match wish {
            Wish::Scale => Self::Scale,
            Wish::AddPool => Self::AddPool,
            Wish::Rollout => Self::Rollout(LaneGroup::ControlPlane, now),
            Wish::Pause => Self::Pause,
            Wish::Resume => Self::Resume,
            Wish::Delete => Self::Delete,
        }
    }
}

/// The buttons of its head; what is shown is old while the server does not answer, and then nothing is changed.
pub(super) fn buttons(head: &ClusterRow, status: &Status, doors: Html, local: Option<&LocalRow>, on_verb: &Callback<Verb>, now: Timestamp) -> Html {
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
    let upgrade = if head.state == ClusterState::Upgrading { "Show the upgrade" } else { "Upgrade…" };
    let items = if live { more(&head.name, local, on_verb, now) } else { vec![] };
    html! {
        <>
            if !live { <span class="t3 s12">{ "Not live, so nothing can be changed now." }</span> }
            <div class="btnrow">
                { doors }
                <Btn {ready} onclick={press(Verb::Scale)}>{ "Scale…" }</Btn>
                <Btn {ready} onclick={press(Verb::Upgrade)}>{ upgrade }</Btn>
                { hold }
                <Btn kind={BtnKind::DangerQuiet} {ready} onclick={press(Verb::Delete)}>{ "Delete…" }</Btn>
                <Menu label={format!("More for {}", head.name)} {items} />
            </div>
        </>
    }
}

fn more(name: &str, local: Option<&LocalRow>, on_verb: &Callback<Verb>, now: Timestamp) -> Vec<MenuItem> {
    let item = |icon: Pic, wish: Wish| {
        let act = on_verb.reform(move |()| Verb::of(wish, now));
        MenuItem::new(icon, format!("{}…", wish.words(name)), act)
    };
    let power = |icon: Pic, words: String, verb: Verb| MenuItem::new(icon, words, on_verb.reform(move |()| verb.clone()));
    let sleep = local.and_then(|row| match row.state {
        LocalState::Running => Some(power(Pic::Pause, format!("Put {name} to sleep…"), Verb::Sleep)),
        LocalState::Paused | LocalState::Mixed { .. } => Some(power(Pic::Zap, format!("Wake {name}…"), Verb::Wake)),
        LocalState::Stopped { .. } | LocalState::Creating | LocalState::NotAsked => None,
    });
    [item(Pic::Plus, Wish::AddPool), item(Pic::RotateCcw, Wish::Rollout)].into_iter().chain(sleep).collect()
}

/// What can be done with one pool, by the name of its object.
pub(super) fn of_pool(pool: &str, on_verb: &Callback<Verb>, now: Timestamp) -> Vec<MenuItem> {
    let act = |verb: Verb| on_verb.reform(move |()| verb.clone());
    let name = || pool.to_owned();
    vec![
        MenuItem::new(Pic::Server, "Scale…", act(Verb::Scale)),
        MenuItem::new(Pic::Zap, "Bounds of an autoscaler…", act(Verb::Bounds(name()))),
        MenuItem::new(Pic::Stethoscope, "Health check…", act(Verb::Health(LaneGroup::Pool(name())))),
        MenuItem::new(Pic::Pin, "Labels…", act(Verb::Marks(name(), Marks::Labels))),
        MenuItem::new(Pic::Shield, "Taints…", act(Verb::Marks(name(), Marks::Taints))),
        MenuItem::new(Pic::RotateCcw, "Make its machines anew…", act(Verb::Rollout(LaneGroup::Pool(name()), now))),
        MenuItem::dangerous(Pic::X, "Remove the pool…", act(Verb::RemovePool(name()))),
    ]
}

/// The question that is open, if any.
pub(crate) fn dialog(asking: Option<&Verb>, at: &ClusterAt, on_close: Callback<()>) -> Html {
    let name = &at.name;
    let one = |change: ClusterChange, verb: String, keep: &str, danger: Danger| {
        html! { <ChangeDialog at={at.clone()} {change} {verb} keep={keep.to_owned()} {danger} on_close={on_close.clone()} /> }
    };
    match asking {
        None | Some(Verb::Upgrade) => Html::default(),
        Some(Verb::Scale) => html! { <ScaleDialog at={at.clone()} on_close={on_close.clone()} /> },
        Some(Verb::Sleep) => html! { <SleepDialog at={at.clone()} on_close={on_close.clone()} /> },
        Some(Verb::Wake) => html! { <WakeDialog at={at.clone()} on_close={on_close.clone()} /> },
        Some(Verb::AddPool) => html! { <AddPoolDialog at={at.clone()} on_close={on_close.clone()} /> },
        Some(Verb::Marks(pool, marks)) => html! { <MarksDialog at={at.clone()} pool={pool.clone()} marks={*marks} on_close={on_close.clone()} /> },
        Some(Verb::Bounds(pool)) => html! { <BoundsDialog at={at.clone()} pool={pool.clone()} on_close={on_close.clone()} /> },
        Some(Verb::Health(group)) => html! { <HealthDialog at={at.clone()} group={group.clone()} on_close={on_close.clone()} /> },
        Some(Verb::RemovePool(pool)) => one(ClusterChange::RemovePool { pool: pool.clone() }, format!("Remove the pool {pool}"), "Keep it", Danger::Yes),
        Some(Verb::Rollout(group, at)) => {
            let of = match group {
                LaneGroup::ControlPlane => format!("the control plane of {name}"),
                LaneGroup::Pool(pool) => format!("the machines of {pool}"),
                LaneGroup::Alone => "the machines without an owner".to_owned(),
            };
            one(ClusterChange::Rollout { group: group.clone(), at: *at }, format!("Make {of} anew"), "Leave them", Danger::No)
        }
        Some(Verb::Pause) => one(ClusterChange::Pause, format!("Pause {name}"), "Keep it going", Danger::No),
        Some(Verb::Resume) => one(ClusterChange::Resume, format!("Resume {name}"), "Keep it paused", Danger::No),
        Some(Verb::Remedy(change)) => {
            let (verb, danger) = if let ClusterChange::ReplaceMachine { machine } = change {
                (format!("Replace {machine}"), Danger::Yes)
            } else if let ClusterChange::RemoveMachine { machine } = change {
                (format!("Delete {machine}"), Danger::Yes)
            } else if let ClusterChange::SetRepair { repair, .. } = change {
                (if *repair == Repair::Skipped { "Skip repair" } else { "Let it be repaired" }.to_owned(), Danger::No)
            } else if let ClusterChange::RemoveFinalizers { kind, name } = change {
                (format!("Let {kind} {name} go"), Danger::Yes)
            } else if *change == ClusterChange::Resume {
                (format!("Resume {name}"), Danger::No)
            } else {
                (format!("Change {name}"), Danger::Yes)
            };
            one(change.clone(), verb, "Leave it", danger)
        }
        Some(Verb::Delete) => one(ClusterChange::Delete, format!("Delete {name}"), "Keep it", Danger::Yes),
    }
}
