//! What does a key mean anywhere in the window?
//!
//! Knows: keys that work on every page, and those of the user's own. Does not know: those of a table or a dialog, which handle
//! their own. Start at: [`Keymap::of`] and [`press`].

use std::collections::BTreeMap;

use api::{settings::Command, tables::Kind};

mod chord;

use super::table::Walk;
use chord::{Chord, Lead};

/// The name of a key. WebKitGTK has none for what X11 calls `ISO_Left_Tab`, which is Tab with Shift held
/// (`keyValueForGdkKeyCode` in `PlatformKeyboardEventGtk.cpp`); where the key lies is told all the same.
pub fn name_of<'a>(key: &'a str, code: &str) -> &'a str {
    if key == "Unidentified" && code == "Tab" { "Tab" } else { key }
}

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
    /// In a text that scrolls: arrows are its own.
    Text,
    /// In a dialog, which traps keys.
    Dialog,
}

/// What is awaited: after G, the letter of a kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Awaited {
    #[default]
    Nothing,
    AfterG,
}

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    Palette,
    Help,
    Back,
    /// Closes the drawer, else leads from a page to the one before; the fleet is where one stays.
    Leave,
    Filter,
    /// Presses the one button that the page is for.
    Apply,
    Problems,
    /// Opens the log of what the page is about.
    Log,
    /// Opens its YAML.
    Text,
    /// Leads into the table of the page, or to the next line of a list.
    Rows(Walk),
    Fleet,
    /// The nth pinned context, from 0.
    Context(usize),
    Kind(Kind),
}

fn deed(command: Command) -> Deed {
    match command {
        Command::Palette => Deed::Palette,
        Command::Help => Deed::Help,
        Command::Back => Deed::Back,
        Command::Filter => Deed::Filter,
        Command::Apply => Deed::Apply,
        Command::Problems => Deed::Problems,
        Command::Fleet => Deed::Fleet,
        Command::Pods => Deed::Kind(Kind::Pods),
        Command::Nodes => Deed::Kind(Kind::Nodes),
        Command::Namespaces => Deed::Kind(Kind::Namespaces),
    }
}

/// Which key has each command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap {
    chords: Vec<(Command, Chord)>,
    /// What of the user's own keys cannot be taken; the usual keys hold in their place.
    pub troubles: Vec<String>,
}

impl Default for Keymap {
    fn default() -> Self {
        Self::of(&BTreeMap::new())
    }
}

impl Keymap {
    /// The usual keys, with the user's own in their place where they mean something and nothing else has them.
    pub fn of(own: &BTreeMap<String, String>) -> Self {
        let mut troubles = vec![];
        let mut wanted: BTreeMap<Command, Chord> = BTreeMap::new();
        for (name, text) in own {
            match (Command::named(name), Chord::read(text)) {
                (None, _) => troubles.push(format!("“{name}” is no command. There are {}.", names())),
                (Some(command), Err(why)) => troubles.push(format!("{name}: {why} {} stays.", command.default_key())),
                (Some(command), Ok(chord)) => {
                    wanted.insert(command, chord);
                }
            }
        }
        let of = |wanted: &BTreeMap<Command, Chord>, command: Command| wanted.get(&command).cloned().unwrap_or_else(|| Chord::usual(command));
        // Each round gives up one own key, and the usual ones do not clash.
        loop {
            let clash = Command::ALL.into_iter().rev().filter(|command| wanted.contains_key(command)).find_map(|command| {
                let chord = of(&wanted, command);
                let other = Command::ALL.into_iter().find(|other| *other != command && of(&wanted, *other) == chord)?;
                Some((command, chord, other))
            });
            let Some((command, chord, other)) = clash else { break };
            troubles.push(format!("{}: {chord} is the key of {} already. {} stays.", command.name(), other.name(), command.default_key()));
            wanted.remove(&command);
        }
        Self { chords: Command::ALL.into_iter().map(|command| (command, of(&wanted, command))).collect(), troubles }
    }

    /// The key of a command, as it is shown: `Ctrl K`.
    pub fn key(&self, command: Command) -> String {
        self.chords.iter().find(|(one, _)| *one == command).map(|(_, chord)| chord.to_string()).unwrap_or_default()
    }

