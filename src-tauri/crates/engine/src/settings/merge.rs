//! What comes of a choice when the file of settings may have changed meanwhile?
//!
//! Pure. Key by key: what the user just chose, what waits to be written, and what the file says now.

use api::settings::Choices;

use super::text::{KEYS, values};

/// All that is known of the choices at one moment.
pub(super) struct Sides<'a> {
    /// What KOS uses; other than `kept` where something could not be written.
    pub(super) shown: &'a Choices,
    /// What the file said when it was last read or written.
    pub(super) kept: &'a Choices,
    /// What KOS itself wrote last: a page that chooses twice in a moment has not seen the first choice in the file.
    pub(super) ours: Option<&'a Choices>,
    /// What the file says now.
    pub(super) now: &'a Choices,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Merged {
    Wanted(Box<Choices>),
    /// These were changed in the file too, and otherwise.
    Clash(Vec<&'static str>),
}

impl Sides<'_> {
    /// Puts what the user chose, who saw `was`, into what the file says.
    pub(super) fn chosen(&self, was: Option<&Choices>, sent: &Choices) -> Merged {
        let (shown, kept, ours, now, sent) = (values(self.shown), values(self.kept), self.ours.map(values), values(self.now), values(sent));
        let was = was.map_or_else(|| kept.clone(), values);
        let (mut wanted, mut clash) = (now.clone(), vec![]);
        for (key, _) in KEYS {
            let before = if shown[key] == kept[key] { &was[key] } else { &kept[key] };
            if sent[key] == *before || sent[key] == now[key] {
                continue;
            }
            if now[key] != *before && ours.as_ref().is_none_or(|ours| now[key] != ours[key]) {
                clash.push(*key);
            }
            wanted[key] = sent[key].clone();
        }
        if clash.is_empty() { Merged::Wanted(Box::new(read(wanted, self.now))) } else { Merged::Clash(clash) }
    }

    /// What holds when the file was read again, and the keys of it that wait to be written.
    pub(super) fn read_again(&self) -> (Choices, Vec<&'static str>) {
        let (shown, kept, now) = (values(self.shown), values(self.kept), values(self.now));
        let waiting: Vec<&'static str> = KEYS.iter().map(|(key, _)| *key).filter(|key| shown[key] != kept[key] && now[key] == kept[key]).collect();
        let mut all = now.clone();
        for key in &waiting {
            all[key] = shown[key].clone();
        }
        (read(all, self.now), waiting)
    }
}

/// Values of choices are choices; the file's own stand in for what cannot be.
fn read(values: serde_json::Value, now: &Choices) -> Choices {
    serde_json::from_value(values).unwrap_or_else(|_| now.clone())
}

#[cfg(test)]
mod tests {
    use api::settings::{Choices, RowHeight, Theme};

    use super::{Merged, Sides};

    fn with(theme: Theme, rows: RowHeight) -> Choices {
        Choices { theme, rows, ..Choices::default() }
    }

    fn wanted(choices: &Choices) -> Merged {
        Merged::Wanted(Box::new(choices.clone()))
    }

    #[test]
    fn a_choice_and_an_edit_of_another_key_are_both_kept() {
        let (before, edit) = (with(Theme::System, RowHeight::Regular), with(Theme::System, RowHeight::Compact));
        let chosen = with(Theme::Dark, RowHeight::Regular);
        let both = with(Theme::Dark, RowHeight::Compact);
        // KOS has not seen the edit yet, or has and the page has not.
        for kept in [&before, &edit] {
            assert_eq!(Sides { shown: kept, kept, ours: None, now: &edit }.chosen(Some(&before), &chosen), wanted(&both));
        }
    }

    #[test]
    fn a_choice_that_meets_another_one_of_the_same_key_is_a_clash() {
        let (before, edit) = (with(Theme::System, RowHeight::Regular), with(Theme::Light, RowHeight::Regular));
        let sides = Sides { shown: &before, kept: &before, ours: None, now: &edit };
        assert_eq!(sides.chosen(Some(&before), &with(Theme::Dark, RowHeight::Regular)), Merged::Clash(vec!["theme"]));
        assert_eq!(sides.chosen(Some(&before), &edit), wanted(&edit), "the same choice is none");
    }

    #[test]
    fn two_choices_in_a_moment_are_the_choices_of_one_person() {
        let (seen, first) = (with(Theme::System, RowHeight::Regular), with(Theme::Light, RowHeight::Regular));
        let sides = Sides { shown: &first, kept: &first, ours: Some(&first), now: &first };
        let second = with(Theme::Dark, RowHeight::Regular);
        assert_eq!(sides.chosen(Some(&seen), &second), wanted(&second));
    }

    #[test]
    fn what_could_not_be_written_is_written_with_the_next_choice() {
        let (kept, shown) = (with(Theme::System, RowHeight::Regular), with(Theme::Dark, RowHeight::Regular));
        let next = with(Theme::Dark, RowHeight::Compact);
        assert_eq!(Sides { shown: &shown, kept: &kept, ours: None, now: &kept }.chosen(Some(&shown), &next), wanted(&next));
    }

    #[test]
    fn what_could_not_be_written_holds_until_the_file_says_otherwise() {
        let (kept, shown) = (with(Theme::System, RowHeight::Regular), with(Theme::Dark, RowHeight::Regular));
        let again = |now: &Choices| Sides { shown: &shown, kept: &kept, ours: None, now }.read_again();
        assert_eq!(again(&with(Theme::System, RowHeight::Compact)), (with(Theme::Dark, RowHeight::Compact), vec!["theme"]));
        assert_eq!(again(&with(Theme::Light, RowHeight::Regular)), (with(Theme::Light, RowHeight::Regular), vec![]));
    }

    #[test]
    fn who_does_not_say_what_was_seen_means_what_the_file_last_said() {
        let kept = with(Theme::System, RowHeight::Regular);
        let now = with(Theme::System, RowHeight::Compact);
        let sides = Sides { shown: &kept, kept: &kept, ours: None, now: &now };
        assert_eq!(sides.chosen(None, &with(Theme::Dark, RowHeight::Regular)), wanted(&with(Theme::Dark, RowHeight::Compact)));
    }
}
