//! Where does one type a namespace that is listed nowhere?

use yew::prelude::*;

use crate::widgets::{Btn, BtnSize, Input, Ready};

#[derive(Properties, PartialEq)]
pub struct ByHandProps {
    pub on_by_hand: Callback<String>,
}

/// A field for its name, and what shows it.
#[component]
pub fn ByHand(props: &ByHandProps) -> Html {
    let typed = use_state(String::new);
    let name = typed.trim().to_owned();
    let on_text = {
        let typed = typed.setter();
        Callback::from(move |text| typed.set(text))
    };
    let go = {
        let (call, name) = (props.on_by_hand.clone(), name.clone());
        Callback::from(move |()| {
            if !name.is_empty() {
                call.emit(name.clone());
            }
        })
    };
    let onkeydown = {
        let go = go.clone();
        Callback::from(move |e: KeyboardEvent| {
            if e.key() == "Enter" {
                go.emit(());
            }
        })
    };
    html! {
        <>
            <Input class="mono" label="Namespace" placeholder="namespace" style="width:180px;height:24px" value={(*typed).clone()} {on_text} {onkeydown} />
            <Btn size={BtnSize::Small} ready={Ready::from(!name.is_empty())} onclick={go.reform(|_: MouseEvent| ())}>{ "Show this namespace" }</Btn>
        </>
    }
}
