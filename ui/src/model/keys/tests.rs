use super::*;

fn check(awaited: Awaited, key: &str, held: Held, place: Place, deed: Option<Deed>) {
    assert_eq!(press(awaited, Stroke { key, held }, place).0, deed, "{key} with {held:?} in {place:?}");
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
fn undo_in_a_field_stays_the_fields_own() {
    check(Awaited::Nothing, "z", Held::Ctrl, Place::Field, None);
    check(Awaited::Nothing, "z", Held::Ctrl, Place::Page, Some(Deed::Problems));
}

#[test]
fn g_and_a_letter_lead_to_a_kind() {
    let (deed, awaited) = press(Awaited::Nothing, Stroke { key: "g", held: Held::Nothing }, Place::Page);
    assert_eq!((deed, awaited), (None, Awaited::Kind));
    check(Awaited::Kind, "p", Held::Nothing, Place::Page, Some(Deed::Kind(Kind::Pods)));
    check(Awaited::Kind, "n", Held::Nothing, Place::Page, Some(Deed::Kind(Kind::Nodes)));
    check(Awaited::Kind, "x", Held::Nothing, Place::Page, None);
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
