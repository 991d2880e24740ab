//! Which files does the project have?

use std::path::{Path, PathBuf};

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every file of the project with that ending, without what is built or fetched.
pub(crate) fn files(ending: &str) -> Vec<PathBuf> {
    let mut found = vec![];
    walk(&root(), ending, &mut found);
    found.sort();
    assert!(!found.is_empty(), "no {ending} file was found: the walk is broken");
    found
}

/// Every file that is run by a shell: by its ending, or because its first line names one.
pub(crate) fn scripts() -> Vec<PathBuf> {
    let named = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "sh");
    // Attributes of Rust begin with the same two bytes.
    let begins = |path: &PathBuf| std::fs::read(path).is_ok_and(|bytes| bytes.starts_with(b"#!/"));
    files("").into_iter().filter(|path| named(path) || begins(path)).collect()
}

fn walk(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the project can be read") {
        let path = entry.expect("the project can be read").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if !["target", "dist", "node_modules", ".git", ".cache", "gen"].contains(&name.as_str()) {
                walk(&path, ending, found);
            }
        } else if name.ends_with(ending) {
            found.push(path);
        }
    }
}

pub(crate) fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}
