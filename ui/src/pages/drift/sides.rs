//! What does an object say in its file, and what in the cluster?

use std::ops::Range;

use api::definitions::Bound;
use yew::prelude::*;

use super::DriftSheetProps;
use crate::model::{
    drift::{beside, file_side, in_checkout, marks},
    line_diff::Side,
    yaml::{Ink, inks},
};

/// The chosen object on both sides, line beside line.
pub(super) fn text(props: &DriftSheetProps, bound: &Bound) -> Html {
    let Some(row) = props.drift.chosen(props.chosen.as_ref()) else { return Html::default() };
    let (left, right) = beside(&row.text, &row.running, row.first_line);
    let marks: Vec<_> = left.iter().zip(&right).map(|(left, right)| marks(left, right)).collect();
    let file = row.at.as_ref().map_or_else(|| "in no file".to_owned(), |at| full(bound, &at.file));
    let head = format!("{} {} on both sides", row.object.kind, row.object.name);
    html! {
        <div style="flex:1;min-height:140px;display:flex;flex-direction:column;border-top:1px solid var(--line-2)">
            <div class="difftitle">
                <div><span class="m nw">{ format!("In the {}", file_side(bound)) }</span><span class="t3 ell mono" title={file.clone()}>{ file.clone() }</span></div>
                <div><span class="m nw">{ "In the cluster" }</span><span class="t3 ell">{ "without what controllers and defaults set" }</span></div>
            </div>
            <div class="diff" role="region" aria-label={head} tabindex="0" style="flex:1;min-height:0;overflow:auto;background:var(--bg-inset);align-content:start">
                <div class="side">{ for left.iter().zip(&marks).map(|(side, mark)| line(side, mark.as_ref().map(|(left, _)| left))) }</div>
                <div class="side">{ for right.iter().zip(&marks).map(|(side, mark)| line(side, mark.as_ref().map(|(_, right)| right))) }</div>
            </div>
        </div>
    }
}

/// A file as it is called in its checkout.
fn full(bound: &Bound, file: &str) -> String {
    match &bound.checkout {
        Some(checkout) => in_checkout(checkout, &format!("{}/{file}", bound.folder)).to_owned(),
        None => file.to_owned(),
    }
}

fn line(side: &Side, mark: Option<&Range<usize>>) -> Html {
    let (class, sign, number, text) = match side {
        Side::Same { number, text } => ("dl", "", number, text),
        Side::Gone { number, text } => ("dl del", "−", number, text),
        Side::Come { number, text } => ("dl add", "+", number, text),
        Side::Gap => return html! { <div class="dl gap"><span class="ln"></span><span class="sg"></span><span></span></div> },
    };
    html! { <div {class}><span class="ln">{ number }</span><span class="sg">{ sign }</span><span>{ coloured(text, mark) }</span></div> }
}

/// A line in the colours of YAML, with the words that differ marked.
fn coloured(text: &str, mark: Option<&Range<usize>>) -> Html {
    let piece = |(ink, range): (Ink, Range<usize>)| {
        let words = marked(text, &range, mark);
        match class(ink) {
            Some(class) => html! { <span {class}>{ words }</span> },
            None => words,
        }
    };
    html! { <>{ for inks(text).into_iter().map(piece) }</> }
}

fn class(ink: Ink) -> Option<&'static str> {
    match ink {
        Ink::Plain => None,
        Ink::Key => Some("sk"),
        Ink::Text => Some("ss"),
        Ink::Number => Some("sn"),
        Ink::Comment => Some("sc"),
    }
}

fn marked(text: &str, piece: &Range<usize>, mark: Option<&Range<usize>>) -> Html {
    let part = |range: Range<usize>| text.get(range).unwrap_or_default().to_owned();
    let Some(mark) = mark.filter(|mark| mark.start < piece.end && piece.start < mark.end) else { return html! { part(piece.clone()) } };
    let (from, to) = (mark.start.max(piece.start), mark.end.min(piece.end));
    html! { <>{ part(piece.start..from) }<b>{ part(from..to) }</b>{ part(to..piece.end) }</> }
}
