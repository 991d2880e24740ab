//! How do keys reach the page when no field has them?

use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};
use yew::prelude::*;

use crate::{
    model::{
        keys::{Awaited, Deed, Held, Keymap, Place, Stroke, press as decide},
        table::{Walk, walk},
    },
    widgets::modal,
};

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
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let is = |selector: &str| target.as_ref().is_some_and(|element| element.matches(selector).unwrap_or_default());
    match modal() {
        Some(_) => Place::Dialog,
        None if is("input, textarea, select") => Place::Field,
        None if is(SCROLLS) => Place::Text,
        None => Place::Page,
    }
}

/// What has the focus itself so that keys scroll it.
const SCROLLS: &str = "pre, .logview, .scroll, [role=region]";
/// Rows that are lines of buttons; heads of columns are none.
const ROWS: &str = "main [role=row]:not(.th)";
/// Rows that a page is long.
const PAGE: usize = 8;

/// Gives the focus to the next line of a list that can be acted on: to its first button.
pub(crate) fn walk_rows(way: Walk) {
    let document = gloo_utils::document();
    let Ok(found) = document.query_selector_all(ROWS) else { return };
    let row = |place: u32| {
        let row = found.item(place)?.dyn_into::<Element>().ok()?;
        let first = row.query_selector("button:not([disabled])").ok()??.dyn_into::<HtmlElement>().ok()?;
        Some((row, first))
    };
    let rows: Vec<(Element, HtmlElement)> = (0..found.length()).filter_map(row).collect();
    let now = document.active_element().and_then(|on| rows.iter().position(|(row, _)| row.contains(Some(&*on))));
    if let Some((_, first)) = walk(now, rows.len(), PAGE, way).and_then(|place| rows.get(place)) {
        let _ = first.focus();
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
