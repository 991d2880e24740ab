//! How long does a write wait before it is sent?

use std::rc::Rc;

use api::{
    ContextId,
    contexts::{ContextRow, Guard},
    settings::Choices,
};

/// Protected contexts always wait as long as this.
pub const PROTECTED: u32 = 5;
/// Nobody waits longer.
pub const MOST: u32 = 60;

/// Seconds before a write into a context leaves.
pub fn wait(choices: &Choices, contexts: &[Rc<ContextRow>], context: &ContextId) -> u32 {
    let chosen = choices.write_wait_seconds.min(MOST);
    let protected = contexts.iter().any(|row| row.id == *context && row.guard == Guard::Protected);
    if protected { chosen.max(PROTECTED) } else { chosen }
}

/// A write that waits, for what was shown when its button was pressed.
#[derive(Debug, Clone, PartialEq)]
pub struct Waiting<S, W> {
    pub shown: S,
    /// Seconds.
    pub left: u32,
    pub write: W,
}

/// What a second makes of a write that waits.
#[derive(Debug, Clone, PartialEq)]
pub enum Beat<S, W> {
    Waits(Waiting<S, W>),
    Leaves(W),
}

impl<S: PartialEq, W> Waiting<S, W> {
    /// Itself as long as the same is shown: what can no longer be read is not sent.
    pub fn while_shown(self, now: &S) -> Option<Self> {
        (self.shown == *now).then_some(self)
    }

    /// One second later.
    pub fn later(self) -> Beat<S, W> {
        match self.left {
            0 | 1 => Beat::Leaves(self.write),
            left => Beat::Waits(Self { left: left - 1, ..self }),
        }
    }
}

/// What was typed as seconds, when it is a number that can be waited for.
pub fn seconds(text: &str) -> Option<u32> {
    text.trim().parse().ok().filter(|seconds| *seconds <= MOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_a_number_up_to_a_minute() {
        for (typed, read) in [("5", Some(5)), (" 0 ", Some(0)), ("60", Some(60)), ("61", None), ("-1", None), ("", None), ("5 s", None)] {
            assert_eq!(seconds(typed), read, "{typed:?}");
        }
    }

    fn waiting(left: u32) -> Waiting<&'static str, &'static str> {
        Waiting { shown: "5 machines", left, write: "the write of 5" }
    }

    #[test]
    fn a_write_leaves_when_its_seconds_are_over() {
        assert_eq!(waiting(2).later(), Beat::Waits(waiting(1)));
        assert_eq!(waiting(1).later(), Beat::Leaves("the write of 5"));
    }

    #[test]
    fn a_write_waits_only_as_long_as_the_same_is_shown() {
        assert_eq!(waiting(4).while_shown(&"5 machines"), Some(waiting(4)));
        assert_eq!(waiting(4).while_shown(&"3 machines"), None, "5 would be written below a plan of 3");
    }

    #[test]
    fn without_a_known_context_the_choice_counts() {
        let choices = Choices { write_wait_seconds: 900, ..Choices::default() };
        assert_eq!(wait(&choices, &[], &ContextId::from("a")), MOST);
    }
}
