//! What stands under the name of a cluster when its job tries again: remains of its own, or what somebody else made.

use api::FaultCode;
use tokio_util::sync::CancellationToken;
use tools::Program;

use super::job::Job;
use super::{crashed, is_whole};
use crate::imagined::{Interruption, Kind, Machine, made_in};
use crate::recorded::lines;

/// kubeadm fails and kind keeps its container.
fn fails_in_kubeadm() -> Kind {
    Kind::Says(lines("kind/kind-08-fail-kubeadm-retain.txt"))
}

#[tokio::test(start_paused = true)]
async fn a_kubeconfig_of_an_earlier_attempt_is_not_taken_for_the_end_of_kinds_work() {
    let machine = Machine::new();
    machine.state().kind = Kind::ExpiresWaiting;
    let mut job = Job::new(&machine).await;
    assert!(job.run().await.is_err());
    assert!(job.order.kubeconfig.exists());
    // The power fails: the containers are off, and the next attempt begins anew.
    machine.state().switched.insert("kos-mgmt-control-plane".to_owned(), "exited");
    machine.state().kind = fails_in_kubeadm();
    assert!(job.run().await.is_err());
    assert_eq!((machine.ran("kind create"), job.order.kubeconfig.exists()), (2, false));
    machine.state().kind = Kind::Succeeds;
    machine.state().nodes_ready = true;
    job.run().await.unwrap();
    is_whole(&job);
    assert_eq!(machine.ran("kind create"), 3);
}

#[tokio::test(start_paused = true)]
async fn a_kubeconfig_without_an_entry_is_not_one_that_kind_finished() {
    let machine = Machine::new();
    machine.state().kind = fails_in_kubeadm();
    let mut job = Job::new(&machine).await;
    assert!(job.run().await.is_err());
    for text in ["", "apiVersion: v1\nkind: Config\n", "clusters:\n- cluster:\n    server: https://127.0.0.1:41873\n"] {
        let before = machine.ran("kind create");
        std::fs::write(&job.order.kubeconfig, text).unwrap();
        assert!(job.run().await.is_err());
        assert_eq!(machine.ran("kind create"), before + 1, "{text:?}");
    }
}

/// Somebody deletes what is there by hand and makes a cluster of the same name.
fn made_by_hand(machine: &Machine, seconds_from_now: i64) {
    let mut state = machine.state();
    state.ids = "theirs";
    state.created = made_in(seconds_from_now);
}

async fn is_left_alone(job: &mut Job) {
    job.machine.state().kind = Kind::Succeeds;
    assert_eq!(job.run().await.unwrap_err().code, FaultCode::Changed);
    assert_eq!(job.undo().await.unwrap_err().code, FaultCode::Changed);
    let machine = &job.machine;
    assert_eq!((machine.containers(), machine.ran("kind create"), machine.ran("kind delete"), machine.ran("docker rm")), (1, 1, 0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_cluster_that_somebody_made_in_the_place_of_ours_is_never_touched() {
    for seconds in [1, 3_600] {
        let machine = Machine::new();
        machine.state().kind = fails_in_kubeadm();
        let mut job = Job::new(&machine).await;
        assert!(job.run().await.is_err());
        made_by_hand(&machine, seconds);
        is_left_alone(&mut job).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_cluster_that_was_made_after_a_kind_whose_end_nobody_saw_is_never_touched() {
    let mut job = crashed(Program::Kind, 9).await;
    made_by_hand(&job.machine, 3_600);
    is_left_alone(&mut job).await;
}

#[tokio::test(start_paused = true)]
async fn containers_of_a_docker_with_another_clock_are_known_by_their_ids() {
    for seconds in [-3_600, 3_600] {
        let machine = Machine::new();
        machine.state().created = made_in(seconds);
        machine.state().kind = fails_in_kubeadm();
        let mut job = Job::new(&machine).await;
        assert!(job.run().await.is_err());
        machine.state().kind = Kind::Succeeds;
        job.run().await.unwrap();
        is_whole(&job);
        job.undo().await.unwrap();
        assert_eq!(job.left(), Vec::<String>::new(), "{seconds}");
    }
}

/// kind was stopped, and the container comes that it had asked for.
async fn stopped_before_its_container_came() -> Job {
    let machine = Machine::new();
    let token = CancellationToken::new();
    machine.state().interruption = Interruption::Cancel { program: Program::Kind, after: 2, token: token.clone() };
    let mut job = Job::new(&machine).await;
    assert!(job.go(token, CancellationToken::new()).await.unwrap().is_err());
    assert_eq!(machine.containers(), 0);
    machine.state().containers.push(("kos-mgmt-control-plane".to_owned(), "kos-mgmt".to_owned()));
    machine.state().volumes.insert("volume-of-id-kos-mgmt-control-plane".to_owned());
    job
}

#[tokio::test(start_paused = true)]
async fn a_container_that_comes_after_kind_was_stopped_is_ours() {
    let mut job = stopped_before_its_container_came().await;
    job.undo().await.unwrap();
    assert_eq!(job.left(), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_container_that_docker_is_still_making_is_waited_for_and_removed() {
    let mut job = stopped_before_its_container_came().await;
    job.machine.state().being_made = 10;
    job.undo().await.unwrap();
    assert_eq!(job.left(), Vec::<String>::new());
}
