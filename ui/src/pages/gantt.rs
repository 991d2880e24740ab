//! How do bars, outlines and tries stand on a time line?

use yew::prelude::*;

use crate::model::{
    capi::{
        Piece, Timeline,
        lanes::{GONE, PLAN, TryMark, Words},
    },
    clock::Clock,
};

/// The times above the lanes.
pub(super) fn axis(time: Timeline, clock: Clock) -> Html {
    let now = (clock.now < time.end()).then_some(clock.now);
    html! { <div class="ax"><div></div><div class="trk">{ for time.said(now).into_iter().map(|tick| html! { <span style={time.words_at(tick)}>{ clock.tick(tick) }</span> }) }</div></div> }
}

/// The lines behind the lanes, that of now with them.
pub(super) fn grid(time: Timeline, clock: Clock) -> Html {
    html! {
        <div class="grid">
            { for time.ticks().into_iter().map(|tick| html! { <i style={time.left(tick)}></i> }) }
            if clock.now < time.end() { <i class="now" style={time.left(clock.now)}></i> }
        </div>
    }
}

/// The bars of a lane, and where a further try began.
pub(super) fn track(pieces: Vec<Piece>, tries: &[TryMark]) -> Html {
    html! { <div class="trk">{ for pieces.into_iter().map(|piece| bar(piece, tries)) }{ for tries.iter().map(mark) }</div> }
}

fn bar(piece: Piece, tries: &[TryMark]) -> Html {
    let words = if !piece.place.holds_beside(&piece.words, tries) {
        Html::default()
    } else if piece.class == "bar late" || piece.class == GONE {
        html! { <span>{ &piece.words }</span> }
    } else {
        html! { { &piece.words } }
    };
    let title = match (piece.class, piece.words.as_str()) {
        (PLAN, "") => "expected".to_owned(),
        (PLAN, words) => format!("{words}, expected"),
        (_, words) => words.to_owned(),
    };
    html! { <span class={piece.class} style={piece.place.style()} {title}>{ words }</span> }
}

fn mark(of: &TryMark) -> Html {
    let style = format!("left:{}.{}%", of.at / 10, of.at % 10);
    let words = match of.words {
        Words::Shown => html! { { &of.title } },
        Words::Hidden => html! { <span class="unseen">{ &of.title }</span> },
    };
    html! { <span class="try" {style} title={of.title.clone()}>{ words }</span> }
}
