//! Does each verb do what its button says, and refuse with a sentence otherwise?

use std::path::Path;
use std::sync::Arc;

use api::jobs::{Amid, JobState, StepMark, UndoIs, Undoing};
use api::{FaultCode, JobId, Timestamp};

use super::toy::{ALL, Mishap, Toy, World, arrived, open, plan, rest, row, setup, start};
use crate::{Access, Jobs, Setup};

/// Starts a job and ends KOS at the mishap in its middle.
async fn cut_off(folder: &Path, world: &Arc<World>) -> JobId {
    let jobs = open(folder, world).await;
    let id = start(&jobs, world).await.unwrap();
    arrived(world).await;
    jobs.close().await;
    id
}

#[tokio::test]
async fn a_job_runs_its_acts_in_order_and_says_what_it_made() {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[]));
    let jobs = open(folder.path(), &world).await;
    let id = start(&jobs, &world).await.unwrap();
    assert_eq!(rest(&jobs, &id).await, JobState::Done);
    let view = jobs.view(&id).unwrap();
    assert_eq!(view.row.place, "6 of 6");
    assert!(view.steps.iter().all(|step| step.mark == StepMark::Done && step.attempt == 1), "{:?}", view.steps);
    assert_eq!(view.made.iter().map(|m| (m.step, m.name.as_str())).collect::<Vec<_>>(), [(1, "a"), (2, "b"), (2, "c"), (2, "d"), (5, "e")]);
    assert_eq!(world.holds(), ALL);
}

#[tokio::test]
async fn a_thing_that_was_there_before_is_found_and_survives_an_undo() {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&["a"]));
    world.script("e", Mishap::Fails);
    let jobs = open(folder.path(), &world).await;
    let id = start(&jobs, &world).await.unwrap();
    rest(&jobs, &id).await;
    assert_eq!(jobs.view(&id).unwrap().steps[1].detail.plain(), "was already here");
    jobs.undo(&id).await.unwrap();
    assert_eq!(rest(&jobs, &id).await, JobState::Undone);
    assert_eq!(world.holds(), ["a"]);
}

#[tokio::test]
async fn retry_runs_the_failed_act_again_and_none_before_it() {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[]));
    world.script("c", Mishap::Fails);
    let jobs = open(folder.path(), &world).await;
    let id = start(&jobs, &world).await.unwrap();
    let JobState::Failed { step, why } = rest(&jobs, &id).await else { panic!("it did not fail") };
    assert_eq!((step, why.code, why.cause[0].text.as_str()), (3, FaultCode::Step, "no wood"));
    let failed = jobs.view(&id).unwrap();
    let marks: Vec<_> = failed.steps.iter().map(|s| s.mark).collect();
    use StepMark::{Done, Failed, Skipped};
    assert_eq!(marks, [Done, Done, Done, Failed, Skipped, Skipped], "the failure belongs to the step that ran");
    assert_eq!(failed.row.place, "stopped at 4 of 6");
    assert_eq!(failed.row.detail.plain(), "Stopped at step 4: the toy c was not made.");

    world.heal();
    jobs.retry(&id).await.unwrap();
    assert_eq!(rest(&jobs, &id).await, JobState::Done);
    let attempts: Vec<_> = jobs.view(&id).unwrap().steps.iter().map(|s| s.attempt).collect();
    assert_eq!(attempts, [1, 1, 2, 2, 2, 1]);
    assert_eq!((world.holds(), world.most_often_made()), (ALL.map(str::to_owned).to_vec(), 1));
}

#[tokio::test]
async fn a_failed_job_can_be_retried_after_a_restart() {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[]));
    world.script("e", Mishap::Fails);
    let jobs = open(folder.path(), &world).await;
    let id = start(&jobs, &world).await.unwrap();
    let failed = rest(&jobs, &id).await;
    jobs.close().await;
    drop(jobs);
    world.heal();
    let jobs = open(folder.path(), &world).await;
    assert_eq!(row(&jobs, &id).state, failed);
    jobs.retry(&id).await.unwrap();
    assert_eq!(rest(&jobs, &id).await, JobState::Done);
}

#[tokio::test]
async fn cancel_in_any_act_removes_what_was_made_in_it_and_before_it() {
    for name in ["check", "a", "b", "c", "d", "e"] {
        let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&["not ours"]));
        world.script(name, Mishap::Hangs);
        let jobs = open(folder.path(), &world).await;
        let id = start(&jobs, &world).await.unwrap();
        arrived(&world).await;
        jobs.cancel(&id).unwrap();
        assert_eq!(rest(&jobs, &id).await, JobState::Undone, "{name}");
        assert_eq!(world.holds(), ["not ours"], "{name}");
        let view = jobs.view(&id).unwrap();
        assert!(view.made.is_empty(), "{name}: {:?}", view.made);
        assert!(view.steps.iter().all(|s| matches!(s.mark, StepMark::Undone | StepMark::Skipped)), "{name}: {:?}", view.steps);
    }
}

