//! How is a page or a watch asked for, and what do refusals mean?

use std::time::Duration;

use http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use kube::client::Body;

use super::Pace;
use crate::failure::chain;
use crate::session::said;
use crate::source::{Detail, Page, Source};

const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// Source: `NewTooLargeResourceVersionError` in `k8s.io/apiserver/pkg/storage/errors.go`; its reason is only in the details.
const TOO_LARGE: &str = "Too large resource version";

/// Why a list or a watch did not work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Problem {
    /// The version or the page token is none of this server's: it forgot it (410), or has come back from before it.
    LostVersion,
    Undecodable {
        said: String,
    },
    /// Fewer objects at a time may fit.
    TooLarge {
        said: String,
    },
    /// All rows together are more than is kept; nothing but a person ends that.
    TooMuch,
    Denied {
        said: String,
    },
    /// The server answered, but not now; `wait` is what it asks for.
    Server {
        status: u16,
        said: String,
        wait: Option<Duration>,
    },
    Broken {
        said: String,
    },
}

pub(super) struct Reader<S> {
    client: kube::Client,
    pub(super) source: S,
    path: String,
    /// Empty, or what narrows the list, with its `&`.
    query: String,
    pace: Pace,
}

impl<S: Source> Reader<S> {
    pub(super) fn new(client: kube::Client, source: S, pace: Pace) -> Self {
        let query = Some(source.query()).filter(|query| !query.is_empty()).map_or_else(String::new, |query| format!("&{query}"));
        Self { client, path: source.path(), query, source, pace }
    }

    pub(super) async fn page(&self, size: u32, next: &str) -> Result<Page<S::Row>, Problem> {
        let mut uri = format!("{}?limit={size}{}", self.path, self.query);
        if !next.is_empty() {
            uri = format!("{uri}&continue={}", escaped(next));
        }
        let request = Request::get(uri).header(header::ACCEPT, accept(self.source.detail(), "PartialObjectMetadataList"));
        let mut body = self.send(request.body(Body::empty()), self.pace.progress).await?;
        let mut bytes = Vec::new();
        // The limit is on silence, not on the whole: a thin link may take its time.
        while let Some(frame) = timed(self.pace.progress, body.frame()).await? {
            let frame = frame.map_err(|e| Problem::Broken { said: chain(&e) })?;
            if let Some(data) = frame.data_ref() {
                if bytes.len() + data.len() > self.pace.page_bytes {
                    return Err(Problem::TooLarge { said: format!("one page is larger than {} MiB", self.pace.page_bytes >> 20) });
                }
                bytes.extend_from_slice(data);
            }
        }
        // Decoding a large page takes longer than an async worker should be held.
        let source = self.source.clone();
        let read = tokio::task::spawn_blocking(move || source.page(&bytes)).await;
        read.map_err(|e| Problem::Undecodable { said: e.to_string() })?.map_err(|e| Problem::Undecodable { said: chain(&e) })
    }

    pub(super) async fn watch(&self, version: &str) -> Result<Body, Problem> {
        let (seconds, from) = (self.pace.watch.as_secs(), escaped(version));
        let uri = format!("{}?watch=true&allowWatchBookmarks=true&timeoutSeconds={seconds}&resourceVersion={from}{}", self.path, self.query);
        // Servers from 1.37 on pack each event by itself, which unpackers of one stream do not follow.
        let request =
            Request::get(uri).header(header::ACCEPT, accept(self.source.detail(), "PartialObjectMetadata")).header(header::ACCEPT_ENCODING, "identity");
        self.send(request.body(Body::empty()), self.pace.progress).await
    }

    async fn send(&self, request: http::Result<Request<Body>>, limit: Duration) -> Result<Body, Problem> {
        let request = request.map_err(|e| Problem::Broken { said: e.to_string() })?;
        let answer = timed(limit, self.client.send(request)).await?.map_err(|e| Problem::Broken { said: chain(&e) })?;
        let (parts, mut body) = answer.into_parts();
        if parts.status == StatusCode::OK {
            return Ok(body);
        }
        let mut words = Vec::new();
        while let Some(Ok(frame)) = timed(limit, body.frame()).await? {
            if let Some(data) = frame.data_ref().filter(|data| words.len() + data.len() <= 64 * 1024) {
                words.extend_from_slice(data);
            }
        }
        let asked = parts.headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()).and_then(|text| text.trim().parse().ok());
        let wait = asked.map(|seconds| Duration::from_secs(seconds).min(LONGEST_WAIT));
        Err(refusal(parts.status.as_u16(), said(parts.status, &words), wait))
    }
}

/// A server that cannot leave anything out sends it whole.
fn accept(detail: Detail, part: &str) -> String {
    match detail {
        Detail::Whole => "application/json".to_owned(),
        Detail::Metadata => format!("application/json;as={part};g=meta.k8s.io;v=v1, application/json"),
    }
}

/// What a status means, be it that of an answer or of an event.
pub(super) fn refusal(status: u16, said: String, wait: Option<Duration>) -> Problem {
    match status {
        410 => Problem::LostVersion,
        // Kubernetes says so with a timeout (504), having waited for that version.
        _ if said.contains(TOO_LARGE) => Problem::LostVersion,
        403 | 405 => Problem::Denied { said },
        status => Problem::Server { status, said, wait },
    }
}

async fn timed<T>(limit: Duration, future: impl Future<Output = T>) -> Result<T, Problem> {
    tokio::time::timeout(limit, future).await.map_err(|_| Problem::Broken { said: format!("no byte for {} s", limit.as_secs()) })
}

/// A value of a query.
fn escaped(value: &str) -> String {
    value.bytes().map(|b| if b.is_ascii_alphanumeric() || b"-._~".contains(&b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}
