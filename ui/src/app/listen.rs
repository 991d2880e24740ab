//! How do keys reach the page when no field has them?

use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};
use yew::prelude::*;

use crate::model::keys::{Awaited, Deed, Held, Keymap, Place, Stroke, press as decide};

/// Listens on the window for as long as the component lives.
#[hook]
pub fn use_keys(keymap: Rc<Keymap>, on_deed: Callback<Deed>) {
    let awaited = use_mut_ref(Awaited::default);
    // Kept in a cell, so that a new callback does not mean a new listener.
    let latest = use_mut_ref(|| (keymap.clone(), on_deed.clone()));
    *latest.borrow_mut() = (keymap, on_deed);
    use_effect_with((), move |()| {
        let options = EventListenerOptions::enable_prevent_default();
        let listener = EventListener::new_with_options(&gloo_utils::window(), "keydown", options, move |event| {
            let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
            let key = event.key();
            if matches!(key.as_str(), "Shift" | "Control" | "Meta" | "Alt") || event.default_prevented() {
                return;
            }
            let held = match (event.ctrl_key() || event.meta_key(), event.alt_key()) {
                (true, false) => Held::Ctrl,
                (false, false) => Held::Nothing,
                (true | false, true) => Held::Other,
            };
            let now = *awaited.borrow();
            let (keymap, call) = latest.borrow().clone();
            let (deed, next) = decide(&keymap, now, Stroke { key: &key, held }, place(event));
            *awaited.borrow_mut() = next;
            if let Some(deed) = deed {
                event.prevent_default();
                call.emit(deed);
            }
        });
        move || drop(listener)
    });
}

fn place(event: &KeyboardEvent) -> Place {
    let modal = gloo_utils::document().query_selector("[aria-modal=true]").ok().flatten();
    let field = event.target().and_then(|t| t.dyn_into::<Element>().ok()).is_some_and(|e| matches!(e.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"));
    match (modal, field) {
        (Some(_), _) => Place::Dialog,
        (None, true) => Place::Field,
        (None, false) => Place::Page,
    }
}

/// Gives the focus to the first element that matches.
pub(crate) fn focus(selector: &str) {
    if let Some(element) = find(selector) {
        let _ = element.focus();
    }
}

/// Presses the first element that matches, and tells whether there was one.
pub(crate) fn press(selector: &str) -> bool {
    let found = find(selector);
    if let Some(element) = &found {
        element.click();
    }
    found.is_some()
}

/// Opens the side of the page that is called so, where it has one.
pub(crate) fn open_side(called: &str) {
    let Ok(tabs) = gloo_utils::document().query_selector_all("main [role=tab]") else { return };
    let mut tabs = (0..tabs.length()).filter_map(|place| tabs.item(place)?.dyn_into::<HtmlElement>().ok());
    // Its count may stand behind the word.
    if let Some(tab) = tabs.find(|tab| tab.text_content().is_some_and(|text| text.starts_with(called))) {
        tab.click();
        let _ = tab.focus();
    }
}

fn find(selector: &str) -> Option<HtmlElement> {
    gloo_utils::document().query_selector(selector).ok().flatten().and_then(|e| e.dyn_into().ok())
}
