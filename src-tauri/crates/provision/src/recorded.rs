//! What did the real programs say? For tests: reads `tests/data`.

/// The lines of a transcript, without their times; notes and exit codes are left out.
///
/// Two forms were recorded: `   0.250 err| text` and `+   0.262 err| text`.
pub(crate) fn lines(file: &str) -> Vec<String> {
    text(file).lines().filter_map(|line| line.split_once("err| ").or_else(|| line.split_once("out| "))).map(|(_, said)| said.to_owned()).collect()
}

/// A file of recorded data as it is.
pub(crate) fn text(file: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(file);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}
