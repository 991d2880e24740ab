//! What is sent to the server, word for word?

use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::NewClusterSheetProps;
use crate::{
    model::drawing::Edit,
    widgets::{Btn, BtnKind, BtnSize},
};

/// The YAML as text that may be edited, and what the server would keep of it.
pub(super) fn editor(props: &NewClusterSheetProps) -> Html {
    let plan = props.plan.as_deref();
    let text = props.drawn.form.yaml.clone().or_else(|| plan.map(|plan| plan.yaml.clone())).unwrap_or_default();
    let rows = text.lines().count().clamp(12, 60) + 1;
    let tell = props.on_edit.clone();
    let oninput = Callback::from(move |e: InputEvent| {
        if let Some(area) = e.target_dyn_into::<HtmlTextAreaElement>() {
            tell.emit(Edit::Yaml(area.value()));
        }
    });
    let forget = props.on_edit.reform(|_: MouseEvent| Edit::OwnYamlNoMore);
    let own = props.drawn.form.yaml.is_some();
    let kept = plan.into_iter().flat_map(|plan| &plan.objects).map(|drawn| &drawn.object).filter(|object| !object.after.is_empty());
    html! {
        <>
            <h2 class="sec" style="margin:2px 0 6px">{ "YAML" }<span class="grow"></span>if own { <Btn kind={BtnKind::Ghost} size={BtnSize::Small} onclick={forget}>{ "Write it from the form" }</Btn> }</h2>
            <textarea class="text" aria-label="YAML of the cluster" rows={rows.to_string()} wrap="off" spellcheck="false" value={text} {oninput} />
            <p class="s12 t3">{ "In step with the form. Further objects of Cluster API, secrets and config maps may stand beside the cluster; comments stay until a field is changed." }</p>
            { for kept.map(|object| html! {
                <details class="kept"><summary class="s12 t2">{ format!("{} {} as the server would keep it", object.kind, object.name) }</summary>
                    if object.before.is_empty() { <pre class="mono s12">{ &object.after }</pre> } else { { crate::pages::difference::texts(&object.before, &object.after) } }
                </details>
            }) }
        </>
    }
}
