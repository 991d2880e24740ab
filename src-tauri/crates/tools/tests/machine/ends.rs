//! Does a group end, whatever it tries?

use std::time::Duration;

use testkit::{Act, Scenario, act, wait_until};
use tokio_util::sync::CancellationToken;
use tools::{Capture, End, ProgramError, Programs};

use crate::{LIMIT, MEMORY, Rig, runs};

const HOUR: Duration = Duration::from_secs(3600);

fn with_grandchild(ignores_term: bool, then: Act) -> Scenario {
    Scenario::new().otherwise([Act::Grandchild { ignores_term }, act::touch("ready"), then])
}

async fn until_gone(pid: u32) {
    wait_until(LIMIT, "the process is gone", async || !runs(pid)).await;
}

/// Starts a run, lets it come to the point `ready`, then drops it.
async fn drop_when_ready(rig: &Rig, capture: Capture) -> (u32, u32) {
    let mut heard = |_| ();
    let run = rig.machine.run(rig.kind(&[], capture), &mut heard, CancellationToken::new());
    tokio::select! {
        ended = run => panic!("it ended by itself: {ended:?}"),
        () = wait_until(LIMIT, "the fake is ready", async || rig.fakes.has("ready")) => {}
    }
    (rig.kind.calls()[0].pid, rig.kind.grandchild().expect("a grandchild"))
}

#[tokio::test]
async fn dropping_a_run_ends_grandchildren_too() {
    for capture in [MEMORY, Capture::File("/dev/null".into())] {
        let rig = Rig::new(&with_grandchild(false, Act::Hang));
        let (child, grandchild) = drop_when_ready(&rig, capture).await;
        until_gone(child).await;
        until_gone(grandchild).await;
        rig.machine.close().await;
    }
}

#[tokio::test]
async fn a_group_that_ignores_term_is_killed() {
    let rig = Rig::new(&Scenario::new().otherwise([Act::IgnoreTerm, Act::Grandchild { ignores_term: true }, act::touch("ready"), Act::Hang]));
    let (child, grandchild) = drop_when_ready(&rig, MEMORY).await;
    rig.machine.close().await;
    assert!(!runs(child) && !runs(grandchild));
}

#[tokio::test]
async fn stopping_waits_until_the_group_is_gone() {
    let rig = Rig::new(&with_grandchild(false, Act::Hang));
    let stop = CancellationToken::new();
    let mut heard = |_| ();
    let run = rig.machine.run(rig.kind(&[], MEMORY), &mut heard, stop.clone());
    let stopper = async {
        wait_until(LIMIT, "the fake is ready", async || rig.fakes.has("ready")).await;
        stop.cancel();
    };
    let (result, ()) = tokio::join!(run, stopper);
    assert!(matches!(result, Err(ProgramError::Stopped { .. })), "{result:?}");
    assert!(!runs(rig.kind.calls()[0].pid) && !runs(rig.kind.grandchild().expect("a grandchild")));
}

#[tokio::test]
async fn a_run_that_takes_too_long_is_stopped_and_its_last_words_kept() {
    for capture in [MEMORY, Capture::File("/dev/null".into())] {
        let kept = capture == MEMORY;
        let rig = Rig::new(&Scenario::new().otherwise([act::err("last words"), act::touch("ready"), Act::Hang]));
        let mut invocation = rig.kind(&[], capture);
        invocation.limit = HOUR;
        let hour = async {
            wait_until(LIMIT, "the fake said its words", async || rig.fakes.has("ready")).await;
            tokio::time::pause();
            tokio::time::advance(HOUR).await;
            tokio::time::resume();
        };
        let ((result, _), ()) = tokio::join!(rig.run(invocation), hour);
        let Err(ProgramError::TooLong { tail, .. }) = result else { panic!("{result:?}") };
        assert_eq!(tail, if kept { vec!["last words"] } else { vec![] });
        assert!(!runs(rig.kind.calls()[0].pid));
    }
}

#[tokio::test]
async fn what_a_short_question_leaves_behind_is_ended() {
    let rig = Rig::new(&with_grandchild(false, act::exit(7)));
    let (result, _) = rig.run(rig.kind(&[], MEMORY)).await;
    assert_eq!(result.expect("it ran").end, End::Code(7));
    assert!(!runs(rig.kind.grandchild().expect("a grandchild")));
}

#[tokio::test]
async fn a_program_that_dies_says_by_which_signal() {
    let rig = Rig::new(&Scenario::new().otherwise([act::err("half a"), Act::Die]));
    let (result, _) = rig.run(rig.kind(&[], MEMORY)).await;
    let exit = result.expect("it ran");
    assert_eq!((exit.end, exit.tail), (End::Signal(9), vec!["half a".to_owned()]));
}

#[tokio::test]
async fn a_run_that_is_stopped_before_it_starts_starts_nothing() {
    let rig = Rig::new(&Scenario::new().otherwise([]));
    let stop = CancellationToken::new();
    stop.cancel();
    let result = rig.machine.run(rig.kind(&[], MEMORY), &mut |_| (), stop).await;
    assert!(matches!(result, Err(ProgramError::Stopped { .. })));
    assert!(rig.kind.calls().is_empty());
}
