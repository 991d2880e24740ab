//! What does a full disk leave? A process of its own, since the limit on the size of files holds for all of it.

use std::fs;

use download::{DownloadError, from_file};
use rustix::process::{Resource, Rlimit, setrlimit};
use tokio::signal::unix::{SignalKind, signal};

const ROOM_BYTES: u64 = 64 * 1024;

#[tokio::test]
async fn a_full_disk_is_named_leaves_the_target_and_no_part() {
    let folder = tempfile::tempdir().expect("a folder");
    let (source, target) = (folder.path().join("source"), folder.path().join("kind"));
    fs::write(&source, vec![7; 4 * ROOM_BYTES as usize]).expect("a source");
    fs::write(&target, "old").expect("an old target");
    // With a handler the signal no longer ends the process, and the write gives an error as on a full disk.
    let _handler = signal(SignalKind::from_raw(25)).expect("SIGXFSZ can be handled");
    setrlimit(Resource::Fsize, Rlimit { current: Some(ROOM_BYTES), maximum: Some(ROOM_BYTES) }).expect("a limit");
    let error = from_file(&source, &target).await.expect_err("there is no room");
    assert!(matches!(error, DownloadError::NoSpace { .. }), "{error:?}");
    assert_eq!(fs::read(&target).expect("it is there"), b"old");
    let mut left: Vec<_> = fs::read_dir(folder.path()).expect("a folder").map(|entry| entry.expect("an entry").file_name()).collect();
    left.sort();
    assert_eq!(left, ["kind", "kind.lock", "source"]);
}
