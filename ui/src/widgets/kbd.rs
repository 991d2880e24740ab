//! How is a key written?

use std::rc::Rc;

use api::settings::Command;
use yew::prelude::*;

use crate::model::keys::Keymap;

#[derive(Properties, PartialEq)]
pub struct KbdProps {
    /// One cap per word: `Ctrl K`.
    pub keys: AttrValue,
}

/// Key caps.
#[component]
pub fn Kbd(props: &KbdProps) -> Html {
    props.keys.split(' ').map(|key| html! { <kbd>{ key.to_owned() }</kbd> }).collect()
}

#[derive(Properties, PartialEq)]
pub struct CommandKeyProps {
    pub of: Command,
}

/// The key of a command, be it the usual one or the user's own.
#[component]
pub fn CommandKey(props: &CommandKeyProps) -> Html {
    let keymap = use_keymap();
    html! { <Kbd keys={keymap.key(props.of)} /> }
}

/// Which keys hold in this window; the usual ones in a view that is rendered alone.
#[hook]
pub fn use_keymap() -> Rc<Keymap> {
    let usual = use_memo((), |()| Keymap::default());
    use_context::<Rc<Keymap>>().unwrap_or(usual)
}
