//! Which lines of a job's output are on the screen?
//!
//! Lines are broken here and not by the browser, so that each row is exactly [`ROW`] high and the place of any line is
//! known without a layout: 20,000 lines cost as much to show as 50.
//! Knows: steps as folds, the ring's bound. Does not know: the document. Start at: [`Output::window`].

use std::borrow::{Borrow, Cow};
use std::collections::{BTreeMap, VecDeque};

use api::jobs::{OutputLine, Tone};

/// Height of one row of text, in CSS pixels.
pub const ROW: u64 = 19;
/// Height of a step's fold, in CSS pixels.
pub const FOLD: u64 = 30;
/// Space above and below the lines of an open step, in CSS pixels.
pub const PAD: u64 = 8;
/// Lines kept; the whole text stands in the log file.
pub const KEPT: usize = 20_000;

/// The output of a job by step, newest lines last.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Output {
    steps: BTreeMap<u32, Section>,
    newest: u64,
    kept: usize,
    columns: usize,
}

/// The lines of one step.
#[derive(Debug, Clone, Default, PartialEq)]
struct Section {
    lines: VecDeque<Line>,
    /// Rows that were counted for lines that are dropped by now.
    dropped: u64,
}

#[derive(Debug, Clone, PartialEq)]
struct Line {
    line: OutputLine,
    /// Rows up to and with this line since the step began; never set back when old lines go.
    end: u64,
}

/// A step's fold: what the page knows of it beside its lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fold {
    pub step: u32,
    pub open: Openness,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Openness {
    Folded,
    Open,
}

/// What stands in the visible part, top down.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    /// Height of everything, in CSS pixels.
    pub height: u64,
    pub folds: Vec<PlacedFold>,
    pub rows: Vec<PlacedRow>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlacedFold {
    pub step: u32,
    pub top: u64,
}

/// One row of text: a line or a part of one.
#[derive(Debug, Clone, PartialEq)]
pub struct PlacedRow {
    pub number: u64,
    /// 0 for the row that carries the time.
    pub part: u32,
    pub top: u64,
    pub at: api::Timestamp,
    pub tone: Tone,
    pub text: String,
}

/// What stands at a height: the same text while old lines go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    step: u32,
    /// CSS pixels below the top of the step's fold, counted as if no line of the step were dropped.
    below: u64,
}

/// What is drawn above the visible part while the end is followed, in CSS pixels.
const AROUND: u64 = 8 * ROW;

/// Where the lines of an open step begin below the top of its fold, in CSS pixels.
const LINES: u64 = FOLD + PAD;

/// Whether the newest line is kept in sight.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Following {
    #[default]
    Yes,
    /// The user scrolled up when this line was the newest.
    Paused { at: u64 },
}

impl Following {
    /// Scrolling up pauses, reaching the end goes on.
    pub fn scrolled(self, distance_to_end: u64, newest: u64) -> Self {
        match self {
            // Half a row: a fraction of a pixel must not pause.
            _ if distance_to_end < ROW / 2 => Self::Yes,
            Self::Yes => Self::Paused { at: newest },
            Self::Paused { at } => Self::Paused { at },
        }
    }

    /// Lines that came since the pause.
    pub fn missed(self, newest: u64) -> u64 {
        match self {
            Self::Yes => 0,
            Self::Paused { at } => newest.saturating_sub(at),
        }
    }
}

impl Output {
    /// An empty output whose rows hold `columns` characters.
    pub fn of_width(columns: usize) -> Self {
        Self { columns: columns.max(20), ..Self::default() }
    }

    /// Takes the lines that are newer than what is here; a repeated snapshot adds nothing. They come in order, so that
    /// those that are here already are not looked at one by one.
    pub fn take<L: Borrow<OutputLine>>(&mut self, lines: &[L]) {
        let known = lines.partition_point(|line| line.borrow().number <= self.newest);
        for line in lines.iter().skip(known).map(Borrow::borrow) {
            self.newest = line.number;
            let rows = self.rows_of(&line.text);
            let section = self.steps.entry(line.step).or_default();
            let end = section.end() + rows;
            section.lines.push_back(Line { line: OutputLine { tone: tone(line), ..line.clone() }, end });
            self.kept += 1;
            if self.kept > KEPT {
                self.drop_oldest();
            }
        }
    }

