//! How does every screen look, in both themes?

use std::path::Path;

use anyhow::Result;

use crate::page::Profile;
use crate::programs::run;
use crate::window;

/// Walks the tour of the tests with the real window, which takes a picture of each screen.
pub(crate) fn take(profile: Profile, folder: &Path) -> Result<()> {
    let mut pictures = window::on_a_screen(&window::program(profile, "pictures")?)?;
    run(pictures.command.arg(std::path::absolute(folder)?).env("KOS_BINARY", window::binary(profile)?))
}
