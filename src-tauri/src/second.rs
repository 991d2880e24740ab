//! What becomes of a start while KOS runs, and of the files that a start names?

use std::path::{Path, PathBuf};

use api::files::AddPaths;
use engine::Home;
use tauri::{AppHandle, Emitter, Manager};

use crate::arguments::Arguments;
use crate::page;
use crate::starting::Core;

/// What the page hears when files are dropped on the window.
const DROPPED: &str = "tauri://drag-drop";

/// The name by which a second start finds the first on the bus of the session: one that keeps its things elsewhere is
/// another KOS, and both run.
pub(crate) fn name(identifier: &str, home: &Home) -> String {
    // FNV-1a of 64 bits tells folders apart; nobody gains anything by two that are alike.
    let mix = |sum: u64, byte: &u8| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    let digest = home.state.as_os_str().as_encoded_bytes().iter().fold(0xcbf2_9ce4_8422_2325, mix);
    format!("{identifier}.of-{digest:016x}")
}

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
    let (app, core) = (app.clone(), core.inner().clone());
    let paths: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    tauri::async_runtime::spawn(async move {
        let added = async { core.engine().await?.call(AddPaths { paths: paths.clone() }.into()).await };
        if let Err(why) = added.await {
            eprintln!("{} {}", why.sentence, why.unharmed);
            // Nobody reads that who started it from a desktop: the page asks for the same files and says the same in the window.
            let _ = app.emit(DROPPED, serde_json::json!({ "paths": paths }));
        }
    });
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use engine::Home;

    use super::name;

    #[test]
    fn each_home_has_a_name_of_its_own_on_the_bus() {
        let of = |folder: &str| name("dev.kos.app", &Home::below(Path::new(folder)));
        assert_eq!(of("/home/jo"), of("/home/jo"));
        assert_ne!(of("/home/jo"), of("/home/jo2"));
        // A part of such a name may not begin with a digit.
        let parts: Vec<String> = of("/home/jo").split('.').map(str::to_owned).collect();
        assert!(parts.len() == 4 && parts.iter().all(|part| part.starts_with(|c: char| c.is_ascii_alphabetic())), "{parts:?}");
    }
}
