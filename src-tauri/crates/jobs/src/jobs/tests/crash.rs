//! Can a job be explained and ended well after a crash at any instruction?
//!
//! Every prefix of the journal, whole and with a torn line behind it, times every set of side effects that may have happened
//! by then: those with an intent and no result. A thing without an intent cannot be there, which is the law under test in
//! `full_disk.rs`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use api::JobId;
use api::jobs::{Amid, JobState};

use super::toy::{ALL, Mishap, World, open, rest, row, start};
use crate::{Event, What, journal};

/// A state folder as a crash left it, and the things that were there.
struct Wreck {
    folder: tempfile::TempDir,
    id: JobId,
    things: BTreeSet<String>,
}

/// The journal and plan of a job that ran to its end.
struct Recording {
    id: JobId,
    plan: Vec<u8>,
    lines: Vec<Vec<u8>>,
    events: Vec<Event>,
}

async fn record(cancelled_at: Option<&str>) -> Recording {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[]));
    if let Some(name) = cancelled_at {
        world.script(name, Mishap::Hangs);
    }
    let jobs = open(folder.path(), &world).await;
    let id = start(&jobs, &world).await.unwrap();
    if cancelled_at.is_some() {
        super::toy::arrived(&world).await;
        jobs.cancel(&id).unwrap();
    }
    rest(&jobs, &id).await;
    jobs.close().await;
    let job = folder.path().join("jobs").join(id.as_str());
    let bytes = fs::read(job.join("journal.jsonl")).unwrap();
    let lines = bytes.split_inclusive(|b| *b == b'\n').map(<[u8]>::to_vec).collect();
    Recording { id, plan: fs::read(job.join("plan.json")).unwrap(), lines, events: journal::read(&bytes).events }
}

impl Recording {
    /// All wrecks of this run: for each prefix, torn or not, each possible world.
    fn wrecks(&self) -> Vec<(String, Wreck)> {
        let mut wrecks = vec![];
        for k in 1..=self.lines.len() {
            for torn in [0, 1, 20] {
                let rest = self.lines.get(k).map_or(&[][..], |line| &line[..torn.min(line.len() - 1)]);
                if torn > 0 && rest.is_empty() {
                    continue;
                }
                let journal = [self.lines[..k].concat().as_slice(), rest].concat();
                for things in possible_worlds(&self.events[..k]) {
                    let name = format!("after line {k}, {torn} bytes torn, with {things:?}");
                    wrecks.push((name, self.wreck(&journal, things)));
                }
            }
        }
        wrecks
    }

    fn wreck(&self, journal: &[u8], things: BTreeSet<String>) -> Wreck {
        let folder = tempfile::tempdir().unwrap();
        let job = folder.path().join("jobs").join(self.id.as_str());
        fs::create_dir_all(&job).unwrap();
        fs::write(job.join("plan.json"), &self.plan).unwrap();
        fs::write(job.join("journal.jsonl"), journal).unwrap();
        Wreck { folder, id: self.id.clone(), things }
    }
}

/// Things surely there, and every subset of those that may be.
fn possible_worlds(events: &[Event]) -> Vec<BTreeSet<String>> {
    let mut noted: Vec<(u32, u32, String)> = vec![];
    let (mut sure, mut open): (BTreeSet<String>, BTreeSet<String>) = Default::default();
    let mut undoing = None;
    for event in events {
        match &event.what {
            What::Intended { id, act, thing, .. } => {
                noted.push((*id, *act, thing.name.clone()));
                open.insert(thing.name.clone());
            }
            What::Made { id } => {
                let (_, _, name) = noted.iter().find(|(known, _, _)| known == id).unwrap();
                open.remove(name);
                sure.insert(name.clone());
            }
            What::UndoStarted => undoing = noted.iter().map(|(_, act, _)| *act).max(),
            What::ActUndone { act } => {
                for (_, _, name) in noted.iter().filter(|(_, of, _)| of == act) {
                    sure.remove(name);
                    open.remove(name);
                }
                undoing = act.checked_sub(1);
            }
            _ => {}
        }
    }
    // The act that is being undone may be half gone.
    for (_, _, name) in noted.iter().filter(|(_, act, _)| Some(*act) == undoing) {
        if sure.remove(name) {
            open.insert(name.clone());
        }
    }
    let open: Vec<_> = open.into_iter().collect();
    (0..1u32 << open.len())
        .map(|bits| {
            let happened = open.iter().enumerate().filter(|(n, _)| bits >> n & 1 == 1).map(|(_, name)| name.clone());
            sure.iter().cloned().chain(happened).collect()
        })
        .collect()
}

async fn wreck_world(wreck: &Wreck) -> std::sync::Arc<World> {
    World::with(&wreck.things.iter().map(String::as_str).collect::<Vec<_>>())
}

fn ended(state: &JobState) -> bool {
    matches!(state, JobState::Done | JobState::Undone)
}

