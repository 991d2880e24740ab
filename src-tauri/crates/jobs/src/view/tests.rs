use api::jobs::{Finding, PartState, UndoIs};

use super::{found, goes_back, gone_back, lower_first};

#[test]
fn a_title_in_a_sentence_keeps_its_abbreviations() {
    for (title, said) in [("Join machines", "join machines"), ("API server", "API server"), ("", ""), ("X", "X")] {
        assert_eq!(lower_first(title), said);
    }
}

#[test]
fn only_what_was_made_is_said_to_be_removed() {
    let said = |undo: UndoIs| format!("{} {}", goes_back(&undo), gone_back(&undo));
    assert_eq!(said(UndoIs::Removal), "Removing what was made. Everything that was made is removed again.");
    assert_eq!(said(UndoIs::SwitchBack), "Switching back what was switched. Everything that was switched is switched back.");
    assert_eq!(said(UndoIs::Nothing), "Ending what still runs. It was stopped. What it had done by then stays done.");
    assert!(!said(UndoIs::Resumption { at: "a".into() }).to_lowercase().contains("remov"));
}

#[test]
fn what_is_broken_of_a_job_that_was_cut_off_is_named_else_what_is_there_is_counted() {
    let one = |state, name: &str, found: &str| Finding {
        state,
        kind: "Container".into(),
        name: name.into(),
        noted: String::new(),
        found: found.into(),
        means: String::new(),
    };
    let here = || one(PartState::Ready, "a", "running");
    let gone = || one(PartState::Waiting, "b", "not there");
    let broken = |name: &str| one(PartState::Failed, name, "stopped, exit 137");
    for (findings, said) in [
        (vec![], None),
        (vec![here(), gone(), one(PartState::Working, "c", "paused")], Some("2 of 3 things are there.")),
        (vec![here(), broken("c")], Some("Container c: stopped, exit 137.")),
        (vec![broken("c"), gone(), broken("d")], Some("Container c: stopped, exit 137, and 1 more.")),
    ] {
        assert_eq!(found(&findings).as_deref(), said);
    }
}