    /// Breaks all lines again for another width.
    pub fn widen(&mut self, columns: usize) {
        let columns = columns.max(20);
        if columns == self.columns {
            return;
        }
        self.columns = columns;
        for section in self.steps.values_mut() {
            // What is dropped stays counted as it was: a spot is known by it.
            let mut end = section.dropped;
            for line in &mut section.lines {
                end += broken(&line.line.text, columns).count() as u64;
                line.end = end;
            }
        }
    }

    /// Number of the newest line, 0 when there is none.
    pub fn newest(&self) -> u64 {
        self.newest
    }

    /// The text of all lines that are kept, as one copies it.
    pub fn text(&self) -> String {
        let mut lines: Vec<_> = self.steps.values().flat_map(|s| &s.lines).collect();
        lines.sort_by_key(|l| l.line.number);
        lines.iter().map(|l| l.line.text.as_str()).collect::<Vec<_>>().join("\n")
    }

    /// What is visible of these folds between `top` and `top + view`, with rows around for who scrolls from there: half a
    /// screen in a pause; while the end is followed, what the first turn of a wheel shows before the pause is known.
    pub fn window(&self, folds: &[Fold], top: u64, view: u64, following: Following) -> Window {
        let around = match following {
            Following::Yes => AROUND.min(view / 2),
            Following::Paused { .. } => view / 2,
        };
        let (from, to) = (top.saturating_sub(around), top + view + around);
        let mut window = Window { height: 0, folds: vec![], rows: vec![] };
        for fold in folds {
            if window.height < to && window.height + FOLD > from {
                window.folds.push(PlacedFold { step: fold.step, top: window.height });
            }
            window.height += FOLD;
            let (Openness::Open, Some(section)) = (fold.open, self.steps.get(&fold.step)) else { continue };
            let start = window.height + PAD;
            self.place(section, start, from, to, &mut window.rows);
            window.height = start + section.rows() * ROW + PAD;
        }
        window
    }

    /// Height of everything, in CSS pixels.
    pub fn height(&self, folds: &[Fold]) -> u64 {
        folds.iter().map(|fold| FOLD + self.open_height(*fold)).sum()
    }

    /// Where the fold of a step stands.
    pub fn top_of(&self, folds: &[Fold], step: u32) -> Option<u64> {
        let place = folds.iter().position(|fold| fold.step == step)?;
        Some(self.height(folds.get(..place)?))
    }

    /// What stands at this height; nothing below the end.
    pub fn spot(&self, folds: &[Fold], top: u64) -> Option<Spot> {
        let mut above = 0;
        for fold in folds {
            let height = FOLD + self.open_height(*fold);
            if top < above + height {
                let below = top - above;
                let dropped = if below < LINES { 0 } else { self.dropped_height(fold.step) };
                return Some(Spot { step: fold.step, below: below + dropped });
            }
            above += height;
        }
        None
    }

    /// Where a spot is now; where its line is dropped, the oldest one that is kept stands for it.
    pub fn top_of_spot(&self, folds: &[Fold], spot: Spot) -> Option<u64> {
        let fold = folds.iter().find(|fold| fold.step == spot.step)?;
        let below = if spot.below < LINES { spot.below } else { spot.below.saturating_sub(self.dropped_height(spot.step)).max(LINES) };
        Some(self.top_of(folds, spot.step)? + below.min(FOLD + self.open_height(*fold)))
    }

    fn dropped_height(&self, step: u32) -> u64 {
        self.steps.get(&step).map_or(0, |section| section.dropped * ROW)
    }

    fn open_height(&self, fold: Fold) -> u64 {
        match (fold.open, self.steps.get(&fold.step)) {
            (Openness::Open, Some(section)) => 2 * PAD + section.rows() * ROW,
            (Openness::Open, None) | (Openness::Folded, _) => 0,
        }
    }

