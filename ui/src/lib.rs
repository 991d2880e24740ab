//! What does the user see?
//!
//! Knows: `api`, Yew. Does not know: kube, tokio. Start at: [`app::App`].

pub mod app;
pub mod feeds;
pub mod link;
pub mod model;
pub mod pages;
pub mod shell;
pub mod widgets;
pub mod words;

/// Renders the page into the body of the document.
pub fn start() {
    yew::Renderer::<app::App>::new().render();
}
