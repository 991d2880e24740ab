//! Who can replace a program?

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rustix::process::geteuid;

const WRITABLE_BY_OTHERS: u32 = 0o022;
const STICKY: u32 = 0o1000;
const ROOT: u32 = 0;

/// Who can replace a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// Only the system's owner.
    System,
    /// Only this user, or the system.
    Own,
    /// Others too, by what is named.
    Open {
        path: PathBuf,
        /// Its mode without that, where this user may set it.
        narrowed: Option<u32>,
    },
    Unknown,
}

/// A program's file or a folder on the way to it.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) is: Is,
    pub(super) path: PathBuf,
    pub(super) mode: u32,
    pub(super) owner: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Is {
    Program,
    /// The one that it stands in.
    Folder,
    /// One above that.
    Above,
}

/// Looks at the program and at all folders above it.
pub(super) async fn look_at(program: &Path) -> Place {
    let program = program.to_owned();
    let look = move || parts(&program).map(|parts| place(&parts, geteuid().as_raw()));
    tokio::task::spawn_blocking(look).await.ok().and_then(Result::ok).unwrap_or(Place::Unknown)
}

/// By the name that it has, and where links of that lead: either way others may come in between.
fn parts(program: &Path) -> std::io::Result<Vec<Part>> {
    let led = program.canonicalize()?;
    [program, led.as_path()].into_iter().flat_map(|path| path.ancestors().enumerate()).map(|(above, path)| part(above, path)).collect()
}

fn part(above: usize, path: &Path) -> std::io::Result<Part> {
    let is = match above {
        0 => Is::Program,
        1 => Is::Folder,
        _ => Is::Above,
    };
    let meta = path.symlink_metadata()?;
    // The mode of a link says nothing; its owner can lead it elsewhere.
    let mode = if meta.is_symlink() { 0 } else { meta.mode() };
    Ok(Part { is, path: path.to_owned(), mode, owner: meta.uid() })
}

/// Only what is safe in every part is called so.
pub(super) fn place(parts: &[Part], me: u32) -> Place {
    match parts.iter().find(|part| part.is_open(me)) {
        Some(part) => Place::Open { path: part.path.clone(), narrowed: narrowed(part.mode, part.owner, me) },
        None if parts.iter().all(|part| part.owner == ROOT) => Place::System,
        None => Place::Own,
    }
}

impl Part {
    fn is_open(&self, me: u32) -> bool {
        let of_another = self.owner != ROOT && self.owner != me;
        let writable = self.mode & WRITABLE_BY_OTHERS != 0;
        // Writable by the group or by all. A sticky folder such as /tmp keeps what is ours within it, and still lets others
        // put a program there first.
        let kept = self.is == Is::Above && self.mode & STICKY != 0;
        of_another || (writable && !kept)
    }
}

/// The mode that keeps others from writing and changes nothing else; not of a folder that is meant for everybody's files.
pub(super) fn narrowed(mode: u32, owner: u32, me: u32) -> Option<u32> {
    (owner == me && mode & STICKY == 0).then_some(mode & 0o7777 & !WRITABLE_BY_OTHERS)
}
