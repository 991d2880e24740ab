//! Which programs does KOS run, from where, and are they new enough?

use api::computer::{CheckRow, Verdict};
use yew::prelude::*;

use super::{LineField, SettingsSheetProps};
use crate::{
    model::settings::{Line, PROGRAMS, check_of, place_of},
    widgets::{Glyph, State},
};

pub(super) fn tools(props: &SettingsSheetProps) -> Html {
    let checks: Vec<CheckRow> = props.checks.iter().map(|row| row.as_ref().clone()).collect();
    let (choices, on) = (props.view.choices.clone(), props.on.clone());
    html! {
        <>
            <p class="t2 s12" style="margin-bottom:10px">{ "KOS uses the programs in your PATH. When kind or clusterctl is missing, Doctor offers the release that KOS was tested with." }</p>
            <div class="frame">
                <div class="datatable" role="table" aria-label="Programs" style="--cols:16px 84px 150px minmax(0,1fr) 116px;--pad:12px">
                    <div class="th" role="row"><div></div><div role="columnheader">{ "Program" }</div><div role="columnheader">{ "Version" }</div><div role="columnheader">{ "Stands at" }</div><div role="columnheader">{ "At least" }</div></div>
                    { for PROGRAMS.iter().map(|(id, name, _)| row(name, check_of(&checks, *id))) }
                </div>
            </div>
            <div style="margin-top:12px">
                <LineField line={Line::ExtraPath} label="More folders" placeholder="/opt/bin:~/bin" help="Searched before the PATH of your login shell." choices={choices.clone()} on={on.clone()} />
                { for PROGRAMS.iter().map(|(_, name, line)| html! { <LineField line={*line} label={*name} placeholder="from PATH" help="" choices={choices.clone()} on={on.clone()} /> }) }
            </div>
        </>
    }
}

fn row(name: &'static str, check: Option<&CheckRow>) -> Html {
    let state = match check.map(|check| check.verdict) {
        Some(Verdict::Passed) => State::Healthy,
        Some(Verdict::Warning) => State::Warning,
        Some(Verdict::Failed) => State::Failed,
        Some(Verdict::Unknown) => State::Unknown,
        Some(Verdict::NotChecked) | None => State::Idle,
    };
    let place = check.and_then(place_of).map(str::to_owned);
    let why = check.map(|check| check.explanation.clone()).filter(|why| !why.is_empty());
    let found = check.map_or_else(|| "not looked for yet".to_owned(), |check| check.found.clone());
    html! {
        <div class="tr" role="row">
            <div role="cell"><Glyph {state} /></div><div role="cell" class="name">{ name }</div>
            <div role="cell" class="s12 mono ell" title={found.clone()}>{ found }</div>
            <div role="cell" class="s12 mono t3 ell" title={place.clone()}>{ place }</div>
            <div role="cell" class="s12 t3 ell" title={why}>{ check.map(|check| check.needed.clone()) }</div>
        </div>
    }
}
