//! What stands where text is on its way?

use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct SkeletonProps {
    /// Pixels; about as wide as the text to come.
    pub width: u16,
}

/// A grey bar; the region around it has `aria-busy`.
#[component]
pub fn Skeleton(props: &SkeletonProps) -> Html {
    html! { <div class="skel" style={format!("width:{}px", props.width)}></div> }
}
