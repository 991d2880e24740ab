//! How many files may be open at once?
//!
//! Each connection, watch and program is one or more; a session often starts with 1,024 of them although it may have more.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

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
