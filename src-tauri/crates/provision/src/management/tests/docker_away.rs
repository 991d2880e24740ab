//! Docker goes away below a job, and comes back to its undo.

use std::time::Duration;

use api::FaultCode;
use tokio::time::interval;
use tokio_util::sync::CancellationToken;

use super::job::Job;
use super::whole::whole;
use crate::imagined::{Cut, Kind, Machine};

/// A job whose cluster is half made; its machine is without Docker.
async fn half_made(after: usize) -> Job {
    let machine = Machine::new();
    machine.state().kind = Kind::LosesDockerAfter(after);
    let mut job = Job::new(&machine).await;
    let fault = job.run().await.unwrap_err();
    assert_eq!(fault.code, FaultCode::Docker);
    assert!(fault.sentence.starts_with("The cluster kos-mgmt was not made: Docker stopped while "), "{}", fault.sentence);
    job
}

pub(super) async fn after_minutes(minutes: u64, happens: impl FnOnce()) {
    let mut turns = interval(Duration::from_secs(60 * minutes));
    turns.tick().await;
    turns.tick().await;
    happens();
}

fn waits(job: &Job) -> Vec<&str> {
    job.output.iter().map(String::as_str).filter(|line| line.contains("goes on by itself as soon as it answers")).collect()
}

#[tokio::test(start_paused = true)]
async fn what_docker_stopped_in_the_middle_of_is_removed_by_itself_once_it_is_back() {
    for after in [5, 9, 14] {
        let mut job = half_made(after).await;
        // It is not waited for without an end.
        let fault = job.undo().await.unwrap_err();
        assert_eq!(fault.sentence, "The cluster kos-mgmt was not removed: Docker does not answer.");
        job.output.clear();
        let machine = job.machine.clone();
        let (undone, ()) = tokio::join!(job.undo(), after_minutes(20, || machine.state().docker = true));
        undone.unwrap();
        assert_eq!(job.left(), Vec::<String>::new());
        assert_eq!(waits(&job).len(), 1, "it is said, and once: {:?}", job.output);
    }
}

#[tokio::test(start_paused = true)]
async fn an_undo_whose_docker_goes_away_in_the_middle_of_an_answer_waits_for_it_too() {
    for cut in [Cut::Away("ps"), Cut::Restarted("ps")] {
        let mut job = half_made(9).await;
        let machine = job.machine.clone();
        machine.state().docker = true;
        machine.state().cut = cut;
        let (undone, ()) = tokio::join!(job.undo(), after_minutes(20, || machine.state().docker = true));
        undone.unwrap();
        assert_eq!(job.left(), Vec::<String>::new(), "{cut:?}");
        let said = "The cluster kos-mgmt was not removed: Docker stopped in the middle of its answer. \
                    The undo waits for Docker and goes on by itself as soon as it answers.";
        assert_eq!(waits(&job), [said], "{cut:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn volumes_go_too_when_docker_goes_away_between_their_containers_and_them() {
    for cut in [Cut::Away("volume"), Cut::Restarted("volume")] {
        let mut job = half_made(9).await;
        let machine = job.machine.clone();
        machine.state().docker = true;
        machine.state().kind_deletes_nothing = true;
        machine.state().cut = cut;
        let (undone, ()) = tokio::join!(job.undo(), after_minutes(20, || machine.state().docker = true));
        undone.unwrap();
        assert_eq!(job.left(), Vec::<String>::new(), "{cut:?}");
        assert_eq!((machine.ran("docker volume ls"), machine.ran("docker volume rm")), (2, 1), "{cut:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_undo_of_the_whole_way_waits_for_docker_too() {
    for stays in [false, true] {
        let machine = Machine::new();
        machine.state().drawn.stays = stays;
        let mut job = Job::of(&machine, whole()).await;
        job.run().await.unwrap();
        machine.state().docker = false;
        let (undone, ()) = tokio::join!(job.undo(), after_minutes(20, || machine.state().docker = true));
        undone.unwrap();
        assert_eq!(job.left(), Vec::<String>::new(), "stays: {stays}");
        assert_eq!(waits(&job).len(), 1, "it is said, and once: {:?}", job.output);
    }
}

#[tokio::test(start_paused = true)]
async fn an_undo_that_waits_for_docker_is_left_by_its_user_and_removes_all_when_it_is_asked_for_again() {
    let mut job = half_made(9).await;
    let leave = job.leave.clone();
    let (undone, ()) = tokio::join!(job.undo(), after_minutes(1, || leave.cancel()));
    let fault = undone.unwrap_err();
    assert_eq!(fault.sentence, "The undo of kos-mgmt was left while it waited for Docker.");
    assert!(fault.code == FaultCode::Docker && fault.unharmed.contains("can be asked for again"), "{fault}");
    job.machine.state().docker = true;
    assert_ne!(job.left(), Vec::<String>::new());
    job.leave = CancellationToken::new();
    job.undo().await.unwrap();
    assert_eq!(job.left(), Vec::<String>::new());
}
