//! Is this file the one that was pinned?

use std::fmt::Write as _;
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest as _, Sha256};

const PIECE_BYTES: usize = 128 * 1024;

/// A SHA-256, shown as 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest(String);

impl Digest {
    /// Reads a digest, `None` when it is not one.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        (text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| Self(text.to_ascii_lowercase()))
    }

    /// A constant of ours; `releases` proves by a test that each is one.
    pub(crate) fn of_constant(text: &'static str) -> Self {
        Self(text.to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Computes the digest of a file; blocks.
pub fn of_file(path: &Path) -> io::Result<Digest> {
    let mut file = std::fs::File::open(path)?;
    let mut hash = Sha256::new();
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            break;
        }
        hash.update(piece.get(..read).unwrap_or_default());
    }
    let mut text = String::with_capacity(64);
    for byte in hash.finalize() {
        // Writing into a String does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    Ok(Digest(text))
}
