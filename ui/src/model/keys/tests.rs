use super::*;

fn check(awaited: Awaited, key: &str, held: Held, place: Place, deed: Option<Deed>) {
    assert_eq!(press(&Keymap::default(), awaited, Stroke { key, held }, place).0, deed, "{key} with {held:?} in {place:?}");
}

#[test]
fn a_key_that_the_window_cannot_name_is_known_by_its_place() {
    for (key, code, name) in [("Tab", "Tab", "Tab"), ("Unidentified", "Tab", "Tab"), ("Unidentified", "F24", "Unidentified"), ("z", "KeyY", "z")] {
        assert_eq!(name_of(key, code), name, "{key} at {code}");
    }
}

#[test]
fn ctrl_k_opens_the_palette_even_from_a_field() {
    check(Awaited::Nothing, "k", Held::Ctrl, Place::Page, Some(Deed::Palette));
    check(Awaited::Nothing, "k", Held::Ctrl, Place::Field, Some(Deed::Palette));
}

#[test]
fn letters_in_a_field_are_text() {
    for key in ["/", "?", "-", "g", "j"] {
        check(Awaited::Nothing, key, Held::Nothing, Place::Field, None);
    }
}

#[test]
fn a_dialog_keeps_all_keys() {
    check(Awaited::Nothing, "k", Held::Ctrl, Place::Dialog, None);
    check(Awaited::Nothing, "-", Held::Nothing, Place::Dialog, None);
}

#[test]
fn escape_leaves_a_page_and_neither_a_field_nor_a_dialog() {
    check(Awaited::Nothing, "Escape", Held::Nothing, Place::Page, Some(Deed::Leave));
    check(Awaited::AfterG, "Escape", Held::Nothing, Place::Page, Some(Deed::Leave));
    check(Awaited::Nothing, "Escape", Held::Nothing, Place::Field, None);
    check(Awaited::Nothing, "Escape", Held::Nothing, Place::Dialog, None);
}

#[test]
fn undo_in_a_field_stays_the_fields_own() {
    check(Awaited::Nothing, "z", Held::Ctrl, Place::Field, None);
    check(Awaited::Nothing, "z", Held::Ctrl, Place::Page, Some(Deed::Problems));
}

#[test]
fn g_and_a_letter_lead_to_a_kind() {
    let (deed, awaited) = press(&Keymap::default(), Awaited::Nothing, Stroke { key: "g", held: Held::Nothing }, Place::Page);
    assert_eq!((deed, awaited), (None, Awaited::AfterG));
    check(Awaited::AfterG, "p", Held::Nothing, Place::Page, Some(Deed::Kind(Kind::Pods)));
    check(Awaited::AfterG, "n", Held::Nothing, Place::Page, Some(Deed::Kind(Kind::Nodes)));
    check(Awaited::AfterG, "x", Held::Nothing, Place::Page, None);
    check(Awaited::AfterG, "/", Held::Nothing, Place::Page, Some(Deed::Filter));
}

#[test]
fn ctrl_and_a_digit_lead_to_a_pinned_context() {
    check(Awaited::Nothing, "1", Held::Ctrl, Place::Page, Some(Deed::Context(0)));
    check(Awaited::Nothing, "9", Held::Ctrl, Place::Field, Some(Deed::Context(8)));
    check(Awaited::Nothing, "0", Held::Ctrl, Place::Page, Some(Deed::Fleet));
}

#[test]
fn ctrl_enter_applies_what_a_page_is_for_even_from_a_field() {
    check(Awaited::Nothing, "Enter", Held::Ctrl, Place::Page, Some(Deed::Apply));
    check(Awaited::Nothing, "Enter", Held::Ctrl, Place::Field, Some(Deed::Apply));
    check(Awaited::Nothing, "Enter", Held::Nothing, Place::Page, None);
}

#[test]
fn j_and_k_lead_to_rows_and_arrows_too_where_no_text_scrolls_by_them() {
    check(Awaited::Nothing, "j", Held::Nothing, Place::Page, Some(Deed::Rows(Walk::Next)));
    check(Awaited::Nothing, "ArrowUp", Held::Nothing, Place::Page, Some(Deed::Rows(Walk::Previous)));
    check(Awaited::Nothing, "ArrowDown", Held::Nothing, Place::Text, None);
    check(Awaited::Nothing, "k", Held::Nothing, Place::Text, Some(Deed::Rows(Walk::Previous)));
    check(Awaited::Nothing, "k", Held::Ctrl, Place::Text, Some(Deed::Palette));
}

#[test]
fn l_and_y_lead_to_the_log_and_the_yaml_unless_the_user_chose_otherwise() {
    check(Awaited::Nothing, "l", Held::Nothing, Place::Page, Some(Deed::Log));
    check(Awaited::Nothing, "y", Held::Nothing, Place::Page, Some(Deed::Text));
    check(Awaited::Nothing, "y", Held::Nothing, Place::Field, None);
    check(Awaited::Nothing, "l", Held::Nothing, Place::Dialog, None);
    let keymap = own(&[("fleet", "l")]);
    assert_eq!(press(&keymap, Awaited::Nothing, Stroke { key: "l", held: Held::Nothing }, Place::Page).0, Some(Deed::Fleet));
}

