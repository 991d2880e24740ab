//! How are the sides of one thing reached?

use yew::prelude::*;

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

/// One view at a time; arrow keys walk them.
#[component]
pub fn Tabs(props: &TabsProps) -> Html {
    let onkeydown = {
        let (chosen, count, on_choose) = (props.chosen, props.tabs.len().max(1), props.on_choose.clone());
        Callback::from(move |e: KeyboardEvent| {
            let next = match e.key().as_str() {
                "ArrowRight" => (chosen + 1) % count,
                "ArrowLeft" => (chosen + count - 1) % count,
                _ => return,
            };
            e.prevent_default();
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
