//! How is a pinned file fetched?

use std::error::Error as _;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use reqwest::header::{CONTENT_RANGE, RANGE};
use reqwest::{Client, Response, StatusCode, Url};

use crate::client::{Refused, allowed, client};
use crate::part::{Part, part_of};
use crate::turn::Turn;
use crate::whole::{Unplaced, Whole};
use crate::{Digest, DownloadError, Pinned, Progress, Route, digest, without_password};

/// The fetch that was dropped may still verify, which takes moments.
const LOOKS_TO_GIVE_UP: u32 = 50;
/// A program that KOS starts has the lock too for an instant.
const LOOKS_TO_COPY: u32 = 3;

/// What came of a fetch.
#[derive(Debug)]
pub enum Fetched {
    /// It stands in its place: another brought it, and nobody was contacted.
    IsHere,
    Whole(Whole),
}

/// Fetches a file and verifies it; it is not in its place before it is told to be installed.
///
/// Waits while another fetch or copy of this program goes on. Takes up what an earlier try left, and a cut connection as often as
/// `route.patience` says. Dropping the future keeps what arrived, and so does dropping what it gives: see [`give_up`].
pub async fn fetch(pinned: &Pinned, route: &Route, progress: &mut (dyn FnMut(Progress) + Send)) -> Result<Fetched, DownloadError> {
    let bad_address = || DownloadError::Address { address: pinned.address.clone() };
    let url = Url::parse(&pinned.address).ok().filter(|url| allowed(url, route.scheme)).ok_or_else(bad_address)?;
    let host = url.host_str().unwrap_or_default().to_owned();
    let prepared = route.clone();
    let client = blocking(move || client(&prepared)).await?;
    let turn = Turn::come(&pinned.target).await?;
    if is_here(pinned).await {
        return Ok(Fetched::IsHere);
    }
    let mut part = blocking(move || Part::open(turn)).await?;
    let get = Get { client, url, host, pinned, proxy: route.proxy.as_deref() };
    let mut resumes = 0;
    loop {
        match get.rest(&mut part, progress).await {
            Ok(()) => break,
            Err(error) if error.is_passing() && resumes < route.patience.resumes => {
                resumes += 1;
                tracing::info!(%error, resumes, received = part.length(), "download is taken up again");
                tokio::time::sleep(route.patience.pause).await;
            }
            Err(error) => return Err(error),
        }
    }
    let expected = pinned.sha256.clone();
    blocking(move || part.whole(&expected, Unplaced::Stays)).await.map(Fetched::Whole)
}

/// Whether the target is the pinned file, and can be run.
pub async fn is_here(pinned: &Pinned) -> bool {
    let (target, wanted) = (pinned.target.clone(), pinned.sha256.clone());
    let here = blocking(move || {
        let runs = target.metadata().is_ok_and(|about| about.permissions().mode() & 0o111 != 0);
        Ok(runs && digest::of_file(&target).is_ok_and(|found| found == wanted))
    });
    here.await.unwrap_or(false)
}

/// Removes what a fetch into this target left beside it; what another goes on with by now is that one's.
pub async fn give_up(target: &Path) -> Result<(), DownloadError> {
    let path = part_of(target);
    if path.symlink_metadata().is_err_and(|cause| cause.kind() == io::ErrorKind::NotFound) {
        return Ok(());
    }
    let Some(turn) = Turn::within(target, LOOKS_TO_GIVE_UP).await? else { return Ok(()) };
    blocking(move || {
        let removed = std::fs::remove_file(&path);
        drop(turn);
        match removed {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(DownloadError::NotRemoved { path, cause }),
            Ok(()) | Err(_) => Ok(()),
        }
    })
    .await
}

/// Copies a file that the user has instead of a download; it is not in its place before it is told to be installed.
///
/// Its digest is not compared: who brings a file of another version knows so, and is shown both.
/// Errors: another fetch or copy of this program goes on.
pub async fn from_file(source: &Path, target: &Path) -> Result<Whole, DownloadError> {
    let source = source.to_owned();
    let (source, mut from) = blocking(move || {
        let not_read = |cause| DownloadError::NotRead { path: source.clone(), cause };
        // A device may have no end, and a pipe holds up whoever opens it.
        if !std::fs::metadata(&source).map_err(not_read)?.is_file() {
            return Err(not_read(io::Error::new(io::ErrorKind::InvalidInput, "it is no file")));
        }
        let from = File::open(&source).map_err(not_read)?;
        Ok((source, from))
    })
    .await?;
    let busy = || DownloadError::Busy { program: target.file_name().unwrap_or_default().to_string_lossy().into_owned() };
    let turn = Turn::within(target, LOOKS_TO_COPY).await?.ok_or_else(busy)?;
    blocking(move || {
        let mut part = Part::open(turn)?;
        match copied(&source, &mut from, &mut part) {
            // Compared with the copy: a file that changed meanwhile is refused.
            Ok(found) => part.whole(&found, Unplaced::Goes),
            Err(why) => {
                part.remove();
                Err(why)
            }
        }
    })
    .await
}

