use std::os::unix::fs::PermissionsExt;

use api::FaultCode;
use api::computer::CheckId;
use api::files::Severity;
use api::programs::Tool;
use tokio_util::sync::CancellationToken;
use tools::Program;

use self::job::{Job, spec};
use super::{survey, view};
use crate::imagined::{Interruption, Kind, Machine};
use crate::recorded::lines;

mod docker_away;
mod elsewhere;
mod job;
mod providers;
mod remains;
mod shown;
mod whole;

const LINES_OF_KIND: usize = 23;
const LINES_OF_CLUSTERCTL: usize = 1;

fn is_whole(job: &Job) {
    let state = job.machine.state();
    assert_eq!(state.containers.len(), 1);
    assert_eq!(state.providers.len(), 4);
    assert_eq!(job.order.kubeconfig.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(job.order.config_file().metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test(start_paused = true)]
async fn a_management_cluster_is_made_from_an_empty_machine() {
    let machine = Machine::new();
    let mut job = Job::new(&machine).await;
    job.run().await.unwrap();
    is_whole(&job);
    assert_eq!((machine.ran("kind create"), machine.ran("clusterctl init"), machine.ran("docker pull")), (1, 1, 1));
    assert!(job.output.iter().any(|l| l.contains("Installing provider=\"infrastructure-docker\"")));
    assert_eq!(job.steps, [1, 2, 1], "control plane and network of kind, then the providers of clusterctl");
    assert!(job.commands.iter().any(|c| c.starts_with("kind create cluster --name kos-mgmt --config ")));
    assert!(!job.output.iter().any(|l| l.contains("certificate-authority-data")), "a kubeconfig is a credential");
}

#[tokio::test(start_paused = true)]
async fn a_token_reaches_clusterctl_by_a_file_of_its_run_and_nothing_else() {
    const TOKEN: &str = "ghp_canary";
    let machine = Machine::new();
    machine.state().token = Ok(Some(tools::Secret::new(TOKEN)));
    let mut job = Job::new(&machine).await;
    job.run().await.unwrap();
    assert_eq!(machine.state().configuration, format!("{{\"github-token\":\"{TOKEN}\"}}"));
    assert!(machine.state().given.iter().all(|(name, _)| name != "GITHUB_TOKEN"));
    assert_eq!(std::fs::read_dir(machine.state().handed.path()).unwrap().count(), 0, "it is gone");
    let told = [machine.state().ran.join("\n"), job.output.join("\n"), job.commands.join("\n"), format!("{:?}", job.order)].concat();
    assert!(!told.contains(TOKEN), "{told}");
    assert!(job.output.iter().any(|line| line == "The release pages are asked with your token."));
}

#[tokio::test(start_paused = true)]
async fn a_keyring_that_gives_nothing_is_said_and_does_not_stop_the_job() {
    let machine = Machine::new();
    machine.state().token = Err(api::Fault::new(FaultCode::SignIn, "The keyring does not give the token."));
    let mut job = Job::new(&machine).await;
    job.run().await.unwrap();
    assert!(machine.state().given.iter().all(|(name, _)| name != "GITHUB_TOKEN"));
    assert_eq!(machine.state().configuration, "");
    assert!(job.output.iter().any(|line| line == "The keyring does not give the token. The release pages are asked without it."), "{:?}", job.output);
}

#[tokio::test(start_paused = true)]
async fn running_it_again_makes_nothing_twice() {
    let machine = Machine::new();
    let mut job = Job::new(&machine).await;
    job.run().await.unwrap();
    job.next = 0;
    job.run().await.unwrap();
    assert_eq!((machine.ran("kind create"), machine.ran("clusterctl init"), machine.ran("docker pull")), (1, 1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_failed_check_stops_before_anything_is_made() {
    let machine = Machine::new();
    machine.state().failed_check = Some(CheckId::InotifyInstances);
    let mut job = Job::new(&machine).await;
    let fault = job.run().await.unwrap_err();
    assert_eq!(fault.sentence, "Nothing was made: InotifyInstances is 128, 8192 is needed.");
    assert_eq!(job.left(), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_pull_that_ended_says_how_much_the_image_takes_on_disk() {
    let machine = Machine::new();
    let mut job = Job::new(&machine).await;
    job.run().await.unwrap();
    let said = "kindest/node:v1.36.4, 1.1 GB on disk";
    assert!(job.details.iter().any(|detail| detail == said), "{:?}", job.details);
}

#[tokio::test(start_paused = true)]
async fn programs_that_are_missing_are_fetched_by_the_job_that_needs_them() {
    let machine = Machine::new();
    machine.state().absent = [Tool::Kind, Tool::Clusterctl].into();
    let mut job = Job::new(&machine).await;
    let ground = survey(&machine.world(), &spec(), &job.places()).await;
    let shown = view(&spec(), &ground, &job.places(), 0);
    let titles: Vec<_> = shown.steps.iter().take(4).map(|step| step.title.plain()).collect();
    assert_eq!(titles, ["Check this machine", "Fetch kind v1.0.0", "Fetch clusterctl v1.0.0", "Pull the node image"]);
    assert_eq!(
        shown.commands[..3],
        [
            "curl --fail --location --output /home/jo/bin/kind https://releases.example/kind",
            "echo '5f1d  /home/jo/bin/kind' | sha256sum --check",
            "chmod +x /home/jo/bin/kind"
        ]
    );
    let said = "kind is not on this machine: the job fetches kind v1.0.0, 11 MB, and verifies it before it runs.";
    assert_eq!((shown.obstacles[0].severity, shown.obstacles[0].why.sentence.as_str()), (Severity::Note, said));

    machine.state().offline = true;
    assert_eq!(job.run().await.unwrap_err().code, FaultCode::Download);
    assert_eq!((machine.ran("kind create"), machine.ran("docker pull")), (0, 0), "nothing is made before all programs are there");
    job.run().await.unwrap();
    is_whole(&job);
    assert_eq!((machine.ran("fetch kind"), machine.ran("fetch clusterctl")), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn a_program_that_went_since_the_plan_stops_the_job_before_anything_is_made() {
    let machine = Machine::new();
    let mut job = Job::new(&machine).await;
    machine.state().absent = [Tool::Clusterctl].into();
    let fault = job.run().await.unwrap_err();
    assert_eq!((fault.code, fault.unharmed.as_str()), (FaultCode::Program, "This machine was only looked at."), "{fault}");
    assert_eq!((machine.ran("docker pull"), job.left()), (0, vec![]));
}

#[tokio::test(start_paused = true)]
async fn a_pull_that_fails_is_retried_from_there() {
    let machine = Machine::new();
    machine.state().pull_fails = Some("Error response from daemon: toomanyrequests: You have reached your pull rate limit".to_owned());
    let mut job = Job::new(&machine).await;
    let fault = job.run().await.unwrap_err();
    assert_eq!(fault.sentence, "The node image was not pulled: the registry allows no more pulls from this address for now.");
    machine.state().pull_fails = None;
    job.run().await.unwrap();
    is_whole(&job);
}

#[tokio::test(start_paused = true)]
async fn every_recorded_failure_of_kind_keeps_its_remains_and_a_retry_starts_clean() {
    let recorded = ["kind/kind-08-fail-kubeadm-retain.txt", "kind/docker-kind-create-port-taken.txt", "kind/docker-kind-create-wrong-image.txt"];
    for file in recorded {
        let machine = Machine::new();
        let said = lines(file).into_iter().take_while(|l| !l.starts_with("Deleted nodes")).collect::<Vec<_>>();
        let said = said.into_iter().chain(lines(file).into_iter().filter(|l| l.starts_with("ERROR"))).collect();
        machine.state().kind = Kind::Says(said);
        let mut job = Job::new(&machine).await;
        let fault = job.run().await.unwrap_err();
        assert!(fault.sentence.starts_with("The cluster kos-mgmt was not made: "), "{file}: {}", fault.sentence);
        assert!(!fault.cause.is_empty(), "{file}");
        machine.state().kind = Kind::Succeeds;
        job.run().await.unwrap();
        is_whole(&job);
        job.undo().await.unwrap();
        assert_eq!(job.left(), Vec::<String>::new(), "{file}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_expired_wait_is_no_success_and_a_retry_only_waits_on() {
    let machine = Machine::new();
    machine.state().kind = Kind::ExpiresWaiting;
    let mut job = Job::new(&machine).await;
    let fault = job.run().await.unwrap_err();
    assert!(fault.sentence.starts_with("The cluster kos-mgmt was not made: "), "{}", fault.sentence);
    assert!(fault.cause.iter().any(|q| q.text.contains("0 of 1 nodes are Ready")), "{:?}", fault.cause);
    machine.state().nodes_ready = true;
    job.run().await.unwrap();
    assert_eq!(machine.ran("kind create"), 1, "what is made is not made again");
}

#[tokio::test(start_paused = true)]
async fn a_kind_that_is_killed_is_judged_by_what_it_made() {
    for most in [0, 3, 6, 12, LINES_OF_KIND] {
        let machine = Machine::new();
        machine.state().kind = Kind::KilledAfter(most);
        let mut job = Job::new(&machine).await;
        assert!(job.run().await.is_err(), "{most}");
        machine.state().kind = Kind::Succeeds;
        job.run().await.unwrap();
        is_whole(&job);
    }
}

#[tokio::test(start_paused = true)]
async fn floods_and_garbage_change_nothing_but_the_log() {
    let machine = Machine::new();
    let flood = (0..5_000).map(|n| format!("\u{1}\u{fffd} garbage {n} {}", "x".repeat(500)));
    machine.state().kind = Kind::Says(flood.chain(["ERROR: the moon is full".to_owned()]).collect());
    let mut job = Job::new(&machine).await;
    let fault = job.run().await.unwrap_err();
    assert_eq!(fault.cause[0].text, "ERROR: the moon is full");
    assert_eq!(fault.cause[0].source, "kind, line 5001");
}

#[tokio::test(start_paused = true)]
async fn a_cancel_at_every_line_of_kind_leaves_nothing_behind() {
    for after in 0..LINES_OF_KIND {
        let machine = Machine::new();
        let token = CancellationToken::new();
        machine.state().interruption = Interruption::Cancel { program: Program::Kind, after, token: token.clone() };
        let mut job = Job::new(&machine).await;
        assert!(job.go(token, CancellationToken::new()).await.unwrap().is_err(), "line {after}");
        job.undo().await.unwrap();
        assert_eq!(job.left(), Vec::<String>::new(), "line {after}");
        job.undo().await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_cancel_during_the_pull_and_the_init_leaves_nothing_behind() {
    for (program, after) in [(Program::Docker, 0), (Program::Docker, 1), (Program::Clusterctl, 0), (Program::Clusterctl, LINES_OF_CLUSTERCTL - 1)] {
        let machine = Machine::new();
        let token = CancellationToken::new();
        machine.state().interruption = Interruption::Cancel { program, after, token: token.clone() };
        let mut job = Job::new(&machine).await;
        assert!(job.go(token, CancellationToken::new()).await.unwrap().is_err());
        job.undo().await.unwrap();
        assert_eq!(job.left(), Vec::<String>::new());
    }
}

/// KOS and its children are gone at this line; the job as it is found at the next start.
async fn crashed(program: Program, after: usize) -> Job {
    let machine = Machine::new();
    let crash = CancellationToken::new();
    machine.state().interruption = Interruption::Crash { program, after, crashed: crash.clone() };
    let mut job = Job::new(&machine).await;
    assert!(job.go(CancellationToken::new(), crash).await.is_none(), "it ended before it could crash");
    machine.state().interruption = Interruption::Never;
    job
}

#[tokio::test(start_paused = true)]
async fn after_a_crash_at_every_line_continue_completes() {
    let points = (0..LINES_OF_KIND).map(|n| (Program::Kind, n)).chain([(Program::Docker, 0), (Program::Docker, 1), (Program::Clusterctl, 0)]);
    for (program, after) in points {
        let mut job = crashed(program, after).await;
        assert!(!job.look().await.is_empty());
        job.run().await.unwrap();
        is_whole(&job);
        job.undo().await.unwrap();
        assert_eq!(job.left(), Vec::<String>::new(), "line {after}");
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_crash_at_every_line_undo_leaves_nothing() {
    for after in 0..LINES_OF_KIND {
        let mut job = crashed(Program::Kind, after).await;
        job.undo().await.unwrap();
        assert_eq!(job.left(), Vec::<String>::new(), "line {after}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_kind_that_outlived_kos_is_followed_to_its_end() {
    let mut job = crashed(Program::Kind, 5).await;
    job.machine.state().orphan = Some(lines("kind/docker-kind-create-mgmt-wait.txt").into_iter().skip(5).collect());
    assert!(job.look().await.contains(&"Program kind-create-1: running, still running".to_owned()), "{:?}", job.look().await);
    job.run().await.unwrap();
    assert_eq!(job.machine.ran("kind create"), 1);
    is_whole(&job);
}

#[tokio::test(start_paused = true)]
async fn an_undo_ends_the_kind_that_outlived_kos() {
    let mut job = crashed(Program::Kind, 5).await;
    job.machine.state().orphan = Some(vec![]);
    job.undo().await.unwrap();
    assert_eq!(job.machine.state().orphan, None);
    assert_eq!(job.left(), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_cluster_of_the_same_name_that_came_in_between_is_never_touched() {
    let machine = Machine::new();
    let mut job = Job::new(&machine).await;
    machine.state().containers.push(("kos-mgmt-control-plane".to_owned(), "kos-mgmt".to_owned()));
    machine.state().created = "2020-01-01 00:00:00 +0000 UTC".to_owned();
    let fault = job.run().await.unwrap_err();
    assert_eq!(fault.code, FaultCode::Changed);
    job.undo().await.unwrap();
    assert_eq!((machine.containers(), machine.ran("kind delete"), machine.ran("docker rm")), (1, 0, 0));
}

#[tokio::test(start_paused = true)]
async fn an_older_cluster_is_not_removed_even_when_the_job_was_noted() {
    let mut job = crashed(Program::Kind, 0).await;
    job.machine.state().containers.push(("kos-mgmt-control-plane".to_owned(), "kos-mgmt".to_owned()));
    job.machine.state().created = "2020-01-01 00:00:00 +0000 UTC".to_owned();
    assert_eq!(job.undo().await.unwrap_err().code, FaultCode::Changed);
    assert_eq!((job.machine.containers(), job.machine.ran("kind delete")), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn what_kind_does_not_delete_is_removed_by_docker_with_its_volumes() {
    let machine = Machine::new();
    let mut job = Job::new(&machine).await;
    job.run().await.unwrap();
    machine.state().kind_deletes_nothing = true;
    job.undo().await.unwrap();
    assert_eq!(job.left(), Vec::<String>::new());
    assert_eq!((machine.ran("docker rm -f -v id-kos-mgmt-control-plane"), machine.ran("docker volume rm")), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn the_network_that_others_use_stays() {
    let machine = Machine::new();
    machine.state().networks.insert("kind".to_owned());
    let mut job = Job::new(&machine).await;
    job.run().await.unwrap();
    job.undo().await.unwrap();
    assert_eq!(job.left(), ["kind"]);
}

#[tokio::test(start_paused = true)]
async fn a_cluster_without_a_network_plug_in_is_made_although_its_nodes_are_not_ready() {
    let machine = Machine::new();
    machine.state().nodes_ready = false;
    let mut job = Job::of(&machine, api::local::ManagementSpec { network: api::local::NetworkPlugin::NotInstalled, ..spec() }).await;
    job.run().await.unwrap();
    assert!(job.order.config.contains("disableDefaultCNI: true"));
    assert!(job.commands.iter().any(|c| c.starts_with("kind create cluster") && !c.contains("--wait")), "{:?}", job.commands);
    assert!(job.output.iter().any(|l| l.contains("No pod starts before you install one")), "{:?}", job.output);
    // What needs a network is not started, and what is left to do is said with the very command.
    assert!(!job.commands.iter().any(|c| c.starts_with("clusterctl")), "{:?}", job.commands);
    assert!(job.output.iter().any(|l| l.contains("clusterctl init")), "{:?}", job.output);
}

#[tokio::test(start_paused = true)]
async fn a_plain_cluster_is_made_without_cluster_api_and_needs_no_clusterctl() {
    use api::local::{ManagementSpec, Purpose, SocketMount};
    let machine = Machine::new();
    machine.state().absent = [Tool::Clusterctl].into();
    let plain = ManagementSpec { purpose: Purpose::Plain, docker_socket: SocketMount::NotMounted, ..spec() };
    let mut job = Job::of(&machine, plain.clone()).await;
    let ground = survey(&machine.world(), &plain, &job.places()).await;
    let shown = view(&plain, &ground, &job.places(), 0);
    assert_eq!((shown.title.plain().as_str(), shown.obstacles), ("Create cluster kos-mgmt", vec![]));
    assert_eq!(shown.sentence, "kind with one node in Docker, Kubernetes v1.36.4, no Cluster API.");
    assert_eq!(shown.steps.last().map(|step| step.title.plain()).as_deref(), Some("Save a kubeconfig"));
    job.run().await.unwrap();
    assert_eq!((machine.ran("kind create"), machine.ran("clusterctl")), (1, 0));
    assert!(!job.order.config.contains("docker.sock"), "{}", job.order.config);
    assert!(!job.output.iter().any(|line| line.contains("clusterctl")), "{:?}", job.output);
}
