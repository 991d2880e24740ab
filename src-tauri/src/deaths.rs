//! How often is a page that died loaded again?
//!
//! One that dies at every load would be loaded without end, and nobody could read why. Start at: [`Deaths::after`].

use std::time::{Duration, Instant};

/// So often the page is loaded again within [`SPAN`]; then words stand in its place.
const MOST: usize = 3;
const SPAN: Duration = Duration::from_secs(120);

/// What stood in the window when its process died.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    Page,
    Words,
}

/// What comes in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    Page,
    /// That it keeps ending, with a way to load it.
    Words,
    /// A window that cannot even hold words is left as it is.
    Nothing,
}

/// When the page of this window died lately.
#[derive(Debug, Default)]
pub(crate) struct Deaths(Vec<Instant>);

impl Deaths {
    /// Notes a death, and says what is loaded now.
    pub(crate) fn after(&mut self, died: Shown, now: Instant) -> Next {
        match died {
            Shown::Words => Next::Nothing,
            Shown::Page => {
                self.0.retain(|death| now.saturating_duration_since(*death) < SPAN);
                self.0.push(now);
                if self.0.len() > MOST { Next::Words } else { Next::Page }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{Deaths, Next, Shown};

    #[test]
    fn a_page_is_loaded_three_times_in_two_minutes_and_then_words_stand_in_its_place() {
        let start = Instant::now();
        for (what, deaths) in [
            ("one now and then", vec![(0, Shown::Page, Next::Page), (50, Shown::Page, Next::Page), (100, Shown::Page, Next::Page)]),
            ("at every load", vec![(0, Shown::Page, Next::Page), (1, Shown::Page, Next::Page), (2, Shown::Page, Next::Page), (3, Shown::Page, Next::Words)]),
            (
                "rarely, for hours",
                vec![(0, Shown::Page, Next::Page), (60, Shown::Page, Next::Page), (119, Shown::Page, Next::Page), (120, Shown::Page, Next::Page)],
            ),
            (
                "again after somebody loaded it by hand, and once more when all is long ago",
                vec![
                    (0, Shown::Page, Next::Page),
                    (1, Shown::Page, Next::Page),
                    (2, Shown::Page, Next::Page),
                    (3, Shown::Page, Next::Words),
                    (20, Shown::Page, Next::Words),
                    (300, Shown::Page, Next::Page),
                ],
            ),
            ("with its words", vec![(0, Shown::Words, Next::Nothing), (1, Shown::Words, Next::Nothing)]),
        ] {
            let mut seen = Deaths::default();
            for (second, died, next) in deaths {
                assert_eq!(seen.after(died, start + Duration::from_secs(second)), next, "{what}, after {second} s");
            }
        }
    }
}
