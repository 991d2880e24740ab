//! What differs of the chosen object, and which side is right?

use std::rc::Rc;

use api::definitions::{DriftRow, DriftState, FieldDrift, LeftOut, LeftWhy};
use yew::prelude::*;

use super::{Action, DriftSheetProps, commit, ready};
use crate::{
    feeds::Asked,
    model::{
        clock::{Clock, count},
        drift::{Right, field_words, file_side, hand_words, row_lines},
    },
    widgets::{Btn, BtnKind, FixCard, Glyph, Pick, Ready, State},
};

/// Fields, the choice, the button; below it what is not compared.
pub(super) fn pane(props: &DriftSheetProps) -> Html {
    let row = props.drift.chosen(props.chosen.as_ref());
    html! {
        <aside class="pane planpane" aria-label="Differences" style="width:360px">
            <div class="pb">
                { row.map(|row| chosen(props, row)) }
                if !props.drift.left.is_empty() {
                    <h2 class="sec" style="margin:16px 0 6px">{ "Not compared" }</h2>
                    { for props.drift.left.iter().map(|left| left_out(left)) }
                }
            </div>
            { row.map(|row| footer(props, row)) }
        </aside>
    }
}

fn chosen(props: &DriftSheetProps, row: &Rc<DriftRow>) -> Html {
    let what = format!("{} {}", row.object.kind, row.object.name);
    let side = files_word(props);
    let checkout = props.drift.folder().and_then(|bound| bound.checkout.as_ref());
    let (head, says) = match &row.state {
        DriftState::Same => ("same on both sides".to_owned(), Some("Applying its file would change nothing.")),
        DriftState::Drifted if row.fields.len() == 1 => ("1 field differs".to_owned(), None),
        DriftState::Drifted => (format!("{} differ", count(row.fields.len() as u64, "field")), None),
        DriftState::Accepted => ("differs, as accepted".to_owned(), Some("It is shown as a difference again as soon as either side changes.")),
        DriftState::Missing => ("missing in the cluster".to_owned(), Some("A file defines it, and the cluster does not have it.")),
        DriftState::Extra => ("extra in the cluster".to_owned(), Some("No file defines it. Applying files deletes nothing, so it stays until you delete it.")),
        DriftState::Refused(_) => ("not compared".to_owned(), None),
    };
    html! {
        <>
            <h2 class="sec" style="margin-bottom:2px">{ what }{ " " }<span class="t3">{ head }</span></h2>
            { for row.fields.iter().map(|one| field(one, side, props.clock)) }
            if let Some(says) = says { <p class="t2 s12" style="margin-top:6px">{ says }</p> }
            if let DriftState::Refused(fault) = &row.state { <FixCard fault={fault.clone()} on_fix={props.on_fix.clone()} /> }
            if row.state == DriftState::Drifted { { choice(props, row, side) } }
            { props.commit.as_ref().zip(checkout).map(|(commit, checkout)| commit::section(props, commit, checkout)) }
        </>
    }
}

/// What the side of the files is called in a sentence.
fn files_word(props: &DriftSheetProps) -> &'static str {
    match props.drift.folder().map(|bound| file_side(bound)) {
        Some("repository") => "repository",
        Some(_) | None => "file",
    }
}

fn field(of: &FieldDrift, side: &str, clock: Clock) -> Html {
    let (name, rest) = field_words(of, side);
    let by = of.owner.as_ref().map(|hand| format!("Set by {}. ", hand_words(hand, clock)));
    html! {
        <div class="chk">
            <Glyph state={State::Warning} />
            <div class="hd"><span class="mono" style="color:var(--text-1)">{ name }</span>{ " " }{ rest }</div>
            <p title={of.path.clone()}>{ by }<span class="mono t3" style="overflow-wrap:anywhere">{ &of.path }</span></p>
        </div>
    }
}

fn choice(props: &DriftSheetProps, row: &DriftRow, side: &str) -> Html {
    let file = row.at.as_ref().map_or("its file", |at| &at.file);
    let choose = |right: Right| props.on.reform(move |()| Action::Right(right));
    let whose = match row.fields.len() {
        1 => "for the field".to_owned(),
        many => format!("for the {}", count(many as u64, "field")),
    };
    let lines = count(row_lines(row) as u64, "line");
    html! {
        <>
            <h2 class="sec" style="margin:16px 0 8px">{ "Which side is right?" }{ " " }<span class="t3">{ whose }</span></h2>
            <div role="radiogroup" aria-label="Which side is right" style="display:grid;gap:8px">
                <Pick on={props.right == Right::Cluster} title={html! { format!("The cluster: write it to the {side}") }} on_choose={choose(Right::Cluster)}>
                    { format!("Edits {lines} of {file}. Comments and order stay where they can. The cluster is not touched.") }
                </Pick>
                <Pick on={props.right == Right::Files} title={html! { format!("The {side}: apply it to the cluster") }} on_choose={choose(Right::Files)}>
                    { "Server-side apply as " }<span class="mono">{ "kos" }</span>{ ". What would change is shown first; nothing is deleted." }
                </Pick>
                if !row.seen.is_empty() {
                    <Pick on={props.right == Right::Accept} title={html! { "Neither: accept this difference" }} on_choose={choose(Right::Accept)}>
                        { "Not shown again until either side changes." }
                    </Pick>
                }
            </div>
        </>
    }
}

fn left_out(left: &LeftOut) -> Html {
    let state = match left.why {
        LeftWhy::OtherKind => State::Skipped,
        LeftWhy::Template | LeftWhy::Twice | LeftWhy::NotRead => State::Warning,
        LeftWhy::Broken => State::Failed,
    };
    html! {
        <div class="chk">
            <Glyph {state} />
            <div class="mono s12 ell">{ format!("{}:{}", left.at.file, left.at.line) }</div>
            <p>{ &left.says }</p>
        </div>
    }
}

fn footer(props: &DriftSheetProps, row: &Rc<DriftRow>) -> Html {
    let checkout = props.drift.folder().and_then(|bound| bound.checkout.as_ref());
    if let (Some(commit), Some(checkout)) = (&props.commit, checkout)
        && let Asked::Answered(plan) = &commit.plan
    {
        return commit::footer(props, commit, plan, checkout, row);
    }
    let press = |action: Action| props.on.reform(move |_: MouseEvent| action.clone());
    let object = row.object.clone();
    let (action, words) = match (&row.state, props.right) {
        (DriftState::Accepted, _) => (Action::ShowAgain(object), "Show it as a difference"),
        (DriftState::Drifted, Right::Accept) => (Action::Accept(object, row.seen.clone()), "Accept the difference"),
        (DriftState::Missing, _) | (DriftState::Drifted, Right::Files) => (Action::Ask(Right::Files, vec![object]), "Apply to the cluster…"),
        (DriftState::Extra | DriftState::Same | DriftState::Refused(_), _) | (DriftState::Drifted, Right::Cluster) => {
            (Action::Ask(Right::Cluster, vec![object]), "Write to the file…")
        }
    };
    let differs = if row.state == DriftState::Same { Ready::No } else { ready(row) };
    let all = Ready::from(props.drift.differ() > 0);
    html! {
        <div class="pf">
            <div class="btnrow">
                <Btn kind={BtnKind::Ghost} ready={all} onclick={press(Action::Ask(Right::Files, vec![]))}>{ "Apply all…" }</Btn><span class="grow"></span>
                <Btn kind={BtnKind::Primary} ready={differs} onclick={press(action)}>{ words }</Btn>
            </div>
        </div>
    }
}
