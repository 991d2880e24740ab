//! Where do the first rows come from before the page runs?
//!
//! The core knows the contexts long before WebKit has read the page's program. Start at: [`First::draw`].

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use api::{Batch, Feed, Pull, feed};
use engine::Engine;
use tauri::http::{Request, Response};
use ui::first::{Known, Picture, draw};

/// The first view of this window, once it is drawn. Only the first document carries it: a later one, after the page died,
/// would show what has changed since.
#[derive(Debug, Clone)]
pub(crate) struct First {
    picture: Arc<OnceLock<Picture>>,
    put: Arc<OnceLock<()>>,
    highest: u32,
}

impl First {
    /// `highest` is as high as a window can be, in CSS pixels.
    pub(crate) fn up_to(highest: u32) -> Self {
        Self { picture: Arc::default(), put: Arc::default(), highest }
    }

    /// Draws what the core knows at its start. Without an answer there is no picture, and the page draws alone.
    pub(crate) async fn draw(self, engine: Engine) {
        let Some(known) = known(&engine, self.highest).await else { return };
        // Yew draws on one thread; it is gone when the picture stands.
        let drawn = tauri::async_runtime::spawn_blocking(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().build().ok()?;
            Some(runtime.block_on(tokio::task::LocalSet::new().run_until(draw(known))))
        });
        if let Ok(Some(picture)) = drawn.await {
            let _ = self.picture.set(picture);
        }
    }

    /// Puts the picture into the document that is on its way to the window.
    pub(crate) fn put(&self, request: &Request<Vec<u8>>, response: &mut Response<Cow<'static, [u8]>>) {
        let is_page = matches!(request.uri().path(), "" | "/" | "/index.html");
        let (Some(picture), true) = (self.picture.get(), is_page && self.put.set(()).is_ok()) else { return };
        if let Some(document) = picture.over(&String::from_utf8_lossy(response.body())) {
            *response.body_mut() = Cow::Owned(document.into_bytes());
        }
    }
}

/// None of these asks anybody outside of KOS.
async fn known(engine: &Engine, highest: u32) -> Option<Known> {
    let zone = jiff::Zoned::now().offset().seconds() / 60;
    Some(Known {
        files: ask(engine, feed::Files).await?,
        contexts: ask(engine, feed::Contexts).await?,
        jobs: ask(engine, feed::Jobs).await?,
        computer: ask(engine, feed::Computer).await?,
        settings: ask(engine, feed::Settings).await?,
        zone_minutes: zone,
        highest,
    })
}

/// The first answer of a stream.
async fn ask<F: Feed>(engine: &Engine, feed: F) -> Option<Batch<F::Row>> {
    let stream = engine.subscribe(feed.topic()).await.ok()?;
    let bytes = engine.pull(Pull { stream, cursor: 0, wait_ms: 0 }).await.ok();
    // A stream that is gone already is what was wanted.
    let _ = engine.unsubscribe(stream).await;
    api::from_bytes(&bytes?)
}

#[cfg(test)]
mod tests {
    use api::{Batch, Status};

    use super::{Known, draw};

    #[tokio::test]
    async fn the_document_in_the_program_has_a_place_for_the_first_picture() {
        let known = Known {
            files: Batch::Snapshot { at: 1, status: Status::Live, rows: vec![] },
            contexts: Batch::Snapshot { at: 1, status: Status::Live, rows: vec![] },
            jobs: Batch::Snapshot { at: 1, status: Status::Live, rows: vec![] },
            computer: Batch::Snapshot { at: 1, status: Status::Live, rows: vec![] },
            settings: Batch::Snapshot { at: 1, status: Status::Live, rows: vec![] },
            zone_minutes: 0,
            highest: 800,
        };
        let picture = tokio::task::LocalSet::new().run_until(draw(known)).await;
        // Tauri writes the document anew when it builds it in.
        let context = crate::context();
        let document = context.assets().get(&"index.html".into()).expect("the document is in the program");
        let document = picture.over(&String::from_utf8_lossy(&document)).expect("it has a place for the picture");
        assert!(document.contains("<div id=\"first\""));
    }
}