#[test]
fn z_takes_back_a_write_that_waits_and_is_a_letter_in_a_field() {
    for (key, held, place, undone) in [
        ("z", Held::Nothing, Place::Page, true),
        ("Z", Held::Nothing, Place::Dialog, true),
        ("z", Held::Nothing, Place::Field, false),
        ("z", Held::Ctrl, Place::Page, false),
        ("y", Held::Nothing, Place::Page, false),
    ] {
        assert_eq!(takes_back(Stroke { key, held }, place), undone, "{key} with {held:?} in {place:?}");
    }
}

fn own(keys: &[(&str, &str)]) -> Keymap {
    Keymap::of(&keys.iter().map(|(name, key)| ((*name).to_owned(), (*key).to_owned())).collect())
}

#[test]
fn a_key_of_the_users_own_takes_the_place_of_the_usual_one() {
    let keymap = own(&[("palette", "ctrl p"), ("pods", "G O"), ("help", "h")]);
    assert_eq!(keymap.troubles, Vec::<String>::new());
    let deed = |awaited, key, held| press(&keymap, awaited, Stroke { key, held }, Place::Page).0;
    assert_eq!(deed(Awaited::Nothing, "p", Held::Ctrl), Some(Deed::Palette));
    assert_eq!(deed(Awaited::Nothing, "k", Held::Ctrl), None);
    assert_eq!(deed(Awaited::AfterG, "o", Held::Nothing), Some(Deed::Kind(Kind::Pods)));
    assert_eq!(deed(Awaited::Nothing, "h", Held::Nothing), Some(Deed::Help));
    assert_eq!(deed(Awaited::Nothing, "?", Held::Nothing), None);
    assert_eq!((keymap.key(Command::Palette), keymap.key(Command::Pods)), ("Ctrl P".to_owned(), "G O".to_owned()));
    assert_eq!(help(&keymap)[0].1[0], ("Ctrl P".to_owned(), "Search or run a command"));
}

#[test]
fn two_commands_may_change_their_keys() {
    let keymap = own(&[("filter", "?"), ("help", "/")]);
    assert_eq!((keymap.key(Command::Filter), keymap.key(Command::Help), keymap.troubles.len()), ("?".to_owned(), "/".to_owned(), 0));
}

#[test]
fn a_key_that_cannot_be_is_told_and_the_usual_one_stays() {
    for (keys, told) in [
        (vec![("palete", "Ctrl P")], "“palete” is no command."),
        (vec![("palette", "Ctrl")], "palette: “Ctrl” is no key; keys are written like Ctrl P, G P or ?. Ctrl K stays."),
        (vec![("palette", "Super K")], "palette: “Super K” is no key"),
        (vec![("palette", "")], "palette: “” is no key"),
        (vec![("palette", "Ctrl 0")], "palette: Ctrl 0 is the key of fleet already. Ctrl K stays."),
        (vec![("palette", "Ctrl 3")], "palette: Ctrl 3 leads to a pinned context. Ctrl K stays."),
        (vec![("palette", "J")], "palette: J works in tables. Ctrl K stays."),
        (vec![("palette", "G")], "palette: G waits for a second key. Ctrl K stays."),
        (vec![("palette", "Ctrl C")], "palette: Ctrl C edits text. Ctrl K stays."),
    ] {
        let keymap = own(&keys);
        assert!(keymap.troubles.len() == 1 && keymap.troubles[0].starts_with(told), "{:?}", keymap.troubles);
        assert_eq!(keymap.chords, Keymap::default().chords);
    }
}

#[test]
fn of_several_clashes_each_is_told_and_no_key_means_two_things() {
    // Help takes the palette's key, the palette takes the fleet's: when the palette must give way, so must help.
    let keymap = own(&[("palette", "Ctrl 0"), ("help", "Ctrl K")]);
    assert_eq!(keymap.troubles.len(), 2);
    assert_eq!(keymap.chords, Keymap::default().chords);
    let same = own(&[("palette", "Ctrl P"), ("filter", "Ctrl P")]);
    assert_eq!((same.key(Command::Palette), same.key(Command::Filter)), ("Ctrl P".to_owned(), "/".to_owned()));
}

#[test]
fn the_usual_keys_do_not_clash_and_all_may_be_written() {
    for command in Command::ALL {
        let all = Command::ALL.into_iter().filter(|other| Chord::usual(*other) == Chord::usual(command));
        assert_eq!(all.count(), 1, "{command:?}");
        assert_eq!(Chord::read(command.default_key()), Ok(Chord::usual(command)));
        assert_eq!(Chord::usual(command).to_string(), command.default_key());
    }
}
