use std::{
    cell::{Cell, RefCell},
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use super::{TEXT, home, listed};
use crate::{
    edit::digest,
    fs::{Fs, RealFs, Stat},
    write::{WriteError, Writer},
};

/// The real disk, whose k-th effect fails; a write that fails leaves half of its bytes behind, as a full disk does.
struct Failing {
    at: usize,
    kind: io::ErrorKind,
    calls: Cell<usize>,
    names: RefCell<Vec<&'static str>>,
}

impl Failing {
    fn at(at: usize, kind: io::ErrorKind) -> Self {
        Self { at, kind, calls: Cell::new(0), names: RefCell::default() }
    }

    fn step(&self, name: &'static str) -> io::Result<()> {
        let call = self.calls.get();
        self.calls.set(call + 1);
        self.names.borrow_mut().push(name);
        if call == self.at { Err(self.kind.into()) } else { Ok(()) }
    }
}

impl Fs for Failing {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.step("read")?;
        RealFs.read(path)
    }
    fn real(&self, path: &Path) -> io::Result<PathBuf> {
        self.step("real")?;
        RealFs.real(path)
    }
    fn stat(&self, path: &Path) -> io::Result<Stat> {
        self.step("stat")?;
        RealFs.stat(path)
    }
    fn create_lock(&self, path: &Path) -> io::Result<()> {
        self.step("create_lock")?;
        RealFs.create_lock(path)
    }
    fn create(&self, path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
        if let Err(error) = self.step("create") {
            RealFs.create(path, &bytes[..bytes.len() / 2], mode)?;
            return Err(error);
        }
        RealFs.create(path, bytes, mode)
    }
    fn give_to(&self, path: &Path, uid: u32, gid: u32) -> io::Result<()> {
        self.step("give_to")?;
        RealFs.give_to(path, uid, gid)
    }
    fn overwrite(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        use std::os::unix::fs::FileExt;
        if let Err(error) = self.step("overwrite") {
            File::options().write(true).open(path)?.write_all_at(&bytes[..bytes.len() / 2], 0)?;
            return Err(error);
        }
        RealFs.overwrite(path, bytes)
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step("rename")?;
        RealFs.rename(from, to)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        self.step("remove")?;
        RealFs.remove(path)
    }
    fn flush_folder(&self, path: &Path) -> io::Result<()> {
        self.step("flush_folder")?;
        RealFs.flush_folder(path)
    }
    fn create_folder(&self, path: &Path) -> io::Result<()> {
        self.step("create_folder")?;
        RealFs.create_folder(path)
    }
    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        self.step("list")?;
        RealFs.list(folder)
    }
}

fn change(fs: &dyn Fs, path: &Path, home: &Path) -> Result<super::super::Written, WriteError> {
    let backups = home.join("state/backups");
    Writer { fs, backups: &backups, patience: Duration::ZERO }.make_current(&listed(path), "b", &digest(TEXT.as_bytes()))
}

fn new() -> String {
    TEXT.replace(": a", ": b")
}

fn calls() -> usize {
    let (home, path) = home();
    let counted = Failing::at(usize::MAX, io::ErrorKind::Other);
    change(&counted, &path, home.path()).unwrap();
    counted.calls.get()
}

#[test]
fn whichever_effect_fails_the_file_is_the_old_one_or_the_new_one() {
    use io::ErrorKind::{CrossesDevices, FileTooLarge, Interrupted, Other, PermissionDenied, ReadOnlyFilesystem, ResourceBusy, StorageFull};
    let calls = calls();
    assert!(calls >= 10, "a careful write has many effects, not {calls}");
    for kind in [StorageFull, FileTooLarge, Other, Interrupted, ReadOnlyFilesystem, PermissionDenied, CrossesDevices, ResourceBusy] {
        for at in 0..calls {
            let (home, path) = home();
            let failing = Failing::at(at, kind);
            let done = change(&failing, &path, home.path());
            let names = failing.names.borrow();
            let what = format!("{kind:?} at {at}: {names:?} gave {done:?}");
            let there = fs::read_to_string(&path).unwrap();
            assert_eq!(there, if done.is_ok() { new() } else { TEXT.to_owned() }, "{what}");
            if names[at] == "remove" {
                continue;
            }
            let left: Vec<_> = fs::read_dir(home.path()).unwrap().map(|e| e.unwrap().file_name()).filter(|name| name != "config" && name != "state").collect();
            assert!(left.is_empty(), "{left:?} is left after {what}");
        }
    }
}

#[test]
fn a_rename_that_cannot_be_is_a_write_in_place_after_the_backup() {
    for kind in [io::ErrorKind::CrossesDevices, io::ErrorKind::ResourceBusy, io::ErrorKind::ReadOnlyFilesystem] {
        let (home, path) = home();
        let before = std::os::unix::fs::MetadataExt::ino(&fs::metadata(&path).unwrap());
        let counted = Failing::at(usize::MAX, kind);
        change(&counted, &path, home.path()).unwrap();
        let rename = counted.names.borrow().iter().position(|name| *name == "rename").unwrap();
        fs::write(&path, TEXT).unwrap();
        let inode = std::os::unix::fs::MetadataExt::ino(&fs::metadata(&path).unwrap());
        assert_ne!(before, inode, "the first write was a rename");

        // One backup is there now, which costs no further effect.
        let done = change(&Failing::at(rename, kind), &path, home.path()).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), new());
        assert_eq!(std::os::unix::fs::MetadataExt::ino(&fs::metadata(&path).unwrap()), inode, "{kind:?} is written in place");
        assert_eq!(fs::read_to_string(done.backup.unwrap()).unwrap(), TEXT);
    }
}

/// Renames are refused for good and so is one write in place.
struct InPlaceOnly {
    inner: Failing,
    refused: io::ErrorKind,
}

macro_rules! pass {
    ($($name:ident($($arg:ident: $of:ty),*) -> $out:ty;)*) => {
        $(fn $name(&self, $($arg: $of),*) -> io::Result<$out> { self.inner.$name($($arg),*) })*
    };
}

impl Fs for InPlaceOnly {
    fn rename(&self, _: &Path, _: &Path) -> io::Result<()> {
        Err(self.refused.into())
    }
    pass! {
        read(path: &Path) -> Vec<u8>;
        real(path: &Path) -> PathBuf;
        stat(path: &Path) -> Stat;
        create_lock(path: &Path) -> ();
        create(path: &Path, bytes: &[u8], mode: u32) -> ();
        give_to(path: &Path, uid: u32, gid: u32) -> ();
        overwrite(path: &Path, bytes: &[u8]) -> ();
        remove(path: &Path) -> ();
        flush_folder(path: &Path) -> ();
        create_folder(path: &Path) -> ();
        list(folder: &Path) -> Vec<PathBuf>;
    }
}

#[test]
fn a_write_in_place_that_breaks_off_is_put_back_whichever_effect_fails() {
    let refused = io::ErrorKind::ResourceBusy;
    let (folder, path) = home();
    let counted = InPlaceOnly { inner: Failing::at(usize::MAX, refused), refused };
    change(&counted, &path, folder.path()).unwrap();
    for at in 0..counted.inner.calls.get() {
        let (home, path) = home();
        let done = change(&InPlaceOnly { inner: Failing::at(at, io::ErrorKind::StorageFull), refused }, &path, home.path());
        let there = fs::read_to_string(&path).unwrap();
        assert_eq!(there, if done.is_ok() { new() } else { TEXT.to_owned() }, "effect {at} gave {done:?}");
    }
}
