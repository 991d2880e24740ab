//! Where does the focus go when what had it is gone?
//!
//! A page that changes takes its buttons away: the next key must not begin at the top of the window. Start at: [`use_kept_focus`].

use std::{cell::RefCell, rc::Rc};

use gloo_events::EventListener;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Element, HtmlElement, MutationObserver, MutationObserverInit};
use yew::prelude::*;

use crate::widgets::modal;

const CAN_FOCUS: &str = "button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled]), [tabindex='0']";
const WHOLE: &str = "[aria-modal=true], main";

/// Looks after the focus for as long as the component lives.
#[hook]
pub fn use_kept_focus() {
    use_effect_with((), |()| {
        // The element that had the focus last, then all that it stood in, from the inside out.
        let chain = Rc::new(RefCell::new(Vec::<Element>::new()));
        let listener = {
            let chain = chain.clone();
            EventListener::new(&gloo_utils::document(), "focusin", move |event| {
                *chain.borrow_mut() = event.target().and_then(|t| t.dyn_into::<Element>().ok()).map(around).unwrap_or_default();
            })
        };
        let look = Closure::<dyn FnMut()>::new(move || {
            // Given on as a copy: what gets the focus is noted at once.
            let chain = chain.borrow().clone();
            keep(&chain);
        });
        let observer = MutationObserver::new(look.as_ref().unchecked_ref()).ok();
        if let Some(observer) = &observer {
            let of = MutationObserverInit::new();
            of.set_child_list(true);
            of.set_subtree(true);
            of.set_attribute_filter(&js_sys::Array::of1(&JsValue::from_str("disabled")));
            let _ = observer.observe_with_options(&gloo_utils::body(), &of);
        }
        move || {
            if let Some(observer) = &observer {
                observer.disconnect();
            }
            drop((look, listener));
        }
    });
}

fn around(element: Element) -> Vec<Element> {
    std::iter::successors(Some(element), |e| e.parent_element()).collect()
}

/// Leads the focus to what is nearest to the place that lost it.
fn keep(chain: &[Element]) {
    let Some(last) = chain.first() else { return };
    let nowhere = gloo_utils::document().active_element().is_none_or(|e| e.tag_name() == "BODY");
    // Who clicked beside everything took the focus away: what had it can still have it.
    if !nowhere || (last.is_connected() && !last.has_attribute("disabled")) {
        return;
    }
    let modal = modal();
    // What is near may lie behind a dialog, where no key is heard.
    let is_in = |modal: &Element| chain.iter().find(|e| e.is_connected()).is_some_and(|near| modal.contains(Some(&**near)));
    if modal.as_ref().is_some_and(|modal| !is_in(modal)) {
        return give(modal);
    }
    if last.is_connected() {
        // A button that is busy is no reason to lead the next key to its neighbour, which may do the opposite.
        let one_more = last.closest(".stepper").ok().flatten().and_then(|stepper| first(&stepper));
        return give(one_more.or_else(|| last.closest(WHOLE).ok().flatten()));
    }
    if let Some(tab) = same_tabs(chain) {
        return give(Some(tab));
    }
    for near in chain.iter().skip(1).filter(|e| e.is_connected()) {
        if near.matches("main").unwrap_or_default() || near.query_selector("main").ok().flatten().is_some() {
            break;
        }
        if let Some(found) = first(near) {
            return give(Some(found));
        }
    }
    // Not by one selector: the page stands before its dialog in the document.
    give(modal.or_else(|| gloo_utils::document().query_selector("main").ok().flatten()));
}

/// The chosen tab, where another page drew the same tabs anew: who walks them goes on.
fn same_tabs(chain: &[Element]) -> Option<Element> {
    let tabs = chain.iter().find(|e| e.get_attribute("role").as_deref() == Some("tablist") && !e.is_connected())?;
    let chosen = format!("[role=tablist][aria-label='{}'] [aria-selected=true]", tabs.get_attribute("aria-label")?);
    gloo_utils::document().query_selector(&chosen).ok().flatten()
}

fn first(within: &Element) -> Option<Element> {
    within.query_selector(CAN_FOCUS).ok().flatten()
}

/// A whole page or dialog has no place in the order of Tab, and is no stop of its own.
fn give(element: Option<Element>) {
    let Some(element) = element.and_then(|e| e.dyn_into::<HtmlElement>().ok()) else { return };
    if element.matches(WHOLE).unwrap_or_default() {
        element.set_tab_index(-1);
    }
    let _ = element.focus();
}
