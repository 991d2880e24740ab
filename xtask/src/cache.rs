//! Where is kept what outlives a clone?
//!
//! Everything below one folder, named by the hash of what it is made from, so that a stale thing is never used.

use std::path::PathBuf;

use anyhow::Result;

/// `KOS_CACHE`, else `~/.cache/kos-build`.
pub(crate) fn folder(name: &str) -> Result<PathBuf> {
    let base = std::env::var_os("KOS_CACHE").map(PathBuf::from).unwrap_or_else(|| {
        let home = std::env::var_os("HOME").map_or_else(|| "/tmp".into(), PathBuf::from);
        std::env::var_os("XDG_CACHE_HOME").map_or_else(|| home.join(".cache"), PathBuf::from).join("kos-build")
    });
    let folder = base.join(name);
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}
