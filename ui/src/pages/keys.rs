//! Which keys are there?

use yew::prelude::*;

use crate::{
    model::keys::help,
    widgets::{Btn, Dialog, DialogBody, Kbd, use_keymap},
};

#[derive(Properties, PartialEq)]
pub struct KeysProps {
    pub on_close: Callback<()>,
}

/// All keys, by where they work.
#[component]
pub fn Keys(props: &KeysProps) -> Html {
    let close = props.on_close.reform(|_: MouseEvent| ());
    let keymap = use_keymap();
    let groups = help(&keymap).into_iter().map(|(head, keys)| {
        html! {
            <section>
                <h2 class="sec" style="margin-bottom:4px">{ head }</h2>
                { for keys.into_iter().map(|(keys, words)| html! { <div class="minirow" style="grid-template-columns:minmax(0,1fr) auto;min-height:30px"><span class="t2">{ words }</span><span class="row g4"><Kbd {keys} /></span></div> }) }
            </section>
        }
    });
    html! { <Dialog title="Keys" body={DialogBody::Text} footer={html! { <Btn onclick={close}>{ "Close" }</Btn> }} on_close={props.on_close.clone()}>{ for groups }</Dialog> }
}
