//! Does a viewer see the truth, early, late or slow?

use api::jobs::{JobState, Tone};
use api::{FaultCode, Millis};

use super::toy::{Mishap, World, arrived, open, plan, rest, start};

#[tokio::test]
async fn a_viewer_after_a_restart_sees_what_a_live_one_saw() {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&["a"]));
    world.script("b", Mishap::Prints(7));
    world.script("e", Mishap::Fails);
    let jobs = open(folder.path(), &world).await;
    let id = start(&jobs, &world).await.unwrap();
    rest(&jobs, &id).await;
    let (live, printed) = (jobs.view(&id).unwrap(), jobs.output(&id, 0, 100).unwrap());
    assert_eq!((live.steps[2].lines, printed.lines.len(), printed.newest), (7, 7, 7));
    jobs.close().await;
    drop(jobs);
    let jobs = open(folder.path(), &world).await;
    assert_eq!(jobs.view(&id).unwrap(), live);
    assert_eq!(jobs.output(&id, 0, 100).unwrap(), printed);
}

#[tokio::test]
async fn a_flood_of_output_is_whole_on_disk_and_bounded_in_memory() {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[]));
    world.script("a", Mishap::Prints(50_000));
    let jobs = open(folder.path(), &world).await;
    let id = start(&jobs, &world).await.unwrap();
    assert_eq!(rest(&jobs, &id).await, JobState::Done);
    let all = jobs.output(&id, 0, usize::MAX).unwrap();
    assert_eq!((all.lines.len(), all.missed, all.newest), (20_000, 30_000, 50_000));
    assert_eq!((all.lines[0].number, all.lines[0].text.as_str(), all.lines[0].tone), (30_001, "line 30001", Tone::Plain));
    let few = jobs.output(&id, 49_990, 3).unwrap();
    assert_eq!((few.missed, few.lines.iter().map(|l| l.number).collect::<Vec<_>>()), (0, vec![49_991, 49_992, 49_993]));
    let saved = folder.path().join("saved.log");
    jobs.save_log(&id, &saved).await.unwrap();
    let log = std::fs::read_to_string(saved).unwrap();
    assert_eq!(log.lines().count(), 50_000);
    assert!(log.lines().enumerate().all(|(n, line)| line.ends_with(&format!(" 2 | line {}", n + 1))));
}

#[tokio::test]
async fn a_log_is_saved_to_a_new_file_for_the_user_alone_and_over_nothing_that_is_there() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[]));
    world.script("a", Mishap::Prints(1));
    let jobs = open(folder.path(), &world).await;
    let id = start(&jobs, &world).await.unwrap();
    rest(&jobs, &id).await;
    let at = |name: &str| folder.path().join(name);
    jobs.save_log(&id, &at("new.log")).await.unwrap();
    assert_eq!(std::fs::metadata(at("new.log")).unwrap().permissions().mode() & 0o777, 0o600);
    std::fs::write(at("mine.log"), "mine").unwrap();
    symlink(at("nowhere"), at("link.log")).unwrap();
    for name in ["mine.log", "link.log"] {
        let fault = jobs.save_log(&id, &at(name)).await.unwrap_err();
        assert_eq!((fault.code, fault.unharmed.as_str()), (FaultCode::Write, "What stands there was left as it is. Choose another name."), "{name}");
    }
    assert_eq!(std::fs::read_to_string(at("mine.log")).unwrap(), "mine");
    assert!(!at("nowhere").exists(), "a link was followed");
}

#[tokio::test]
async fn logs_and_journals_are_for_the_user_alone() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[]));
    world.script("a", Mishap::Prints(1));
    let jobs = open(folder.path(), &world).await;
    let id = start(&jobs, &world).await.unwrap();
    rest(&jobs, &id).await;
    let job = jobs.folder_of(&id).unwrap();
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!([mode(&job), mode(&job.join("journal.jsonl")), mode(&job.join("output.log"))], [0o700, 0o600, 0o600]);
}

#[tokio::test]
async fn a_job_goes_on_when_its_viewers_leave() {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[]));
    let jobs = open(folder.path(), &world).await;
    let id = start(&jobs, &world).await.unwrap();
    drop(jobs.changes_of(&id));
    assert_eq!(rest(&jobs, &id).await, JobState::Done);
}

#[tokio::test]
async fn a_running_step_is_named_in_the_list() {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[]));
    world.script("c", Mishap::Hangs);
    let jobs = open(folder.path(), &world).await;
    let id = start(&jobs, &world).await.unwrap();
    arrived(&world).await;
    let row = super::toy::row(&jobs, &id);
    assert_eq!((row.place.as_str(), row.state), ("4 of 6, make c", JobState::Running));
    jobs.close().await;
}

#[tokio::test]
async fn the_next_plan_knows_how_long_the_last_run_took() {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&["e"]));
    let jobs = open(folder.path(), &world).await;
    let (before, runs) = jobs.planned("toys", &plan()).unwrap();
    assert_eq!((before[1].expected, runs), (Millis::seconds(1), 0));
    let id = start(&jobs, &world).await.unwrap();
    rest(&jobs, &id).await;
    let view = jobs.view(&id).unwrap();
    jobs.close().await;
    drop(jobs);
    let jobs = open(folder.path(), &world).await;
    let (after, runs) = jobs.planned("toys", &plan()).unwrap();
    assert_eq!((Some(after[1].expected), runs), (view.steps[1].took, 1));
    assert_eq!(after[5].expected, Millis::seconds(1), "e was found, which teaches nothing");
}
