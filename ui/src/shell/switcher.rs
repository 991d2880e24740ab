//! How does one change to another context?

use std::rc::Rc;

use api::{ContextId, contexts::ContextRow, settings::Command};
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use crate::{
    model::{
        fleet::badge,
        keys::name_of,
        table::{Walk, walk},
    },
    widgets::{CommandKey, Glyph, Icon, IconSize, Input, Pic, Tile, TileSize},
};

#[derive(Properties, PartialEq)]
pub struct SwitcherProps {
    pub contexts: Vec<Rc<ContextRow>>,
    pub now: Option<ContextId>,
    pub on_enter: Callback<ContextId>,
    pub on_fleet: Callback<()>,
    pub on_close: Callback<()>,
}

/// A list under the context's name with a filter; arrows walk, Enter goes, Esc closes.
#[component]
pub fn Switcher(props: &SwitcherProps) -> Html {
    let filter = use_state(String::new);
    let at = use_state(|| 0_usize);
    let (node, list, all) = (use_node_ref(), use_node_ref(), use_node_ref());
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            let before = gloo_utils::document().active_element().and_then(|e| wasm_bindgen::JsCast::dyn_into::<HtmlElement>(e).ok());
            if let Some(input) = node.cast::<HtmlElement>() {
                let _ = input.focus();
            }
            move || {
                if let Some(before) = before {
                    let _ = before.focus();
                }
            }
        });
    }
    {
        let list = list.clone();
        use_effect_with(*at, move |_| {
            if let Some(on) = list.cast::<Element>().and_then(|l| l.query_selector(".pi.on").ok().flatten()) {
                on.scroll_into_view_with_bool(false);
            }
        });
    }
    let wanted = filter.to_lowercase();
    let found: Vec<_> = props.contexts.iter().filter(|c| c.name.to_lowercase().contains(&wanted)).cloned().collect();
    let on_text = {
        let (filter, at) = (filter.setter(), at.setter());
        Callback::from(move |text| {
            filter.set(text);
            at.set(0);
        })
    };
    let onkeydown = {
        let (found, at, close, enter) = (found.clone(), at.clone(), props.on_close.clone(), props.on_enter.clone());
        Callback::from(move |e: KeyboardEvent| {
            let way = match e.key().as_str() {
                "ArrowDown" => Walk::Next,
                "ArrowUp" => Walk::Previous,
                "Enter" => {
                    e.prevent_default();
                    if let Some(row) = found.get(*at) {
                        enter.emit(row.id.clone());
                        close.emit(());
                    }
                    return;
                }
                _ => return,
            };
            e.prevent_default();
            if let Some(next) = walk(Some(*at), found.len(), 8, way) {
                at.set(next);
            }
        })
    };
    let on_any = {
        let (close, stops) = (props.on_close.clone(), [node.clone(), all.clone()]);
        Callback::from(move |e: KeyboardEvent| match name_of(&e.key(), &e.code()) {
            "Escape" => {
                e.stop_propagation();
                close.emit(());
            }
            "Tab" => {
                e.prevent_default();
                to_the_other(&stops);
            }
            _ => {}
        })
    };
    let away = {
        let close = props.on_close.clone();
        Callback::from(move |_: MouseEvent| close.emit(()))
    };
    let fleet = {
        let (go, close) = (props.on_fleet.clone(), props.on_close.clone());
        Callback::from(move |_: MouseEvent| {
            go.emit(());
            close.emit(());
        })
    };
    let options = found.iter().enumerate().map(|(place, row)| {
        let (enter, close, id) = (props.on_enter.clone(), props.on_close.clone(), row.id.clone());
        let onclick = Callback::from(move |_: MouseEvent| {
            enter.emit(id.clone());
            close.emit(());
        });
        let on = place == *at;
        html! {
            <div key={row.id.0.clone()} class={classes!("pi", on.then_some("on"))} role="option" aria-selected={on.to_string()} {onclick}>
                <Tile tile={row.tile.clone()} size={TileSize::Small} /><span class="mono ell" title={row.name.clone()}>{ &row.name }</span><span class="grow"></span>
                if props.now.as_ref() == Some(&row.id) { <Icon of={Pic::Check} size={IconSize::Small} /> }
                <Glyph state={badge(&row.link)} />
            </div>
        }
    });
    html! {
        <>
            <div class="away" onclick={away}></div>
            <div class="popover" role="dialog" aria-label="Switch context" onkeydown={on_any}>
                <div class="in"><Input label="Filter contexts" placeholder="Filter contexts" icon={Pic::Search} value={(*filter).clone()} {on_text} {onkeydown} {node} /></div>
                <div ref={list} class="list" role="listbox" aria-label="Contexts">
                    { for options }
                    if found.is_empty() { <p class="s12 t3 none">{ format!("No context is named like “{}”.", *filter) }</p> }
                </div>
                <button ref={all} type="button" class="all" onclick={fleet}><Icon of={Pic::LayoutGrid} size={IconSize::Small} />{ "All contexts" }<span class="grow"></span><CommandKey of={Command::Fleet} /></button>
            </div>
        </>
    }
}

/// From one of two stops to the other, whichever way Tab goes: what lies behind the list is out of reach while it is open.
fn to_the_other(stops: &[NodeRef; 2]) {
    let now = gloo_utils::document().active_element();
    let other = stops.iter().filter_map(|stop| stop.cast::<HtmlElement>()).find(|stop| now.as_ref().is_none_or(|now| **stop != *now));
    if let Some(other) = other {
        let _ = other.focus();
    }
}
