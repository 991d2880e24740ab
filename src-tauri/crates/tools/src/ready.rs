//! How does the runtime learn that a descriptor is readable?

use std::io;

use rustix::fd::OwnedFd;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

pub(crate) fn watched(descriptor: OwnedFd) -> io::Result<AsyncFd<OwnedFd>> {
    // SAFETY: an `OwnedFd` is open until it is dropped and always gives the same number; the `AsyncFd` owns it.
    #[expect(unsafe_code, reason = "tokio offers no safe constructor for descriptors that it has no type for")]
    let watched = unsafe { AsyncFd::register_with_interest(descriptor, Interest::READABLE) };
    Ok(watched?)
}
