use api::{Timestamp, jobs::Words};

use super::*;

fn made(kind: &str, name: &str) -> Made {
    Made { step: 1, kind: kind.into(), name: name.into(), at: Timestamp(0) }
}

#[test]
fn an_undo_counts_what_goes() {
    assert_eq!(undo(&[made("Container", "a"), made("Container", "b"), made("File", "f")]), "Remove all that this job made: 1 file, 2 containers.");
    assert_eq!(undo(&[]), "Nothing was made so far; the job is closed.");
}

#[test]
fn a_job_is_called_by_the_name_in_its_title() {
    let row = |title| JobRow {
        id: "j".into(),
        title,
        detail: Words::default(),
        state: JobState::Interrupted { step: 1 },
        marks: vec![],
        place: String::new(),
        started: Timestamp(0),
        ended: None,
    };
    assert_eq!(subject(&row(Words::said("Create cluster ").mono("lab-c"))), "lab-c");
    assert_eq!(subject(&row(Words::said("Fetch kind"))), "Fetch kind");
}

#[test]
fn one_job_is_not_counted() {
    assert_eq!(title(1), "KOS stopped while a job was running");
    assert_eq!(title(2), "KOS stopped while 2 jobs were running");
}

#[test]
fn the_newest_job_that_was_cut_off_is_asked_about_first() {
    let row = |id: &str, state: JobState, started: u64| {
        Rc::new(JobRow {
            id: id.into(),
            title: Words::default(),
            detail: Words::default(),
            state,
            marks: vec![],
            place: String::new(),
            started: Timestamp(started),
            ended: None,
        })
    };
    let cut = || JobState::Interrupted { step: 0 };
    assert_eq!(first(&[row("done", JobState::Done, 9), row("old", cut(), 1), row("new", cut(), 5)]), Some("new".into()));
    assert_eq!(first(&[row("done", JobState::Done, 9)]), None);
}
