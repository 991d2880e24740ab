//! What does the user see?
//!
//! Knows: `api`, Yew. Does not know: kube, tokio. Start at: [`app::App`].

pub mod app;
pub mod feeds;
#[cfg(not(target_arch = "wasm32"))]
pub mod first;
pub mod link;
pub mod model;
pub mod pages;
pub mod shell;
pub mod widgets;
pub mod words;

/// Renders the page into its place in the document, below the first picture.
pub fn start() {
    if let Some(place) = gloo_utils::document().get_element_by_id("page") {
        yew::Renderer::<app::App>::with_root(place).render();
    }
}
