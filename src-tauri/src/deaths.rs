//! Is a page that died loaded again?
//!
//! One that dies at every start would be loaded for ever, behind a white window. Start at: [`Deaths::one_more`].

use crate::arguments::Graphics;

/// So many pages in a row that ended before their first view are not a chance any more.
const ENOUGH: u32 = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum After {
    LoadAgain,
    /// KOS starts once more with safe graphics: WebKit aborts where a driver gives it no display for DMA buffers
    /// (music-assistant/desktop-app#61). No page has stood, so that nobody has begun a job in this start that would be cut off.
    StartSafely,
    /// Words stand in place of the page until somebody wants it again, who has as many tries as the first start.
    SayWhy,
    /// The same. No page has stood with safe graphics: they do not help, and there are drivers with which it is they that
    /// do harm (farion1231/cc-switch#6514), so that the next start tries usual ones.
    SayWhyAndForget,
}

/// The pages of this window that died.
#[derive(Debug, Default)]
pub(crate) struct Deaths {
    /// How many had stood at the last death.
    stood: u64,
    /// How many died since then.
    in_vain: u32,
}

impl Deaths {
    /// Counts a death, by how many pages of this window have stood so far; the one that died is among them when it did.
    pub(crate) fn one_more(&mut self, stood: u64, graphics: Graphics) -> After {
        if stood > self.stood {
            *self = Self { stood, in_vain: 0 };
            return After::LoadAgain;
        }
        self.in_vain += 1;
        if self.in_vain < ENOUGH {
            return After::LoadAgain;
        }
        self.in_vain = 0;
        match (graphics, stood) {
            (Graphics::Usual, 0) => After::StartSafely,
            (Graphics::Safe, 0) => After::SayWhyAndForget,
            (Graphics::Usual | Graphics::Safe, _) => After::SayWhy,
        }
    }
}

/// What is said once there were enough of them; a sentence goes on with it.
pub(crate) fn happened() -> String {
    format!("The page of KOS ended {ENOUGH} times while it was starting")
}

#[cfg(test)]
mod tests {
    use super::After::{self, LoadAgain, SayWhy, SayWhyAndForget, StartSafely};
    use super::Deaths;
    use crate::arguments::Graphics::{self, Safe, Usual};

    #[test]
    fn a_page_is_loaded_again_until_three_in_a_row_died_before_they_stood() {
        // How many pages had stood at each death, and what comes after it.
        type Lives<'a> = &'a [(u64, After)];
        let cases: [(&str, Graphics, Lives<'_>); 8] = [
            ("none stands", Usual, &[(0, LoadAgain), (0, LoadAgain), (0, StartSafely)]),
            ("none stands with safe graphics", Safe, &[(0, LoadAgain), (0, LoadAgain), (0, SayWhyAndForget)]),
            ("each stands for a while", Usual, &[(1, LoadAgain), (2, LoadAgain), (3, LoadAgain), (4, LoadAgain), (5, LoadAgain)]),
            ("one stood and a job may run, its followers do not", Usual, &[(1, LoadAgain), (1, LoadAgain), (1, LoadAgain), (1, SayWhy)]),
            ("one stood with safe graphics, its followers do not", Safe, &[(1, LoadAgain), (1, LoadAgain), (1, LoadAgain), (1, SayWhy)]),
            ("one stands in time", Usual, &[(0, LoadAgain), (0, LoadAgain), (1, LoadAgain), (1, LoadAgain), (1, LoadAgain), (1, SayWhy)]),
            (
                "somebody tries again",
                Safe,
                &[(0, LoadAgain), (0, LoadAgain), (0, SayWhyAndForget), (0, LoadAgain), (0, LoadAgain), (0, SayWhyAndForget), (1, LoadAgain)],
            ),
            (
                "somebody tries again where one stood",
                Usual,
                &[(1, LoadAgain), (1, LoadAgain), (1, LoadAgain), (1, SayWhy), (1, LoadAgain), (1, LoadAgain), (1, SayWhy), (2, LoadAgain)],
            ),
        ];
        for (case, graphics, lives) in cases {
            let mut deaths = Deaths::default();
            let after: Vec<After> = lives.iter().map(|(stood, _)| deaths.one_more(*stood, graphics)).collect();
            let wanted: Vec<After> = lives.iter().map(|(_, after)| *after).collect();
            assert_eq!(after, wanted, "{case}");
        }
    }
}
