use api::{
    Batch, Row, Status,
    settings::{Choices, SettingsView, Theme, TokenHeld},
};
use tokio::task::LocalSet;
use ui::first::{Known, draw};

use super::sample;

const DOCUMENT: &str = include_str!("../../index.html");

fn all<R: Row>(rows: impl IntoIterator<Item = std::rc::Rc<R>>) -> Batch<R> {
    Batch::Snapshot { at: 1, status: Status::Live, rows: rows.into_iter().map(|row| (*row).clone()).collect() }
}

fn known(choices: Choices) -> Known {
    Known {
        files: all(sample::files()),
        contexts: all(sample::contexts()),
        jobs: all(sample::jobs()),
        computer: Batch::Snapshot { at: 1, status: Status::Live, rows: vec![sample::computer(sample::docker())] },
        settings: Batch::Snapshot { at: 1, status: Status::Live, rows: vec![settings(choices)] },
        zone_minutes: 60,
        highest: 1440,
    }
}

#[tokio::test]
async fn the_first_picture_holds_every_context_and_stands_above_the_page() {
    let picture = LocalSet::new().run_until(draw(known(Choices::default()))).await;
    let document = picture.over(DOCUMENT).expect("the document has a place");
    let page = document.find("<div id=\"page\"></div>").expect("the page has its place");
    let first = document.find("<div id=\"first\" inert aria-hidden=\"true\">").expect("the picture is there, out of reach of clicks and keys");
    assert!(page < first, "what comes later lies above");
    for context in sample::contexts() {
        assert!(document[first..].contains(&context.name), "{} is missing", context.name);
    }
}

#[tokio::test]
async fn what_no_screen_is_high_enough_to_show_is_left_out_of_the_first_picture_and_its_room_is_kept() {
    let picture = LocalSet::new().run_until(draw(Known { highest: 64, ..known(Choices::default()) })).await;
    let document = picture.over(DOCUMENT).expect("the document has a place");
    let list = &document[document.find("t-kube").expect("the list is there")..];
    let (names, rows) = (sample::contexts(), list.matches("class=\"tr tall\"").count() + list.matches("class=\"grp\"").count());
    assert_eq!(rows, 2, "64 pixels hold two lines");
    assert!(list.contains(&format!(">{}<", names[0].name)), "the first line is among them");
    let lines = names.len() + sample::files().len();
    assert!(list.contains(&format!("height:{}px", (lines - 2) * 32)), "no gap for the other {}", lines - 2);
}

#[tokio::test]
async fn the_first_picture_has_the_theme_that_was_chosen_and_leaves_the_systems_to_the_system() {
    for (theme, wanted) in [(Theme::Light, Some("data-theme=\"light\"")), (Theme::Dark, Some("data-theme=\"dark\"")), (Theme::System, None)] {
        let picture = LocalSet::new().run_until(draw(known(Choices { theme, ..Choices::default() }))).await;
        let document = picture.over(DOCUMENT).expect("the document has a place");
        let root = document.lines().find(|line| line.starts_with("<html")).expect("a document has a root");
        assert_eq!(root.contains("data-theme"), wanted.is_some(), "{root}");
        assert!(wanted.is_none_or(|word| root.contains(word)), "{root}");
    }
}

#[tokio::test]
async fn a_hostile_name_in_the_first_picture_is_text() {
    let mut known = known(Choices::default());
    let Batch::Snapshot { rows, .. } = &mut known.contexts else { panic!("a snapshot was made") };
    rows[0].name = "<img src=x onerror=alert(1)>".into();
    let document = LocalSet::new().run_until(draw(known)).await.over(DOCUMENT).expect("the document has a place");
    assert!(!document.contains("<img"), "the name became markup");
    assert!(document.contains("&lt;img"), "the name is shown");
}

fn settings(choices: Choices) -> SettingsView {
    SettingsView { choices, file: "/home/me/.config/kos/settings.toml".into(), trouble: None, token: TokenHeld::No }
}