#[tokio::test(start_paused = true)]
async fn an_act_that_does_not_listen_to_a_cancel_is_left_after_its_grace() {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[]));
    world.script("e", Mishap::HangsDeaf);
    let jobs = open(folder.path(), &world).await;
    let id = start(&jobs, &world).await.unwrap();
    arrived(&world).await;
    jobs.cancel(&id).unwrap();
    assert_eq!(rest(&jobs, &id).await, JobState::Undone);
    assert!(world.holds().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_cancel_does_not_wait_for_a_look_at_the_world() {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[]));
    world.script("e", Mishap::LooksForEver);
    let jobs = open(folder.path(), &world).await;
    let id = start(&jobs, &world).await.unwrap();
    arrived(&world).await;
    let cancelled = tokio::time::Instant::now();
    jobs.cancel(&id).unwrap();
    assert_eq!(rest(&jobs, &id).await, JobState::Undone);
    assert!(world.holds().is_empty());
    // The clock of the test moves only where something waits for it: the grace of an act that runs was not waited for.
    assert!(cancelled.elapsed() < std::time::Duration::from_secs(5), "{:?}", cancelled.elapsed());
}

#[tokio::test]
async fn cancel_during_an_undo_is_refused_with_a_sentence() {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[]));
    world.script("e", Mishap::Hangs);
    world.script("c", Mishap::UndoWaits);
    let jobs = open(folder.path(), &world).await;
    let id = start(&jobs, &world).await.unwrap();
    arrived(&world).await;
    jobs.cancel(&id).unwrap();
    arrived(&world).await;
    assert_eq!(row(&jobs, &id).state, JobState::Undoing { now: Undoing::Acts });
    let refused = jobs.cancel(&id).unwrap_err();
    assert_eq!(refused.sentence, "Make toys is being undone. An undo is not cancelled, so that nothing is left half removed.");
    world.go.notify_one();
    assert_eq!(rest(&jobs, &id).await, JobState::Undone);
}

#[tokio::test]
async fn an_undo_that_waits_is_left_when_asked_and_can_be_asked_for_again() {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[]));
    world.script("e", Mishap::Hangs);
    world.script("c", Mishap::UndoMayBeLeft);
    let jobs = open(folder.path(), &world).await;
    let id = start(&jobs, &world).await.unwrap();
    arrived(&world).await;
    assert_eq!(row(&jobs, &id).state, JobState::Running);
    jobs.cancel(&id).unwrap();
    arrived(&world).await;
    assert_eq!(row(&jobs, &id).state, JobState::Undoing { now: Undoing::Waits });
    jobs.cancel(&id).unwrap();
    let JobState::UndoFailed { why } = rest(&jobs, &id).await else { panic!("the undo goes on") };
    assert_eq!(why.sentence, "The undo was left.");
    assert_eq!(world.holds(), ["a", "b", "c"], "what stood behind it stands");
    jobs.close().await;
    drop(jobs);

    let jobs = open(folder.path(), &world).await;
    assert_eq!(row(&jobs, &id).state, JobState::UndoFailed { why });
    world.heal();
    jobs.undo(&id).await.unwrap();
    assert_eq!(rest(&jobs, &id).await, JobState::Undone);
    assert!(world.holds().is_empty());
}

#[tokio::test]
async fn an_undo_that_waited_goes_on_and_cannot_be_left_any_more() {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[]));
    world.script("e", Mishap::Fails);
    world.script("c", Mishap::UndoMayBeLeft);
    world.script("b", Mishap::UndoWaits);
    let jobs = open(folder.path(), &world).await;
    let id = start(&jobs, &world).await.unwrap();
    rest(&jobs, &id).await;
    jobs.undo(&id).await.unwrap();
    arrived(&world).await;
    world.go.notify_one();
    arrived(&world).await;
    assert_eq!(row(&jobs, &id).state, JobState::Undoing { now: Undoing::Acts });
    assert_eq!(jobs.cancel(&id).unwrap_err().code, FaultCode::Invalid);
    world.go.notify_one();
    assert_eq!(rest(&jobs, &id).await, JobState::Undone);
}

