//! Where is one, and as whom?

use std::rc::Rc;

use api::{
    ContextId,
    contexts::{ContextRow, Link, Way},
    settings::Command,
};
use yew::prelude::*;

use super::{saying::Saved, switcher::Switcher};
use crate::{
    model::{
        fleet::{deceives, unverified},
        time::{identity_title, identity_words},
    },
    widgets::{CommandKey, Icon, IconSize, Pic, State, Tag, Tile, TileSize},
};

#[derive(Properties, PartialEq)]
pub struct ContextBarProps {
    /// The context of the view, none for views of KOS itself.
    #[prop_or_default]
    pub context: Option<Rc<ContextRow>>,
    /// Where the view stands: `Workloads`, `Pods`.
    #[prop_or_default]
    pub path: Vec<AttrValue>,
    /// What the context is besides a cluster: `management`.
    #[prop_or_default]
    pub role: Option<AttrValue>,
    pub contexts: Vec<Rc<ContextRow>>,
    pub switcher: Switched,
    /// How long the identity is still good for, where its credential says so.
    #[prop_or_default]
    pub left: Option<AttrValue>,
    #[prop_or_default]
    pub saved: Saved,
    pub on_switcher: Callback<Switched>,
    pub on_enter: Callback<ContextId>,
    pub on_fleet: Callback<()>,
    pub on_palette: Callback<()>,
}

/// Whether the list of contexts is open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Switched {
    #[default]
    Closed,
    Open,
}

/// Context switcher, path, palette box, identity.
#[component]
pub fn ContextBar(props: &ContextBarProps) -> Html {
    let turn = {
        let (call, to) = (props.on_switcher.clone(), if props.switcher == Switched::Open { Switched::Closed } else { Switched::Open });
        Callback::from(move |_: MouseEvent| call.emit(to))
    };
    let palette = {
        let call = props.on_palette.clone();
        Callback::from(move |_: MouseEvent| call.emit(()))
    };
    let (label, inside) = match &props.context {
        Some(row) => (
            format!("Switch context, now {}", row.name),
            html! { <><Tile tile={row.tile.clone()} size={TileSize::Small} /><span class="ctxname">{ &row.name }</span></> },
        ),
        None => ("Switch context".to_owned(), html! { <><Icon of={Pic::Boxes} size={IconSize::Small} /><span class="m">{ "All contexts" }</span></> }),
    };
    let last = props.path.len().saturating_sub(1);
    let path = props.path.iter().enumerate().map(|(n, part)| {
        let class = if n == last { "m" } else { "t2" };
        html! { <><span class="sep">{ "/" }</span><span {class} title={part.clone()}>{ part.clone() }</span></> }
    });
    html! {
        <header class="contextbar">
            <div class="crumb">
                <button type="button" class="pick" title={label} aria-haspopup="listbox" aria-expanded={(props.switcher == Switched::Open).to_string()} onclick={turn}>
                    { inside }<Icon of={Pic::ChevronsUpDown} size={IconSize::Tiny} />
                </button>
                if let Some(role) = &props.role { <Tag>{ role.clone() }</Tag> }
                { for path }
            </div>
            if let Some(words) = props.context.as_deref().and_then(deceives) { <Tag icon={Pic::ShieldOff} tint={State::Warning}>{ words }</Tag> }
            if let Some(words) = props.context.as_deref().and_then(unverified) { <Tag icon={Pic::ShieldOff} tint={State::Failed}>{ words }</Tag> }
            <span class="grow"></span>
            <button type="button" class="findbox" onclick={palette}>
                <Icon of={Pic::Search} size={IconSize::Small} /><span class="grow ell">{ "Search or run a command" }</span><CommandKey of={Command::Palette} />
            </button>
            if let Some(row) = &props.context { { who(row, props.left.as_ref()) } }
            if props.saved == Saved::Yes { <span class="who" role="status"><Icon of={Pic::Check} size={IconSize::Small} />{ "Saved" }</span> }
            if props.switcher == Switched::Open {
                <Switcher contexts={props.contexts.clone()} now={props.context.as_ref().map(|c| c.id.clone())} on_enter={props.on_enter.clone()} on_fleet={props.on_fleet.clone()} on_close={close(props)} />
            }
        </header>
    }
}

fn close(props: &ContextBarProps) -> Callback<()> {
    let call = props.on_switcher.clone();
    Callback::from(move |()| call.emit(Switched::Closed))
}

/// Somebody whom a login knows, or a name that a credential gives.
fn face(way: &Way) -> Pic {
    match way {
        Way::Plugin { .. } | Way::Token | Way::TokenFile | Way::Legacy { .. } => Pic::Fingerprint,
        Way::ClientCertificate | Way::Basic | Way::Nothing => Pic::User,
    }
}

fn who(row: &ContextRow, left: Option<&AttrValue>) -> Html {
    let left = left.map(AttrValue::as_str);
    match (&row.identity, &row.link) {
        (Some(identity), Link::Live { .. } | Link::Stale { .. }) => {
            let (words, title) = (identity_words(identity, left), identity_title(identity, left));
            html! { <span class="who" {title}><Icon of={face(&row.sign_in.way)} size={IconSize::Small} /><span class="ell">{ words }</span></span> }
        }
        (Some(_) | None, _) => Html::default(),
    }
}
