use api::settings::{Choices, RowHeight, Theme};
use rstest::rstest;

use super::*;

fn changed() -> Choices {
    Choices {
        theme: Theme::Dark,
        proxy: "http://proxy:3128".into(),
        extra_path: vec!["/opt/y: no".into()],
        hidden_columns: [("pods".to_owned(), vec!["IP".to_owned()])].into(),
        keys: [("palette".to_owned(), "Ctrl P".to_owned())].into(),
        ..Choices::default()
    }
}

#[test]
fn what_is_written_is_read_again() {
    assert_eq!(parse(&whole(&changed())).unwrap(), changed());
}

#[test]
fn every_key_is_documented_and_none_is_invented() {
    let Value::Object(values) = values(&Choices::default()) else { panic!("choices are an object") };
    let mut documented: Vec<&str> = KEYS.iter().map(|(key, _)| *key).collect();
    let mut there: Vec<&str> = values.keys().map(String::as_str).collect();
    documented.sort_unstable();
    there.sort_unstable();
    assert_eq!(documented, there);
}

#[test]
fn the_page_of_the_documentation_tells_every_key_with_its_values_and_what_is_usual() {
    let usual = values(&Choices::default());
    let rows = KEYS.iter().map(|(key, meaning)| format!("| `{key}` | {meaning} | `{}` |", usual[key]));
    let wanted = ["| Key | Values | Usual |", "|---|---|---|"].map(str::to_owned).into_iter().chain(rows).collect::<Vec<_>>().join("\n");
    let page = include_str!("../../../../../../docs/settings.md");
    let there = page.lines().filter(|line| line.starts_with('|')).collect::<Vec<_>>().join("\n");
    assert!(there == wanted, "docs/settings.md shall hold this table:\n{wanted}");
}

#[test]
fn every_command_that_can_have_a_key_is_named_in_the_file() {
    let text = whole(&Choices::default());
    let comment = text.lines().find(|line| line.starts_with("# keys of your own")).unwrap();
    for command in api::settings::Command::ALL {
        assert!(comment.contains(command.name()), "{comment}");
    }
}

#[test]
fn missing_keys_keep_their_defaults() {
    assert_eq!(parse("theme: light").unwrap(), Choices { theme: Theme::Light, ..Choices::default() });
    assert_eq!(parse("# nothing but a comment\n").unwrap(), Choices::default());
}

#[rstest]
#[case::not_closed("rows: compact\ntheme: [purple", 2)]
#[case::no_such_value("rows: compact\n\n# mine\ntheme: purple\n", 4)]
#[case::another_type("protect: prod-*\n", 1)]
#[case::twice("theme: dark\nrows: roomy\ntheme: light\n", 3)]
#[case::no_mapping("# mine\n- theme\n", 2)]
fn what_is_wrong_is_said_with_its_line(#[case] text: &str, #[case] line: u32) {
    let wrong = parse(text).unwrap_err();
    assert_eq!(wrong.line, Some(line), "{wrong:?}");
    assert!(!wrong.says.is_empty() && !wrong.says.contains('\n'), "{wrong:?}");
}

#[test]
fn a_key_that_means_nothing_is_found_with_its_line() {
    assert_eq!(unknown("theme: dark\nroows: compact\n"), [("roows".to_owned(), 2)]);
    assert_eq!(unknown(&whole(&changed())), []);
}

/// A text, what is chosen, and the text afterwards.
#[rstest]
#[case::a_word("theme: light # as I like it\nrows: roomy\n", "theme: \"dark\" # as I like it\nrows: roomy\n")]
#[case::quoted("# mine\n'theme' : 'light'\r\nmine: 1\n", "# mine\n'theme' : \"dark\"\r\nmine: 1\n")]
#[case::not_there("rows: roomy", "rows: roomy\n\n# system, light or dark\ntheme: \"dark\"\n")]
#[case::comments_alone("# mine\n", "# mine\n\n# system, light or dark\ntheme: \"dark\"\n")]
fn a_choice_changes_its_own_value_and_no_other_byte(#[case] text: &str, #[case] after: &str) {
    let now = parse(text).unwrap();
    let wanted = Choices { theme: Theme::Dark, ..now.clone() };
    assert_eq!(edited(text, &now, &wanted).as_deref(), Some(after));
}

#[rstest]
#[case::one_line("protect: [\"prod-*\"] # mine\nrows: roomy\n", "protect: [\"a\",\"b\"] # mine\nrows: roomy\n")]
#[case::several_lines("protect: [\n  prod-*, # the shop\n]\nrows: roomy\n", "protect: [\"a\",\"b\"]\n  # the shop\nrows: roomy\n")]
#[case::a_list(
    "protect:\n  # the shop\n  - prod-*\n  - x-* # the bank\n\n# of tables\nrows: roomy\n",
    "protect: [\"a\",\"b\"]\n  # the shop\n  # the bank\n\n# of tables\nrows: roomy\n"
)]
#[case::a_list_at_the_margin("protect:\n- prod-*\nrows: roomy\n", "protect: [\"a\",\"b\"]\nrows: roomy\n")]
#[case::at_the_end("rows: roomy\nprotect:\n- prod-*", "rows: roomy\nprotect: [\"a\",\"b\"]")]
fn a_list_is_replaced_and_comments_in_it_stay(#[case] text: &str, #[case] after: &str) {
    let now = parse(text).unwrap();
    let wanted = Choices { protect: vec!["a".into(), "b".into()], ..now.clone() };
    assert_eq!(edited(text, &now, &wanted).as_deref(), Some(after));
}

#[test]
fn a_text_that_cannot_be_changed_without_more_is_not_changed() {
    for text in ["{theme: light}", "theme: &look light\nproxy: *look\n"] {
        let now = parse(text).unwrap();
        assert_eq!(edited(text, &now, &Choices { theme: Theme::Dark, ..now.clone() }), None, "{text}");
    }
}

#[test]
fn what_kos_began_is_edited_as_any_other_text() {
    let text = whole(&Choices::default()).replace("# system, light or dark", "# as my eyes like it");
    let wanted = Choices { rows: RowHeight::Compact, ..changed() };
    let after = edited(&text, &Choices::default(), &wanted).unwrap();
    assert!(after.contains("# as my eyes like it; usually \"system\"\ntheme: \"dark\"\n"), "{after}");
    assert_eq!(text.lines().count(), after.lines().count());
}

#[test]
fn settings_that_are_a_bomb_are_refused_with_their_line() {
    let aliases = (1..12).fold("keys: &a0 [x, x]\n".to_owned(), |text, n| {
        let nine = vec![format!("*a{}", n - 1); 9].join(", ");
        text + &format!("b{n}: &a{n} [{nine}]\n")
    });
    for (text, word) in [(aliases, "values"), ("[".repeat(10_000), "nested"), ("theme: &a dark\n".to_owned() + &"b: *a\n".repeat(201), "aliases")] {
        let wrong = parse(&text).unwrap_err();
        assert!(wrong.line.is_some() && wrong.says.contains(word), "{wrong:?}");
    }
}