    fn find(&self, lead: Lead, key: &str) -> Option<Deed> {
        self.chords.iter().find(|(_, chord)| chord.is(lead, key)).map(|(command, _)| deed(*command))
    }
}

fn names() -> String {
    Command::ALL.map(Command::name).join(", ")
}

/// Chords that edit text: in a field they stay the field's own.
const EDITING: [&str; 6] = ["a", "c", "v", "x", "y", "z"];

/// The deed of a stroke, and what is awaited after it.
pub fn press(keymap: &Keymap, awaited: Awaited, stroke: Stroke<'_>, place: Place) -> (Option<Deed>, Awaited) {
    let then = |deed| (deed, Awaited::Nothing);
    match (stroke.held, place) {
        (_, Place::Dialog) | (Held::Other, _) => then(None),
        (Held::Ctrl, Place::Page | Place::Field | Place::Text) => {
            let key = stroke.key.to_lowercase();
            if place == Place::Field && EDITING.contains(&key.as_str()) {
                return then(None);
            }
            match key.parse::<usize>() {
                Ok(n @ 1..=9) => then(Some(Deed::Context(n - 1))),
                Ok(_) | Err(_) => then(keymap.find(Lead::Ctrl, &key)),
            }
        }
        (Held::Nothing, Place::Field) => then(None),
        (Held::Nothing, Place::Page | Place::Text) => {
            let after_g = if awaited == Awaited::AfterG { keymap.find(Lead::G, stroke.key) } else { None };
            match (after_g, stroke.key) {
                (Some(deed), _) => then(Some(deed)),
                (None, "Escape") => then(Some(Deed::Leave)),
                (None, "g") => (None, Awaited::AfterG),
                (None, "ArrowDown" | "ArrowUp") if place == Place::Text => then(None),
                (None, "j" | "ArrowDown") => then(Some(Deed::Rows(Walk::Next))),
                (None, "k" | "ArrowUp") => then(Some(Deed::Rows(Walk::Previous))),
                // A key of the user's own comes before one that is fixed.
                (None, key) => then(keymap.find(Lead::Nothing, key).or_else(|| of_sides(key))),
            }
        }
    }
}

/// Keys of a page that has sides.
fn of_sides(key: &str) -> Option<Deed> {
    match key {
        "l" => Some(Deed::Log),
        "y" => Some(Deed::Text),
        _ => None,
    }
}

/// Whether a stroke takes back a write that waits; in a field it is a letter.
pub fn takes_back(stroke: Stroke<'_>, place: Place) -> bool {
    stroke.held == Held::Nothing && place != Place::Field && stroke.key.eq_ignore_ascii_case("z")
}

/// Lines of the help: keys and what they do.
pub type Lines = Vec<(String, &'static str)>;

/// What the help shows, in groups.
pub fn help(keymap: &Keymap) -> [(&'static str, Lines); 4] {
    let of = |command, words| (keymap.key(command), words);
    let fixed = |key: &str, words| (key.to_owned(), words);
    [
        (
            "Everywhere",
            vec![
                of(Command::Palette, "Search or run a command"),
                of(Command::Filter, "Filter"),
                of(Command::Help, "This list"),
                of(Command::Back, "Previous view"),
                fixed("Esc", "Back, close"),
                of(Command::Apply, "Apply"),
                of(Command::Fleet, "Fleet"),
                fixed("Ctrl 1", "First pinned context, and so on to 9"),
                fixed("Z", "Do not send the write that waits"),
            ],
        ),
        (
            "In a table or a list",
            vec![
                fixed("J", "Next row"),
                fixed("K", "Previous row"),
                fixed("Enter", "Open the row"),
                fixed("Space", "Mark the row"),
                fixed("Shift Space", "Mark all rows up to here"),
                of(Command::Problems, "Problems only"),
            ],
        ),
        ("Of a cluster or a machine", vec![fixed("L", "Log"), fixed("Y", "YAML")]),
        ("Go to a kind", vec![of(Command::Pods, "Pods"), of(Command::Nodes, "Nodes"), of(Command::Namespaces, "Namespaces")]),
    ]
}

#[cfg(test)]
mod tests;
