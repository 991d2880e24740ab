//! What does the window keep before this computer sleeps?

use tauri::{AppHandle, Manager};
use tauri_plugin_window_state::{AppHandleExt, StateFlags};

use crate::starting::Core;

/// Keeps place and size of the window before each sleep; otherwise they are kept at its end alone.
pub(crate) async fn keep_the_window(app: AppHandle) {
    let core = app.state::<Core>().inner().clone();
    let Ok(engine) = core.engine().await else { return };
    let mut sleeps = engine.sleeps();
    while sleeps.changed().await.is_ok() {
        let window = app.clone();
        // On the thread of windows: on another one it would wait for a resize of the same moment, and that for it.
        let asked = app.run_on_main_thread(move || {
            if let Err(cause) = window.save_window_state(StateFlags::default()) {
                eprintln!("Place and size of the window are not kept: {cause}");
            }
        });
        if asked.is_err() {
            return;
        }
    }
}
