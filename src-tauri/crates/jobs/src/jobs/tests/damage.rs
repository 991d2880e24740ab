//! Is a job with a damaged journal shown and left alone?
//!
//! A crash tears the last line at most; that is `crash.rs`. Here a line is damaged that was whole.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use api::jobs::{JobState, StepMark};
use api::{FaultCode, JobId};

use super::toy::{Mishap, World, arrived, open, rest, row, start};
use crate::Jobs;

/// A state folder in which a job was cut off when its journal had six lines: the last tells that `a` is about to be made.
async fn cut_off(world: &Arc<World>) -> (tempfile::TempDir, JobId) {
    let folder = tempfile::tempdir().unwrap();
    world.script("b", Mishap::Hangs);
    let jobs = open(folder.path(), world).await;
    let id = start(&jobs, world).await.unwrap();
    arrived(world).await;
    jobs.close().await;
    let journal = journal_of(folder.path(), &id);
    let text = fs::read_to_string(&journal).unwrap();
    let lines: Vec<&str> = text.split_inclusive('\n').take(6).collect();
    assert!(lines[5].contains("intended"), "{}", lines[5]);
    fs::write(journal, lines.concat()).unwrap();
    (folder, id)
}

fn journal_of(state: &Path, id: &JobId) -> std::path::PathBuf {
    state.join("jobs").join(id.as_str()).join("journal.jsonl")
}

/// Changes one byte in the middle of a line.
fn damage(state: &Path, id: &JobId, line: usize) {
    let journal = journal_of(state, id);
    let mut bytes = fs::read(&journal).unwrap();
    let begin: usize = bytes.split_inclusive(|b| *b == b'\n').take(line - 1).map(<[u8]>::len).sum();
    bytes[begin + 30] ^= 1;
    fs::write(journal, bytes).unwrap();
}

fn all_bytes(state: &Path, id: &JobId) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(state.join("jobs").join(id.as_str())).unwrap().map(Result::unwrap);
    entries.map(|entry| (entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path()).unwrap())).collect()
}

async fn refused(jobs: &Jobs, id: &JobId) {
    for refused in [jobs.retry(id).await, jobs.go_on(id).await, jobs.undo(id).await, jobs.forget(id).await] {
        let why = refused.unwrap_err();
        assert_eq!(why.code, FaultCode::Invalid);
        assert!(why.sentence.starts_with("Make toys can only be left as it is: its journal is damaged"), "{why}");
    }
}

#[tokio::test]
async fn a_job_with_a_damaged_line_is_listed_with_its_place_and_can_only_be_left() {
    for line in [1, 3] {
        let world = World::with(&[]);
        let (folder, id) = cut_off(&world).await;
        damage(folder.path(), &id, line);
        let before = all_bytes(folder.path(), &id);
        let jobs = open(folder.path(), &world).await;
        let JobState::Damaged { why } = row(&jobs, &id).state else { panic!("line {line}: {:?}", row(&jobs, &id)) };
        assert_eq!(why.sentence, format!("Make toys stopped, and its journal is damaged at line {line}."));
        assert_eq!(why.cause[0].source, journal_of(folder.path(), &id).display().to_string());
        assert_eq!(why.cause[1].text, "Toy a", "what was noted behind the damage is named");
        assert!(why.unharmed.contains("may still be there") && why.unharmed.ends_with("leave the job as it is."), "{why}");
        refused(&jobs, &id).await;
        assert_eq!(jobs.view(&id).unwrap().made.len(), 1);
        jobs.close().await;
        drop(jobs);
        assert_eq!(all_bytes(folder.path(), &id), before, "line {line}: something was cut or removed");

        let jobs = open(folder.path(), &world).await;
        jobs.keep(&id).await.unwrap();
        assert_eq!(row(&jobs, &id).state, JobState::Kept);
        jobs.close().await;
        drop(jobs);
        let kept = fs::read(journal_of(folder.path(), &id)).unwrap();
        assert!(kept.starts_with(&before["journal.jsonl"]), "line {line}: something was cut");
        let jobs = open(folder.path(), &world).await;
        assert_eq!(row(&jobs, &id).state, JobState::Kept, "line {line}: it is asked about again");
        jobs.forget(&id).await.unwrap();
        assert_eq!(world.holds(), ["a"], "nothing went on and nothing was undone");
    }
}

#[tokio::test]
async fn a_damaged_journal_that_ends_in_the_middle_of_a_line_can_be_left_as_well() {
    let world = World::with(&[]);
    let (folder, id) = cut_off(&world).await;
    damage(folder.path(), &id, 3);
    let journal = journal_of(folder.path(), &id);
    let torn = [fs::read(&journal).unwrap(), b"{\"n\":7,\"su".to_vec()].concat();
    fs::write(&journal, &torn).unwrap();
    let jobs = open(folder.path(), &world).await;
    assert!(matches!(row(&jobs, &id).state, JobState::Damaged { .. }));
    jobs.keep(&id).await.unwrap();
    jobs.close().await;
    drop(jobs);
    assert!(fs::read(&journal).unwrap().starts_with(&torn));
    let jobs = open(folder.path(), &world).await;
    assert_eq!(row(&jobs, &id).state, JobState::Kept);
}

#[tokio::test]
async fn a_job_that_ended_stays_ended_with_a_damaged_line() {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[]));
    let jobs = open(folder.path(), &world).await;
    let id = start(&jobs, &world).await.unwrap();
    assert_eq!(rest(&jobs, &id).await, JobState::Done);
    jobs.close().await;
    drop(jobs);
    damage(folder.path(), &id, 3);
    let jobs = open(folder.path(), &world).await;
    assert_eq!(row(&jobs, &id).state, JobState::Done);
    assert!(jobs.view(&id).unwrap().steps[1..].iter().all(|step| step.mark == StepMark::Done));
    jobs.forget(&id).await.unwrap();
}

#[tokio::test]
async fn a_job_whose_first_line_was_being_written_never_began_and_is_swept() {
    for torn in [0, 1, 30] {
        let world = World::with(&[]);
        let (folder, id) = cut_off(&world).await;
        let journal = journal_of(folder.path(), &id);
        let bytes = fs::read(&journal).unwrap();
        fs::write(&journal, &bytes[..torn]).unwrap();
        let jobs = open(folder.path(), &world).await;
        assert!(jobs.rows().is_empty(), "{torn} bytes");
        assert!(!journal.exists(), "{torn} bytes");
    }
}
