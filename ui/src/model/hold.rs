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

    #[test]
    fn without_a_known_context_the_choice_counts() {
        let choices = Choices { write_wait_seconds: 900, ..Choices::default() };
        assert_eq!(wait(&choices, &[], &ContextId::from("a")), MOST);
    }
}
