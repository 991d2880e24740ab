//! How is a window opened and asked, so that two windows can be compared?

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use serde_json::json;

use super::desk::Desk;
use crate::webdriver::Session;
use crate::window::{self, Owned, Screen};

/// When the first document was painted, by the machine's clock.
const PAINTED: &str = "const done = arguments[arguments.length - 1]; let frames = 0; const look = () => { \
    const paint = performance.getEntriesByName('first-contentful-paint')[0]; \
    const whole = performance.timing.domInteractive - performance.timing.navigationStart; \
    if (!paint && ++frames < 60) { requestAnimationFrame(look); } \
    else { done(paint && whole <= paint.startTime ? performance.timeOrigin + paint.startTime : null); } }; look()";

/// A window under a driver, on a screen that others share.
pub(crate) struct Stage {
    pub(crate) page: Session,
    _driver: Owned,
    /// The machine's clock at the request for the window, in milliseconds.
    began: f64,
    /// From the request for the window until the page showed what was waited for, in milliseconds.
    pub(crate) took_ms: f64,
}

impl Stage {
    /// Opens a window and waits until its page says `text`. `around` goes before the driver: `strace` and its arguments.
    pub(crate) fn open(screen: &Screen, desk: &Desk, binary: &Path, text: &str, around: &[&str]) -> Result<Self> {
        let port = window::free_port()?;
        let mut bus = window::session_bus();
        let driver = screen.dress(&mut bus).args(around).arg("WebKitWebDriver").arg(format!("--port={port}"));
        let driver = desk.seat(driver).env("TAURI_WEBVIEW_AUTOMATION", "true").stdout(Stdio::null()).stderr(Stdio::null());
        let driver = Owned::spawn(driver)?;
        Session::wait_for_driver(port)?;
        let began = now_ms()?;
        let page = Session::open(port, binary, &[])?;
        let mut stage = Self { page, _driver: driver, began, took_ms: 0.0 };
        stage.took_ms = stage.when(&format!("document.body?.textContent.includes({})", json!(text)))?;
        Ok(stage)
    }

    /// From the request for the window until its first document was first on the screen, in milliseconds, by the page's own
    /// record: a look from outside has its turn only after the page's program has begun. `None` when it was painted before it
    /// was whole, or no paint is on record.
    pub(crate) fn painted(&self) -> Result<Option<f64>> {
        let answer = self.page.script_that_answers(PAINTED)?;
        Ok(answer.as_f64().map(|at| at - self.began))
    }

    /// From the request for the window until this became true in its page, in milliseconds.
    pub(crate) fn when(&self, condition: &str) -> Result<f64> {
        // One look a frame, from within: looking from outside would slow down what is looked at.
        let look =
            format!("const done = arguments[arguments.length - 1]; const look = () => {condition} ? done(Date.now()) : requestAnimationFrame(look); look()");
        Ok(self.page.script_that_answers(&look)?.as_f64().context("the page told no time")? - self.began)
    }
}

/// Starts a window without a driver, as a user would.
pub(crate) fn plain(screen: &Screen, desk: &Desk, binary: &Path) -> Result<Owned> {
    let mut bus = window::session_bus();
    Owned::spawn(desk.seat(screen.dress(&mut bus)).arg(binary).stdout(Stdio::null()).stderr(Stdio::null()))
}

/// The page's own clock, which is the machine's.
fn now_ms() -> Result<f64> {
    Ok(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs_f64() * 1000.0)
}

/// Whether a program is there.
pub(crate) fn has(program: &str) -> bool {
    Command::new(program).arg("-V").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}
