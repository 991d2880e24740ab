use super::*;

fn entry(list: List, words: &str) -> Entry {
    Entry { list, mark: Mark::Icon(Pic::Box), words: words.into(), form: Form::Said, sub: String::new(), key: None, act: Act::Help }
}

fn check(typed: &str, expected: &[&str]) {
    let entries = [
        entry(List::Contexts, "dev-eu"),
        entry(List::Contexts, "prod-eu-1"),
        entry(List::Commands, "Create local management cluster"),
        entry(List::Commands, "Check this machine"),
        entry(List::Kinds, "Pods"),
        entry(List::Namespaces, "payments"),
    ];
    let found: Vec<String> = find(&entries, typed).into_iter().map(|f| f.entry.words).collect();
    assert_eq!(found, expected, "for {typed:?}");
}

#[test]
fn letters_in_order_are_enough() {
    check("clmc", &["Create local management cluster"]);
    check("chm", &["Check this machine"]);
}

#[test]
fn a_sign_asks_one_list_alone() {
    check("@eu", &["dev-eu", "prod-eu-1"]);
    check("#", &["payments"]);
    check(":p", &["Pods"]);
    check(">", &["Create local management cluster", "Check this machine"]);
}

#[test]
fn what_one_can_do_stands_above_where_one_can_go() {
    check("p", &["Pods", "payments", "prod-eu-1"]);
}

#[test]
fn nothing_is_found_for_letters_that_are_not_there() {
    check("xyz", &[]);
}

#[test]
fn the_start_of_a_word_counts_more_than_its_middle() {
    let start = score("checkout-api", "api").map(|s| s.0);
    let middle = score("happiness", "api").map(|s| s.0);
    assert!(start > middle, "{start:?} {middle:?}");
}

#[test]
fn matched_letters_are_marked() {
    let (_, places) = score("checkout-api", "chec").unwrap();
    assert_eq!(pieces("checkout-api", &places), [("chec".into(), Piece::Matched), ("kout-api".into(), Piece::Plain)]);
}

#[test]
fn a_page_is_found_by_its_name_in_the_window() {
    let doctor = Entry { sub: "Doctor".into(), ..entry(List::Commands, "Check this machine") };
    let place = Entry { sub: "Doctor".into(), ..entry(List::Contexts, "lab") };
    let found = |typed: &str| find(&[entry(List::Commands, "Show jobs"), doctor.clone(), place.clone()], typed).len();
    assert_eq!((found("doctor"), found("Doc"), found("octo")), (1, 1, 0), "a command alone is called by what stands beside it");
}
