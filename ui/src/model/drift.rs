//! How do the files of a cluster stand to it, in words and in order?

use std::ops::Range;
use std::rc::Rc;

use api::changes::{ChangePlan, Consequence, Follows};
use api::definitions::{
    Bound, Checkout, DefinitionsPlan, DriftPart, DriftRow, DriftState, FieldDrift, Hand, LeftOut, ObjectName, TextChange, Upstream, WorkTree,
};

use super::{
    clock::{Clock, count},
    line_diff::Side,
    quoted::{quoted, quoted_path},
    text_diff::{Line, changed, differing, lined},
};
use crate::widgets::{State, Voice};

/// The parts of the stream by what they are.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Drift {
    /// `None` until something is known.
    pub bound: Option<Option<Rc<Bound>>>,
    pub rows: Vec<Rc<DriftRow>>,
    pub left: Vec<Rc<LeftOut>>,
}

impl Drift {
    pub fn sorted(parts: &[Rc<DriftPart>]) -> Self {
        let mut drift = Self::default();
        for part in parts {
            match &**part {
                DriftPart::Head(head) => drift.bound = Some(head.bound.clone().map(Rc::new)),
                DriftPart::Object(row) => drift.rows.push(Rc::new(row.clone())),
                DriftPart::Left(left) => drift.left.push(Rc::new(left.clone())),
            }
        }
        drift
    }

    pub fn folder(&self) -> Option<&Rc<Bound>> {
        self.bound.as_ref()?.as_ref()
    }

    /// The row that is looked at: the chosen one, else the first.
    pub fn chosen(&self, object: Option<&ObjectName>) -> Option<&Rc<DriftRow>> {
        object.and_then(|object| self.rows.iter().find(|row| row.object == *object)).or(self.rows.first())
    }

    pub fn differ(&self) -> usize {
        self.rows.iter().filter(|row| differs(&row.state)).count()
    }

    /// `4 of 9 objects differ`.
    pub fn differ_words(&self) -> String {
        format!("{} of {} {}", self.differ(), count(self.rows.len() as u64, "object"), if self.differ() == 1 { "differs" } else { "differ" })
    }

    /// How many stand how, and words for which there is not always room; what there is none of is not said.
    pub fn counts(&self) -> Vec<(State, String, &'static str)> {
        let of = |is: fn(&DriftState) -> bool| self.rows.iter().filter(|row| is(&row.state)).count();
        let all = [
            (State::Done, of(|s| *s == DriftState::Same), "same", ""),
            (State::Warning, of(|s| *s == DriftState::Drifted), "drifted", ""),
            (State::Unknown, of(|s| *s == DriftState::Missing), "missing", " in the cluster"),
            (State::Deleting, of(|s| *s == DriftState::Extra), "extra", " in the cluster"),
            (State::Failed, of(|s| matches!(s, DriftState::Refused(_))), "refused", " by the server"),
            (State::Skipped, of(|s| *s == DriftState::Accepted), "accepted", ""),
        ];
        all.into_iter().filter(|(_, n, ..)| *n > 0).map(|(state, n, words, rest)| (state, format!("{n} {words}"), rest)).collect()
    }
}

/// Whether somebody has to look at an object: one that is accepted was looked at.
fn differs(state: &DriftState) -> bool {
    match state {
        DriftState::Same | DriftState::Accepted => false,
        DriftState::Drifted | DriftState::Missing | DriftState::Extra | DriftState::Refused(_) => true,
    }
}

/// Which rows are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Show {
    #[default]
    All,
    Differences,
}

impl Show {
    pub fn has(self, row: &DriftRow) -> bool {
        self == Self::All || differs(&row.state)
    }
}

/// Which side is right.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Right {
    /// What runs is written into the file.
    #[default]
    Cluster,
    /// The file is applied.
    Files,
    /// Neither: both stay as they are.
    Accept,
}

pub fn state_words(state: &DriftState) -> (State, Voice, &'static str) {
    match state {
        DriftState::Same => (State::Done, Voice::Quiet, "Same"),
        DriftState::Drifted => (State::Warning, Voice::Tinted, "Drifted"),
        DriftState::Accepted => (State::Skipped, Voice::Quiet, "Accepted"),
        DriftState::Missing => (State::Unknown, Voice::Tinted, "Missing"),
        DriftState::Extra => (State::Deleting, Voice::Tinted, "Extra"),
        DriftState::Refused(_) => (State::Failed, Voice::Tinted, "Refused"),
    }
}

