//! Which settings can be chosen by typing?

use api::settings::{Choices, Chosen, Motion, RowHeight, Theme, Writes};

use super::{Act, Entry, Form, List, Mark};
use crate::{
    model::{route::Route, settings::Section},
    widgets::Pic,
};

type Choice = (Pic, &'static str, &'static str, fn(&mut Choices));

/// Each with the section of the settings in which it stands.
const CHOICES: [Choice; 11] = [
    (Pic::Moon, "Use the dark theme", "Appearance", |c| c.theme = Theme::Dark),
    (Pic::Sun, "Use the light theme", "Appearance", |c| c.theme = Theme::Light),
    (Pic::Monitor, "Use the theme of the system", "Appearance", |c| c.theme = Theme::System),
    (Pic::Palette, "Use compact rows", "Appearance", |c| c.rows = RowHeight::Compact),
    (Pic::Palette, "Use regular rows", "Appearance", |c| c.rows = RowHeight::Regular),
    (Pic::Palette, "Use roomy rows", "Appearance", |c| c.rows = RowHeight::Roomy),
    (Pic::Palette, "Reduce motion", "Appearance", |c| c.motion = Motion::Reduced),
    (Pic::Palette, "Show full motion", "Appearance", |c| c.motion = Motion::Full),
    (Pic::Palette, "Move as the system says", "Appearance", |c| c.motion = Motion::System),
    (Pic::Shield, "Turn read-only mode on", "Safety", |c| c.writes = Writes::Refused),
    (Pic::Shield, "Turn read-only mode off", "Safety", |c| c.writes = Writes::Allowed),
];

/// What would change something now, and the sections in which all of them stand.
pub fn choices(now: &Choices) -> Vec<Entry> {
    let section = |section: Section| Entry {
        list: List::Settings,
        mark: Mark::Icon(Pic::Settings),
        words: section.title().to_owned(),
        form: Form::Said,
        sub: "Settings".to_owned(),
        key: None,
        act: Act::Go(Route::Settings(section)),
    };
    let entry = |(icon, words, sub, choose): Choice| {
        let mut wanted = now.clone();
        choose(&mut wanted);
        (wanted != *now).then(|| Entry {
            list: List::Settings,
            mark: Mark::Icon(icon),
            words: words.to_owned(),
            form: Form::Said,
            sub: sub.to_owned(),
            key: None,
            act: Act::Choose(Box::new(Chosen::between(now, &wanted))),
        })
    };
    CHOICES.into_iter().filter_map(entry).chain(Section::ALL.into_iter().map(section)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::palette::find;

    #[test]
    fn a_setting_is_chosen_from_the_palette_and_what_holds_already_is_not_offered() {
        let now = Choices { theme: Theme::Dark, ..Choices::default() };
        let all = choices(&now);
        let words = |typed: &str| find(&all, typed).into_iter().map(|found| found.entry.words).collect::<Vec<_>>();
        assert_eq!(words("light theme"), ["Use the light theme"]);
        assert_eq!(words("dark theme"), Vec::<String>::new(), "it is dark already");
        assert_eq!(words("read-only"), ["Turn read-only mode on"]);
        assert_eq!((words("appearance").len(), words(">").len(), words("").len()), (7, 17, 0), "by its section, and among all commands");
        assert_eq!(words("proxy"), ["Network and proxy"]);
        assert_eq!((words("appearance")[0].as_str(), words("safety")[0].as_str()), ("Appearance", "Safety"), "a section is gone to, nothing is chosen by it");
        let light = find(&all, "light theme").remove(0).entry.act;
        let to = Choices { theme: Theme::Light, ..now.clone() };
        assert_eq!(light, Act::Choose(Box::new(Chosen::between(&now, &to))), "its own key alone is sent");
    }

    #[test]
    fn a_setting_stands_below_what_is_gone_to() {
        let context = Entry {
            list: List::Contexts,
            mark: Mark::Icon(Pic::Box),
            words: "compact".into(),
            form: Form::Name,
            sub: String::new(),
            key: None,
            act: Act::Enter("#compact".into()),
        };
        let all: Vec<Entry> = choices(&Choices::default()).into_iter().chain([context]).collect();
        let found: Vec<List> = find(&all, "compact").into_iter().map(|found| found.entry.list).collect();
        assert_eq!(found, [List::Contexts, List::Settings]);
    }
}