#[tokio::test]
async fn continue_after_any_crash_ends_with_all_things_made_once() {
    for (name, wreck) in record(None).await.wrecks() {
        let world = wreck_world(&wreck).await;
        let jobs = open(wreck.folder.path(), &world).await;
        let before = row(&jobs, &wreck.id).state;
        if !ended(&before) {
            assert!(matches!(before, JobState::Interrupted { amid: Amid::Run, .. }), "{name}: {before:?}");
            assert_eq!(world.holds(), wreck.things.iter().cloned().collect::<Vec<_>>(), "{name}: something went on by itself");
            jobs.go_on(&wreck.id).await.unwrap();
        }
        assert_eq!(rest(&jobs, &wreck.id).await, JobState::Done, "{name}");
        assert_eq!(world.holds(), ALL, "{name}");
        assert_eq!(world.most_often_made(), 1, "{name}: something was made twice");
    }
}

#[tokio::test]
async fn undo_after_any_crash_leaves_nothing_but_what_was_there_before() {
    for (name, wreck) in record(None).await.wrecks() {
        let world = wreck_world(&wreck).await;
        world.make("not ours");
        let jobs = open(wreck.folder.path(), &world).await;
        if ended(&row(&jobs, &wreck.id).state) {
            continue;
        }
        jobs.undo(&wreck.id).await.unwrap();
        assert_eq!(rest(&jobs, &wreck.id).await, JobState::Undone, "{name}");
        assert_eq!(world.holds(), ["not ours"], "{name}");
    }
}

#[tokio::test]
async fn keep_after_any_crash_leaves_all_as_it_is_and_survives_a_restart() {
    for (name, wreck) in record(None).await.wrecks() {
        let world = wreck_world(&wreck).await;
        let jobs = open(wreck.folder.path(), &world).await;
        if ended(&row(&jobs, &wreck.id).state) {
            continue;
        }
        jobs.keep(&wreck.id).await.unwrap();
        jobs.close().await;
        drop(jobs);
        let jobs = open(wreck.folder.path(), &world).await;
        assert_eq!(row(&jobs, &wreck.id).state, JobState::Kept, "{name}");
        assert_eq!(world.holds(), wreck.things.iter().cloned().collect::<Vec<_>>(), "{name}");
    }
}

#[tokio::test]
async fn a_crash_in_the_middle_of_an_undo_goes_on_with_the_undo() {
    let recording = record(Some("d")).await;
    assert!(recording.events.iter().any(|e| e.what == What::Undone));
    let undo_line = recording.events.iter().position(|e| e.what == What::UndoStarted).unwrap() + 1;
    let mut tried = 0;
    for (name, wreck) in recording.wrecks() {
        let journal = fs::read(job_folder(&wreck).join("journal.jsonl")).unwrap();
        let whole = journal::read(&journal).events.len();
        if whole < undo_line || whole == recording.events.len() {
            continue;
        }
        tried += 1;
        let world = wreck_world(&wreck).await;
        let jobs = open(wreck.folder.path(), &world).await;
        assert!(matches!(row(&jobs, &wreck.id).state, JobState::Interrupted { amid: Amid::Undo, .. }), "{name}");
        jobs.go_on(&wreck.id).await.unwrap();
        assert_eq!(rest(&jobs, &wreck.id).await, JobState::Undone, "{name}");
        assert!(world.holds().is_empty(), "{name}: {:?} is left", world.holds());
    }
    assert!(tried > 5, "only {tried} wrecks were in the middle of the undo");
}

fn job_folder(wreck: &Wreck) -> std::path::PathBuf {
    Path::new(wreck.folder.path()).join("jobs").join(wreck.id.as_str())
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(24))]

    /// Crash, choose, crash again, choose again: each crash cuts the journal somewhere behind the last good end.
    #[test]
    fn any_row_of_crashes_and_choices_ends_done_or_undone(cuts in proptest::collection::vec((0usize..100, 0u8..2), 1..5)) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            let recording = record(None).await;
            let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[]));
            let first = recording.wreck(&recording.lines[..1].concat(), BTreeSet::new());
            copy(&job_folder(&first), &folder.path().join("jobs").join(recording.id.as_str()));
            let journal_file = folder.path().join("jobs").join(recording.id.as_str()).join("journal.jsonl");
            let mut good = 1;
            let mut last = None;
            for (cut, choice) in cuts {
                let jobs = open(folder.path(), &world).await;
                let chosen = if choice == 0 { jobs.go_on(&recording.id).await } else { jobs.undo(&recording.id).await };
                if chosen.is_err() {
                    last = Some(row(&jobs, &recording.id).state);
                    break;
                }
                last = Some(rest(&jobs, &recording.id).await);
                jobs.close().await;
                drop(jobs);
                // The results that are cut off are forgotten by the journal, not by the world: only the newest may be,
                // since everything before an event on disk was there first.
                let bytes = fs::read(&journal_file).unwrap();
                let lines: Vec<_> = bytes.split_inclusive(|b| *b == b'\n').collect();
                let keep = lines.len() - usize::from(cut % 2 == 1 && lines.len() > good);
                good = keep;
                fs::write(&journal_file, lines[..keep].concat()).unwrap();
            }
            let jobs = open(folder.path(), &world).await;
            let state = row(&jobs, &recording.id).state;
            if let JobState::Interrupted { .. } = state {
                jobs.go_on(&recording.id).await.unwrap();
                last = Some(rest(&jobs, &recording.id).await);
            }
            match last {
                Some(JobState::Done) => assert_eq!(world.holds(), ALL),
                Some(JobState::Undone) => assert!(world.holds().is_empty()),
                other => panic!("ended as {other:?}"),
            }
            assert!(world.most_often_made() <= 1);
        });
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}
