//! What stands under the name of a cluster when its job tries again: remains of its own, or what somebody else made.

use super::is_whole;
use super::job::Job;
use crate::imagined::{Kind, Machine};
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
