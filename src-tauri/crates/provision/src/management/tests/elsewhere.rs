//! docker answers from another place than the one in which the job began.

use api::FaultCode;

use super::docker_away::after_minutes;
use super::is_whole;
use super::job::Job;
use crate::home::at_home;
use crate::imagined::{ENDPOINT, Kind, Machine};
use crate::management::Order;

const ELSEWHERE: &str = "ssh://jo@build";

/// A job whose kind failed, and then somebody chose another context.
async fn failed_and_elsewhere() -> Job {
    let machine = Machine::new();
    machine.state().kind = Kind::KilledAfter(9);
    let mut job = Job::new(&machine).await;
    assert!(job.run().await.is_err());
    machine.state().kind = Kind::Succeeds;
    machine.state().endpoint = ELSEWHERE;
    job
}

#[tokio::test(start_paused = true)]
async fn an_undo_elsewhere_removes_nothing_and_removes_all_at_home() {
    let mut job = failed_and_elsewhere().await;
    let before = job.left();
    assert!(before.contains(&"kos-mgmt-control-plane".to_owned()), "{before:?}");
    let fault = job.undo().await.unwrap_err();
    assert_eq!(fault.sentence, "This job works in the Docker at tcp://127.0.0.1:2375; docker answers from ssh://jo@build now.");
    assert!(fault.code == FaultCode::Changed && fault.unharmed.contains("docker context use"), "{fault}");
    assert_eq!((job.left(), job.machine.ran("kind delete"), job.machine.ran("docker network rm")), (before, 0, 0));
    job.machine.state().endpoint = ENDPOINT;
    job.undo().await.unwrap();
    assert_eq!(job.left(), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_retry_elsewhere_makes_no_second_cluster_and_goes_on_at_home() {
    let mut job = failed_and_elsewhere().await;
    assert_eq!(job.run().await.unwrap_err().code, FaultCode::Changed);
    assert_eq!(job.machine.ran("kind create"), 1);
    let said = "Containers kos-mgmt: begun, not known".to_owned();
    assert!(job.look().await.contains(&said), "{:?}", job.look().await);
    job.machine.state().endpoint = ENDPOINT;
    job.run().await.unwrap();
    is_whole(&job);
}

#[tokio::test(start_paused = true)]
async fn an_undo_that_waits_for_docker_does_not_take_another_one_for_its_own() {
    let mut job = failed_and_elsewhere().await;
    let machine = job.machine.clone();
    machine.state().endpoint = ENDPOINT;
    machine.state().docker = false;
    let before = job.left();
    let other_one_starts = || {
        machine.state().endpoint = ELSEWHERE;
        machine.state().docker = true;
    };
    let (undone, ()) = tokio::join!(job.undo(), after_minutes(10, other_one_starts));
    assert_eq!(undone.unwrap_err().code, FaultCode::Changed);
    assert_eq!(job.left(), before);
}

#[tokio::test]
async fn a_docker_that_is_not_known_stands_in_nobodys_way() {
    let machine = Machine::new();
    let job = Job::new(&machine).await;
    assert_eq!(job.order.docker, ENDPOINT);
    for (began, now, refused) in [(ENDPOINT, ENDPOINT, false), ("", ELSEWHERE, false), (ENDPOINT, "", false), (ENDPOINT, ELSEWHERE, true)] {
        machine.state().endpoint = now;
        assert_eq!(at_home(&machine.world(), began).await.is_err(), refused, "{began:?}, {now:?}");
    }
    let mut older = serde_json::to_value(&job.order).unwrap();
    older.as_object_mut().unwrap().remove("docker");
    assert_eq!(serde_json::from_value::<Order>(older).unwrap().docker, "", "a job of an older version");
}
