//! Which streams does every page share?

use std::rc::Rc;

use api::{
    computer::ComputerView,
    contexts::ContextRow,
    feed,
    files::FileRow,
    jobs::JobRow,
    local::LocalRow,
    settings::{Choices, SettingsView},
};
use yew::prelude::*;

use crate::{
    feeds::{FeedState, use_feed},
    model::{keys::Keymap, store::Store, time::Zone},
};

/// What is known everywhere; one subscription each for the whole window.
#[derive(Clone, PartialEq)]
pub struct World {
    pub files: FeedState<FileRow>,
    pub contexts: FeedState<ContextRow>,
    pub local: FeedState<LocalRow>,
    pub jobs: FeedState<JobRow>,
    pub checks: FeedState<api::computer::CheckRow>,
    pub computer: FeedState<ComputerView>,
    pub settings: FeedState<SettingsView>,
    pub zone: Zone,
}

impl World {
    /// Nothing is known; for views that are rendered alone.
    pub fn unknown() -> Self {
        Self {
            files: FeedState::of(Store::default()),
            contexts: FeedState::of(Store::default()),
            local: FeedState::of(Store::default()),
            jobs: FeedState::of(Store::default()),
            checks: FeedState::of(Store::default()),
            computer: FeedState::of(Store::default()),
            settings: FeedState::of(Store::default()),
            zone: Zone(0),
        }
    }

    pub fn choices(&self) -> Choices {
        self.settings.one().map(|s| s.choices.clone()).unwrap_or_default()
    }
}

#[derive(Properties, PartialEq)]
pub struct WatchingProps {
    pub children: Html,
}

/// Holds the shared subscriptions.
#[component]
pub fn Watching(props: &WatchingProps) -> Html {
    let world = World {
        files: use_feed(feed::Files),
        contexts: use_feed(feed::Contexts),
        local: use_feed(feed::Local),
        jobs: use_feed(feed::Jobs),
        checks: use_feed(feed::Checks),
        computer: use_feed(feed::Computer),
        settings: use_feed(feed::Settings),
        zone: zone(),
    };
    let keymap = use_memo(world.choices().keys, Keymap::of);
    html! { <ContextProvider<World> context={world}><ContextProvider<Rc<Keymap>> context={keymap}>{ props.children.clone() }</ContextProvider<Rc<Keymap>>></ContextProvider<World>> }
}

/// The streams that every page shares.
#[hook]
pub fn use_world() -> World {
    let unknown = use_memo((), |()| World::unknown());
    use_context::<World>().unwrap_or_else(|| (*unknown).clone())
}

fn zone() -> Zone {
    Zone(-(js_sys::Date::new_0().get_timezone_offset() as i32))
}