#[tokio::test]
async fn an_undo_that_fails_names_what_is_left_and_can_go_on() {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[]));
    world.script("e", Mishap::Fails);
    world.script("b", Mishap::FailsToUndo);
    let jobs = open(folder.path(), &world).await;
    let id = start(&jobs, &world).await.unwrap();
    rest(&jobs, &id).await;
    jobs.undo(&id).await.unwrap();
    let JobState::UndoFailed { why } = rest(&jobs, &id).await else { panic!("the undo did not fail") };
    assert_eq!(why.sentence, "The toy b was not removed.");
    assert_eq!(why.cause.last().unwrap().text, "Toy a, Toy b, Toy c, Toy d");
    assert_eq!(jobs.forget(&id).await.unwrap_err().code, FaultCode::Invalid, "what is left would be forgotten");
    world.heal();
    jobs.undo(&id).await.unwrap();
    assert_eq!(rest(&jobs, &id).await, JobState::Undone);
    assert!(world.holds().is_empty());
}

/// A job that was stopped in its third act, and whose undo failed.
async fn neither_done_nor_undone(jobs: &Jobs, world: &Arc<World>, undo: UndoIs) -> JobId {
    world.script("c", Mishap::Hangs);
    world.script("b", Mishap::FailsToUndo);
    let id = jobs.start("toys", serde_json::Value::Null, &plan().undone_by(undo), Toy(world.clone())).await.unwrap();
    arrived(world).await;
    jobs.cancel(&id).unwrap();
    let state = rest(jobs, &id).await;
    assert!(matches!(state, JobState::UndoFailed { .. }), "{state:?}");
    world.heal();
    id
}

#[tokio::test]
async fn a_job_whose_undo_takes_nothing_away_goes_forwards_after_that_undo_failed() {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[]));
    let jobs = open(folder.path(), &world).await;
    let id = neither_done_nor_undone(&jobs, &world, UndoIs::Resumption { at: "a box".into() }).await;
    assert_eq!(jobs.view(&id).unwrap().steps[3].mark, StepMark::Interrupted);
    jobs.close().await;
    drop(jobs);
    let jobs = open(folder.path(), &world).await;
    jobs.retry(&id).await.unwrap();
    assert_eq!(rest(&jobs, &id).await, JobState::Done);
    let view = jobs.view(&id).unwrap();
    let (marks, attempts): (Vec<_>, Vec<_>) = view.steps.iter().map(|step| (step.mark, step.attempt)).unzip();
    assert_eq!((marks, attempts), (vec![StepMark::Done; 6], vec![1, 1, 2, 2, 2, 1]));
    assert_eq!(view.row.place, "6 of 6");
    assert_eq!(world.holds(), ALL);
}

#[tokio::test]
async fn a_job_whose_undo_takes_something_away_goes_only_backwards_after_that_undo_failed() {
    for undo in [UndoIs::Removal, UndoIs::SwitchBack, UndoIs::Nothing] {
        let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[]));
        let jobs = open(folder.path(), &world).await;
        let id = neither_done_nor_undone(&jobs, &world, undo.clone()).await;
        assert_eq!(jobs.retry(&id).await.unwrap_err().code, FaultCode::Changed, "{undo:?}");
        jobs.undo(&id).await.unwrap();
        assert_eq!(rest(&jobs, &id).await, JobState::Undone, "{undo:?}");
        assert!(world.holds().is_empty(), "{undo:?}");
    }
}

#[tokio::test]
async fn a_panic_in_an_act_is_a_fault_of_that_job_and_of_no_other() {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[]));
    world.script("d", Mishap::Panics);
    let jobs = open(folder.path(), &world).await;
    let id = start(&jobs, &world).await.unwrap();
    let JobState::Failed { why, step: 4 } = rest(&jobs, &id).await else { panic!("it did not fail at d") };
    assert_eq!((why.code, why.cause[0].text.as_str()), (FaultCode::Bug, "a splinter in d"));
    world.heal();
    let other = start(&jobs, &world).await.unwrap();
    assert_eq!(rest(&jobs, &other).await, JobState::Done);
}

