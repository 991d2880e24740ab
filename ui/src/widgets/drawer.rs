//! What is known about one row?

use yew::prelude::*;

use super::{
    button::{Btn, BtnKind, BtnSize},
    icon::Pic,
};

#[derive(Properties, PartialEq)]
pub struct DrawerProps {
    /// The line above the name: `Pod in shop`.
    pub kind: Html,
    pub name: AttrValue,
    #[prop_or_default]
    pub actions: Html,
    #[prop_or_default]
    pub on_previous: Option<Callback<()>>,
    #[prop_or_default]
    pub on_next: Option<Callback<()>>,
    pub on_close: Callback<()>,
    pub children: Html,
}

/// Right of the table; Esc closes it, J and K walk the rows behind it.
#[component]
pub fn Drawer(props: &DrawerProps) -> Html {
    let press = |call: &Callback<()>| {
        let call = call.clone();
        Callback::from(move |_: MouseEvent| call.emit(()))
    };
    let step = |call: &Option<Callback<()>>, icon: Pic, label: &'static str| {
        call.as_ref().map(|call| html! { <Btn kind={BtnKind::Ghost} size={BtnSize::Small} {icon} {label} onclick={press(call)} /> })
    };
    html! {
        <aside class="drawer" aria-label={props.name.clone()}>
            <div class="dh">
                <div class="row g4">
                    <span class="kd grow ell">{ props.kind.clone() }</span>
                    { step(&props.on_previous, Pic::ChevronUp, "Previous row, K") }
                    { step(&props.on_next, Pic::ChevronDown, "Next row, J") }
                    <Btn kind={BtnKind::Ghost} size={BtnSize::Small} icon={Pic::X} label="Close, Esc" onclick={press(&props.on_close)} />
                </div>
                <h2>{ props.name.clone() }</h2>
                if props.actions != Html::default() { <div class="btnrow" style="margin-top:10px">{ props.actions.clone() }</div> }
            </div>
            <div class="db">{ props.children.clone() }</div>
        </aside>
    }
}
