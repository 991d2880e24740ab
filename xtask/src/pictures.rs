//! How does every screen look, in both themes?

use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::page::Profile;
use crate::webdriver::Session;
use crate::window;

/// Takes a picture of each screen through WebDriver: exact pixels of the page, no window manager needed.
pub(crate) fn take(profile: Profile, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    let screen = window::Screen::open()?;
    let port = window::free_port()?;
    let mut bus = window::session_bus();
    let driver = screen.dress(&mut bus).arg("WebKitWebDriver").arg(format!("--port={port}")).env("TAURI_WEBVIEW_AUTOMATION", "true");
    let _driver = window::Owned::spawn(driver)?;
    let session = Session::open(port, &window::binary(profile)?, &[])?;
    session.wait_for("html[data-ready=yes]")?;
    let to = folder.join("start.png");
    fs::write(&to, session.screenshot()?)?;
    eprintln!("{}", to.display());
    session.close()
}
