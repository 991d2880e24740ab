//! How many files may be open at once?
//!
//! Each connection, watch and program is one or more; a session often starts with 1,024 of them although it may have more.

use api::{Fault, FaultCode};
use rustix::io::Errno;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Left for what runs already: a connection that comes back, a program with its pipes, a file that is written.
const SPARE: u64 = 16;

/// Takes as many as the system lets this user have. That it cannot is no reason not to start.
pub(crate) fn raise_open_files() {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current == maximum {
        return;
    }
    if let Err(cause) = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }) {
        tracing::warn!(%cause, "the number of open files stays as it is");
    }
}

/// Says that there is room for another live view. Without it views would fail one by one, each with words of the system.
pub(crate) fn room_for_a_view() -> Result<(), Fault> {
    let Some(most) = getrlimit(Resource::Nofile).current else { return Ok(()) };
    let open = match std::fs::read_dir("/proc/self/fd") {
        Ok(all) => all.count() as u64,
        // There is not even one left to count them.
        Err(cause) if cause.raw_os_error() == Some(Errno::MFILE.raw_os_error()) => most,
        Err(_) => return Ok(()),
    };
    judged(open, most)
}

fn judged(open: u64, most: u64) -> Result<(), Fault> {
    if open.saturating_add(SPARE) <= most {
        return Ok(());
    }
    let sentence = format!("KOS has {open} of its {most} files open, which leaves none for another live view.");
    Err(Fault::new(FaultCode::Invalid, sentence).unharmed("The open views go on. Close a context, or start KOS with a higher limit: ulimit -n 4096."))
}

#[cfg(test)]
mod tests {
    use super::{SPARE, judged};

    #[test]
    fn a_view_is_opened_while_files_are_left_for_what_runs_already() {
        for (open, most, opened) in [(0, 64, true), (64 - SPARE, 64, true), (65 - SPARE, 64, false), (64, 64, false), (0, 8, false), (u64::MAX, 64, false)] {
            assert_eq!(judged(open, most).is_ok(), opened, "{open} of {most}");
        }
        let said = judged(60, 64).unwrap_err();
        assert!(said.sentence.contains("60 of its 64 files") && said.unharmed.contains("ulimit -n"), "{said}");
    }
}
