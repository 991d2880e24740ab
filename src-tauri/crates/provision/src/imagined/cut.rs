//! How does Docker go away in the middle of an answer?

use super::State;

/// What becomes of the daemon while it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    Never,
    /// It goes away in its next answer to this word.
    Away(&'static str),
    /// The same, and a service starts it again at once.
    Restarted(&'static str),
}

impl State {
    /// What docker makes of an answer that breaks off.
    pub(super) fn cut_off(&mut self, asked: &str) -> Option<(i32, String, String)> {
        let answers_again = match self.cut {
            Cut::Away(word) if self.docker && word == asked => false,
            Cut::Restarted(word) if self.docker && word == asked => true,
            Cut::Never | Cut::Away(_) | Cut::Restarted(_) => return None,
        };
        self.cut = Cut::Never;
        self.docker = answers_again;
        Some((1, String::new(), "unexpected EOF".to_owned()))
    }
}
