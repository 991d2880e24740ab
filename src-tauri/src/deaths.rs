//! Is a page that died loaded again?
//!
//! One that dies at every start would be loaded for ever, behind a white window. Start at: [`Deaths::one_more`].

/// So many pages in a row that ended before their first view are not a chance any more.
pub(crate) const ENOUGH: u32 = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum After {
    LoadAgain,
    /// Words stand in place of the page until somebody wants it again, who has as many tries as the first start.
    SayWhy,
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
    pub(crate) fn one_more(&mut self, stood: u64) -> After {
        if stood > self.stood {
            *self = Self { stood, in_vain: 0 };
            return After::LoadAgain;
        }
        self.in_vain += 1;
        if self.in_vain < ENOUGH {
            return After::LoadAgain;
        }
        self.in_vain = 0;
        After::SayWhy
    }
}

#[cfg(test)]
mod tests {
    use super::After::{self, LoadAgain, SayWhy};
    use super::Deaths;

    #[test]
    fn a_page_is_loaded_again_until_three_in_a_row_died_before_they_stood() {
        // How many pages had stood at each death, and what comes after it.
        let cases: [(&str, &[(u64, After)]); 5] = [
            ("none stands", &[(0, LoadAgain), (0, LoadAgain), (0, SayWhy)]),
            ("each stands for a while", &[(1, LoadAgain), (2, LoadAgain), (3, LoadAgain), (4, LoadAgain), (5, LoadAgain)]),
            ("one stood, its followers do not", &[(1, LoadAgain), (1, LoadAgain), (1, LoadAgain), (1, SayWhy)]),
            ("one stands in time", &[(0, LoadAgain), (0, LoadAgain), (1, LoadAgain), (1, LoadAgain), (1, LoadAgain), (1, SayWhy)]),
            ("somebody tries again", &[(0, LoadAgain), (0, LoadAgain), (0, SayWhy), (0, LoadAgain), (0, LoadAgain), (0, SayWhy), (1, LoadAgain)]),
        ];
        for (case, lives) in cases {
            let mut deaths = Deaths::default();
            let after: Vec<After> = lives.iter().map(|(stood, _)| deaths.one_more(*stood)).collect();
            let wanted: Vec<After> = lives.iter().map(|(_, after)| *after).collect();
            assert_eq!(after, wanted, "{case}");
        }
    }
}
