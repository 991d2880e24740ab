//! How is a key written, and which may a command have?

use std::fmt;

use api::settings::Command;

/// What is pressed before or with the last key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lead {
    Nothing,
    Ctrl,
    /// G first, then the key.
    G,
}

/// One key with what leads to it: `Ctrl K`, `G P`, `?`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chord {
    lead: Lead,
    /// As the browser names it; letters are small.
    key: String,
}

impl Chord {
    /// The key of a command when the user names none.
    pub(super) fn usual(command: Command) -> Self {
        Self::parse(command.default_key()).unwrap_or(Self { lead: Lead::Nothing, key: String::new() })
    }

    /// Reads a key as a person writes it.
    ///
    /// Errors: a sentence why a command cannot have it.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let chord = Self::parse(text).ok_or_else(|| format!("“{text}” is no key; keys are written like Ctrl P, G P or ?."))?;
        match (chord.lead, chord.key.as_str()) {
            (Lead::Nothing, "j" | "k" | "Enter" | " ") => Err(format!("{chord} works in tables.")),
            (Lead::Nothing, "g") => Err("G waits for a second key.".to_owned()),
            (Lead::Ctrl, "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9") => Err(format!("{chord} leads to a pinned context.")),
            (Lead::Ctrl, "a" | "c" | "v" | "x") => Err(format!("{chord} edits text.")),
            (Lead::Nothing | Lead::Ctrl | Lead::G, _) => Ok(chord),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let (lead, last) = match words.as_slice() {
            [one] => (Lead::Nothing, *one),
            [first, last] if first.eq_ignore_ascii_case("ctrl") => (Lead::Ctrl, *last),
            [first, last] if first.eq_ignore_ascii_case("g") => (Lead::G, *last),
            _ => return None,
        };
        let mut letters = last.chars();
        let key = match (letters.next(), letters.next()) {
            (Some(one), None) if !one.is_control() => one.to_lowercase().to_string(),
            _ if last.eq_ignore_ascii_case("enter") => "Enter".to_owned(),
            _ if last.eq_ignore_ascii_case("space") => " ".to_owned(),
            _ => return None,
        };
        Some(Self { lead, key })
    }

    pub(super) fn is(&self, lead: Lead, key: &str) -> bool {
        self.lead == lead && (self.key == key || self.key.to_lowercase() == key)
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lead = match self.lead {
            Lead::Nothing => "",
            Lead::Ctrl => "Ctrl ",
            Lead::G => "G ",
        };
        let key = match self.key.as_str() {
            " " => "Space".to_owned(),
            "Enter" => "Enter".to_owned(),
            letter => letter.to_uppercase(),
        };
        write!(f, "{lead}{key}")
    }
}
