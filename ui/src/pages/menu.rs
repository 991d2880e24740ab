//! Which other verbs has a row?

use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use crate::{
    model::{keys::name_of, menu::top},
    widgets::{Icon, IconSize, Pic, roving::next},
};

/// What stands before the words of an item, and what choosing it does to the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// The list closes.
    Verb(Pic),
    /// Something that is shown or left out; the list stays for the next one.
    Choice(Ticked),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ticked {
    Yes,
    No,
}

#[derive(Clone, PartialEq)]
pub struct MenuItem {
    form: Form,
    words: AttrValue,
    class: Option<&'static str>,
    act: Callback<()>,
}

impl MenuItem {
    pub fn new(icon: Pic, words: impl Into<AttrValue>, act: Callback<()>) -> Self {
        Self { form: Form::Verb(icon), words: words.into(), class: None, act }
    }

    pub fn choice(ticked: Ticked, words: impl Into<AttrValue>, act: Callback<()>) -> Self {
        Self { form: Form::Choice(ticked), words: words.into(), class: None, act }
    }

    /// A verb that opens a question before it does harm.
    pub fn dangerous(icon: Pic, words: impl Into<AttrValue>, act: Callback<()>) -> Self {
        Self { class: Some("danger-q"), ..Self::new(icon, words, act) }
    }
}

#[derive(Properties, PartialEq)]
pub struct MenuProps {
    pub label: AttrValue,
    pub items: Vec<MenuItem>,
    #[prop_or(Pic::Ellipsis)]
    pub icon: Pic,
}

/// Three dots that open a list; arrows walk it, Esc closes it. Without items there is nothing to press.
#[component]
pub fn Menu(props: &MenuProps) -> Html {
    // Where the list opens, its right and its upper edge in pixels of the window; rows cut what hangs out of them.
    let open = use_state(|| None::<(i32, i32)>);
    let at = use_state(|| 0_usize);
    let (button, list) = (use_node_ref(), use_node_ref());
    {
        let list = list.clone();
        use_effect_with(open.is_some(), move |_| {
            if let Some(list) = list.cast::<HtmlElement>() {
                let _ = list.focus();
            }
        });
    }
    {
        let list = list.clone();
        // A list that is higher than the window scrolls along with the keys.
        use_effect_with(*at, move |_| {
            if let Some(on) = list.cast::<Element>().and_then(|l| l.query_selector(".mi.on").ok().flatten()) {
                on.scroll_into_view_with_bool(false);
            }
        });
    }
    if props.items.is_empty() {
        return html! { <span class="menu-gap"></span> };
    }
    let toggle = {
        let (open, at, button, items) = (open.clone(), at.setter(), button.clone(), props.items.len());
        Callback::from(move |e: MouseEvent| {
            e.stop_propagation();
            at.set(0);
            open.set(match (*open, button.cast::<Element>()) {
                (None, Some(b)) => {
                    let place = b.get_bounding_client_rect();
                    Some((place.right() as i32, top(place.top() as i32..place.bottom() as i32, items, window_height())))
                }
                (Some(_), _) | (None, None) => None,
            });
        })
    };
    let close = {
        let (open, button) = (open.setter(), button.clone());
        Callback::from(move |()| {
            open.set(None);
            if let Some(button) = button.cast::<HtmlElement>() {
                let _ = button.focus();
            }
        })
    };
    let onkeydown = {
        let (at, close, items) = (at.clone(), close.clone(), props.items.clone());
        Callback::from(move |e: KeyboardEvent| {
            e.stop_propagation();
            let to = match name_of(&e.key(), &e.code()) {
                "j" => next(*at, items.len(), "ArrowDown"),
                "k" => next(*at, items.len(), "ArrowUp"),
                "Home" => Some(0),
                "End" => items.len().checked_sub(1),
                "Enter" | " " => {
                    e.prevent_default();
                    if let Some(item) = items.get(*at) {
                        if matches!(item.form, Form::Verb(_)) {
                            close.emit(());
                        }
                        item.act.emit(());
                    }
                    return;
                }
                "Escape" | "Tab" => return close.emit(()),
                key => next(*at, items.len(), key),
            };
            if let Some(to) = to {
                e.prevent_default();
                at.set(to);
            }
        })
    };
    let away = {
        let close = close.clone();
        Callback::from(move |e: MouseEvent| {
            e.stop_propagation();
            close.emit(());
        })
    };
    let items = props.items.iter().enumerate().map(|(place, item)| {
        let (act, close, form) = (item.act.clone(), close.clone(), item.form);
        let onclick = Callback::from(move |e: MouseEvent| {
            e.stop_propagation();
            if matches!(form, Form::Verb(_)) {
                close.emit(());
            }
            act.emit(());
        });
        let (role, checked, icon, style) = match form {
            Form::Verb(icon) => ("menuitem", None, icon, None),
            Form::Choice(Ticked::Yes) => ("menuitemcheckbox", Some("true"), Pic::Check, None),
            Form::Choice(Ticked::No) => ("menuitemcheckbox", Some("false"), Pic::Check, Some("visibility:hidden")),
        };
        html! {
            <div id={format!("item-{place}")} class={classes!("mi", item.class, (place == *at).then_some("on"))} {role} aria-checked={checked} {onclick}><span class="row" {style}><Icon of={icon} size={IconSize::Small} /></span>{ item.words.clone() }</div>
        }
    });
    html! {
        <>
            <button ref={button} type="button" class="btn icon ghost sm act" aria-haspopup="menu" aria-expanded={open.is_some().to_string()} aria-label={props.label.clone()} title={props.label.clone()} onclick={toggle}><Icon of={props.icon} /></button>
            if let Some((right, top)) = *open {
                <div class="away" onclick={away}></div>
                <div ref={list} class="menu" role="menu" tabindex="-1" aria-label={props.label.clone()} aria-activedescendant={format!("item-{}", *at)} style={format!("right:calc(100vw - {right}px);top:{top}px")} {onkeydown}>{ for items }</div>
            }
        </>
    }
}

/// A window that does not say how high it is counts as high enough.
fn window_height() -> i32 {
    gloo_utils::window().inner_height().ok().and_then(|height| height.as_f64()).map_or(i32::MAX, |height| height as i32)
}
