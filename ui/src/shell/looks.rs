//! How do the user's choices change what is seen?

use api::settings::{Choices, Motion, RowHeight, Theme};
use gloo_events::EventListener;
use yew::prelude::*;

use crate::widgets::Room;

const NARROW: &str = "(max-width: 1279px)";
const LIGHT: &str = "(prefers-color-scheme: light)";
const THEME: &str = "data-theme";
const ROWS: &str = "data-rows";
const MOTION: &str = "data-motion";

/// Writes theme, row height and motion to the root of the document.
#[hook]
pub fn use_looks(choices: Choices) {
    let light = use_media(LIGHT);
    use_effect_with((choices.theme, choices.rows, choices.motion, light), |(theme, rows, motion, light)| {
        let Some(root) = gloo_utils::document().document_element() else { return };
        let theme = theme_word(*theme).unwrap_or(if *light == Media::Matches { "light" } else { "dark" });
        for (name, value) in [(THEME, theme), (ROWS, rows_word(*rows)), (MOTION, motion_word(*motion))] {
            // Setting an attribute of the root cannot fail.
            let _ = root.set_attribute(name, value);
        }
    });
}

/// The same as attributes in the text of the document; the theme of the system is not known there.
pub fn attributes(choices: &Choices) -> String {
    let theme = theme_word(choices.theme).map(|word| format!("{THEME}=\"{word}\" ")).unwrap_or_default();
    format!("{theme}{ROWS}=\"{}\" {MOTION}=\"{}\"", rows_word(choices.rows), motion_word(choices.motion))
}

fn theme_word(theme: Theme) -> Option<&'static str> {
    match theme {
        Theme::Light => Some("light"),
        Theme::Dark => Some("dark"),
        Theme::System => None,
    }
}

fn rows_word(rows: RowHeight) -> &'static str {
    match rows {
        RowHeight::Compact => "compact",
        RowHeight::Regular => "regular",
        RowHeight::Roomy => "roomy",
    }
}

fn motion_word(motion: Motion) -> &'static str {
    match motion {
        Motion::System => "system",
        Motion::Full => "full",
        Motion::Reduced => "reduced",
    }
}

/// Pixels of a row.
pub fn row_height(rows: RowHeight) -> u32 {
    match rows {
        RowHeight::Compact => 28,
        RowHeight::Regular => 30,
        RowHeight::Roomy => 32,
    }
}

/// Whether a media query holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    Matches,
    Differs,
}

/// Follows a media query.
#[hook]
pub fn use_media(query: &'static str) -> Media {
    let state = use_state_eq(|| Media::Differs);
    {
        let state = state.setter();
        use_effect_with((), move |()| {
            let list = gloo_utils::window().match_media(query).ok().flatten();
            let listener = list.map(|list| {
                let read = {
                    let list = list.clone();
                    move || if list.matches() { Media::Matches } else { Media::Differs }
                };
                state.set(read());
                EventListener::new(&list, "change", move |_| state.set(read()))
            });
            move || drop(listener)
        });
    }
    *state
}

/// How much room a table has, with or without a drawer beside it.
#[hook]
pub fn use_room(drawer: bool) -> Room {
    match (use_media(NARROW), drawer) {
        (Media::Matches, _) => Room::Narrow,
        (Media::Differs, true) => Room::BesideDrawer,
        (Media::Differs, false) => Room::Full,
    }
}
