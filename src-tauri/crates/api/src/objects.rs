//! What does the page know and ask of objects, whichever context they are in?

use serde::{Deserialize, Serialize};

use crate::{
    ContextId, Row, RowId,
    call::Call,
    tables::{Health, Kind},
};

/// The most hits of one answer; who sees more types on.
pub const MOST_HITS: usize = 50;
/// No name of Kubernetes is longer than 253 characters.
pub const LONGEST_TEXT: usize = 253;

/// Finds objects by letters of their names in the live tables of open contexts; asks no server.
///
/// Shape: the best match first, at most [`MOST_HITS`] of each list; no letters find nothing.
/// What is searched is kept up while somebody watches [`crate::Topic::Objects`], or looks at the table itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindObjects {
    pub text: String,
}
impl Call for FindObjects {
    const NAME: &'static str = "find_objects";
    type Reply = FoundObjects;
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundObjects {
    pub hits: Vec<ObjectHit>,
    /// What management clusters hold.
    pub made: Vec<MadeHit>,
}

/// An object whose name has the letters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectHit {
    pub context: ContextId,
    pub kind: Kind,
    /// The namespace of the table that shows it, empty for the table of all.
    pub table: String,
    /// Empty for nodes and namespaces.
    pub namespace: String,
    pub name: String,
    pub health: Health,
}

impl ObjectHit {
    /// Its row in that table.
    pub fn row(&self) -> RowId {
        RowId(format!("{}/{}", self.namespace, self.name))
    }
}

/// A cluster or a machine of Cluster API whose name has the letters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeHit {
    /// Of the management cluster.
    pub context: ContextId,
    pub what: Made,
    pub namespace: String,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Made {
    Cluster,
    Machine { cluster: String },
}

/// An open context that is searched, and how much of it is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchedRow {
    pub context: ContextId,
    pub objects: u32,
    pub state: Searched,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Searched {
    /// More is on its way.
    Loading,
    Whole,
    /// A kind is refused to this user, or its rows are the last good ones.
    Part,
}

impl SearchedRow {
    /// So many more are known of it.
    pub fn add(&mut self, objects: usize) {
        self.objects = self.objects.saturating_add(u32::try_from(objects).unwrap_or(u32::MAX));
    }
}

impl Row for SearchedRow {
    fn id(&self) -> RowId {
        RowId(self.context.0.clone())
    }
}

/// How well letters match in order, with their places: starts of words and neighbours count more.
///
/// Shape: `None` when a letter is missing. The page marks the places, the core sorts by the points.
pub fn score(text: &str, wanted: &str) -> Option<(i32, Vec<usize>)> {
    let lower = |c: char| c.to_lowercase().next();
    let wanted: Vec<char> = wanted.chars().filter(|c| !c.is_whitespace()).filter_map(lower).collect();
    // Most names lack a letter: those are told apart before anything is kept of them.
    let mut letters = text.chars().filter_map(lower);
    if !wanted.iter().all(|w| letters.any(|c| c == *w)) {
        return None;
    }
    let text: Vec<char> = text.chars().filter_map(lower).collect();
    // Every place where the first letter stands can begin a match; the best of them wins.
    let Some(first) = wanted.first() else { return Some((0, vec![])) };
    let starts = text.iter().enumerate().filter(|(_, c)| *c == first).map(|(n, _)| n);
    starts.filter_map(|start| from(&text, &wanted, start)).max_by_key(|(points, _)| *points)
}

fn from(text: &[char], wanted: &[char], start: usize) -> Option<(i32, Vec<usize>)> {
    let (mut places, mut points, mut at) = (vec![], 0, start);
    for letter in wanted {
        let place = (at..text.len()).find(|n| text[*n] == *letter)?;
        let begins = place == 0 || !text[place - 1].is_alphanumeric();
        let follows = places.last().is_some_and(|last| last + 1 == place);
        points += 1 + if follows { 6 } else { 0 } + if begins { 8 } else { 0 };
        points -= i32::try_from(places.last().map_or(0, |last: &usize| place - last - 1)).unwrap_or(i32::MAX).min(3);
        places.push(place);
        at = place + 1;
    }
    // Among equals the shorter text is meant.
    Some((points * 16 - i32::try_from(text.len()).unwrap_or(i32::MAX).min(200) / 8, places))
}
