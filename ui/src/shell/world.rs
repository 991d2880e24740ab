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
use gloo_render::request_animation_frame;
use gloo_timers::callback::Timeout;
use yew::prelude::*;

use crate::{
    feeds::{FeedState, Opens, use_feed, use_feed_when},
    link,
    model::{clock::Clock, keys::Keymap, store::Store, time::Zone},
    shell::clock::{read, zone_minutes},
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

    /// The wall clock at this moment; a view that has to tell it anew later takes `use_clock`.
    pub fn clock(&self) -> Clock {
        self.zone.at(read())
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
    let (files, contexts, jobs) = (use_feed(feed::Files), use_feed(feed::Contexts), use_feed(feed::Jobs));
    let (computer, settings) = (use_feed(feed::Computer), use_feed(feed::Settings));
    let heard = [files.version(), contexts.version(), jobs.version(), computer.version(), settings.version()];
    let machine = use_turn(heard.iter().all(|version| *version > 0));
    let world = World {
        files,
        local: use_feed_when(machine, feed::Local),
        checks: use_feed_when(machine, feed::Checks),
        contexts,
        jobs,
        computer,
        settings,
        zone: Zone(zone_minutes()),
    };
    html! { <Knowing {world}>{ props.children.clone() }</Knowing> }
}

#[derive(Properties, PartialEq)]
pub struct KnowingProps {
    pub world: World,
    pub children: Html,
}

/// Tells every page below what is known.
#[component]
pub fn Knowing(props: &KnowingProps) -> Html {
    let world = props.world.clone();
    let keymap = use_memo(world.choices().keys, Keymap::of);
    html! { <ContextProvider<World> context={world}><ContextProvider<Rc<Keymap>> context={keymap}>{ props.children.clone() }</ContextProvider<Rc<Keymap>>></ContextProvider<World>> }
}

/// Looking at this machine runs programs, which must not hold up the first rows: it begins when these are on the screen.
#[hook]
fn use_turn(rows: bool) -> Opens {
    let turn = use_state_eq(|| Opens::Later);
    let setter = turn.setter();
    use_effect_with(rows, move |rows| {
        // What was rendered is on the screen once the callbacks of its frame have ended.
        let frame = rows.then(|| {
            link::uncover();
            request_animation_frame(move |_| {
                Timeout::new(0, move || setter.set(Opens::Now)).forget();
            })
        });
        move || drop(frame)
    });
    *turn
}

/// The streams that every page shares.
#[hook]
pub fn use_world() -> World {
    let unknown = use_memo((), |()| World::unknown());
    use_context::<World>().unwrap_or_else(|| (*unknown).clone())
}
