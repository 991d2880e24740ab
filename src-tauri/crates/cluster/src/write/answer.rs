//! What does a server mean when it does not do what it was asked to?

use std::error::Error;

use http::StatusCode;
use serde::Deserialize;
use serde_json::Value;

use crate::dial::{classify, is_unsent};
use crate::failure::{LinkError, chain, find};
use crate::session::Shut;

/// Why an object was not written, or not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// It never left this computer, or no server heard it.
    #[error("the request did not leave: {0}")]
    NotSent(LinkError),
    #[error("the context is closed")]
    Closed,
    #[error("the object changed meanwhile: {said}")]
    Conflict { said: String },
    /// Only an apply: somebody else manages these fields.
    #[error("other managers own fields: {said}")]
    Owned { said: String },
    #[error("the object is there already: {said}")]
    Exists { said: String },
    #[error("the object is not there: {said}")]
    NotFound { said: String },
    #[error("the server does not know this kind: {said}")]
    UnknownKind { said: String },
    /// The namespace may hold no more of this kind.
    #[error("the quota is used up: {said}")]
    OverQuota { said: String },
    #[error("this user may not: {said}")]
    Denied { said: String },
    #[error("the credentials are not accepted: {said}")]
    NotSignedIn { said: String },
    #[error("the object is not valid: {said}")]
    Invalid { said: String },
    /// A webhook looked at it and said no.
    #[error("{webhook} refuses: {said}")]
    Refused { webhook: String, said: String },
    /// The server could not ask a webhook, and may not write without its answer.
    #[error("{webhook} does not answer: {said}")]
    WebhookSilent { webhook: String, said: String },
    #[error("the server takes no requests now: {said}")]
    Busy { said: String },
    /// Whether it was written nobody can say.
    #[error("the outcome is not known: {said}")]
    Unknown { said: String },
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Status {
    message: String,
    reason: String,
}

/// Reads the answer to a write.
pub(super) fn understood(status: StatusCode, body: &[u8]) -> Result<Value, WriteError> {
    if status.is_success() {
        return serde_json::from_slice(body).map_err(|e| WriteError::Unknown { said: format!("{status}, but the answer cannot be read: {e}") });
    }
    let told = serde_json::from_slice::<Status>(body).unwrap_or_default();
    let said = crate::session::said(status, body);
    if let Some(webhook) = named(&told.message, "failed calling webhook ") {
        return Err(WriteError::WebhookSilent { webhook, said });
    }
    if let Some(webhook) = named(&told.message, "admission webhook ") {
        return Err(WriteError::Refused { webhook, said: after_denied(&said) });
    }
    Err(match status {
        StatusCode::CONFLICT if told.reason == "AlreadyExists" => WriteError::Exists { said },
        StatusCode::CONFLICT if told.message.starts_with("Apply failed with") => WriteError::Owned { said },
        StatusCode::CONFLICT => WriteError::Conflict { said },
        StatusCode::NOT_FOUND | StatusCode::GONE => WriteError::NotFound { said },
        StatusCode::FORBIDDEN if told.message.contains("exceeded quota: ") => WriteError::OverQuota { said },
        // A quota that was just made is not counted yet.
        StatusCode::FORBIDDEN if told.message.contains("status unknown for quota: ") => WriteError::Busy { said },
        StatusCode::FORBIDDEN | StatusCode::METHOD_NOT_ALLOWED => WriteError::Denied { said },
        StatusCode::UNAUTHORIZED => WriteError::NotSignedIn { said },
        StatusCode::TOO_MANY_REQUESTS => WriteError::Busy { said },
        // A server that says so in its own words has not begun; the page of some balancer proves nothing.
        StatusCode::SERVICE_UNAVAILABLE if !told.message.is_empty() => WriteError::Busy { said },
        status if status.is_client_error() => WriteError::Invalid { said },
        _ => WriteError::Unknown { said },
    })
}

/// Whether a server that could not ask a webhook met nobody there: it does not listen yet, or not yet with its certificate.
///
/// That passes by waiting, and the webhook saw nothing of the object. One that answers nonsense or not in time may have.
pub fn met_nobody(said: &str) -> bool {
    const NOBODY: [&str; 6] = ["connection refused", "no endpoints available for service", "x509: ", "no route to host", ": i/o timeout", "\" not found"];
    said.contains("failed calling webhook") && NOBODY.iter().any(|words| said.contains(words))
}

/// The name that stands in quotes after these words.
fn named(message: &str, words: &str) -> Option<String> {
    let (_, rest) = message.split_once(&format!("{words}\""))?;
    rest.split_once('"').map(|(name, _)| name.to_owned())
}

/// The webhook's own words, without the server's introduction.
fn after_denied(said: &str) -> String {
    said.split_once("denied the request: ").map_or(said, |(_, words)| words).to_owned()
}

/// An error of the connection before the first byte of the answer.
pub(super) fn broken(error: &(dyn Error + 'static)) -> WriteError {
    match find::<Shut>(error) {
        Some(Shut::Closed) => return WriteError::Closed,
        Some(Shut::NoConnection) => return WriteError::NotSent(LinkError::Broken { address: String::new(), said: Shut::NoConnection.to_string() }),
        Some(Shut::GivenUp) => return WriteError::Unknown { said: Shut::GivenUp.to_string() },
        None => {}
    }
    if is_unsent(error) { WriteError::NotSent(classify("", error)) } else { WriteError::Unknown { said: chain(error) } }
}

/// The answer began and did not end.
pub(super) fn cut(error: &(dyn Error + 'static)) -> WriteError {
    WriteError::Unknown { said: chain(error) }
}
