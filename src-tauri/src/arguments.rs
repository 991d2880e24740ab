//! What was asked on the command line?

use std::path::{Path, PathBuf};

use api::computer::Mode;
use engine::Home;

pub(crate) struct Arguments {
    pub(crate) home: Home,
    pub(crate) mode: Mode,
    pub(crate) graphics: Graphics,
    /// Kubeconfigs to be read from now on.
    pub(crate) files: Vec<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Graphics {
    Usual,
    /// For drivers that show a blank window.
    Safe,
}

impl Arguments {
    /// Reads what it knows; a desktop may add arguments of its own, so the rest is no error.
    ///
    /// Shape: what is no option is a file, below `folder` when its path is not full.
    pub(crate) fn read(words: impl Iterator<Item = String>, folder: &Path) -> Self {
        let home = Home::of_the_user().unwrap_or_else(Home::nowhere);
        let mut arguments = Self { home, mode: Mode::Real, graphics: Graphics::Usual, files: vec![] };
        let mut words = words.peekable();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--demo" => arguments.mode = Mode::Demo,
                "--safe-graphics" => arguments.graphics = Graphics::Safe,
                "--home" => {
                    if let Some(folder) = words.next() {
                        arguments.home = Home::below(folder.as_ref());
                    }
                }
                option if option.starts_with('-') => {}
                file => arguments.files.push(folder.join(file.strip_prefix("file://").unwrap_or(file))),
            }
        }
        arguments
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::Arguments;

    #[test]
    fn what_is_no_option_is_a_file() {
        let read = |words: &[&str]| Arguments::read(words.iter().map(|w| (*w).to_owned()), Path::new("/here")).files;
        assert_eq!(
            read(&["--demo", "a.yaml", "/b/c.yaml", "file:///d.yaml", "--home", "/h", "--gapplication-service"]),
            [PathBuf::from("/here/a.yaml"), PathBuf::from("/b/c.yaml"), PathBuf::from("/d.yaml"),]
        );
        assert_eq!(read(&[]), Vec::<PathBuf>::new());
    }
}
