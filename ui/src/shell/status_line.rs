//! What goes on in the background, and which command would show this view?

use yew::prelude::*;

use super::clipboard::copy;
use crate::widgets::{Glyph, Icon, IconSize, Pic, State};

/// One part of the line.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    pub lead: Lead,
    pub words: AttrValue,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Lead {
    None,
    State(State),
    Icon(Pic),
}

#[derive(Properties, PartialEq)]
pub struct StatusLineProps {
    pub said: Vec<Said>,
    /// The view as a command; a click copies it.
    #[prop_or_default]
    pub command: Option<AttrValue>,
}

/// Connection, jobs, version; right: the view as a command.
#[component]
pub fn StatusLine(props: &StatusLineProps) -> Html {
    let said = props.said.iter().enumerate().map(|(n, said)| {
        let lead = match said.lead {
            Lead::None => Html::default(),
            Lead::State(state) => html! { <Glyph {state} /> },
            Lead::Icon(of) => html! { <Icon {of} size={IconSize::Tiny} /> },
        };
        html! { <>if n > 0 { <span class="vr"></span> }<span class="it">{ lead }{ said.words.clone() }</span></> }
    });
    let command = props.command.clone().map(|command| {
        let text = command.clone();
        let onclick = Callback::from(move |_: MouseEvent| copy(&text));
        html! {
            <button type="button" class="cmd" title="Copy this command" {onclick}>
                <span class="t3">{ "This view as a command" }</span><code class="ell">{ command }</code><Icon of={Pic::Copy} size={IconSize::Tiny} />
            </button>
        }
    });
    html! { <footer class="statusline">{ for said }{ command }</footer> }
}
