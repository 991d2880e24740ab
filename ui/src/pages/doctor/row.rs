//! What was found by one check, and what helps?

use api::computer::{CheckGroup, CheckRow, Verdict};
use yew::prelude::*;

use super::Action;
use crate::{
    model::doctor::{foldable, offer, tool_name},
    pages::remedy::beforehand,
    widgets::{Btn, BtnKind, CommandBox, Glyph, Icon, IconSize, Pic, Quote, State},
};

/// How a verdict looks.
pub(super) fn state_of(verdict: Verdict) -> State {
    match verdict {
        Verdict::NotChecked => State::Idle,
        Verdict::Passed => State::Healthy,
        Verdict::Warning => State::Warning,
        Verdict::Failed => State::Failed,
        Verdict::Unknown => State::Unknown,
    }
}

/// A line of the table, with what is under it when it is open.
pub(super) fn check(row: &CheckRow, open: bool, on_fold: &Callback<api::computer::CheckId>, on: &Callback<Action>) -> Html {
    let state = state_of(row.verdict);
    let folds = foldable(row);
    let open = open && folds;
    let hue = matches!(row.verdict, Verdict::Failed | Verdict::Warning).then(|| format!("color:var(--st-{}-fg)", state.class()));
    let plain = hue.is_none().then_some("t2");
    let mono = (row.id.group() != CheckGroup::Tools || row.found.starts_with(|c: char| c.is_ascii_digit() || c == 'v')).then_some("mono");
    let title = matches!(row.verdict, Verdict::Failed).then_some("m");
    let onclick = {
        let (on_fold, id) = (on_fold.clone(), row.id);
        Callback::from(move |_: MouseEvent| on_fold.emit(id))
    };
    let icon = if open { Pic::ChevronUp } else { Pic::ChevronDown };
    let style = if open { "border-bottom:0;height:32px" } else { "height:32px" };
    html! {
        <>
            <div class={classes!("tr", folds.then_some("opens"))} role="row" {style} onclick={if folds { onclick.clone() } else { Callback::noop() }}>
                <div role="cell"><Glyph {state} /><span class="unseen">{ state.word() }</span></div>
                <div role="cell" class={classes!(title)}>{ &row.title }</div>
                <div role="cell" class="t3 s12 ell" title={row.matters.clone()}>{ &row.matters }</div>
                <div role="cell" class={classes!(mono, plain)} style={hue} title={row.found.clone()}>{ &row.found }</div>
                <div role="cell" class="t3 s12 ell" title={row.needed.clone()}>{ &row.needed }</div>
                <div role="cell" class="row">if folds {
                    <button type="button" class="bare" aria-expanded={open.to_string()} aria-label={format!("{}: details", row.title)}><Icon of={icon} size={IconSize::Small} /></button>
                }</div>
            </div>
            if open { { more(row, on) } }
        </>
    }
}

fn more(row: &CheckRow, on: &Callback<Action>) -> Html {
    let id = row.id;
    let again = on.reform(move |_: MouseEvent| Action::Recheck(id));
    html! {
        <div class="checkmore" role="row"><div role="cell">
            if !row.explanation.is_empty() { <p class="t2">{ &row.explanation }</p> }
            if !row.evidence.is_empty() { <div style="max-width:800px;margin-bottom:11px">{ for row.evidence.iter().map(|quote| html! { <Quote quote={quote.clone()} /> }) }</div> }
            if !row.fixes.is_empty() {
                <div class="fixes">{ for row.fixes.iter().map(|fix| html! { <><span class="s12 t3">{ &fix.label }</span><CommandBox command={fix.command.clone()} /></> }) }</div>
            }
            <div class="btnrow" style="margin-top:11px">
                <Btn kind={BtnKind::Primary} icon={Pic::RotateCcw} onclick={again}>{ "Check again" }</Btn>
                if let Some(remedy) = row.fixes.iter().find_map(|fix| fix.remedy) {
                    <Btn onclick={on.reform(move |_: MouseEvent| Action::Remedy(remedy))}>{ "Run it for me…" }</Btn>
                    <span class="s12 t3">{ beforehand(remedy) }</span>
                }
                if let Some(tool) = offer(row) {
                    <Btn icon={Pic::Download} onclick={on.reform(move |_: MouseEvent| Action::Offer(tool))}>{ format!("Get {}…", tool_name(tool)) }</Btn>
                    <span class="s12 t3">{ "shows the address and size first; yours in PATH is always preferred" }</span>
                }
            </div>
        </div></div>
    }
}
