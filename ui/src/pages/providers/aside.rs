//! What does one provider say of itself?

use api::{Row as _, providers::ProviderDeployment};
use yew::prelude::*;

use super::{Over, ProvidersSheetProps};
use crate::{
    model::{
        providers::{health, held},
        time::ago,
    },
    widgets::{Btn, BtnKind, BtnSize, Glyph, Pic, State},
};

fn deployment(of: &ProviderDeployment) -> Html {
    let state = if of.ready >= of.wanted { State::Healthy } else { State::Warning };
    html! {
        <div class="minirow" style="grid-template-columns:16px minmax(0,1fr) auto">
            <Glyph {state} /><span class="mono ell" title={of.name.clone()}>{ &of.name }</span><span class="num t3">{ format!("{} of {}", of.ready, of.wanted) }</span>
        </div>
    }
}

/// Why it does not run, its Deployments, its last errors and the kinds that it serves; nothing when no row is chosen.
pub(super) fn aside(props: &ProvidersSheetProps) -> Html {
    let Some(row) = props.rows.iter().find(|row| props.chosen.as_ref() == Some(&row.id())) else { return Html::default() };
    let (state, _, words) = health(row);
    let close = props.on_choose.reform(|_: MouseEvent| None);
    let whole = props.on_over.reform(|_: MouseEvent| Over::Log);
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
                if !row.deployments.is_empty() {
                    <h2 class="sec" style="margin-top:12px">{ if row.deployments.len() == 1 { "Deployment" } else { "Deployments" } }</h2>
                    { for row.deployments.iter().map(deployment) }
                }
                <h2 class="sec" style="margin-top:12px">{ "Last errors" }<span class="t3">{ "of its log, live" }</span></h2>
                if row.errors.is_empty() { <p class="s12 t3">{ "There is none in the last 400 lines." }</p> }
                { for row.errors.iter().map(error) }
                if row.wanted > 0 { <div class="btnrow" style="margin:8px 0"><Btn size={BtnSize::Small} icon={Pic::ScrollText} onclick={whole}>{ "Whole log…" }</Btn></div> }
                if !row.kinds.is_empty() {
                    <h2 class="sec" style="margin-top:12px">{ "Kinds" }<span class="t3">{ row.contracts.join(", ") }</span></h2>
                    { for row.kinds.iter().map(|kind| html! { <div class="minirow mono">{ kind }</div> }) }
                }
            </div>
        </aside>
    }
}
