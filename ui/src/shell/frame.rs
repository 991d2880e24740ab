//! How do rail, bars, bands and the page fit together?

use api::computer::Mode;
use yew::prelude::*;

use crate::widgets::{Btn, BtnKind, BtnSize, Icon, IconSize, Pic};

#[derive(Properties, PartialEq)]
pub struct FrameProps {
    pub rail: Html,
    pub bar: Html,
    pub status: Html,
    /// The name of the protected context that the view writes to.
    #[prop_or_default]
    pub protected: Option<AttrValue>,
    #[prop_or_default]
    pub mode: Mode,
    #[prop_or_default]
    pub on_real: Callback<()>,
    pub children: Html,
}

/// The grid of the window.
#[component]
pub fn Frame(props: &FrameProps) -> Html {
    let real = {
        let call = props.on_real.clone();
        Callback::from(move |_: MouseEvent| call.emit(()))
    };
    html! {
        <div class="shell">
            <div class="bands">
                if props.mode == Mode::Demo {
                    <div class="band demo" role="status">
                        <Icon of={Pic::Info} size={IconSize::Small} /><span><b class="b">{ "Demo, nothing here is real" }</b></span>
                        <span class="sp">{ "Nothing is contacted or changed." }</span><span class="grow"></span>
                        <Btn kind={BtnKind::Ghost} size={BtnSize::Small} onclick={real}>{ "Back to this machine" }</Btn>
                    </div>
                }
                if let Some(name) = &props.protected {
                    <div class="band" role="status">
                        <Icon of={Pic::Lock} size={IconSize::Small} /><span><b class="b">{ "Protected" }</b>{ " " }<span class="mono" style="margin:0 2px">{ name.clone() }</span></span>
                        <span class="sp">{ "Every write here shows its effect first and asks you to type the context name." }</span>
                    </div>
                }
            </div>
            { props.rail.clone() }
            { props.bar.clone() }
            <div class="body">{ props.children.clone() }</div>
            { props.status.clone() }
        </div>
    }
}
