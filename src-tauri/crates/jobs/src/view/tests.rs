use api::jobs::{Finding, PartState};

use super::{found, lower_first};

#[test]
fn a_title_in_a_sentence_keeps_its_abbreviations() {
    for (title, said) in [("Join machines", "join machines"), ("API server", "API server"), ("", ""), ("X", "X")] {
        assert_eq!(lower_first(title), said);
    }
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
