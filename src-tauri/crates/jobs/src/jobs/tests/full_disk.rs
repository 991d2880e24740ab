//! Does a job stop before its next side effect when its journal cannot be written?
//!
//! The k-th call of the file system fails, and all after it, for all k; then the disk has room again.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use api::FaultCode;
use api::jobs::JobState;

use super::toy::{ALL, Mishap, QuickDisk, World, open, open_on, rest, start};
use crate::{Disk, What, journal};

struct FullDisk {
    calls: AtomicUsize,
    full_from: AtomicUsize,
    /// Nobody is promised more than this.
    room: AtomicU64,
}

impl FullDisk {
    fn from_call(k: usize) -> Arc<Self> {
        Arc::new(Self { calls: AtomicUsize::new(0), full_from: AtomicUsize::new(k), room: AtomicU64::new(u64::MAX) })
    }

    fn with_room(bytes: u64) -> Arc<Self> {
        Arc::new(Self { calls: AtomicUsize::new(0), full_from: AtomicUsize::new(usize::MAX), room: AtomicU64::new(bytes) })
    }

    fn has_room_again(&self) {
        self.full_from.store(usize::MAX, Ordering::SeqCst);
        self.room.store(u64::MAX, Ordering::SeqCst);
    }

    fn call(&self) -> io::Result<()> {
        let n = self.calls.fetch_add(1, Ordering::SeqCst);
        if n >= self.full_from.load(Ordering::SeqCst) { Err(io::Error::from(io::ErrorKind::StorageFull)) } else { Ok(()) }
    }
}

impl Disk for FullDisk {
    fn make_folder(&self, path: &Path) -> io::Result<()> {
        self.call().and_then(|()| QuickDisk.make_folder(path))
    }
    fn open(&self, path: &Path) -> io::Result<File> {
        self.call().and_then(|()| QuickDisk.open(path))
    }
    fn reserve(&self, file: &File, bytes: u64) -> io::Result<()> {
        self.call()?;
        if bytes > self.room.load(Ordering::SeqCst) {
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
        QuickDisk.reserve(file, bytes)
    }
    fn append(&self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
        if let Err(full) = self.call() {
            // A full disk takes what fits.
            QuickDisk.append(file, &bytes[..bytes.len() / 2])?;
            return Err(full);
        }
        QuickDisk.append(file, bytes)
    }
    fn cut(&self, file: &File, bytes: u64) -> io::Result<()> {
        self.call().and_then(|()| QuickDisk.cut(file, bytes))
    }
    fn sync(&self, file: &File) -> io::Result<()> {
        self.call().and_then(|()| QuickDisk.sync(file))
    }
    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        self.call().and_then(|()| QuickDisk.sync_folder(path))
    }
    fn replace(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.call().and_then(|()| QuickDisk.replace(path, bytes))
    }
}

#[tokio::test]
async fn at_whichever_call_the_disk_is_full_nothing_is_made_without_a_note() {
    let (mut refused, mut paused) = (0, 0);
    // Call 0 makes the folder of all jobs, before any job.
    for k in 1.. {
        assert!(k < 500, "the job never ran through");
        let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[]));
        let disk = FullDisk::from_call(k);
        let jobs = open_on(folder.path(), &world, disk.clone()).await;
        let id = match start(&jobs, &world).await {
            Ok(id) => id,
            Err(why) => {
                refused += 1;
                assert_eq!(why.code, FaultCode::Write, "call {k}: {why:?}");
                assert!(world.holds().is_empty() && jobs.rows().is_empty(), "call {k}: a job that did not start left something");
                continue;
            }
        };
        let state = rest(&jobs, &id).await;
        let on_disk = journal::read(&std::fs::read(jobs.folder_of(&id).unwrap().join("journal.jsonl")).unwrap());
        let noted: Vec<_> = on_disk
            .events
            .iter()
            .filter_map(|event| match &event.what {
                What::Intended { thing, .. } => Some(thing.name.clone()),
                _ => None,
            })
            .collect();
        for name in world.holds() {
            assert!(noted.contains(&name), "call {k}: {name} was made and the journal does not know");
        }
        disk.has_room_again();
        match state {
            JobState::Failed { why, .. } => {
                paused += 1;
                assert_eq!(why.code, FaultCode::Write, "call {k}: {why:?}");
                assert_eq!(why.sentence, "Make toys paused, because its journal cannot be written.");
                assert!(why.unharmed.contains("Make room on the disk, then go on with it."), "call {k}: {why:?}");
                jobs.retry(&id).await.unwrap();
                assert_eq!(rest(&jobs, &id).await, JobState::Done, "call {k}");
                assert_eq!((world.holds(), world.most_often_made()), (ALL.map(str::to_owned).to_vec(), 1), "call {k}");
            }
            JobState::Done => {
                if disk.calls.load(Ordering::SeqCst) < k {
                    break;
                }
            }
            other => panic!("call {k}: {other:?}"),
        }
        jobs.close().await;
        drop(jobs);
        let jobs = open_on(folder.path(), &world, disk).await;
        assert_eq!(jobs.rows()[0].state, JobState::Done, "call {k}: a journal with a torn middle");
    }
    assert!(refused >= 5 && paused >= 15, "{refused} refused, {paused} paused: the disk was not full where it counts");
}

