//! Which crates is this program made of?
//!
//! `kos --crates` prints them, so that what is installed can be looked up in the lists of known faults.

use std::io::Write;

/// `name version`, a crate a line, as Cargo.lock had them when this was built.
const CRATES: &str = include_str!(concat!(env!("OUT_DIR"), "/crates.txt"));

/// Prints the list when it is asked for; needs no screen and reads no file.
pub(crate) fn told(mut words: impl Iterator<Item = String>) -> bool {
    let asked = words.any(|word| word == "--crates");
    if asked {
        // Who closes the pipe has read enough.
        let _ = std::io::stdout().write_all(CRATES.as_bytes());
    }
    asked
}
