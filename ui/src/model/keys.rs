//! What does a key mean anywhere in the window?
//!
//! Knows: keys that work on every page. Does not know: those of a table or a dialog, which handle their own.

use api::tables::Kind;

/// A key as it was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stroke<'a> {
    pub key: &'a str,
    pub held: Held,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    Nothing,
    /// Ctrl, or Cmd on a Mac.
    Ctrl,
    /// Alt and other chords, which belong to the system.
    Other,
}

/// Where the key was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Page,
    /// In a field: letters are text.
    Field,
    /// In a dialog, which traps keys.
    Dialog,
}

/// What is awaited: after G, the letter of a kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Awaited {
    #[default]
    Nothing,
    Kind,
}

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    Palette,
    Help,
    Back,
    Filter,
    /// Presses the one button that the page is for.
    Apply,
    Problems,
    /// Leads into the table of the page.
    Rows,
    Fleet,
    /// The nth pinned context, from 0.
    Context(usize),
    Kind(Kind),
}

/// The deed of a stroke, and what is awaited after it.
pub fn press(awaited: Awaited, stroke: Stroke<'_>, place: Place) -> (Option<Deed>, Awaited) {
    let deed = |deed| (Some(deed), Awaited::Nothing);
    match (stroke.held, place) {
        (_, Place::Dialog) | (Held::Other, _) => (None, Awaited::Nothing),
        (Held::Ctrl, Place::Page | Place::Field) => match stroke.key {
            "k" | "K" => deed(Deed::Palette),
            "z" if place == Place::Page => deed(Deed::Problems),
            "Enter" => deed(Deed::Apply),
            "0" => deed(Deed::Fleet),
            digit => match digit.parse::<usize>() {
                Ok(n @ 1..=9) => deed(Deed::Context(n - 1)),
                Ok(_) | Err(_) => (None, Awaited::Nothing),
            },
        },
        (Held::Nothing, Place::Field) => (None, Awaited::Nothing),
        (Held::Nothing, Place::Page) => match (awaited, stroke.key) {
            (Awaited::Kind, "p") => deed(Deed::Kind(Kind::Pods)),
            (Awaited::Kind, "n") => deed(Deed::Kind(Kind::Nodes)),
            (Awaited::Kind, "s") => deed(Deed::Kind(Kind::Namespaces)),
            (_, "g") => (None, Awaited::Kind),
            (_, "?") => deed(Deed::Help),
            (_, "/") => deed(Deed::Filter),
            (_, "-") => deed(Deed::Back),
            (_, "j" | "k" | "ArrowDown" | "ArrowUp") => deed(Deed::Rows),
            (Awaited::Kind | Awaited::Nothing, _) => (None, Awaited::Nothing),
        },
    }
}

/// What the help shows, in groups.
pub const HELP: &[(&str, &[(&str, &str)])] = &[
    (
        "Everywhere",
        &[
            ("Ctrl K", "Search or run a command"),
            ("/", "Filter"),
            ("?", "This list"),
            ("-", "Previous view"),
            ("Esc", "Back, close"),
            ("Ctrl Enter", "Apply"),
            ("Ctrl 0", "Fleet"),
            ("Ctrl 1", "First pinned context, and so on to 9"),
        ],
    ),
    (
        "In a table",
        &[
            ("J", "Next row"),
            ("K", "Previous row"),
            ("Enter", "Open the row"),
            ("Space", "Mark the row"),
            ("Shift Space", "Mark all rows up to here"),
            ("Ctrl Z", "Problems only"),
        ],
    ),
    ("Go to a kind", &[("G P", "Pods"), ("G N", "Nodes"), ("G S", "Namespaces")]),
];

#[cfg(test)]
mod tests;
