//! How is an image pulled so that bytes can be shown?
//!
//! `docker pull` without a terminal tells no bytes, so the daemon's own API is asked over its socket. It pulls without the
//! user's login: who is refused here is served by `docker pull`, which has it. Start at: [`pull`].

use std::path::Path;

use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::UnixStream;
use tokio_util::sync::CancellationToken;

use super::pull::Pull;

/// One line of the stream; the daemon's lines have some hundred bytes.
const LONGEST_LINE: usize = 64 * 1024;

#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    #[error("the socket of Docker could not be opened")]
    NotConnected(#[source] std::io::Error),
    #[error("Docker's API broke off")]
    Broken(#[source] hyper::Error),
    #[error("the request could not be written")]
    NotWritten(#[source] hyper::http::Error),
    #[error("Docker's API answered {status}")]
    Refused { status: StatusCode, said: String },
    /// The daemon itself could not pull.
    #[error("Docker could not pull the image")]
    NotPulled { said: String },
    #[error("the pull was stopped")]
    Stopped,
}

/// Pulls an image through the daemon behind `socket`; `progress` is called after each message.
///
/// The daemon gives up the pull when the connection is dropped, so a stop leaves nothing running.
/// Errors: also when the daemon says 200 and gives up in the middle.
pub async fn pull(socket: &Path, image: &str, progress: &mut (dyn FnMut(&Pull) + Send), stop: CancellationToken) -> Result<(), EngineError> {
    let work = pulled(socket, image, progress);
    tokio::select! {
        () = stop.cancelled() => Err(EngineError::Stopped),
        done = work => done,
    }
}

async fn pulled(socket: &Path, image: &str, progress: &mut (dyn FnMut(&Pull) + Send)) -> Result<(), EngineError> {
    let stream = UnixStream::connect(socket).await.map_err(EngineError::NotConnected)?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(EngineError::Broken)?;
    let asked = async {
        let request = Request::builder().method(Method::POST).uri(target(image)).header("host", "docker").body(Empty::<Bytes>::new());
        let answer = sender.send_request(request.map_err(EngineError::NotWritten)?).await.map_err(EngineError::Broken)?;
        let status = answer.status();
        let mut body = answer.into_body();
        let mut pull = Pull::default();
        let mut rest = Vec::new();
        while let Some(frame) = body.frame().await {
            let Ok(data) = frame.map_err(EngineError::Broken)?.into_data() else { continue };
            rest.extend_from_slice(&data);
            while let Some(end) = rest.iter().position(|b| *b == b'\n') {
                let line: Vec<u8> = rest.drain(..=end).collect();
                pull.hear_json(&String::from_utf8_lossy(&line));
                progress(&pull);
            }
            rest.truncate(LONGEST_LINE);
        }
        if !status.is_success() {
            return Err(EngineError::Refused { status, said: message(&String::from_utf8_lossy(&rest)) });
        }
        pull.hear_json(&String::from_utf8_lossy(&rest));
        progress(&pull);
        pull.error.map_or(Ok(()), |said| Err(EngineError::NotPulled { said }))
    };
    tokio::pin!(asked);
    // The connection is driven here, by the one who waits for the answer: no task outlives the pull.
    tokio::select! {
        done = &mut asked => done,
        ended = connection => match ended {
            Ok(()) => asked.await,
            Err(cause) => Err(EngineError::Broken(cause)),
        },
    }
}

/// `/images/create` with the name and the tag; a digest stands in for the tag, as the command line does it.
fn target(image: &str) -> String {
    let (name, version) = match image.split_once('@') {
        Some((name, digest)) => (without_tag(name).0, digest),
        None => without_tag(image),
    };
    format!("/images/create?fromImage={}&tag={}", encoded(name), encoded(version))
}

/// Splits at the last colon that is not the port of a registry.
fn without_tag(image: &str) -> (&str, &str) {
    match image.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, tag),
        Some(_) | None => (image, "latest"),
    }
}

fn encoded(text: &str) -> String {
    text.bytes().map(|b| if b.is_ascii_alphanumeric() || b"-._~/:".contains(&b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

fn message(body: &str) -> String {
    let read: Option<serde_json::Value> = serde_json::from_str(body).ok();
    read.and_then(|v| v.get("message").and_then(|m| m.as_str()).map(str::to_owned)).unwrap_or_else(|| body.trim().to_owned())
}

#[cfg(test)]
mod tests;
