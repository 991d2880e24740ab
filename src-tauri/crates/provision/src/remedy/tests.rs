use api::computer::{Password, Remedy};
use jobs::{Transcript, Work};
use tokio_util::sync::CancellationToken;

use super::{Act, Remedies, Step, plan};
use crate::imagined::{Machine, Typed};

#[test]
fn a_plan_shows_the_very_command() {
    for (remedy, command) in [
        (Remedy::StartDockerDesktop, "systemctl --user start docker-desktop"),
        (Remedy::StartUserDocker, "systemctl --user start docker"),
        (Remedy::OpenDockerDesktop, "open -a Docker"),
        (Remedy::StartDocker, "pkexec systemctl start docker"),
        (Remedy::RaiseInotifyInstances, "pkexec sysctl -w fs.inotify.max_user_instances=8192"),
        (Remedy::RaiseInotifyWatches, "pkexec sysctl -w fs.inotify.max_user_watches=1048576"),
    ] {
        assert_eq!(plan(remedy).command, command);
        assert_eq!(remedy.password() == Password::InDialog, command.starts_with("pkexec "), "{command}");
        assert!(!command.contains("sudo"), "KOS has no terminal to be asked in");
    }
}

async fn run_one(machine: &Machine, remedy: Remedy) -> Result<(), api::Fault> {
    let transcript = Transcript::new();
    let mut cx = transcript.context(&[Step::Start], CancellationToken::new());
    Remedies::new(machine.world()).run(&Act(remedy), &mut cx).await
}

async fn run(machine: &Machine) -> Result<(), api::Fault> {
    run_one(machine, Remedy::StartUserDocker).await
}

#[tokio::test(start_paused = true)]
async fn with_a_password_docker_of_the_machine_is_started_and_a_limit_is_raised() {
    let machine = Machine::new();
    machine.state().docker = false;
    run_one(&machine, Remedy::StartDocker).await.unwrap();
    run_one(&machine, Remedy::RaiseInotifyInstances).await.unwrap();
    let ran = machine.state().ran.clone();
    assert!(ran.contains(&"pkexec systemctl start docker".to_owned()) && machine.state().docker, "{ran:?}");
    assert_eq!(ran.last().map(String::as_str), Some("pkexec sysctl -w fs.inotify.max_user_instances=8192"));
}

#[tokio::test]
async fn who_gives_no_password_or_cannot_be_asked_is_told_so_and_nothing_is_changed() {
    for (password, sentence, said) in [
        (Typed::Nothing, "The password was not given.", "Request dismissed"),
        (Typed::NoWindow, "The system did not let KOS run this as root. Run the command in a terminal.", "No authentication agent found."),
    ] {
        let machine = Machine::new();
        machine.state().password = password;
        let fault = run_one(&machine, Remedy::RaiseInotifyWatches).await.unwrap_err();
        assert_eq!((fault.sentence.as_str(), fault.unharmed.as_str()), (sentence, "Nothing was changed."));
        assert!(fault.cause[0].text.contains(said) && fault.cause[0].source == "pkexec sysctl -w fs.inotify.max_user_watches=1048576", "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn docker_is_started_and_waited_for() {
    let machine = Machine::new();
    machine.state().docker = false;
    let work = Remedies::new(machine.world());
    assert!(work.done_already(&Act(Remedy::StartUserDocker)).await.unwrap().is_none());
    run(&machine).await.unwrap();
    assert!(machine.state().ran.contains(&"systemctl --user start docker".to_owned()), "{:?}", machine.state().ran);
    assert!(work.done_already(&Act(Remedy::StartUserDocker)).await.unwrap().is_some());
}

#[tokio::test(start_paused = true)]
async fn a_service_that_does_not_start_says_why() {
    let machine = Machine::new();
    machine.state().docker = false;
    machine.state().no_service = true;
    let fault = run(&machine).await.unwrap_err();
    assert_eq!(fault.sentence, "Docker was not started.");
    assert!(fault.cause[0].text.contains("Unit docker.service not found."), "{fault:?}");
}
