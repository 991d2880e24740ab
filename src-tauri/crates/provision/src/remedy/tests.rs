use api::computer::Remedy;
use jobs::{Transcript, Work};
use tokio_util::sync::CancellationToken;

use super::{Act, Remedies, Step, plan};
use crate::imagined::Machine;

#[test]
fn a_plan_shows_the_very_command() {
    for (remedy, command) in [
        (Remedy::StartDockerDesktop, "systemctl --user start docker-desktop"),
        (Remedy::StartUserDocker, "systemctl --user start docker"),
        (Remedy::OpenDockerDesktop, "open -a Docker"),
    ] {
        assert_eq!(plan(remedy).command, command);
        assert!(!command.contains("sudo"), "what needs a password is not run");
    }
}

async fn run(machine: &Machine) -> Result<(), api::Fault> {
    let transcript = Transcript::new();
    let mut cx = transcript.context(&[Step::Start], CancellationToken::new());
    Remedies::new(machine.world()).run(&Act(Remedy::StartUserDocker), &mut cx).await
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
