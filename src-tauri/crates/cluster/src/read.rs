//! How is one object read, or a log?
//!
//! Knows: a path and what its answer may be. Does not know: what the object means.

use http::{Request, StatusCode, header};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Bytes;
use kube::client::Body;
use serde_json::Value;

use crate::failure::chain;
use crate::session::said;

/// etcd takes no object of more than 1.5 MiB.
const MOST_BYTES: usize = 4 * 1024 * 1024;
/// A text that is read line by line may be as long as this; of it, so many lines of so many bytes are kept.
const MOST_TEXT: usize = 128 * 1024 * 1024;
const MOST_LINES: usize = 4_096;
const MOST_LINE: usize = 4_096;

/// Why an object was not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    #[error("the server has no such object")]
    Absent,
    #[error("the server refuses this user (403)")]
    Denied { said: String },
    #[error("the server did not answer as it should")]
    Failed { said: String },
}

/// Reads one object.
///
/// # Errors
/// The server's words, apart from those that say that there is none.
pub async fn object(client: &kube::Client, path: &str) -> Result<Value, Unread> {
    let bytes = get(client, path, "application/json").await?;
    serde_json::from_slice(&bytes).map_err(|why| Unread::Failed { said: chain(&why) })
}

/// Reads text: the log of a container.
///
/// # Errors
/// As for an object.
pub async fn text(client: &kube::Client, path: &str) -> Result<String, Unread> {
    let bytes = get(client, path, "text/plain, application/json").await?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Reads a long text line by line and keeps the lines that begin so: metrics of an API server are many megabytes.
///
/// # Errors
/// As for an object.
pub async fn lines(client: &kube::Client, path: &str, begin: &str) -> Result<Vec<String>, Unread> {
    let failed = |said: String| Unread::Failed { said };
    let request = Request::get(path).header(header::ACCEPT, "text/plain").body(Body::empty()).map_err(|e| failed(e.to_string()))?;
    let answer = client.send(request).await.map_err(|e| failed(chain(&e)))?;
    match answer.status() {
        StatusCode::OK => {}
        StatusCode::NOT_FOUND => return Err(Unread::Absent),
        status => {
            let bytes = Limited::new(answer.into_body(), MOST_BYTES).collect().await.map_err(|e| failed(chain(&*e)))?.to_bytes();
            let said = said(status, &bytes);
            return Err(if status == StatusCode::FORBIDDEN { Unread::Denied { said } } else { failed(said) });
        }
    }
    let mut body = Limited::new(answer.into_body(), MOST_TEXT);
    let (mut kept, mut open) = (vec![], vec![]);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|e| failed(chain(&*e)))?;
        let Some(bytes) = frame.data_ref() else { continue };
        for byte in bytes.iter().copied() {
            if byte == b'\n' {
                keep(&mut kept, &open, begin);
                open.clear();
            } else if open.len() < MOST_LINE {
                open.push(byte);
            }
        }
    }
    keep(&mut kept, &open, begin);
    Ok(kept)
}

fn keep(kept: &mut Vec<String>, line: &[u8], begin: &str) {
    if line.starts_with(begin.as_bytes()) && kept.len() < MOST_LINES {
        kept.push(String::from_utf8_lossy(line).into_owned());
    }
}

async fn get(client: &kube::Client, path: &str, accept: &str) -> Result<Bytes, Unread> {
    let failed = |said: String| Unread::Failed { said };
    let request = Request::get(path).header(header::ACCEPT, accept).body(Body::empty()).map_err(|e| failed(e.to_string()))?;
    let answer = client.send(request).await.map_err(|e| failed(chain(&e)))?;
    let status = answer.status();
    let bytes = Limited::new(answer.into_body(), MOST_BYTES).collect().await.map_err(|e| failed(chain(&*e)))?.to_bytes();
    match status {
        StatusCode::OK => Ok(bytes),
        StatusCode::NOT_FOUND => Err(Unread::Absent),
        StatusCode::FORBIDDEN => Err(Unread::Denied { said: said(status, &bytes) }),
        status => Err(failed(said(status, &bytes))),
    }
}
