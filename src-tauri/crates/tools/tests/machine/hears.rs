//! Is every line heard?

use std::os::unix::fs::PermissionsExt;

use testkit::{Act, Scenario, Side, act};
use tools::{Capture, End, Heard, ProgramError, Stream};

use crate::{MEMORY, Rig, texts};

const LINES: u64 = 200_000;

#[tokio::test]
async fn a_flood_into_a_file_loses_no_line() {
    let rig = Rig::new(&Scenario::new().otherwise([Act::Flood { side: Side::Err, lines: LINES / 2 }, Act::Flood { side: Side::Out, lines: LINES / 2 }]));
    let file = rig.file("output.log");
    let (result, heard) = rig.run(rig.kind(&[], Capture::File(file.clone()))).await;
    let exit = result.expect("it ran");
    let expected: Vec<String> = (1..=LINES / 2).chain(1..=LINES / 2).map(|n| n.to_string()).collect();
    assert!(texts(&heard) == expected, "{} of {LINES} lines were heard", texts(&heard).len());
    assert_eq!(exit.tail.last().map(String::as_str), Some("100000"));
    assert!(exit.out.is_empty() && exit.err.is_empty());
    let data = file.metadata().expect("the file is there");
    assert_eq!(data.permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn a_flood_into_memory_keeps_its_bound_and_lets_the_program_end() {
    let rig = Rig::new(&Scenario::new().otherwise([Act::Flood { side: Side::Out, lines: LINES }, act::exit(3)]));
    let (result, heard) = rig.run(rig.kind(&[], Capture::Memory { most: 1_000 })).await;
    let exit = result.expect("it ran");
    assert_eq!((exit.end, exit.out.len(), texts(&heard).len()), (End::Code(3), 1_000, 200_000));
}

#[tokio::test]
async fn the_process_is_named_before_its_first_line() {
    let rig = Rig::new(&Scenario::new().otherwise([act::out("one"), act::err("two")]));
    let (result, heard) = rig.run(rig.kind(&[], MEMORY)).await;
    result.expect("it ran");
    let Some(Heard::Started(process)) = heard.first() else { panic!("{heard:?}") };
    assert_eq!(process.pid, rig.kind.calls()[0].pid);
}

#[tokio::test]
async fn both_streams_are_told_apart_in_memory_and_are_one_in_a_file() {
    for (capture, streams) in [(MEMORY, [Stream::Out, Stream::Err]), (Capture::File("out.log".into()), [Stream::Err, Stream::Err])] {
        let rig = Rig::new(&Scenario::new().otherwise([act::out("one"), Act::Pause { milliseconds: 50 }, act::err("two")]));
        let capture = match capture {
            Capture::File(name) => Capture::File(rig.file(&name.to_string_lossy())),
            Capture::Memory { most } => Capture::Memory { most },
        };
        let (_, heard) = rig.run(rig.kind(&[], capture)).await;
        let said: Vec<(Stream, &str)> = heard
            .iter()
            .filter_map(|heard| match heard {
                Heard::Line(line) => Some((line.from, line.text.as_str())),
                Heard::Started(_) => None,
            })
            .collect();
        assert_eq!(said, [(streams[0], "one"), (streams[1], "two")]);
    }
}

#[tokio::test]
async fn garbage_is_shown_as_far_as_it_can_be_and_kept_as_it_was() {
    let bytes = b"\xff\xfe\0\x1b[31mred\x1b[0m\r\nno end".to_vec();
    let rig = Rig::new(&Scenario::new().otherwise([Act::Bytes { side: Side::Out, bytes: bytes.clone() }]));
    let (result, heard) = rig.run(rig.kind(&[], MEMORY)).await;
    assert_eq!(texts(&heard), ["\u{fffd}\u{fffd}\u{fffd}red", "no end"]);
    assert_eq!(result.expect("it ran").out, bytes);
}

#[tokio::test]
async fn a_recorded_kind_is_heard_as_it_was_recorded() {
    let recording = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/kind-create.txt");
    let rig = Rig::new(&Scenario::new().on(["create", "cluster"], [act::replay(recording)]));
    let (result, heard) = rig.run(rig.kind(&["create", "cluster", "--name", "t1"], Capture::File(rig.file("kind.log")))).await;
    assert!(result.expect("it ran").succeeded());
    let all = texts(&heard);
    assert_eq!((all[1], all[2], all.len()), ("Creating cluster \"t1\" ...", " • Ensuring node image (kindest/node:v1.36.3) 🖼️  ...", 20));
}

#[tokio::test]
async fn an_older_output_in_the_file_is_not_heard_again() {
    let rig = Rig::new(&Scenario::new().otherwise([act::err("again")]));
    let file = rig.file("kind.log");
    for _ in 0..2 {
        let (_, heard) = rig.run(rig.kind(&[], Capture::File(file.clone()))).await;
        assert_eq!(texts(&heard), ["again"]);
    }
    assert_eq!(std::fs::read_to_string(file).expect("the file is there"), "again\nagain\n");
}

#[tokio::test]
async fn two_runs_at_once_do_not_mix() {
    let rig = Rig::new(
        &Scenario::new()
            .on(["a"], [act::touch("a"), act::wait_for("b"), act::out("from a")])
            .on(["b"], [act::touch("b"), act::wait_for("a"), act::out("from b")]),
    );
    let ((_, a), (_, b)) = tokio::join!(rig.run(rig.kind(&["a"], MEMORY)), rig.run(rig.kind(&["b"], Capture::File(rig.file("b.log")))));
    assert_eq!((texts(&a), texts(&b)), (vec!["from a"], vec!["from b"]));
}

#[tokio::test]
async fn a_program_or_a_folder_that_is_not_there_is_named() {
    let rig = Rig::new(&Scenario::new());
    let mut invocation = rig.kind(&[], MEMORY);
    invocation.cwd = "/nowhere".into();
    let (result, _) = rig.run(invocation).await;
    let Err(ProgramError::NotStarted { cause, .. }) = result else { panic!("{result:?}") };
    assert_eq!(cause.to_string(), "there is no folder /nowhere");
    let mut invocation = rig.kind(&[], MEMORY);
    invocation.program = tools::Program::Plugin("kubelogin-that-nobody-has".into());
    let (result, _) = rig.run(invocation).await;
    let Err(ProgramError::NotFound { searched, .. }) = result else { panic!("{result:?}") };
    assert_eq!(searched.first().map(std::path::PathBuf::as_path), Some(rig.fakes.folder()));
    let (result, _) = rig.run(rig.kind(&[], Capture::File("/nowhere/kind.log".into()))).await;
    assert!(matches!(result, Err(ProgramError::NotCaptured { .. })), "{result:?}");
}
