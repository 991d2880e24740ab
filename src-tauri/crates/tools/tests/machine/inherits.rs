//! Does a program get what it should and nothing else?

use std::os::fd::AsRawFd;

use testkit::{Act, Scenario, act};
use tools::Secret;

use crate::{MEMORY, Rig};

#[tokio::test]
async fn a_program_sees_only_listed_variables_three_descriptors_and_no_terminal() {
    let rig = Rig::new(&Scenario::new().otherwise([]));
    // A descriptor without the mark that closes it, as some libraries leave them.
    let open = std::fs::File::open("/proc/self/stat").expect("a file");
    rustix::io::fcntl_setfd(&open, rustix::io::FdFlags::empty()).expect("the mark can be taken off");
    let mut invocation = rig.kind(&[], MEMORY);
    invocation.env = vec![("KUBECONFIG".into(), Secret::new("/k"))];
    invocation.cwd = rig.fakes.folder().to_owned();
    let (result, _) = rig.run(invocation).await;
    result.expect("it ran");
    let call = &rig.kind.calls()[0];
    let mut names = call.env_names.clone();
    names.sort();
    assert_eq!(names, ["HOME", "KUBECONFIG", "LC_ALL", "PATH", "SHELL"]);
    assert!(!call.descriptors.iter().any(|(_, target)| target.ends_with("/stat")), "{} of {:?}", open.as_raw_fd(), call.descriptors);
    assert!(call.descriptors.contains(&(0, "/dev/null".into())));
    assert!(!call.terminal);
    assert_eq!(call.cwd, rig.fakes.folder());
}

#[tokio::test]
async fn arguments_arrive_byte_for_byte() {
    let rig = Rig::new(&Scenario::new().otherwise([]));
    let args = ["--x=$(id)", "`id`", "two words", "line\nbreak", "", "'", "\"", "\\", "*", "--kubeconfig=/x", "µ🖼️", "; rm -rf /"];
    let (result, _) = rig.run(rig.kind(&args, MEMORY)).await;
    result.expect("it ran");
    assert_eq!(rig.kind.calls()[0].args, args);
}

#[tokio::test]
async fn an_argument_that_no_program_can_get_starts_nothing() {
    let rig = Rig::new(&Scenario::new().otherwise([]));
    let (result, _) = rig.run(rig.kind(&["nul\0"], MEMORY)).await;
    assert!(matches!(result, Err(tools::ProgramError::NotStarted { .. })), "{result:?}");
    assert!(rig.kind.calls().is_empty());
}

#[tokio::test]
async fn a_program_that_asks_gets_no_answer_instead_of_waiting_for_one() {
    let rig = Rig::new(&Scenario::new().otherwise([Act::ReadStdin, act::exit(1)]));
    let (result, _) = rig.run(rig.kind(&[], MEMORY)).await;
    assert_eq!(result.expect("it ran").out, b"0 bytes of input\n");
}
