//! What owns what, and what is its state?

use std::rc::Rc;

use api::{Millis, Timestamp, capi::TreeRow};
use yew::prelude::*;

use super::verbs::{Verb, of_pool};
use crate::{
    model::{
        capi::{Folded, Folds, Seen, tree_words, visible},
        time::{age, clock},
    },
    pages::menu::Menu,
    widgets::{Icon, IconSize, Pic, Pill, State},
};

/// Where the rows lead.
#[derive(Clone, Copy)]
pub(super) struct Ways<'a> {
    /// To the page of a machine.
    pub(super) machine: &'a Callback<String>,
    /// To the changes of a pool, where they can be made.
    pub(super) verb: Option<&'a Callback<Verb>>,
}

/// The ownership tree; what is well is folded.
pub(super) fn tree(rows: &[Rc<TreeRow>], folds: &Folds, on_fold: &Callback<(String, Folded)>, now: Timestamp, ways: Ways<'_>) -> Html {
    html! {
        <div class="owns">
            <div class="datatable" role="treegrid" aria-label="What owns what" style="--cols:minmax(0,1fr) 204px 56px 52px">
                <div class="th" role="row" style="padding-left:20px">
                    <div role="columnheader">{ "Owns" }</div><div role="columnheader">{ "State" }</div><div role="columnheader">{ "Ready" }</div><div role="columnheader" class="right">{ "Since" }</div>
                </div>
                { for visible(rows, folds).iter().map(|seen| line(seen, on_fold, now, ways)) }
            </div>
        </div>
    }
}

fn line(seen: &Seen, on_fold: &Callback<(String, Folded)>, now: Timestamp, ways: Ways<'_>) -> Html {
    let row = &seen.row;
    let (state, voice, words) = tree_words(row);
    let blocks = row.on_the_way && state == State::Failed;
    html! {
        <div key={seen.key.clone()} class={classes!("tr", blocks.then_some("on"))} role="row" aria-level={(row.depth + 1).to_string()} style="height:28px;padding-left:20px">
            <div class="vis" role="gridcell">
                <div class="tl">
                    { for seen.lines.iter().map(|line| html! { <span class={line.class()}></span> }) }
                    { fold(seen, on_fold) }
                    <span class="kd" style={seen.folded.map(|_| "margin-left:5px")}>{ &row.kind }</span>{ name(row, ways.machine) }{ pool_menu(row, ways.verb, now) }
                </div>
            </div>
            <div role="gridcell"><Pill {state} {voice}>{ words }</Pill></div>
            <div class="num t2" role="gridcell">{ row.ready.map(|(ready, of)| format!("{ready} / {of}")) }</div>
            <div class="num t2 right" role="gridcell">{ row.since.map(|at| since(now.since(at))) }</div>
        </div>
    }
}

/// The name of a machine leads to its page.
fn name(row: &TreeRow, on_machine: &Callback<String>) -> Html {
    if row.kind != "Machine" {
        return html! { <span class="name ell" title={row.name.clone()}>{ &row.name }</span> };
    }
    let machine = row.name.clone();
    let onclick = on_machine.reform(move |_: MouseEvent| machine.clone());
    html! { <button type="button" class="bare name ell" title={row.name.clone()} {onclick}>{ &row.name }</button> }
}

/// Pools can be changed where they stand; Cluster API's own kinds of them, whoever makes their machines.
fn pool_menu(row: &TreeRow, on_verb: Option<&Callback<Verb>>, now: Timestamp) -> Html {
    match on_verb.filter(|_| matches!(row.kind.as_str(), "MachineDeployment" | "MachinePool")) {
        Some(on_verb) => html! { <Menu label={format!("More for {}", row.name)} items={of_pool(&row.name, on_verb, now)} /> },
        None => Html::default(),
    }
}

fn fold(seen: &Seen, on_fold: &Callback<(String, Folded)>) -> Html {
    let (of, to, verb) = match seen.folded {
        None => return Html::default(),
        Some(Folded::Open) => (Pic::ChevronDown, Folded::Closed, "Fold"),
        Some(Folded::Closed) => (Pic::ChevronRight, Folded::Open, "Open"),
    };
    let key = seen.key.clone();
    let onclick = on_fold.reform(move |_: MouseEvent| (key.clone(), to));
    let label = format!("{verb} {} {}", seen.row.kind, seen.row.name);
    html! { <button type="button" class="bare" aria-label={label} aria-expanded={(to == Folded::Closed).to_string()} {onclick}><Icon {of} size={IconSize::Tiny} /></button> }
}

/// Seconds matter while a cluster is made, not in a cluster of last week.
fn since(span: Millis) -> String {
    if span < Millis::seconds(3_600) { clock(span) } else { age(span) }
}
