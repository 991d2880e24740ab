//! How does git note which files are staged? For the checkout of the demo, and for tests.

use sha1::{Digest, Sha1};

/// The note that nothing was staged since the last commit: the root has one entry and no folder below.
pub const UNTOUCHED: &[u8] = b"\x001 0\n01234567890123456789";

/// An index of these files, by their paths in the checkout; `tree` is what it notes of the last commit.
pub fn index(files: &[(&str, &[u8])], tree: &[u8]) -> Vec<u8> {
    let number = |length: usize| u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes();
    let mut all = [b"DIRC".as_slice(), &2u32.to_be_bytes(), &number(files.len())].concat();
    for (path, content) in files {
        let mut one = vec![0; 24];
        one.extend(0o100_644u32.to_be_bytes());
        one.extend([0; 8]);
        one.extend(number(content.len()));
        one.extend(blob(content));
        one.extend(u16::try_from(path.len()).unwrap_or(u16::MAX).to_be_bytes());
        one.extend(path.as_bytes());
        one.resize((one.len() + 8) & !7, 0);
        all.extend(one);
    }
    all.extend(b"TREE");
    all.extend(number(tree.len()));
    all.extend(tree);
    all.extend([0; 20]);
    all
}

/// The name that git gives to the content of a file.
pub fn blob(bytes: &[u8]) -> [u8; 20] {
    let mut hash = Sha1::new();
    hash.update(format!("blob {}\0", bytes.len()));
    hash.update(bytes);
    hash.finalize().into()
}
