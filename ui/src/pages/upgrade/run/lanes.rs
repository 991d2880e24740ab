//! Which machine came, which went, which are to come?

use yew::prelude::*;

use super::RunSheetProps;
use crate::{
    model::upgrading::{RunRow, away_line, chart},
    widgets::Glyph,
};

/// The lanes of old and new machines on one time line.
pub(super) fn lanes(props: &RunSheetProps) -> Html {
    let RunSheetProps { name, run, parts, clock, .. } = props;
    let chart = chart(run, &parts.lanes, name, clock.now);
    let left = |moment| chart.time.left(moment);
    let ticks = chart.time.ticks();
    let live = clock.now < chart.time.end();
    let legend = [
        ("bar old", run.from.clone()),
        ("bar ok", run.to.clone()),
        ("bar gone", "drained".to_owned()),
        ("bar run", "now".to_owned()),
        ("bar late", "late".to_owned()),
        ("bar plan", "expected".to_owned()),
    ];
    html! {
        <>
            <div class="subhead">
                <h2>{ "Machine by machine" }</h2><span class="grow"></span>
                <div class="legend" aria-hidden="true">{ for legend.into_iter().map(|(class, words)| html! { <span><i class={class}></i>{ words }</span> }) }</div>
            </div>
            <div class="gantt" style="--lw:112px;flex:none">
                <div class="ax"><div></div><div class="trk">{ for chart.time.said(live.then_some(clock.now)).into_iter().map(|tick| html! { <span style={chart.time.words_at(tick)}>{ clock.tick(tick) }</span> }) }</div></div>
                <div class="gb">
                    <div class="grid">
                        { for ticks.iter().map(|tick| html! { <i style={left(*tick)}></i> }) }
                        if live { <i class="now" style={left(clock.now)}></i> }
                    </div>
                    { for chart.groups.iter().map(|(head, rows)| html! {
                        <>
                            <div class="gl-r hd"><div class="lb h">{ head }</div><div class="trk"></div></div>
                            { for rows.iter().map(row) }
                        </>
                    }) }
                </div>
            </div>
            if let Some(line) = away_line(run, &props.away, *clock) { <p class="s12 t3" style="padding:8px 20px 0">{ line }</p> }
        </>
    }
}

fn row(row: &RunRow) -> Html {
    let bars = row.pieces.iter().map(|piece| {
        let words = if !piece.place.holds(&piece.words) {
            Html::default()
        } else if matches!(piece.class, "bar late" | "bar gone") && !piece.words.is_empty() {
            html! { <span>{ &piece.words }</span> }
        } else {
            html! { { &piece.words } }
        };
        html! { <span class={piece.class} style={piece.place.style()} title={piece.words.clone()}>{ words }</span> }
    });
    html! {
        <div key={row.machine.clone()} class="gl-r">
            <div class="lb"><Glyph state={row.state} /><span class="unseen">{ row.state.word() }</span><span class="ell" title={row.machine.clone()}>{ &row.label }</span></div>
            <div class="trk">{ for bars }</div>
        </div>
    }
}
