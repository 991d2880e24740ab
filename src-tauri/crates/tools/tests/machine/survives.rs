//! Does a program outlive KOS, and is it found again?

use std::path::PathBuf;
use std::process::{Child, Command};

use testkit::{Act, Scenario, act, wait_until};
use tokio_util::sync::CancellationToken;
use tools::{End, Heard, ProcessId, ProgramError, Programs};

use crate::{LIMIT, Rig, runs, texts};

/// A session of KOS that started `kind`, was killed and left it running.
struct Orphan {
    rig: Rig,
    process: ProcessId,
    output: PathBuf,
}

impl Orphan {
    async fn new(scenario: &Scenario) -> Self {
        let rig = Rig::new(scenario);
        let output = rig.file("kind.log");
        let kos = rig.fakes.install("kos", &Scenario::new()).expect("a fake session");
        #[expect(clippy::disallowed_methods, reason = "the session itself must not be the child of a machine")]
        let mut session: Child = Command::new(&kos.path).arg("--be-a-session").args([&rig.kind.path, &output]).spawn().expect("a session");
        let noted = testkit::beside(&kos.path, "session");
        wait_until(LIMIT, "kind says that it started", async || noted.exists() && rig.fakes.has("started")).await;
        session.kill().expect("the session can be killed");
        session.wait().expect("the session is dead");
        let process = serde_json::from_slice(&std::fs::read(noted).expect("a note")).expect("a process");
        Self { rig, process, output }
    }
}

#[tokio::test]
async fn a_program_whose_session_was_killed_is_followed_to_its_end() {
    let orphan =
        Orphan::new(&Scenario::new().otherwise([act::err("before"), act::touch("started"), act::wait_for("go"), act::err("after"), act::exit(3)])).await;
    let (machine, fakes) = (&orphan.rig.machine, &orphan.rig.fakes);
    assert!(machine.alive(orphan.process).await);
    let mut heard = vec![];
    let mut hear = |said: Heard| {
        if matches!(&said, Heard::Line(line) if line.text == "before") {
            fakes.touch("go").expect("the world can be changed");
        }
        heard.push(said);
    };
    let exit = machine.follow(orphan.process, orphan.output, &mut hear, CancellationToken::new()).await.expect("it is followed");
    assert_eq!((texts(&heard), exit.end), (vec!["before", "after"], End::Unknown));
    assert!(!machine.alive(orphan.process).await);
}

#[tokio::test]
async fn a_program_that_ended_meanwhile_is_still_read() {
    let orphan = Orphan::new(&Scenario::new().otherwise([act::err("all of it"), act::touch("started")])).await;
    wait_until(LIMIT, "it ended", async || !runs(orphan.process.pid)).await;
    let exit = orphan.rig.machine.follow(orphan.process, orphan.output, &mut |_| (), CancellationToken::new()).await.expect("it is read");
    assert_eq!((exit.tail, exit.end), (vec!["all of it".to_owned()], End::Unknown));
}

#[tokio::test]
async fn a_program_of_an_earlier_session_is_ended_with_its_group() {
    let hanging = Scenario::new().otherwise([Act::Grandchild { ignores_term: false }, act::touch("started"), Act::Hang]);
    let orphan = Orphan::new(&hanging).await;
    let grandchild = orphan.rig.kind.grandchild().expect("a grandchild");
    // Another process of the same number is left alone.
    orphan.rig.machine.end(ProcessId { started: orphan.process.started + 1, ..orphan.process }).await;
    assert!(orphan.rig.machine.alive(orphan.process).await);
    orphan.rig.machine.end(orphan.process).await;
    assert!(!runs(orphan.process.pid) && !runs(grandchild));
    let orphan = Orphan::new(&hanging).await;
    let stop = CancellationToken::new();
    stop.cancel();
    let followed = orphan.rig.machine.follow(orphan.process, orphan.output, &mut |_| (), stop).await;
    assert!(matches!(followed, Err(ProgramError::Stopped { .. })), "{followed:?}");
    assert!(!runs(orphan.process.pid));
}
