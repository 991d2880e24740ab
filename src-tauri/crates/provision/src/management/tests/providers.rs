//! What becomes of the job when clusterctl, a provider or a webhook fails?

use super::is_whole;
use super::job::Job;
use crate::imagined::{Clusterctl, Machine};

#[tokio::test(start_paused = true)]
async fn each_failure_of_clusterctl_is_named_and_resumed() {
    let cases = [
        ("clusterctl/docker-clusterctl-init-certmanager-timeout.txt", "cert-manager was not installed on kos-mgmt: its webhook did not answer in time."),
        ("clusterctl/clusterctl-13-init-again-other-version.txt", "another version of infrastructure-docker is installed."),
        ("clusterctl/docker-clusterctl-init-unknown-infra.txt", "there is no such provider or version where clusterctl looks for them."),
    ];
    for (file, sentence) in cases {
        let machine = Machine::new();
        machine.state().clusterctl = Clusterctl::Says(file);
        let mut job = Job::new(&machine).await;
        let fault = job.run().await.unwrap_err();
        assert!(fault.sentence.ends_with(sentence), "{}", fault.sentence);
        machine.state().clusterctl = Clusterctl::Succeeds;
        job.run().await.unwrap();
        assert_eq!(machine.ran("kind create"), 1);
        is_whole(&job);
    }
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_ends_again_and_again_is_quoted_with_its_last_words() {
    let machine = Machine::new();
    machine.state().crash_loop = Some("capd-system");
    let mut job = Job::new(&machine).await;
    let fault = job.run().await.unwrap_err();
    assert_eq!(fault.sentence, "Cluster API does not run on kos-mgmt: manager-1 in capd-system is in CrashLoopBackOff.");
    assert!(fault.cause.iter().any(|q| q.text.contains("panic: no certificate")), "{:?}", fault.cause);
    machine.state().crash_loop = None;
    job.run().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_provider_without_its_image_or_its_secret_is_quoted_and_continue_goes_on_there() {
    let cases = [
        ("ImagePullBackOff", "Back-off pulling image \"capd-manager:v1.14.2\": toomanyrequests"),
        ("CreateContainerConfigError", "secret \"capd-variables\" not found"),
    ];
    for (reason, message) in cases {
        let machine = Machine::new();
        {
            let mut state = machine.state();
            state.crash_loop = Some("capd-system");
            state.waits = (reason, message, 0);
        }
        let mut job = Job::new(&machine).await;
        let fault = job.run().await.unwrap_err();
        assert_eq!(fault.sentence, format!("Cluster API does not run on kos-mgmt: manager-1 in capd-system is in {reason}."));
        assert_eq!((fault.cause[0].text.as_str(), fault.unharmed.as_str()), (message, "The other providers go on."));
        assert_eq!(fault.cause.len(), 1, "a container that never ran has no last words");
        machine.state().crash_loop = None;
        job.run().await.unwrap();
        assert_eq!((machine.ran("kind create"), machine.ran("clusterctl init")), (1, 1), "{reason}");
        is_whole(&job);
    }
}

#[tokio::test(start_paused = true)]
async fn a_provider_whose_webhook_meets_nobody_is_waited_for_and_named() {
    let machine = Machine::new();
    machine.state().capd_refusals = Some(3);
    Job::new(&machine).await.run().await.unwrap();
    assert_eq!(machine.state().capd_refusals, Some(0), "it was asked until it answered");

    let machine = Machine::new();
    machine.state().capd_refusals = Some(u32::MAX);
    let mut job = Job::new(&machine).await;
    let fault = job.run().await.unwrap_err();
    assert_eq!(fault.sentence, "A Cluster cannot be created on kos-mgmt: not all is in place after 5 min.");
    let said = "The webhooks of capd-webhook-service in capd-system do not answer: Internal error occurred: failed calling webhook";
    assert!(fault.cause[0].text.starts_with(said), "{fault:?}");
    machine.state().capd_refusals = Some(0);
    job.run().await.unwrap();
    assert_eq!((machine.ran("kind create"), machine.ran("clusterctl init")), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_webhook_that_never_answers_ends_the_wait_after_five_minutes() {
    let machine = Machine::new();
    machine.state().webhook_refusals = u32::MAX;
    let mut job = Job::new(&machine).await;
    let fault = job.run().await.unwrap_err();
    assert!(fault.cause[0].text.contains("failed calling webhook \"default.cluster.cluster.x-k8s.io\""));
    assert_eq!(fault.sentence, "A Cluster cannot be created on kos-mgmt: not all is in place after 5 min.");
}