/// What is said of the side of the cluster: `changed by KOS, 11 Dec 16:40`.
pub fn cluster_words(row: &DriftRow, clock: Clock) -> String {
    match (&row.state, &row.hand) {
        (DriftState::Same, _) => String::new(),
        (DriftState::Accepted, _) => "as accepted".to_owned(),
        (DriftState::Drifted, Some(hand)) => format!("changed by {}", hand_words(hand, clock)),
        (DriftState::Drifted, None) => "changed".to_owned(),
        (DriftState::Missing, _) => "not there".to_owned(),
        (DriftState::Extra, Some(hand)) => format!("made by {}", hand_words(hand, clock)),
        (DriftState::Extra, None) => "in no file".to_owned(),
        (DriftState::Refused(why), _) => why.sentence.clone(),
    }
}

/// `KOS, 11 Dec 16:40`.
pub fn hand_words(hand: &Hand, clock: Clock) -> String {
    let who = if hand.manager == "kos" { "KOS" } else { &hand.manager };
    hand.at.map_or_else(|| who.to_owned(), |at| format!("{who}, {}", clock.moment(at)))
}

/// `replicas is 3, the repository says 2`: the name of the field, and the rest.
pub fn field_words(field: &FieldDrift, file_side: &str) -> (String, String) {
    let name = field.path.rsplit('.').next().unwrap_or_default().to_owned();
    let name = if name.is_empty() { field.path.clone() } else { name };
    let rest = match (&field.cluster, &field.file) {
        (Some(cluster), Some(file)) => format!("is {cluster}, the {file_side} says {file}"),
        (Some(cluster), None) => format!("is {cluster}, the {file_side} has none"),
        (None, Some(file)) => format!("is not there, the {file_side} says {file}"),
        (None, None) => "differs".to_owned(),
    };
    (name, rest)
}

/// What the side of the files is called.
pub fn file_side(bound: &Bound) -> &'static str {
    if bound.checkout.is_some() { "repository" } else { "folder" }
}

/// `clean, 2 ahead of origin`.
pub fn checkout_words(checkout: &Checkout) -> String {
    let tree = tree_words(checkout.tree);
    let upstream = checkout.upstream.as_ref().and_then(|upstream| {
        // The branch of the same name goes without saying.
        let of =
            upstream.name.strip_suffix(checkout.branch.as_deref().unwrap_or_default()).and_then(|remote| remote.strip_suffix('/')).unwrap_or(&upstream.name);
        let far = far_words(upstream)?;
        Some(if upstream.behind == 0 { format!("{far} of {of}") } else { format!("{far} {of}") })
    });
    [tree].into_iter().filter(|tree| !tree.is_empty()).chain(upstream).collect::<Vec<_>>().join(", ")
}

/// `2 ahead`, `2 ahead, 1 behind`; nothing where both are the same.
fn far_words(upstream: &Upstream) -> Option<String> {
    let words = [(upstream.ahead, "ahead"), (upstream.behind, "behind")].into_iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}"));
    Some(words.collect::<Vec<_>>().join(" and ")).filter(|words| !words.is_empty())
}

/// `main, 2 ahead`.
pub fn branch_words(checkout: &Checkout) -> String {
    let branch = checkout.branch.as_deref().unwrap_or("no branch");
    checkout.upstream.as_ref().and_then(far_words).map_or_else(|| branch.to_owned(), |far| format!("{branch}, {far}"))
}

/// The same commit by git itself.
pub fn commit_command(checkout: &Checkout, message: &str, files: &[TextChange]) -> String {
    let paths = files.iter().map(|file| quoted(in_checkout(checkout, &file.shown))).collect::<Vec<_>>().join(" ");
    format!("git -C {} commit -m {} -- {paths}", quoted_path(&checkout.root), quoted(message))
}

/// A file as git names it: `lab/lab-a/cluster.yaml`.
pub fn in_checkout<'t>(checkout: &Checkout, shown: &'t str) -> &'t str {
    shown.strip_prefix(&checkout.root).and_then(|below| below.strip_prefix('/')).unwrap_or(shown)
}

/// What a commit leaves out of what changed in the checkout.
pub fn beside_words(tree: WorkTree) -> &'static str {
    match tree {
        WorkTree::Clean => "The work tree is clean. No hook runs, and nothing is signed.",
        WorkTree::Staged => "What is staged stays staged. No hook runs, and nothing is signed.",
        WorkTree::Changed(_) => "What else changed stays as it is. No hook runs, and nothing is signed.",
        WorkTree::Unknown => "No hook runs, and nothing is signed.",
    }
}

