use api::settings::{Choices, Chosen, RowHeight, SettingsView, Theme};
use api::{FaultCode, Fix};

use super::Settings;

struct Desk {
    _folder: tempfile::TempDir,
    settings: Settings,
}

impl Desk {
    fn with(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("settings.yaml"), text).unwrap();
        Self { settings: Settings::open(folder.path()), _folder: folder }
    }

    /// As an editor saves.
    fn edit(&self, text: &str) {
        std::fs::write(self.settings.file(), text).unwrap();
    }

    fn text(&self) -> String {
        std::fs::read_to_string(self.settings.file()).unwrap()
    }

    fn view(&self) -> SettingsView {
        self.settings.board().rows().remove(0)
    }

    /// As the page saves, which shows what is shown.
    fn choose(&self, change: impl FnOnce(&mut Choices)) -> Result<(), api::Fault> {
        let was = self.settings.choices();
        let mut choices = was.clone();
        change(&mut choices);
        self.settings.save(&Chosen::between(&was, &choices))
    }
}

const BROKEN: &str = "# my own words\nrows: compact\ntheme: [purple\n";

#[test]
fn a_broken_file_changes_no_setting_and_is_left_as_it_is() {
    let desk = Desk::with("theme: dark\n");
    desk.edit(BROKEN);
    desk.settings.read_again();
    let SettingsView { choices, trouble, .. } = desk.view();
    let trouble = trouble.unwrap();
    assert_eq!(choices, Choices { theme: Theme::Dark, ..Choices::default() });
    assert!(trouble.cause[0].source.ends_with("settings.yaml, line 4") || trouble.cause[0].source.ends_with("settings.yaml, line 3"), "{trouble:?}");
    assert!(matches!(trouble.fixes.as_slice(), [Fix::OpenFile { line: Some(_), .. }]), "{trouble:?}");
    assert_eq!(desk.text(), BROKEN);
}

#[test]
fn a_choice_on_top_of_a_broken_file_holds_and_overwrites_nothing() {
    let desk = Desk::with("rows: compact\n");
    desk.edit(BROKEN);
    let fault = desk.choose(|choices| choices.theme = Theme::Dark).unwrap_err();
    assert!(fault.code == FaultCode::File && fault.unharmed.contains("left as it is"), "{fault}");
    assert_eq!((desk.text().as_str(), desk.view().choices.theme), (BROKEN, Theme::Dark));

    desk.edit("# my own words\nrows: roomy\n");
    desk.settings.read_again();
    let SettingsView { choices, trouble, .. } = desk.view();
    assert_eq!((choices.theme, choices.rows), (Theme::Dark, RowHeight::Roomy), "both hold");
    assert!(trouble.unwrap().cause[0].text.contains("theme"), "what is not in the file is said");

    desk.choose(|choices| choices.write_wait_seconds = 7).unwrap();
    assert!(desk.text().starts_with("# my own words\nrows: roomy\n"), "{}", desk.text());
    assert_eq!((Settings::open(desk.settings.file().parent().unwrap()).choices(), desk.view().trouble), (desk.view().choices, None));
}

#[test]
fn a_choice_and_an_edit_that_kos_has_not_seen_yet_are_both_kept() {
    let desk = Desk::with("# mine\ntheme: light\nrows: regular # of tables\n");
    desk.edit("# mine\ntheme: light\nrows: roomy # of tables\nprotect:\n  - prod-* # the shop\n");
    desk.choose(|choices| choices.theme = Theme::Dark).unwrap();
    assert_eq!(desk.text(), "# mine\ntheme: \"dark\"\nrows: roomy # of tables\nprotect:\n  - prod-* # the shop\n");
    assert_eq!((desk.view().choices.rows, desk.view().choices.protect), (RowHeight::Roomy, vec!["prod-*".to_owned()]));
}

