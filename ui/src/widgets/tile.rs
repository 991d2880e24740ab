//! How is a context told from the others at a glance?

use yew::prelude::*;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TileSize {
    #[default]
    Regular,
    Small,
}

#[derive(Properties, PartialEq)]
pub struct TileProps {
    pub tile: api::contexts::Tile,
    #[prop_or_default]
    pub size: TileSize,
}

/// Two letters on one of eight hues; the name always stands near.
#[component]
pub fn Tile(props: &TileProps) -> Html {
    let hue = format!("id{}", if (1..=8).contains(&props.tile.hue) { props.tile.hue } else { 0 });
    let small = matches!(props.size, TileSize::Small).then_some("sm");
    html! { <span class={classes!("tile", hue, small)} aria-hidden="true">{ &props.tile.letters }</span> }
}
