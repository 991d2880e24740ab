//! How is a program started so that it inherits nothing by accident?

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::process::{Child, Command};

/// Where a child's two streams go.
#[derive(Debug)]
pub(crate) enum Output {
    Pipes,
    /// Both into one file: no pipe, so the child outlives KOS without SIGPIPE.
    File(File),
}

#[derive(Debug)]
pub(crate) struct Start {
    pub(crate) path: PathBuf,
    pub(crate) args: Vec<String>,
    pub(crate) env: BTreeMap<OsString, OsString>,
    pub(crate) cwd: PathBuf,
    pub(crate) output: Output,
}

/// A file still open for writing in some process that just forked cannot be run; it is free moments later.
const BUSY_TRIES: u32 = 20;
const BUSY_PAUSE: Duration = Duration::from_millis(10);

pub(crate) async fn spawn(start: &Start) -> io::Result<Child> {
    // Otherwise the missing folder is reported as if the program were missing.
    if !Path::is_dir(&start.cwd) {
        return Err(io::Error::new(io::ErrorKind::NotFound, format!("there is no folder {}", start.cwd.display())));
    }
    let mut tries = 1;
    loop {
        match command(start)?.spawn() {
            Err(error) if error.kind() == io::ErrorKind::ExecutableFileBusy && tries < BUSY_TRIES => tries += 1,
            done => return done,
        }
        tokio::time::sleep(BUSY_PAUSE).await;
    }
}

fn command(start: &Start) -> io::Result<Command> {
    #[expect(clippy::disallowed_methods, reason = "this is the one door to programs")]
    let mut command = Command::new(&start.path);
    command.args(&start.args).env_clear().envs(&start.env).current_dir(&start.cwd).stdin(Stdio::null());
    match &start.output {
        Output::Pipes => command.stdout(Stdio::piped()).stderr(Stdio::piped()),
        Output::File(file) => command.stdout(file.try_clone()?).stderr(file.try_clone()?),
    };
    // SAFETY: between fork and exec only two system calls are made; nothing is allocated and no lock is taken.
    #[expect(unsafe_code, reason = "the standard library has no stable way to start a session")]
    unsafe {
        command.pre_exec(alone);
    }
    Ok(command)
}

/// Gives the child a session of its own and takes from it every descriptor that some library left open.
///
/// A session instead of only a group: without a terminal nobody can ask for a password on it, and an interactive
/// shell does not stop itself for being in the background.
fn alone() -> io::Result<()> {
    rustix::process::setsid()?;
    // SAFETY: takes three numbers. Marked instead of closed: the standard library still reports a failed exec by one.
    // Kernels before 5.11 refuse, which leaves what each library marked itself.
    #[expect(unsafe_code, reason = "rustix does not offer close_range")]
    unsafe {
        libc::syscall(libc::SYS_close_range, 3 as libc::c_uint, libc::c_uint::MAX, libc::CLOSE_RANGE_CLOEXEC);
    }
    Ok(())
}
