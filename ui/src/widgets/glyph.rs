//! How does a state look?
//!
//! Knows: eleven shapes and their hues; each state has one shape, so that colour never carries meaning alone.

use yew::prelude::*;

/// The state alphabet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    Healthy,
    Progress,
    Warning,
    Failed,
    Unknown,
    Stale,
    Paused,
    Idle,
    Done,
    Skipped,
    Deleting,
}

impl State {
    pub const ALL: [State; 11] = [
        State::Healthy,
        State::Progress,
        State::Warning,
        State::Failed,
        State::Unknown,
        State::Stale,
        State::Paused,
        State::Idle,
        State::Done,
        State::Deleting,
        State::Skipped,
    ];

    /// The class that sets the hue.
    pub fn class(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Progress => "progress",
            Self::Warning => "warning",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Stale => "stale",
            Self::Paused => "paused",
            Self::Idle | Self::Done | Self::Skipped | Self::Deleting => "idle",
        }
    }

    /// The shape in the sprite.
    pub fn href(self) -> &'static str {
        match self {
            Self::Healthy => "#g-ok",
            Self::Progress => "#g-progress",
            Self::Warning => "#g-warn",
            Self::Failed => "#g-fail",
            Self::Unknown => "#g-unknown",
            Self::Stale => "#g-stale",
            Self::Paused => "#g-paused",
            Self::Idle => "#g-idle",
            Self::Done => "#g-done",
            Self::Skipped => "#g-skip",
            Self::Deleting => "#g-del",
        }
    }

    /// The word for readers who do not see the shape.
    pub fn word(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Progress => "progressing",
            Self::Warning => "warning",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Stale => "stale",
            Self::Paused => "paused",
            Self::Idle => "waiting",
            Self::Done => "done",
            Self::Skipped => "skipped",
            Self::Deleting => "deleting",
        }
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum GlyphSize {
    #[default]
    Regular,
    Large,
}

#[derive(Properties, PartialEq)]
pub struct GlyphProps {
    pub state: State,
    #[prop_or_default]
    pub size: GlyphSize,
    /// Turns while something goes on; at most one in a region.
    #[prop_or_default]
    pub turn: Turn,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Turn {
    #[default]
    Still,
    Spinning,
}

/// The shape of a state; a word always stands beside it.
#[component]
pub fn Glyph(props: &GlyphProps) -> Html {
    let size = matches!(props.size, GlyphSize::Large).then_some("lg");
    let turn = matches!(props.turn, Turn::Spinning).then_some("spin");
    html! { <svg class={classes!("gl", props.state.class(), size, turn)} aria-hidden="true"><use href={props.state.href()} /></svg> }
}
