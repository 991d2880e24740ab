//! How is one of a few ways chosen?

use yew::prelude::*;

use super::{
    icon::{Icon, IconSize, Pic},
    roving,
};

#[derive(Clone, PartialEq)]
pub struct Segment {
    pub words: AttrValue,
    pub icon: Option<Pic>,
    /// How many there are, quieter than the words.
    pub count: Option<AttrValue>,
}

impl From<&'static str> for Segment {
    fn from(words: &'static str) -> Self {
        Self { words: words.into(), icon: None, count: None }
    }
}

#[derive(Properties, PartialEq)]
pub struct SegmentedProps {
    pub label: AttrValue,
    pub segments: Vec<Segment>,
    pub chosen: usize,
    pub on_choose: Callback<usize>,
}

/// A radio group in one line; arrow keys walk it.
#[component]
pub fn Segmented(props: &SegmentedProps) -> Html {
    let onkeydown = {
        let (chosen, count, on_choose) = (props.chosen, props.segments.len(), props.on_choose.clone());
        Callback::from(move |e: KeyboardEvent| {
            let Some(next) = roving::next(chosen, count, &e.key()) else { return };
            // The focus goes along: Tab leads to what is chosen alone.
            roving::step(&e, "[role=radiogroup]", "[role=radio]");
            on_choose.emit(next);
        })
    };
    let segments = props.segments.iter().enumerate().map(|(place, segment)| {
        let on = place == props.chosen;
        let on_choose = props.on_choose.clone();
        let onclick = Callback::from(move |_: MouseEvent| on_choose.emit(place));
        html! {
            <button type="button" class={classes!(on.then_some("on"))} role="radio" aria-checked={on.to_string()} tabindex={if on { "0" } else { "-1" }} {onclick}>
                { segment.icon.map(|of| html! { <Icon {of} size={IconSize::Tiny} /> }) }
                { segment.words.clone() }
                if let Some(count) = &segment.count { <span class="t3 num">{ count.clone() }</span> }
            </button>
        }
    });
    html! { <div class="seg" role="radiogroup" aria-label={props.label.clone()} {onkeydown}>{ for segments }</div> }
}