#[tokio::test]
async fn a_job_starts_only_when_a_mebibyte_can_be_reserved_for_its_journal() {
    const MEBIBYTE: u64 = 1024 * 1024;
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[]));
    let disk = FullDisk::with_room(MEBIBYTE - 1);
    let jobs = open_on(folder.path(), &world, disk.clone()).await;
    let why = start(&jobs, &world).await.unwrap_err();
    assert_eq!((why.code, why.sentence.as_str()), (FaultCode::Write, "Make toys did not start, because its journal cannot be kept."));
    assert_eq!(why.unharmed, "Nothing was changed. Make room on the disk, then start it again.");
    assert!(world.holds().is_empty() && jobs.rows().is_empty(), "a job that did not start left something");
    disk.has_room_again();
    let id = start(&jobs, &world).await.unwrap();
    assert_eq!(rest(&jobs, &id).await, JobState::Done);
}

/// A disk on which the log alone has no room.
struct NoRoomForTheLog(AtomicBool);

impl Disk for NoRoomForTheLog {
    fn make_folder(&self, path: &Path) -> io::Result<()> {
        QuickDisk.make_folder(path)
    }
    fn open(&self, path: &Path) -> io::Result<File> {
        if path.ends_with("output.log") && self.0.load(Ordering::SeqCst) { Err(io::Error::from(io::ErrorKind::StorageFull)) } else { QuickDisk.open(path) }
    }
    fn reserve(&self, file: &File, bytes: u64) -> io::Result<()> {
        QuickDisk.reserve(file, bytes)
    }
    fn append(&self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
        QuickDisk.append(file, bytes)
    }
    fn cut(&self, file: &File, bytes: u64) -> io::Result<()> {
        QuickDisk.cut(file, bytes)
    }
    fn sync(&self, file: &File) -> io::Result<()> {
        QuickDisk.sync(file)
    }
    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        QuickDisk.sync_folder(path)
    }
    fn replace(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        QuickDisk.replace(path, bytes)
    }
}

#[tokio::test]
async fn lines_that_the_log_could_not_take_are_counted_in_it_and_before_the_viewer() {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[]));
    let disk = Arc::new(NoRoomForTheLog(AtomicBool::new(true)));
    let jobs = open_on(folder.path(), &world, disk.clone()).await;
    world.script("a", Mishap::Prints(7));
    world.script("e", Mishap::Fails);
    let id = start(&jobs, &world).await.unwrap();
    assert!(matches!(rest(&jobs, &id).await, JobState::Failed { .. }));
    let texts = || jobs.output(&id, 0, 100).unwrap().lines.into_iter().map(|line| line.text).collect::<Vec<_>>();
    let told = "7 lines were not kept in the log, which could not be written.";
    assert_eq!((texts().len(), texts()[7].as_str()), (8, told));

    disk.0.store(false, Ordering::SeqCst);
    world.script("e", Mishap::Prints(2));
    jobs.retry(&id).await.unwrap();
    assert_eq!(rest(&jobs, &id).await, JobState::Done);
    assert_eq!(texts()[8..], ["line 1", "line 2"], "a viewer is told once");
    jobs.close().await;
    drop(jobs);
    let jobs = open(folder.path(), &world).await;
    let kept: Vec<String> = jobs.output(&id, 0, 100).unwrap().lines.into_iter().map(|line| line.text).collect();
    assert_eq!(kept, [told, "line 1", "line 2"]);
}

/// Set for the copy of this test that runs below a limit.
const LIMITED: &str = "KOS_TEST_LIMITED";

/// The kernel itself refuses to let a file grow: no seam of ours is between.
#[test]
fn a_limit_of_the_kernel_on_file_sizes_is_met_like_a_full_disk() {
    if std::env::var_os(LIMITED).is_some() {
        return limited_run();
    }
    let outcomes: Vec<&str> = (1..=14)
        .map(|blocks| {
            let out = run_limited(blocks);
            ["refused", "paused", "done"].into_iter().find(|word| out.contains(&format!("outcome: {word}"))).unwrap_or_else(|| panic!("{out}"))
        })
        .collect();
    for word in ["refused", "paused"] {
        assert!(outcomes.contains(&word), "{outcomes:?}");
    }
}

/// The limit sends SIGXFSZ, which would end the process; ignored, the write fails instead.
#[expect(clippy::disallowed_methods, reason = "only a child process can have another limit than this one")]
fn run_limited(blocks: u32) -> String {
    let script = format!(
        "trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" --exact jobs::tests::full_disk::a_limit_of_the_kernel_on_file_sizes_is_met_like_a_full_disk --nocapture"
    );
    let out = std::process::Command::new("sh").args(["-c", &script]).arg(std::env::current_exe().unwrap()).env(LIMITED, "1").output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8_lossy(&out.stdout).into_owned()
}

#[tokio::main(flavor = "current_thread")]
async fn limited_run() {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[]));
    let jobs = open_on(folder.path(), &world, Arc::new(crate::RealDisk)).await;
    let outcome = match start(&jobs, &world).await {
        Err(why) => {
            assert_eq!(why.code, FaultCode::Write);
            assert!(world.holds().is_empty());
            "refused"
        }
        Ok(id) => match rest(&jobs, &id).await {
            JobState::Failed { why, .. } => {
                assert_eq!(why.code, FaultCode::Write);
                assert!(world.holds().len() < ALL.len());
                "paused"
            }
            JobState::Done => "done",
            other => panic!("{other:?}"),
        },
    };
    println!("outcome: {outcome}");
}
