//! What is seen before the page's program runs?
//!
//! WebKit needs longer to read the page's program than to show a document with rows in it. So the window draws the first
//! view with the page's own components into the document; the page puts its own rows below and takes the picture away.

use api::{Batch, Row, computer::ComputerView, contexts::ContextRow, files::FileRow, jobs::JobRow, settings::SettingsView};
use yew::{LocalServerRenderer, prelude::*};

use crate::{
    app::Window,
    feeds::FeedState,
    model::{store::Store, time::Zone},
    pages::fleet::part::Still,
    shell::{
        looks::attributes,
        world::{Knowing, World},
    },
};

/// Where the document carries what the picture fills.
const ROOT: &str = "<html lang=\"en\">";
const BODY: &str = "<div id=\"page\"></div>";

/// The first answers of the streams that need nobody outside of KOS.
#[derive(Debug, Clone)]
pub struct Known {
    pub files: Batch<FileRow>,
    pub contexts: Batch<ContextRow>,
    pub jobs: Batch<JobRow>,
    pub computer: Batch<ComputerView>,
    pub settings: Batch<SettingsView>,
    /// Minutes east of Greenwich.
    pub zone_minutes: i32,
    /// No window is higher, in CSS pixels: what lies below is not drawn, for the page is there before anybody scrolls.
    pub highest: u32,
}

/// The first view; drawn on one thread, inside of a `tokio::task::LocalSet`.
pub async fn draw(known: Known) -> Picture {
    let world = World {
        files: feed(known.files),
        contexts: feed(known.contexts),
        jobs: feed(known.jobs),
        computer: feed(known.computer),
        settings: feed(known.settings),
        zone: Zone(known.zone_minutes),
        ..World::unknown()
    };
    let still = Still(known.highest);
    let root = attributes(&world.choices());
    let body = LocalServerRenderer::<First>::with_props(FirstProps { world, still }).hydratable(false).render().await;
    Picture { root, body }
}

/// A first view as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    root: String,
    body: String,
}

impl Picture {
    /// The document with the picture above the place of the page; nothing in it can be clicked or reached by keys.
    /// None when the document has no place for it.
    pub fn over(&self, document: &str) -> Option<String> {
        if !(document.contains(ROOT) && document.contains(BODY)) {
            return None;
        }
        let root = format!("<html lang=\"en\" {}>", self.root);
        let body = format!("{BODY}<div id=\"first\" inert aria-hidden=\"true\">{}</div>", self.body);
        Some(document.replacen(ROOT, &root, 1).replacen(BODY, &body, 1))
    }
}

#[derive(Properties, PartialEq)]
struct FirstProps {
    world: World,
    still: Still,
}

#[component]
fn First(props: &FirstProps) -> Html {
    html! { <Knowing world={props.world.clone()}><ContextProvider<Still> context={props.still}><Window /></ContextProvider<Still>></Knowing> }
}

fn feed<R: Row>(first: Batch<R>) -> FeedState<R> {
    let mut store = Store::default();
    store.apply(first);
    FeedState::of(store)
}
