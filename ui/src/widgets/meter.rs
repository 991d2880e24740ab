//! How full is something?

use yew::prelude::*;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum MeterMood {
    #[default]
    Neutral,
    Warning,
}

#[derive(Properties, PartialEq)]
pub struct MeterProps {
    /// 0 to 1000.
    pub share: u16,
    pub label: AttrValue,
    #[prop_or_default]
    pub mood: MeterMood,
}

/// A bar; its number stands beside it.
#[component]
pub fn Meter(props: &MeterProps) -> Html {
    let share = props.share.min(1000);
    let percent = f32::from(share) / 10.0;
    html! {
        <div class="meter" role="meter" aria-label={props.label.clone()} aria-valuemin="0" aria-valuemax="100" aria-valuenow={(share / 10).to_string()}>
            <i class={classes!(matches!(props.mood, MeterMood::Warning).then_some("w"))} style={format!("width:{percent}%")}></i>
        </div>
    }
}