/// Gives the digest of the file itself.
fn copied(source: &Path, from: &mut File, part: &mut Part) -> Result<Digest, DownloadError> {
    let not_read = |cause| DownloadError::NotRead { path: source.to_owned(), cause };
    part.restart()?;
    let mut piece = vec![0; 128 * 1024];
    loop {
        let read = from.read(&mut piece).map_err(not_read)?;
        if read == 0 {
            break;
        }
        part.append(piece.get(..read).unwrap_or_default())?;
    }
    digest::of_file(source).map_err(not_read)
}

pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, DownloadError> + Send + 'static) -> Result<T, DownloadError> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(DownloadError::Client { cause: Box::new(error) }))
}

/// One file at one server.
struct Get<'a> {
    client: Client,
    url: Url,
    host: String,
    pinned: &'a Pinned,
    proxy: Option<&'a str>,
}

impl Get<'_> {
    /// Appends what is missing.
    async fn rest(&self, part: &mut Part, progress: &mut (dyn FnMut(Progress) + Send)) -> Result<(), DownloadError> {
        let mut request = self.client.get(self.url.clone());
        if part.length() > 0 {
            request = request.header(RANGE, format!("bytes={}-", part.length()));
        }
        let mut response = request.send().await.map_err(|cause| not_reached(&self.host, self.proxy, cause))?;
        match response.status() {
            StatusCode::PARTIAL_CONTENT if begins_at(&response) == Some(part.length()) => {}
            // The whole file, whatever was asked.
            StatusCode::OK => part.restart()?,
            // Nothing is missing, or another file has this address by now; the digest tells.
            StatusCode::RANGE_NOT_SATISFIABLE if part.length() > 0 && self.pinned.size.is_none_or(|size| size == part.length()) => return Ok(()),
            status => {
                part.restart()?;
                return Err(DownloadError::Answer { host: self.host.clone(), status: status.as_u16(), address: self.pinned.address.clone() });
            }
        }
        let total = response.content_length().map(|left| part.length() + left).or_else(|| whole_length(&response)).or(self.pinned.size);
        progress(Progress { received: part.length(), total });
        loop {
            match response.chunk().await {
                Ok(Some(bytes)) => part.append(&bytes)?,
                Ok(None) => break,
                Err(cause) => return Err(DownloadError::CutOff { host: self.host.clone(), received: part.length(), cause }),
            }
            progress(Progress { received: part.length(), total });
        }
        match self.pinned.size.or(total) {
            Some(expected) if part.length() < expected => Err(DownloadError::Short { host: self.host.clone(), received: part.length(), expected }),
            _ => Ok(()),
        }
    }
}

pub(crate) fn not_reached(host: &str, proxy: Option<&str>, cause: reqwest::Error) -> DownloadError {
    let host = host.to_owned();
    let mut next = cause.source();
    while let Some(source) = next {
        match source.downcast_ref::<Refused>() {
            Some(Refused::Unsafe(to)) => return DownloadError::UnsafeRedirect { host, to: to.to_string() },
            Some(Refused::Circle) => return DownloadError::Circle { host },
            None => next = source.source(),
        }
    }
    match proxy {
        Some(proxy) => DownloadError::NotReachedThrough { host, proxy: without_password(proxy), cause },
        None => DownloadError::NotReached { host, cause },
    }
}

/// Where the sent piece begins: `bytes 100-199/200`.
fn begins_at(response: &Response) -> Option<u64> {
    range(response)?.split_once('-')?.0.parse().ok()
}

/// How long the file is of which a piece is sent; a star stands for a length that the server does not know.
fn whole_length(response: &Response) -> Option<u64> {
    range(response)?.split_once('/')?.1.parse().ok()
}

fn range(response: &Response) -> Option<&str> {
    let piece = response.headers().get(CONTENT_RANGE).filter(|_| response.status() == StatusCode::PARTIAL_CONTENT)?;
    piece.to_str().ok()?.strip_prefix("bytes ")
}