#[tokio::test]
async fn closing_leaves_a_running_job_interrupted_and_looks_at_it_at_the_next_start() {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[]));
    world.script("c", Mishap::Hangs);
    let jobs = open(folder.path(), &world).await;
    let id = start(&jobs, &world).await.unwrap();
    arrived(&world).await;
    jobs.close().await;
    assert_eq!(start(&jobs, &world).await.unwrap_err().sentence, "KOS is closing. No work is started any more.");
    drop(jobs);
    let jobs = open(folder.path(), &world).await;
    assert_eq!(row(&jobs, &id).state, JobState::Interrupted { step: 3, amid: Amid::Run });
    assert_eq!(row(&jobs, &id).place, "stopped at 4 of 6");
    assert_eq!(jobs.view(&id).unwrap().steps[3].mark, StepMark::Interrupted);
    let ended = row(&jobs, &id).ended;
    assert!(ended.is_some(), "the last it noted is its end");
    jobs.look_again(&id).await.unwrap();
    assert_eq!(row(&jobs, &id).ended, ended);
    assert!(jobs.view(&id).unwrap().looked.is_some());
    let found: Vec<_> = jobs.view(&id).unwrap().found.into_iter().map(|f| (f.name, f.found)).collect();
    let here = |name: &str| (name.to_owned(), "here".to_owned());
    let gone = |name: &str| (name.to_owned(), "not there".to_owned());
    assert_eq!(found, [here("a"), here("b"), gone("c"), gone("d")]);
}

#[tokio::test]
async fn verbs_that_do_not_fit_are_refused_and_change_nothing() {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[]));
    let jobs = open(folder.path(), &world).await;
    let id = start(&jobs, &world).await.unwrap();
    rest(&jobs, &id).await;
    for refused in [jobs.retry(&id).await, jobs.go_on(&id).await, jobs.undo(&id).await, jobs.keep(&id).await, jobs.look_again(&id).await, jobs.cancel(&id)] {
        assert_eq!(refused.unwrap_err().code, FaultCode::Changed);
    }
    assert_eq!(jobs.retry(&"none".into()).await.unwrap_err().code, FaultCode::NotFound);
    assert_eq!((row(&jobs, &id).state, world.holds().len()), (JobState::Done, 5));
}

#[tokio::test]
async fn forgetting_takes_the_folder_and_a_running_job_is_not_forgotten() {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[]));
    world.script("a", Mishap::Hangs);
    let jobs = open(folder.path(), &world).await;
    let id = start(&jobs, &world).await.unwrap();
    arrived(&world).await;
    assert_eq!(jobs.forget(&id).await.unwrap_err().sentence, "Make toys runs already.");
    jobs.cancel(&id).unwrap();
    rest(&jobs, &id).await;
    let of_job = jobs.folder_of(&id).unwrap();
    assert!(of_job.exists());
    jobs.forget(&id).await.unwrap();
    assert!(!of_job.exists() && jobs.rows().is_empty());
}

#[tokio::test]
async fn the_oldest_of_more_than_200_finished_jobs_go() {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&ALL));
    let jobs = open(folder.path(), &world).await;
    let mut ids = vec![];
    for _ in 0..203 {
        let id = start(&jobs, &world).await.unwrap();
        rest(&jobs, &id).await;
        ids.push(id);
    }
    jobs.close().await;
    drop(jobs);
    let jobs = open(folder.path(), &world).await;
    assert_eq!(jobs.rows().len(), 200);
    assert!(jobs.view(&ids[2]).is_none() && jobs.view(&ids[3]).is_some());
}

#[tokio::test]
async fn a_second_instance_is_told_so_and_a_later_one_waits_for_the_first_to_close() {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[]));
    let first = open(folder.path(), &world).await;
    let refused = Jobs::open(setup(folder.path(), &world)).await.err().unwrap();
    assert_eq!(refused.sentence, format!("Another KOS uses {}.", folder.path().display()));
    let closes = async {
        first.close().await;
        drop(first);
    };
    let (third, ()) = tokio::join!(Jobs::open(setup(folder.path(), &world)), closes);
    assert_eq!(third.unwrap().access(), Access::Owner);
}

#[tokio::test]
async fn a_folder_that_cannot_be_read_hides_no_other_job() {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[]));
    let jobs = open(folder.path(), &world).await;
    let (broken, whole) = (start(&jobs, &world).await.unwrap(), start(&jobs, &world).await.unwrap());
    rest(&jobs, &broken).await;
    rest(&jobs, &whole).await;
    let broken_folder = jobs.folder_of(&broken).unwrap();
    jobs.close().await;
    drop(jobs);
    std::fs::write(broken_folder.join("plan.json"), "{").unwrap();
    let jobs = open(folder.path(), &world).await;
    assert_eq!(jobs.rows().into_iter().map(|row| row.id).collect::<Vec<_>>(), [whole]);
    assert!(broken_folder.exists(), "it stays for whoever can read it");
}

