//! What becomes of a window that stays blank?
//!
//! Some drivers draw nothing through DMA buffers and report no error. A window whose page does not tell of its first view
//! starts once more without them, and so does every later one (tauri-apps/tauri#9304). Start at: [`Blank::watch`].

use std::fs;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use engine::Home;
use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};
use tauri::{AppHandle, Manager};
use tokio::time::timeout;

use crate::arguments::Graphics;
use crate::page;
use crate::starting::Core;

/// From a core that answers to a page that asks; a usual start takes a twentieth of it, a crowded machine a third.
const FIRST_QUESTION: Duration = Duration::from_secs(15);
/// From a page that asks to its first view.
const FIRST_VIEW: Duration = Duration::from_secs(5);

/// Whether this start ends in another one.
#[derive(Debug, Default)]
pub(crate) struct Blank {
    again: AtomicBool,
}

impl Blank {
    /// Waits for the first view. With safe graphics already there is nothing else to try.
    pub(crate) async fn watch(app: AppHandle, home: Home, graphics: Graphics) {
        if graphics == Graphics::Safe {
            return;
        }
        let core = app.state::<Core>().inner().clone();
        let Ok(engine) = core.engine().await else { return };
        let asked = timeout(FIRST_QUESTION, core.asked()).await.is_ok();
        let drawn = asked && timeout(FIRST_VIEW, engine.drawn()).await.is_ok();
        // A window that nobody sees has no reason to draw.
        if drawn || !page::is_seen(&app) {
            return;
        }
        if let Err(cause) = home.keep_safe_graphics() {
            eprintln!("That the window stayed blank cannot be kept in {}: {cause}", home.state.display());
        }
        eprintln!("The window stays blank; KOS starts once more with --safe-graphics.");
        app.state::<Self>().again.store(true, Ordering::Relaxed);
        app.exit(0);
    }

    /// Called last of all: starts the program anew in its place when its window stayed blank.
    #[expect(clippy::disallowed_methods, reason = "it takes the place of this program, so that nobody is left to own it")]
    pub(crate) fn follow(&self) {
        if self.again.load(Ordering::Relaxed)
            && let Ok(kos) = std::env::current_exe()
        {
            end_pages();
            let failed = Command::new(kos).args(std::env::args_os().skip(1)).arg("--safe-graphics").exec();
            eprintln!("KOS did not start again: {failed}");
        }
    }
}

/// Ends the programs in which WebKit drew: one that hangs does not hear that its window is gone, and would stay behind.
fn end_pages() {
    let threads = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let children: Vec<String> = threads.filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok()).collect();
    for child in children.iter().flat_map(|list| list.split_whitespace()) {
        let draws =
            fs::read_link(format!("/proc/{child}/exe")).is_ok_and(|exe| exe.file_name().is_some_and(|name| name.to_string_lossy().starts_with("WebKit")));
        if draws && let Some(pid) = child.parse().ok().and_then(Pid::from_raw) {
            // One that ended meanwhile is what was wanted.
            let _ = kill_process(pid, Signal::KILL);
            let _ = waitpid(Some(pid), WaitOptions::empty());
        }
    }
}
