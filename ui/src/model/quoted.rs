//! How are words and paths written that a shell reads back, or that a person types?

/// A name as a shell reads it back.
pub fn quoted(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ':' | '@');
    if !name.is_empty() && name.chars().all(plain) { name.to_owned() } else { format!("'{}'", name.replace('\'', r"'\''")) }
}

/// A path, of which a home folder at its head is the shell's to fill in.
pub fn quoted_path(path: &str) -> String {
    path.strip_prefix("~/").map_or_else(|| quoted(path), |below| format!("~/{}", quoted(below)))
}

/// Whether a path that is typed says where it begins: at the root, or with `~/` in the folder of the user.
pub fn is_full(path: &str) -> bool {
    path.starts_with('/') || path.starts_with("~/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_reaches_a_shell_as_it_is() {
        for (word, shell) in [("lab-a", "lab-a"), ("", "''"), ("two words", "'two words'"), ("it's", r"'it'\''s'"), ("$(x)", "'$(x)'")] {
            assert_eq!(quoted(word), shell);
        }
        for (path, full) in [("/srv/labs", true), ("~/labs", true), ("labs", false), ("~jo/labs", false), ("", false)] {
            assert_eq!(is_full(path), full, "{path}");
        }
        assert_eq!((quoted_path("~/src/my labs").as_str(), quoted_path("/srv/labs").as_str()), ("~/'src/my labs'", "/srv/labs"));
    }
}
