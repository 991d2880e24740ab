use api::jobs::Words;

use super::*;

fn made(kind: &str, name: &str) -> Made {
    Made { step: 1, kind: kind.into(), name: name.into(), at: Timestamp(0) }
}

#[test]
fn an_undo_counts_what_goes() {
    assert_eq!(
        undo(&[made("Container", "a"), made("Container", "b"), made("File", "f")], &UndoIs::Removal),
        "Remove all that this job made: 1 file, 2 containers."
    );
    assert_eq!(undo(&[made("Cluster API", "core")], &UndoIs::Removal), "Remove all that this job made: Cluster API.", "a name of its own is not counted");
    assert_eq!(undo(&[], &UndoIs::Removal), "Nothing was made so far; the job is closed.");
    let moved = undo(&[made("Cluster", "lab-a in kind-two")], &UndoIs::Resumption { at: "kind-kos-mgmt".into() });
    assert_eq!(moved, "Resume in kind-kos-mgmt what is still whole there. Copies elsewhere stay paused, and nothing is deleted.");
    let switched = [made("Switched container", "a"), made("Switched container", "b")];
    assert_eq!(undo(&switched, &UndoIs::SwitchBack), "Bring back to how it stood: 2 switched containers.");
    assert_eq!(undo(&[], &UndoIs::SwitchBack), "Nothing was switched so far; the job is closed.");
    assert_eq!(undo(&[], &UndoIs::Nothing), "End what of it still runs; the job is closed. What it did stays done.");
}

#[test]
fn a_job_is_called_by_the_name_in_its_title() {
    let row = |title| JobRow {
        id: "j".into(),
        title,
        detail: Words::default(),
        state: JobState::Interrupted { step: 1, amid: api::jobs::Amid::Run },
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
    let cut = || JobState::Interrupted { step: 0, amid: api::jobs::Amid::Run };
    assert_eq!(first(&[row("done", JobState::Done, 9), row("old", cut(), 1), row("new", cut(), 5)]), Some("new".into()));
    assert_eq!(first(&[row("done", JobState::Done, 9)]), None);
}

#[test]
fn the_hour_is_that_of_the_last_note() {
    let at = Timestamp(1_700_000_000_000);
    let row = |ended| JobRow {
        id: "j".into(),
        title: Words::default(),
        detail: Words::default(),
        state: JobState::Interrupted { step: 1, amid: api::jobs::Amid::Run },
        marks: vec![],
        place: String::new(),
        started: Timestamp(0),
        ended,
    };
    let said = |after: u64| sentence(&row(Some(at)), None, Clock { now: Timestamp(at.0 + after), zone_minutes: 0 });
    assert_eq!(said(1_000), "The last it noted is from 22:13:20 today. Nothing goes on before you choose.");
    assert!(said(2 * 86_400_000).starts_with("The last it noted is from 14 Nov"), "{}", said(2 * 86_400_000));
    assert_eq!(sentence(&row(None), None, Clock { now: at, zone_minutes: 0 }), "Nothing goes on before you choose.");
    let again = |now: u64| sentence(&row(Some(at)), Some(Timestamp(at.0 + 900_000)), Clock { now: Timestamp(at.0 + now), zone_minutes: 0 });
    let said =
        "The last it noted is from 22:13:20 today. The computer started again at 22:28, so a power loss may have ended it. Nothing goes on before you choose.";
    assert_eq!(again(1_000_000), said);
    assert!(again(2 * 86_400_000).contains("started again at 14 Nov 22:28,"), "{}", again(2 * 86_400_000));
}
