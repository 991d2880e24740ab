//! How does a view show its command?

use yew::prelude::*;

use super::{
    button::{Btn, BtnKind, BtnSize},
    icon::Pic,
};
use crate::shell::clipboard::copy;

#[derive(Properties, PartialEq)]
pub struct CommandBoxProps {
    pub command: AttrValue,
}

/// A command to paste, with a button that copies it. KOS does not run it.
#[component]
pub fn CommandBox(props: &CommandBoxProps) -> Html {
    let copied = use_state(|| false);
    let onclick = {
        let (command, copied) = (props.command.clone(), copied.clone());
        Callback::from(move |_: MouseEvent| {
            copy(&command);
            copied.set(true);
        })
    };
    let (icon, label) = if *copied { (Pic::Check, "Copied") } else { (Pic::Copy, "Copy command") };
    html! {
        <div class="cmdbox">
            <span class="pr mono" aria-hidden="true">{ "$" }</span>
            <code>{ props.command.clone() }</code>
            <Btn kind={BtnKind::Ghost} size={BtnSize::Small} {icon} {label} {onclick} />
        </div>
    }
}
