//! Where does the script come from that looks for barriers in a page?

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::cache;
use crate::programs::run;

/// Its version and its digest; the lock file of npm holds both.
const FILES: [&str; 2] = ["package.json", "package-lock.json"];

/// Gives axe, fetched once into the cache; npm refuses another file than the one that is pinned.
pub(crate) fn script() -> Result<PathBuf> {
    let lock = fs::read_to_string("tests/axe/package-lock.json")?;
    let version = lock.lines().skip_while(|line| !line.contains("node_modules/axe-core")).find_map(|line| line.trim().strip_prefix("\"version\": \""));
    let version = version.context("the lock file names no version of axe")?.trim_end_matches([',', '"']);
    let folder = cache::folder(&format!("programs/axe-{version}"))?;
    let script = folder.join("node_modules/axe-core/axe.min.js");
    if !script.exists() {
        for file in FILES {
            fs::copy(PathBuf::from("tests/axe").join(file), folder.join(file))?;
        }
        run(Command::new("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix"]).arg(&folder))?;
    }
    Ok(script)
}