#[test]
fn a_page_that_shows_old_choices_changes_the_key_that_was_chosen_alone() {
    let desk = Desk::with("theme: light\nrows: regular\n");
    let old = desk.settings.choices();
    desk.choose(|choices| choices.rows = RowHeight::Roomy).unwrap();
    desk.edit("theme: light\nrows: compact\n");
    desk.settings.read_again();
    let chosen = Chosen::between(&old, &Choices { theme: Theme::Dark, ..old.clone() });
    desk.settings.save(&chosen).unwrap();
    assert_eq!(desk.text(), "theme: \"dark\"\nrows: compact\n");
}

#[test]
fn a_choice_that_meets_an_edit_of_the_same_key_is_told_and_the_edit_stays() {
    let desk = Desk::with("theme: system\n");
    desk.edit("theme: light\n");
    let fault = desk.choose(|choices| choices.theme = Theme::Dark).unwrap_err();
    assert!(fault.code == FaultCode::Changed && fault.cause[0].text == "theme: \"light\"", "{fault}");
    assert_eq!((desk.text().as_str(), desk.view().choices.theme), ("theme: light\n", Theme::Light));
    desk.choose(|choices| choices.theme = Theme::Dark).unwrap();
    assert_eq!(desk.text(), "theme: \"dark\"\n", "chosen again it is meant");
}

#[test]
fn a_key_that_kos_does_not_know_is_told_and_stays() {
    let desk = Desk::with("roows: compact\ntheme: light\n");
    let told = |desk: &Desk| desk.view().trouble.is_some_and(|fault| fault.cause[0].text == "roows");
    assert!(told(&desk) && desk.view().choices.theme == Theme::Light);
    desk.choose(|choices| choices.theme = Theme::Dark).unwrap();
    assert!(told(&desk) && desk.text() == "roows: compact\ntheme: \"dark\"\n", "{}", desk.text());
}

#[test]
fn the_first_choice_begins_a_file_with_every_key() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings::open(folder.path());
    let dark = Choices { theme: Theme::Dark, ..Choices::default() };
    settings.save(&Chosen::between(&Choices::default(), &dark)).unwrap();
    let text = std::fs::read_to_string(settings.file()).unwrap();
    assert!(super::text::KEYS.iter().all(|(key, _)| text.contains(&format!("\n{key}: "))), "{text}");
}

#[test]
fn choices_hold_although_nothing_can_be_saved() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("in-the-way"), "").unwrap();
    let settings = Settings::open(&dir.path().join("in-the-way"));
    let dark = Choices { theme: Theme::Dark, ..Choices::default() };
    assert!(settings.save(&Chosen::between(&Choices::default(), &dark)).is_err());
    assert_eq!(settings.choices(), dark);
}

#[test]
fn a_password_that_programs_are_not_given_is_said_without_it() {
    let desk = Desk::with("proxy: http://jo:hunter2@corp:3128\n");
    let trouble = desk.view().trouble.unwrap();
    assert!(trouble.sentence.contains("clusterctl") && trouble.cause[0].text.contains("http://corp:3128"), "{trouble}");
    assert!(!format!("{trouble:?}").contains("hunter2"), "{trouble:?}");
    desk.choose(|choices| choices.proxy = "http://corp:3128".into()).unwrap();
    assert_eq!(desk.view().trouble, None);
}

#[test]
fn a_trouble_with_watching_is_said_until_it_is_over_and_hides_none_of_the_file() {
    let desk = Desk::with("theme: dark\n");
    let late = api::Fault::new(FaultCode::File, "late");
    desk.settings.watched(Some(late.clone()));
    assert_eq!(desk.view().trouble.as_ref(), Some(&late));
    desk.choose(|choices| choices.rows = RowHeight::Compact).unwrap();
    assert_eq!((desk.view().trouble.as_ref(), desk.view().choices.rows), (Some(&late), RowHeight::Compact));
    desk.edit(BROKEN);
    desk.settings.read_again();
    assert!(desk.view().trouble.unwrap().sentence.contains("cannot be read"));
    desk.edit("theme: dark\n");
    desk.settings.read_again();
    assert_eq!(desk.view().trouble, Some(late));
    desk.settings.watched(None);
    assert_eq!((desk.view().trouble, desk.view().choices.theme), (None, Theme::Dark));
}