#[tokio::test]
async fn a_plan_without_steps_does_not_start() {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[]));
    let jobs = open(folder.path(), &world).await;
    let mut empty = plan();
    empty.acts.clear();
    let refused = jobs.start("toys", serde_json::Value::Null, &empty, Toy(world.clone())).await.unwrap_err();
    assert_eq!(refused.sentence, "The job did not start: its plan has no steps.");
    assert!(jobs.rows().is_empty());
}

#[tokio::test]
async fn a_program_outlives_a_close_and_is_found_again_by_continue() {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[]));
    world.script("c", Mishap::LeavesProgram);
    let id = cut_off(folder.path(), &world).await;
    assert_eq!(*world.programs.lock().unwrap(), ["started"]);
    let jobs = open(folder.path(), &world).await;
    jobs.go_on(&id).await.unwrap();
    assert_eq!(rest(&jobs, &id).await, JobState::Done);
    assert_eq!(*world.programs.lock().unwrap(), ["started", "found again"]);
}

#[tokio::test]
async fn what_a_program_that_outlived_kos_had_printed_is_not_printed_again() {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[]));
    world.script("c", Mishap::LeavesProgram);
    let id = cut_off(folder.path(), &world).await;
    let jobs = open(folder.path(), &world).await;
    let texts = |jobs: &Jobs| jobs.output(&id, 0, 100).unwrap().lines.into_iter().map(|line| line.text).collect::<Vec<_>>();
    assert_eq!(texts(&jobs), ["begun", "half"]);
    jobs.go_on(&id).await.unwrap();
    assert_eq!(rest(&jobs, &id).await, JobState::Done);
    assert_eq!(texts(&jobs), ["begun", "half", "half", "whole"]);
    jobs.close().await;
    drop(jobs);
    assert_eq!(texts(&open(folder.path(), &world).await), ["begun", "half", "half", "whole"], "the log has them once");
}

#[tokio::test]
async fn a_program_that_outlived_kos_is_ended_by_undo() {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[]));
    world.script("c", Mishap::LeavesProgram);
    let id = cut_off(folder.path(), &world).await;
    let jobs = open(folder.path(), &world).await;
    jobs.undo(&id).await.unwrap();
    assert_eq!(rest(&jobs, &id).await, JobState::Undone);
    assert_eq!(*world.programs.lock().unwrap(), ["started", "ended by undo"]);
}

#[tokio::test(start_paused = true)]
async fn cancel_ends_the_program_of_a_deaf_act_with_its_future() {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[]));
    world.script("c", Mishap::LeavesProgram);
    let jobs = open(folder.path(), &world).await;
    let id = start(&jobs, &world).await.unwrap();
    arrived(&world).await;
    jobs.cancel(&id).unwrap();
    assert_eq!(rest(&jobs, &id).await, JobState::Undone);
    assert_eq!(*world.programs.lock().unwrap(), ["started", "ended with its future", "ended by undo"]);
}

#[tokio::test]
async fn a_job_that_was_cut_off_tells_what_is_there_and_whether_the_computer_started_again_since() {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[]));
    world.script("c", Mishap::Hangs);
    let id = cut_off(folder.path(), &world).await;
    let (before, after) = (Timestamp(1), Timestamp(2_000_000_000_000));
    for (booted, told) in [(None, None), (Some(before), None), (Some(after), Some(after))] {
        let jobs = Jobs::open(Setup { booted, ..setup(folder.path(), &world) }).await.unwrap();
        jobs.look_again(&id).await.unwrap();
        assert_eq!(jobs.view(&id).unwrap().restarted, told, "{booted:?}");
        assert_eq!(row(&jobs, &id).detail.plain(), "Stopped at step 4: KOS ended while it ran. 2 of 4 things are there.");
        jobs.close().await;
    }
}

#[tokio::test]
async fn how_long_an_undo_takes_is_known_once_one_was_timed() {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[]));
    world.script("e", Mishap::Fails);
    let jobs = open(folder.path(), &world).await;
    let first = start(&jobs, &world).await.unwrap();
    rest(&jobs, &first).await;
    assert_eq!(jobs.view(&first).unwrap().undo_takes, None);
    jobs.undo(&first).await.unwrap();
    assert_eq!(rest(&jobs, &first).await, JobState::Undone);
    let second = start(&jobs, &world).await.unwrap();
    rest(&jobs, &second).await;
    jobs.close().await;
    drop(jobs);
    let jobs = open(folder.path(), &world).await;
    assert!(jobs.view(&second).unwrap().undo_takes.is_some_and(|takes| takes.0 > 0), "{:?}", jobs.view(&second));
}
