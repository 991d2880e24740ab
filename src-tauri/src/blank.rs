//! Does a window stay blank?
//!
//! Some drivers draw nothing through DMA buffers and report no error. A window whose page does not tell of its first view
//! starts once more without them (tauri-apps/tauri#9304). Start at: [`watch`].

use std::time::Duration;

use tauri::{AppHandle, Manager};
use tokio::time::timeout;

use crate::anew::Anew;
use crate::arguments::Graphics;
use crate::page;
use crate::starting::Core;

/// From a core that answers to a page that asks; a usual start takes a twentieth of it, a crowded machine a third.
const FIRST_QUESTION: Duration = Duration::from_secs(15);
/// From a page that asks to its first view.
const FIRST_VIEW: Duration = Duration::from_secs(5);

/// Waits for the first view. With safe graphics already there is nothing else to try.
///
/// With usual ones no words stand in place of a page before that view (`deaths.rs`): nobody reads what this ends.
pub(crate) async fn watch(app: AppHandle, graphics: Graphics) {
    if graphics == Graphics::Safe {
        return;
    }
    let core = app.state::<Core>().inner().clone();
    let Ok(engine) = core.engine().await else { return };
    let asked = timeout(FIRST_QUESTION, core.asked()).await.is_ok();
    let drawn = asked && timeout(FIRST_VIEW, engine.drawn()).await.is_ok();
    // A window that nobody sees has no reason to draw.
    if !drawn && page::is_seen(&app) {
        Anew::with_safe_graphics(&app, "The window stays blank");
    }
}
