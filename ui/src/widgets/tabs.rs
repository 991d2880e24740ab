//! How are the sides of one thing reached?

use yew::prelude::*;

use super::roving;

#[derive(Clone, PartialEq)]
pub struct Tab {
    pub words: AttrValue,
    pub count: Option<AttrValue>,
}

#[derive(Properties, PartialEq)]
pub struct TabsProps {
    pub label: AttrValue,
    pub tabs: Vec<Tab>,
    pub chosen: usize,
    pub on_choose: Callback<usize>,
}

/// One view at a time; arrow keys walk them, and the focus goes along.
#[component]
pub fn Tabs(props: &TabsProps) -> Html {
    let onkeydown = {
        let (chosen, count, on_choose) = (props.chosen, props.tabs.len(), props.on_choose.clone());
        Callback::from(move |e: KeyboardEvent| {
            let key = e.key();
            // They stand in a line: up and down scroll the page.
            if !matches!(key.as_str(), "ArrowLeft" | "ArrowRight") {
                return;
            }
            let Some(next) = roving::next(chosen, count, &key) else { return };
            roving::step(&e, "[role=tablist]", "[role=tab]");
            on_choose.emit(next);
        })
    };
    let tabs = props.tabs.iter().enumerate().map(|(place, tab)| {
        let on = place == props.chosen;
        let on_choose = props.on_choose.clone();
        let onclick = Callback::from(move |_: MouseEvent| on_choose.emit(place));
        html! {
            <button type="button" class={classes!("tab", on.then_some("on"))} role="tab" aria-selected={on.to_string()} tabindex={if on { "0" } else { "-1" }} {onclick}>
                { tab.words.clone() }
                if let Some(count) = &tab.count { <span class="c">{ count.clone() }</span> }
            </button>
        }
    });
    html! { <div class="tabs" role="tablist" aria-label={props.label.clone()} {onkeydown}>{ for tabs }</div> }
}