/// `clean`, `2 files changed`; nothing where it is not known.
pub fn tree_words(tree: WorkTree) -> String {
    match tree {
        WorkTree::Clean => "clean".to_owned(),
        WorkTree::Staged => "staged, not committed".to_owned(),
        WorkTree::Changed(files) => format!("{} changed", count(u64::from(files), "file")),
        WorkTree::Unknown => String::new(),
    }
}

/// The first letters of a commit, and `10 Dec, by jo`.
pub fn commit_words(checkout: &Checkout, clock: Clock) -> (String, String) {
    let short = checkout.commit.chars().take(7).collect();
    let at = checkout.at.map(|at| clock.date(at));
    let by = (!checkout.by.is_empty()).then(|| format!("by {}", checkout.by));
    (short, at.into_iter().chain(by).collect::<Vec<_>>().join(", "))
}

/// How many lines of its document change when the cluster is right.
pub fn row_lines(row: &DriftRow) -> usize {
    let (before, after): (Vec<&str>, Vec<&str>) = (row.text.lines().collect(), row.running.lines().collect());
    changed(&lined(&before, &after))
}

/// How many lines of files come and go: `+3 −1`.
pub fn lines_words(change: &TextChange) -> (usize, usize) {
    let (before, after): (Vec<&str>, Vec<&str>) = (change.before.lines().collect(), change.after.lines().collect());
    let lines = lined(&before, &after);
    let of = |is: fn(&Line) -> bool| lines.iter().filter(|line| is(line)).count();
    (of(|line| matches!(line, Line::Come { .. })), of(|line| matches!(line, Line::Gone { .. })))
}

/// The plan of an apply as that of any other change.
pub fn as_change(plan: DefinitionsPlan, title: &str) -> ChangePlan {
    let told = |weight: Follows, sentences: Vec<String>| sentences.into_iter().map(move |sentence| Consequence { weight, sentence, names: vec![] });
    ChangePlan {
        digest: plan.digest,
        title: title.to_owned(),
        writes: plan.writes,
        effects: told(Follows::Risk, plan.takes_over).chain(told(Follows::Unharmed, plan.stays)).collect(),
        replaced: vec![],
        commands: plan.commands,
        typed: plan.typed,
    }
}

/// Unchanged lines before the first change: what is looked at stands near the top.
const BEFORE: usize = 9;

/// Both texts side by side, each line beside the one that it became.
pub fn beside(file: &str, cluster: &str, first_line: u32) -> (Vec<Side>, Vec<Side>) {
    let (before, after): (Vec<&str>, Vec<&str>) = (file.lines().collect(), cluster.lines().collect());
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX).saturating_add(first_line).saturating_sub(1);
    let (mut left, mut right) = (vec![], vec![]);
    let mut old = 0;
    for line in lined(&before, &after) {
        match line {
            Line::Same { number: new, text } => {
                level(&mut left, &mut right);
                old += 1;
                left.push(Side::Same { number: number(old), text: text.clone() });
                right.push(Side::Same { number: number(new), text });
            }
            Line::Gone { number: n, text } => {
                old = n;
                left.push(Side::Gone { number: number(n), text });
            }
            Line::Come { number: n, text } => right.push(Side::Come { number: number(n), text }),
            Line::Fold(_) => {}
        }
    }
    level(&mut left, &mut right);
    let is_same = |side: &Side| matches!(side, Side::Same { .. });
    let same = left.iter().zip(&right).take_while(|(l, r)| is_same(l) && is_same(r)).count();
    if same < left.len() {
        let cut = same.saturating_sub(BEFORE);
        left.drain(..cut);
        right.drain(..cut);
    }
    (left, right)
}

/// The words in which two lines beside each other differ; lines of different keys have none.
pub fn marks(left: &Side, right: &Side) -> Option<(Range<usize>, Range<usize>)> {
    let (Side::Gone { text: before, .. }, Side::Come { text: after, .. }) = (left, right) else { return None };
    let (first, last) = differing(before, after);
    let key = before.get(..first)?.trim_start();
    (!key.is_empty()).then(|| (first..before.len() - last, first..after.len() - last))
}

fn level(left: &mut Vec<Side>, right: &mut Vec<Side>) {
    let rows = left.len().max(right.len());
    left.resize(rows, Side::Gap);
    right.resize(rows, Side::Gap);
}

#[cfg(test)]
mod tests;
