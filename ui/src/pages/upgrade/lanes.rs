//! Which machine goes and comes when?

use api::changes::Replaced;
use yew::prelude::*;

use crate::{
    model::change::{PlanRow, schedule},
    widgets::{Glyph, State},
};

const LEGEND: [(&str, &str); 3] = [("bar old", "old machine"), ("bar plan", "new machine"), ("bar gone", "drained, removed")];

/// A lane for each machine that goes, and one for the one in its place.
pub(super) fn lanes(cluster: &str, replaced: &[Replaced]) -> Html {
    let schedule = schedule(replaced, cluster);
    if schedule.is_empty() {
        return html! {
            <>
                <div class="subhead" style="margin-top:8px"><h2>{ "What is replaced, in this order" }</h2></div>
                <p class="t3 s12" style="padding:0 20px 12px">{ "No machine is there. Those to come run the new version." }</p>
            </>
        };
    }
    let left = |at: u32| format!("left:{}.{}%", at / 10, at % 10);
    html! {
        <>
            <div class="subhead" style="margin-top:8px">
                <h2>{ "What is replaced, in this order" }</h2><span class="grow"></span>
                <div class="legend" aria-hidden="true">{ for LEGEND.iter().map(|(class, words)| html! { <span><i class={*class}></i>{ *words }</span> }) }</div>
            </div>
            <div class="gantt" style="--lw:148px;flex:none">
                <div class="ax"><div></div><div class="trk">{ for schedule.ticks.iter().map(|(at, words)| html! { <span style={left(*at)}>{ words }</span> }) }</div></div>
                <div class="gb">
                    <div class="grid">{ for schedule.ticks.iter().map(|(at, _)| html! { <i style={left(*at)}></i> }) }</div>
                    { for schedule.groups.iter().map(|group| html! {
                        <>
                            <div class="gl-r hd"><div class="lb h">{ &group.head }</div><div class="trk"></div></div>
                            { for group.rows.iter().map(row) }
                        </>
                    }) }
                </div>
            </div>
        </>
    }
}

fn row(row: &PlanRow) -> Html {
    let bars = row.bars.iter().map(|(class, place, words)| {
        let inside = if !place.holds(words) {
            Html::default()
        } else if *class == "bar gone" {
            html! { <span>{ *words }</span> }
        } else {
            html! { { *words } }
        };
        html! { <span class={*class} style={place.style()} title={*words}>{ inside }</span> }
    });
    html! { <div class="gl-r"><div class="lb"><Glyph state={State::Idle} /><span class="ell">{ &row.label }</span></div><div class="trk">{ for bars }</div></div> }
}