    fn place(&self, section: &Section, start: u64, from: u64, to: u64, rows: &mut Vec<PlacedRow>) {
        let first_row = from.saturating_sub(start) / ROW + section.dropped;
        let first = section.lines.partition_point(|line| line.end <= first_row);
        let mut row = first.checked_sub(1).and_then(|i| section.lines.get(i)).map_or(section.dropped, |line| line.end);
        for Line { line, .. } in section.lines.range(first..) {
            for (part, text) in broken(&line.text, self.columns).enumerate() {
                let top = start + (row - section.dropped) * ROW;
                if top >= to {
                    return;
                }
                row += 1;
                if top + ROW > from {
                    let part = u32::try_from(part).unwrap_or(u32::MAX);
                    rows.push(PlacedRow { number: line.number, part, top, at: line.at, tone: line.tone, text: text.to_owned() });
                }
            }
        }
    }

    fn rows_of(&self, text: &str) -> u64 {
        broken(text, self.columns.max(20)).count() as u64
    }

    fn drop_oldest(&mut self) {
        let oldest = self.steps.values_mut().filter(|s| !s.lines.is_empty()).min_by_key(|s| s.lines.front().map(|l| l.line.number));
        if let Some(section) = oldest
            && let Some(gone) = section.lines.pop_front()
        {
            section.dropped = gone.end;
            self.kept -= 1;
        }
    }
}

impl Section {
    fn end(&self) -> u64 {
        self.lines.back().map_or(self.dropped, |line| line.end)
    }

    fn rows(&self) -> u64 {
        self.end() - self.dropped
    }
}

/// Breaks a line into rows of at most `columns`, after a space where there is one; an empty line is one row.
fn broken(text: &str, columns: usize) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(limit) = byte_at_column(text, columns) else {
            rest = None;
            return Some(text);
        };
        // A space in the last third only: else a long path would leave a row nearly empty.
        let cut = text.get(..limit)?.rfind(' ').map(|at| at + 1).filter(|at| *at > limit / 3).unwrap_or(limit);
        let (row, next) = text.split_at(cut);
        rest = Some(next);
        Some(row.trim_end_matches(' '))
    })
}

/// Where the first character that no longer fits begins; `None` when all of it fits.
fn byte_at_column(text: &str, columns: usize) -> Option<usize> {
    if text.len() <= columns {
        return None;
    }
    let mut used = 0;
    text.char_indices().find_map(|(at, c)| {
        used += width(c);
        (used > columns).then_some(at)
    })
}

/// Characters of East Asian scripts and pictures take two columns.
fn width(c: char) -> usize {
    match c {
        '\u{0300}'..='\u{036F}' | '\u{200B}'..='\u{200F}' | '\u{FE00}'..='\u{FE0F}' => 0,
        '\u{1100}'..='\u{115F}' | '\u{2E80}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE6F}' => 2,
        '\u{FF00}'..='\u{FF60}' | '\u{FFE0}'..='\u{FFE6}' | '\u{1F300}'..='\u{1FAFF}' | '\u{20000}'..='\u{3FFFD}' => 2,
        _ => 1,
    }
}

/// A line as it is drawn: without the pictographs of kind, which no shipped font has, and the room after them. What is
/// copied and saved keeps them.
pub fn drawn(line: &str) -> Cow<'_, str> {
    let pictograph = |c: char| matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{fe0f}');
    if !line.contains(pictograph) {
        return Cow::Borrowed(line);
    }
    let mut pieces = line.split(pictograph);
    let first = pieces.next().unwrap_or_default().to_owned();
    Cow::Owned(pieces.fold(first, |line, rest| line + rest.trim_start_matches(' ')))
}

/// Programs write errors among all else: a line that begins as one stands out.
fn tone(line: &OutputLine) -> Tone {
    const BEGINNINGS: [&str; 6] = ["ERROR:", "Error:", "error:", "FATAL", "fatal:", "Failed to "];
    let begins = BEGINNINGS.iter().any(|word| line.text.trim_start().starts_with(word));
    if line.tone == Tone::Plain && begins { Tone::Failed } else { line.tone }
}

#[cfg(test)]
mod tests;
