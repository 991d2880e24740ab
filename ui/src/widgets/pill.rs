//! How is a state said in a row?

use yew::prelude::*;

use super::glyph::{Glyph, State};

/// Quiet when healthy; only what needs a human is filled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Voice {
    #[default]
    Quiet,
    /// Coloured words.
    Tinted,
    /// A box of the state's hue: a human is needed.
    Filled,
}

#[derive(Properties, PartialEq)]
pub struct PillProps {
    pub state: State,
    #[prop_or_default]
    pub voice: Voice,
    pub children: Html,
}

/// Glyph and words of a state.
#[component]
pub fn Pill(props: &PillProps) -> Html {
    let voice = match props.voice {
        Voice::Quiet => None,
        Voice::Tinted => Some("tinted"),
        Voice::Filled => Some("filled"),
    };
    html! {
        <span class={classes!("pill", props.state.class(), voice)}>
            <Glyph state={props.state} />
            <span class="tx">{ props.children.clone() }</span>
        </span>
    }
}
