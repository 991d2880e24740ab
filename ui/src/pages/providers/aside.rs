//! What does one provider say of itself?

use api::Row as _;
use yew::prelude::*;

use super::ProvidersSheetProps;
use crate::{
    model::{
        providers::{health, held},
        time::ago,
    },
    widgets::{Btn, BtnKind, BtnSize, Glyph, Pic, State},
};

/// Why it does not run, its last errors and the kinds that it serves; nothing when no row is chosen.
pub(super) fn aside(props: &ProvidersSheetProps) -> Html {
    let Some(row) = props.rows.iter().find(|row| props.chosen.as_ref() == Some(&row.id())) else { return Html::default() };
    let (state, _, words) = health(row);
    let close = props.on_choose.reform(|_: MouseEvent| None);
    let error = |error: &api::providers::ErrorLine| {
        let when = error.at.map(|at| ago(props.now.since(at))).unwrap_or_default();
        html! { <div class="chk"><Glyph state={State::Failed} /><div class="s12 t3">{ when }</div><p class="mono">{ &error.text }</p></div> }
    };
    html! {
        <aside class="pane planpane" aria-label={row.title.clone()}>
            <div class="pb">
                <h2 class="sec">{ &row.title }<span class="t3 mono">{ &row.version }</span><span class="grow"></span><Btn kind={BtnKind::Ghost} size={BtnSize::Small} icon={Pic::X} label="Close" onclick={close} /></h2>
                <div class="chk"><Glyph {state} /><div class="hd">{ words }</div><p>{ format!("{} of {} pods ready in ", row.ready, row.wanted) }<span class="mono">{ &row.namespace }</span></p></div>
                if let Some((sentence, says)) = held(row) {
                    <div class="chk"><Glyph state={State::Failed} /><div class="hd">{ sentence }</div>if !says.is_empty() { <p class="mono">{ says }</p> }</div>
                }
                <h2 class="sec" style="margin-top:12px">{ "Last errors" }<span class="t3">{ "of its log, live" }</span></h2>
                if row.errors.is_empty() { <p class="s12 t3">{ "There is none in the last 400 lines." }</p> }
                { for row.errors.iter().map(error) }
                if !row.kinds.is_empty() {
                    <h2 class="sec" style="margin-top:12px">{ "Kinds" }<span class="t3">{ row.contracts.join(", ") }</span></h2>
                    { for row.kinds.iter().map(|kind| html! { <div class="minirow mono">{ kind }</div> }) }
                }
            </div>
        </aside>
    }
}
