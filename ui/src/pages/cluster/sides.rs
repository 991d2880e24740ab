//! Which sides has the page of a cluster?

use yew::prelude::*;

use super::Parts;
use crate::{
    widgets::{Tab, Tabs},
    words::sides::{LOG, YAML},
};

/// A side of a cluster's page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Side {
    #[default]
    Provisioning,
    /// The files that define it.
    Git,
    Machines,
    Conditions,
    Events,
    Log,
    AddOns,
    Text,
}

const SIDES: [Side; 8] = [Side::Provisioning, Side::Git, Side::Machines, Side::Conditions, Side::Events, Side::Log, Side::AddOns, Side::Text];

impl Side {
    fn words(self) -> &'static str {
        match self {
            Self::Provisioning => "Provisioning",
            Self::Git => "Git",
            Self::Machines => "Machines",
            Self::Conditions => "Conditions",
            Self::Events => "Events",
            Self::Log => LOG,
            Self::AddOns => "Add-ons",
            Self::Text => YAML,
        }
    }

    fn count(self, parts: &Parts) -> usize {
        match self {
            Self::Provisioning | Self::Git | Self::Text => 0,
            Self::Machines => parts.machines.len(),
            Self::Conditions => parts.conditions.len(),
            Self::Events => parts.events.len(),
            Self::Log => parts.log.len(),
            Self::AddOns => parts.add_ons.len(),
        }
    }
}

/// The tabs; how many objects differ from their files is known only where that is looked at.
pub(in crate::pages) fn tabs(parts: &Parts, at: Side, differ: Option<usize>, on_side: &Callback<Side>) -> Html {
    let tab = |side: &Side| {
        let count = match (side, side.count(parts)) {
            (Side::Git, _) => differ.filter(|n| *n > 0).map(|n| format!("{n} differ").into()),
            (_, count) => (count > 0).then(|| count.to_string().into()),
        };
        Tab { words: side.words().into(), count }
    };
    let chosen = SIDES.iter().position(|side| *side == at).unwrap_or_default();
    let on_choose = on_side.reform(|place: usize| SIDES.get(place).copied().unwrap_or_default());
    html! { <div class="objtabs"><Tabs label="Sides of the cluster" tabs={SIDES.iter().map(tab).collect::<Vec<_>>()} {chosen} {on_choose} /></div> }
}
