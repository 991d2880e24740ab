//! Where does cargo-deny come from?

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::cache;
use crate::programs::{cargo_path, output, run};

const VERSION: &str = "0.20.2";

/// Gives cargo-deny: from the PATH, else built once into the cache.
pub(crate) fn program() -> Result<PathBuf> {
    // It reads every crate of the lock file, those for other systems too, and a build fetches only its own.
    run(Command::new(cargo_path()).args(["fetch", "--locked", "--quiet"]))?;
    if output("cargo-deny", &["--version"]).is_some() {
        return Ok("cargo-deny".into());
    }
    let folder = cache::folder(&format!("programs/cargo-deny-{VERSION}"))?;
    let program = folder.join("bin/cargo-deny");
    if !program.exists() {
        // Its own target folder: the project's would be told other flags. Not optimised: that takes longer than all its checks.
        run(Command::new(cargo_path())
            .args(["install", "cargo-deny", "--debug", "--version", VERSION, "--locked", "--quiet", "--root"])
            .arg(&folder)
            .env_remove("CARGO_TARGET_DIR"))?;
    }
    Ok(program)
}
