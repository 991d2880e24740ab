//! What is asked before something is done?

use web_sys::{Element, HtmlElement, Node};
use yew::prelude::*;

use crate::model::keys::name_of;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DialogWidth {
    #[default]
    Regular,
    /// 840 pixels: two ways side by side, diffs.
    Wide,
}

/// What stands in the middle.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DialogBody {
    /// Something that takes the focus itself.
    #[default]
    Controls,
    /// Words alone: who scrolls by keys has to reach them.
    Text,
}

#[derive(Properties, PartialEq)]
pub struct DialogProps {
    /// A verb and its object.
    pub title: AttrValue,
    /// The title with names in mono, where it has any.
    #[prop_or_default]
    pub heading: Option<Html>,
    #[prop_or_default]
    pub lead: Html,
    pub children: Html,
    /// Buttons at the right; the safe one comes first in the document.
    pub footer: Html,
    /// Said at the left of the footer.
    #[prop_or_default]
    pub note: Html,
    #[prop_or_default]
    pub width: DialogWidth,
    #[prop_or_default]
    pub body: DialogBody,
    #[prop_or_default]
    pub class: Classes,
    pub on_close: Callback<()>,
}

/// Where Tab stops: of choices that arrows walk only the chosen one.
const STOPS: &str = ":is(button, input, select, textarea, summary, [tabindex]):not([disabled], [tabindex='-1'])";

/// A question over the page: traps the focus, closes with Esc, gives the focus back. The first focus is a field
/// or the first button that is not dangerous. It can have the focus itself, so that keys are heard after a click on its words.
#[component]
pub fn Dialog(props: &DialogProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            let before = gloo_utils::document().active_element().and_then(|e| wasm_bindgen::JsCast::dyn_into::<HtmlElement>(e).ok());
            if let Some(dialog) = node.cast::<Element>() {
                let first = dialog.query_selector("[autofocus], input:not([disabled]), textarea").ok().flatten();
                let first = first.or_else(|| dialog.query_selector(".dft button:not(.danger):not(.danger-q):not([disabled])").ok().flatten());
                focus(first.as_ref().or(Some(&dialog)));
            }
            move || {
                if let Some(before) = before {
                    let _ = before.focus();
                }
            }
        });
    }
    let onkeydown = {
        let (node, close) = (node.clone(), props.on_close.clone());
        Callback::from(move |e: KeyboardEvent| match name_of(&e.key(), &e.code()) {
            "Escape" => {
                e.stop_propagation();
                close.emit(());
            }
            "Enter" if e.ctrl_key() || e.meta_key() => {
                e.stop_propagation();
                e.prevent_default();
                apply(&node);
            }
            "Tab" => wrap(&node, &e),
            _ => e.stop_propagation(),
        })
    };
    // A click beside it takes the focus from nobody.
    let stay = Callback::from(|e: MouseEvent| e.prevent_default());
    let wide = matches!(props.width, DialogWidth::Wide).then_some("wide");
    html! {
        <>
            <div class="scrim" onmousedown={stay}></div>
            <div ref={node} class={classes!("dialog", wide, props.class.clone())} role="dialog" aria-modal="true" aria-label={props.title.clone()} tabindex="-1" {onkeydown}>
                <div class="dhd">
                    <h2>{ props.heading.clone().unwrap_or_else(|| html! { props.title.clone() }) }</h2>
                    if props.lead != Html::default() { <p class="t2">{ props.lead.clone() }</p> }
                </div>
                <div class="dbd" tabindex={(props.body == DialogBody::Text).then_some("0")}>{ props.children.clone() }</div>
                <div class="dft"><span class="s12 t3">{ props.note.clone() }</span><span class="grow"></span>{ props.footer.clone() }</div>
            </div>
        </>
    }
}

/// What is open over the page and has all keys.
pub fn modal() -> Option<Element> {
    gloo_utils::document().query_selector("[aria-modal=true]").ok().flatten()
}

/// Presses what the dialog is for; a verb that is not ready yet is not pressed.
fn apply(node: &NodeRef) {
    let verb = ".dft .btn.primary:not([disabled]), .dft .btn.danger:not([disabled])";
    if let Some(button) = node.cast::<Element>().and_then(|dialog| dialog.query_selector(verb).ok().flatten()) {
        wasm_bindgen::JsCast::unchecked_into::<HtmlElement>(button).click();
    }
}

/// Keeps Tab within the dialog: from the last to the first and back, and from the dialog itself to either.
fn wrap(node: &NodeRef, e: &KeyboardEvent) {
    let Some(dialog) = node.cast::<Element>() else { return };
    let Ok(all) = dialog.query_selector_all(STOPS) else { return };
    let at = |place: u32| all.item(place).and_then(|n| wasm_bindgen::JsCast::dyn_into::<Element>(n).ok());
    let (first, last) = (at(0), at(all.length().saturating_sub(1)));
    let now = gloo_utils::document().active_element();
    let (edge, other) = if e.shift_key() { (&first, &last) } else { (&last, &first) };
    let inside = now.as_ref().is_some_and(|now| *now != dialog && dialog.contains(Some(&**now)));
    // What only arrows or a click lead to is no stop itself, and may stand beyond the last one.
    let beyond = if e.shift_key() { Node::DOCUMENT_POSITION_PRECEDING } else { Node::DOCUMENT_POSITION_FOLLOWING };
    let is_beyond = |edge: &Element| now.as_ref().is_some_and(|now| edge.compare_document_position(now) & beyond != 0);
    if !inside || now == *edge || edge.as_ref().is_some_and(is_beyond) {
        e.prevent_default();
        focus(other.as_ref());
    }
}

fn focus(element: Option<&Element>) {
    if let Some(element) = element.and_then(|e| wasm_bindgen::JsCast::dyn_ref::<HtmlElement>(e)) {
        let _ = element.focus();
    }
}
