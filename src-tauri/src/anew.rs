//! How does KOS start anew, in its own place, when its page does not stand with usual graphics?
//!
//! With safe graphics, and so does every later start. Start at: [`Anew::with_safe_graphics`].

use std::fs;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

use engine::Home;
use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};
use tauri::{AppHandle, Manager};

/// Whether this start ends in another one.
#[derive(Debug)]
pub(crate) struct Anew {
    home: Home,
    wanted: AtomicBool,
}

impl Anew {
    pub(crate) fn of(home: Home) -> Self {
        Self { home, wanted: AtomicBool::new(false) }
    }

    /// Ends this start, says why, and keeps for all later ones that usual graphics are no good here. Once is enough.
    pub(crate) fn with_safe_graphics(app: &AppHandle, why: &str) {
        let anew = app.state::<Self>();
        if anew.wanted.swap(true, Ordering::Relaxed) {
            return;
        }
        if let Err(cause) = anew.home.keep_safe_graphics() {
            eprintln!("That safe graphics are wanted cannot be kept in {}: {cause}", anew.home.state.display());
        }
        eprintln!("{why}; KOS starts once more with --safe-graphics.");
        app.exit(0);
    }

    /// Safe graphics do not help either: the next start tries usual ones.
    #[cfg(target_os = "linux")]
    pub(crate) fn forget_safe_graphics(&self) {
        if let Err(cause) = self.home.forget_safe_graphics() {
            eprintln!("That safe graphics are wanted cannot be forgotten in {}: {cause}", self.home.state.display());
        }
    }

    /// Called last of all: starts the program anew in its place, if that is wanted.
    #[expect(clippy::disallowed_methods, reason = "it takes the place of this program, so that nobody is left to own it")]
    pub(crate) fn follow(&self) {
        if self.wanted.load(Ordering::Relaxed)
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
