//! What is found for what was typed?
//!
//! Start at: [`find`].

pub mod choices;
pub mod jobs;
pub mod more;
pub mod objects;
pub mod power;
pub mod ways;

use api::{
    ContextId,
    contexts::{Favourite, Guard, Tile},
    local::Power,
    settings::{Chosen, Command},
    tables::Kind,
};

use super::route::Route;
use crate::widgets::Pic;
pub use api::objects::score;

/// What an entry does when chosen.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    Go(Route),
    Enter(ContextId),
    Demo,
    Real,
    CheckAll,
    LookAround,
    Help,
    Copy(String),
    Pin(ContextId, Favourite),
    Guard(ContextId, Guard),
    /// Ends the connection to a context.
    Close(ContextId),
    /// Switches a local cluster.
    Power(String, Power),
    /// Keeps a setting.
    Choose(Box<Chosen>),
}

/// The lists that a sign narrows to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    Commands,
    Kinds,
    /// Objects of the context one is in.
    Here,
    Namespaces,
    Contexts,
    /// Objects of other open contexts.
    Elsewhere,
    /// Local clusters that are paused, stopped and started at once; they answer to the sign of commands.
    Power,
    Jobs,
    /// Choices of the user; they answer to the sign of commands.
    Settings,
}

impl List {
    /// Commands first: what one can do stands above where one can go. What is done at once by a cluster's name stands below:
    /// who types that name and Enter goes to the cluster.
    pub const ALL: [List; 9] =
        [List::Commands, List::Kinds, List::Here, List::Namespaces, List::Contexts, List::Elsewhere, List::Power, List::Jobs, List::Settings];

    pub fn head(self) -> &'static str {
        match self {
            Self::Commands => "Do",
            Self::Kinds => "Go to",
            Self::Namespaces => "Namespaces",
            Self::Contexts => "Contexts",
            Self::Here => "Objects",
            Self::Elsewhere => "Elsewhere",
            Self::Power => "Local clusters",
            Self::Jobs => "Jobs",
            Self::Settings => "Settings",
        }
    }

    /// Whether it is shown for what was typed. Jobs and settings are many and have pages of their own, and a local cluster is
    /// switched by who names it: letters lead to them.
    fn answers(self, only: Option<List>, wanted: &str) -> bool {
        match (self, only) {
            (Self::Power | Self::Jobs | Self::Settings, None) => !wanted.is_empty(),
            (_, None) | (Self::Power | Self::Settings, Some(Self::Commands)) => true,
            (_, Some(only)) => self == only,
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    Icon(Pic),
    Tile(Tile),
}

/// One thing that can be found.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub list: List,
    pub mark: Mark,
    pub words: String,
    /// Names are in mono.
    pub form: Form,
    pub sub: String,
    pub key: Option<Command>,
    pub act: Act,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Said,
    Name,
}

/// An entry with the places of its letters that were typed.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    pub entry: Entry,
    pub places: Vec<usize>,
}

/// At most this many of each list are shown.
const MOST: usize = 12;
/// And of one that is asked for alone: a cluster may have ten thousand namespaces, and who looks for one types on.
const MOST_ALONE: usize = 1_000;

/// Splits the sign off: `@dev` asks contexts alone.
pub fn ask(typed: &str) -> (Option<List>, &str) {
    let list = match typed.chars().next() {
        Some('>') => List::Commands,
        Some(':') => List::Kinds,
        Some('@') => List::Contexts,
        Some('#') => List::Namespaces,
        Some(_) | None => return (None, typed.trim()),
    };
    (Some(list), typed.get(1..).unwrap_or_default().trim())
}

/// What matches, list by list, the best of each first.
pub fn find(entries: &[Entry], typed: &str) -> Vec<Found> {
    let (only, wanted) = ask(typed);
    let mut all = vec![];
    for list in List::ALL.into_iter().filter(|list| list.answers(only, wanted)) {
        let mut found: Vec<(i32, Found)> = entries
            .iter()
            .filter(|e| e.list == list)
            .filter_map(|entry| matched(entry, wanted).map(|(points, places)| (points, Found { entry: entry.clone(), places })))
            .filter(|(_, found)| wanted.is_empty() || names_the_verb(found))
            .collect();
        // Stable, so that equals keep the order they were given in.
        found.sort_by_key(|(points, _)| -points);
        all.extend(found.into_iter().take(if only.is_some() { MOST_ALONE } else { MOST }).map(|(_, f)| f));
    }
    all
}

/// What a command is called in the window leads to it as well: a page that no words of its command name. The choices of a
/// section stand below the section itself, which changes nothing.
fn matched(entry: &Entry, wanted: &str) -> Option<(i32, Vec<usize>)> {
    let called = || matches!(entry.list, List::Commands | List::Settings) && !wanted.is_empty() && entry.sub.to_lowercase().starts_with(&wanted.to_lowercase());
    let points = if matches!(entry.act, Act::Choose(_)) { -i32::MAX } else { i32::MAX };
    score(&entry.words, wanted).or_else(|| called().then(|| (points, vec![])))
}

/// Whether letters of what is done were typed where it is done at once, and not of the cluster's name alone.
fn names_the_verb(found: &Found) -> bool {
    let Act::Power(cluster, _) = &found.entry.act else { return true };
    let verb = found.entry.words.chars().count().saturating_sub(cluster.chars().count());
    found.places.first().is_some_and(|first| *first < verb)
}

/// Words cut where matched letters begin and end.
pub fn pieces(words: &str, places: &[usize]) -> Vec<(String, Piece)> {
    let mut out: Vec<(String, Piece)> = vec![];
    for (n, letter) in words.chars().enumerate() {
        let piece = if places.contains(&n) { Piece::Matched } else { Piece::Plain };
        match out.last_mut() {
            Some((text, last)) if *last == piece => text.push(letter),
            Some(_) | None => out.push((letter.into(), piece)),
        }
    }
    out
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece {
    Plain,
    Matched,
}

/// The kinds that have a table, as entries of a context.
pub fn kinds(context: &ContextId) -> Vec<Entry> {
    let entry = |kind: Kind, words: &str, icon: Pic, key: Command| Entry {
        list: List::Kinds,
        mark: Mark::Icon(icon),
        words: words.into(),
        form: Form::Said,
        sub: String::new(),
        key: Some(key),
        act: Act::Go(Route::Table { context: context.clone(), kind, namespace: String::new() }),
    };
    vec![
        entry(Kind::Pods, "Pods", Pic::Box, Command::Pods),
        entry(Kind::Nodes, "Nodes", Pic::Server, Command::Nodes),
        entry(Kind::Namespaces, "Namespaces", Pic::Folder, Command::Namespaces),
    ]
}

#[cfg(test)]
mod tests;
