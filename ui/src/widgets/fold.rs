//! How is long text kept short?

use yew::prelude::*;

use super::icon::{Icon, IconSize, Pic};

#[derive(Properties, PartialEq)]
pub struct FoldProps {
    pub open: bool,
    pub title: Html,
    /// At the right end: lines, time.
    #[prop_or_default]
    pub note: Html,
    pub on_toggle: Callback<bool>,
    /// What shows when open.
    #[prop_or_default]
    pub children: Html,
}

/// A head line that opens and closes what is under it.
#[component]
pub fn Fold(props: &FoldProps) -> Html {
    let (open, toggle) = (props.open, props.on_toggle.clone());
    let onclick = Callback::from(move |_: MouseEvent| toggle.emit(!open));
    let of = if open { Pic::ChevronDown } else { Pic::ChevronRight };
    html! {
        <>
            <button type="button" class={classes!("fold", open.then_some("open"))} aria-expanded={open.to_string()} {onclick}>
                <Icon {of} size={IconSize::Small} />
                { props.title.clone() }
                if props.note != Html::default() { <span class="tm">{ props.note.clone() }</span> }
            </button>
            if open { { props.children.clone() } }
        </>
    }
}
