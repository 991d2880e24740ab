//! Where do icons and glyphs live in the document?

use yew::prelude::*;

/// All symbols, in the page itself: the policy allows nothing remote, and `<use>` needs no request this way.
pub const SPRITE: &str = include_str!("sprite.svg");

/// Stands once at the top of the page.
#[component]
pub fn Sprite() -> Html {
    Html::from_html_unchecked(AttrValue::Static(SPRITE))
}
