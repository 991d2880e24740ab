//! What becomes of a start while KOS runs, and of the files that a start names?

use std::path::{Path, PathBuf};

use api::files::AddPaths;
use tauri::{AppHandle, Manager};

use crate::arguments::Arguments;
use crate::page;
use crate::starting::Core;

/// A second start hands over to the first: its window comes to the front and reads the files that were named.
#[expect(clippy::needless_pass_by_value, reason = "the plug-in hands them over")]
pub(crate) fn take(app: &AppHandle, words: Vec<String>, folder: String) {
    page::focus(app);
    // A demo that does not exist opens nothing here either; the window that stands is enough of an answer.
    if let Ok(arguments) = Arguments::read(words.into_iter().skip(1), Path::new(&folder)) {
        add(app, arguments.files);
    }
}

/// Puts files on the list, as the page does for dropped ones.
pub(crate) fn add(app: &AppHandle, files: Vec<PathBuf>) {
    let (false, Some(core)) = (files.is_empty(), app.try_state::<Core>()) else { return };
    let (core, paths) = (core.inner().clone(), files.iter().map(|file| file.display().to_string()).collect());
    tauri::async_runtime::spawn(async move {
        let added = async { core.engine().await?.call(AddPaths { paths }.into()).await };
        if let Err(why) = added.await {
            eprintln!("{} {}", why.sentence, why.unharmed);
        }
    });
}
