//! How are the machines of a cluster, at a glance?

use yew::prelude::*;

use super::glyph::State;

#[derive(Properties, PartialEq)]
pub struct MachineStripProps {
    pub marks: Vec<State>,
    /// How many are well; always written beside the marks.
    pub ready: usize,
}

/// One mark per machine, with the count in words. Beyond twelve, marks would cut the count.
#[component]
pub fn MachineStrip(props: &MachineStripProps) -> Html {
    let of = props.marks.len();
    html! {
        <>
            <span class="strip" aria-hidden="true">{ for props.marks.iter().take(12).map(|mark| html! { <i class={mark.class()}></i> }) }</span>
            <span class="num t2 s12">{ format!("{} / {of}", props.ready) }</span>
        </>
    }
}
