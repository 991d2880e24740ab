use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, sync_channel},
    time::Duration,
};

use super::{Report, Watch, WatchTrouble, Watcher};

const LIMIT: Duration = Duration::from_secs(20);

fn check(prepare: impl Fn(&Path), change: impl Fn(&Path)) {
    let home = tempfile::tempdir().unwrap();
    prepare(home.path());
    let file = home.path().join("kube/config");
    let (reports, inbox) = sync_channel(4);
    let _watcher = Watcher::start(BTreeSet::from([file.clone()]), reports).unwrap();
    change(home.path());
    assert_eq!(next(&inbox), BTreeSet::from([file]));
}

fn next(inbox: &Receiver<Report>) -> BTreeSet<PathBuf> {
    match inbox.recv_timeout(LIMIT).unwrap() {
        Report::Changed(paths) => paths,
        // The machine that tests may have no watches left; the poll answers then.
        Report::Trouble(_) | Report::Watched => next(inbox),
    }
}

fn plain(home: &Path) {
    fs::create_dir(home.join("kube")).unwrap();
    fs::write(home.join("kube/config"), "old").unwrap();
}

#[test]
fn reload_rename() {
    check(plain, |home| {
        fs::write(home.join("kube/new"), "newer").unwrap();
        fs::rename(home.join("kube/new"), home.join("kube/config")).unwrap();
    });
    check(plain, |home| fs::write(home.join("kube/config"), "in place").unwrap());
    check(plain, |home| fs::remove_file(home.join("kube/config")).unwrap());
}

#[test]
fn a_swapped_symlink_is_a_change() {
    let prepare = |home: &Path| {
        for (folder, text) in [("kube", None), ("one", Some("1")), ("two", Some("22"))] {
            fs::create_dir(home.join(folder)).unwrap();
            if let Some(text) = text {
                fs::write(home.join(folder).join("config"), text).unwrap();
            }
        }
        symlink(home.join("one"), home.join("data")).unwrap();
        symlink(home.join("data/config"), home.join("kube/config")).unwrap();
    };
    check(prepare, |home| {
        symlink(home.join("two"), home.join("swap")).unwrap();
        fs::rename(home.join("swap"), home.join("data")).unwrap();
    });
}

#[test]
fn rights_that_change_are_a_change() {
    let give = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    check(plain, |home| give(&home.join("kube/config"), 0o400));
    check(plain, |home| give(&home.join("kube"), 0o711));
}

#[test]
fn a_folder_that_does_not_exist_yet_is_waited_for() {
    check(|_| (), plain);
}

#[test]
fn a_folder_that_cannot_be_watched_is_told_until_it_can() {
    let home = tempfile::tempdir().unwrap();
    plain(home.path());
    let (reports, inbox) = sync_channel(4);
    let file = home.path().join("kube/config");
    let (wake, _woken) = sync_channel(1);
    let mut watch = Watch::of(BTreeSet::from([file.clone()]), reports);
    watch.open(&wake);
    assert_eq!(watch.trouble, None, "the machine that tests has watches left");
    watch.trouble = Some(WatchTrouble::NoWatches);
    assert!(watch.tell() && watch.tell());
    assert_eq!(inbox.try_iter().collect::<Vec<_>>(), [Report::Trouble(WatchTrouble::NoWatches)], "said once");
    watch.follow();
    assert!(watch.tell() && watch.tell());
    assert_eq!(inbox.try_iter().collect::<Vec<_>>(), [Report::Watched]);
}
