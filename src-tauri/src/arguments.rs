//! What was asked on the command line?

use api::computer::Mode;
use engine::Home;

pub(crate) struct Arguments {
    pub(crate) home: Home,
    pub(crate) mode: Mode,
    pub(crate) graphics: Graphics,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Graphics {
    Usual,
    /// For drivers that show a blank window.
    Safe,
}

impl Arguments {
    /// Reads what it knows; a desktop may add arguments of its own, so the rest is no error.
    pub(crate) fn read(words: impl Iterator<Item = String>) -> Self {
        let mut arguments = Self { home: Home::of_the_user().unwrap_or_else(Home::nowhere), mode: Mode::Real, graphics: Graphics::Usual };
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
                _ => {}
            }
        }
        arguments
    }
}
