//! How is an object of a cluster changed?
//!
//! The one door for writes. Every write can be sent as a dry run first; the server and its webhooks then answer as they
//! would, and keep nothing. Nothing is ever sent twice: who does not know whether a write arrived has to look.
//! Knows: verbs, paths and what refusals mean. Does not know: what the fields of an object mean.
//! Start at: [`send`].

mod answer;
mod place;
#[cfg(test)]
mod tests;

use std::time::Duration;

use http::{Method, Request, header};
use http_body_util::{BodyExt as _, Limited};
use kube::client::Body;
use serde_json::{Value, json};

pub use answer::{WriteError, met_nobody};
pub use place::{Place, find};

/// Who KOS is among those that manage fields.
pub const FIELD_MANAGER: &str = "kos";
/// A server gives up a write by itself after this time, webhooks included.
const SERVER_LIMIT: Duration = Duration::from_secs(30);
/// Longer than the server's own limit, so that its word is heard.
const LIMIT: Duration = Duration::from_secs(35);
/// No object is longer: etcd takes 1.5 MiB.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// One change of one object.
#[derive(Debug, Clone, PartialEq)]
pub enum Write {
    /// Changes fields of an object that is still as it was seen.
    Patch { patch: Patch, seen: Seen },
    /// Server-side apply: the fields of this document are KOS's from now on. Makes the object where there is none.
    Apply { document: Value, conflicts: Conflicts },
    /// Makes an object that must not be there yet.
    Create { document: Value },
    /// Asks for the deletion of the very object that was seen; finalizers may hold it for a while.
    Delete { seen: Seen },
}

/// How the changed fields are told.
#[derive(Debug, Clone, PartialEq)]
pub enum Patch {
    /// RFC 7386: what it holds replaces what is there, lists as a whole.
    Merge(Value),
    /// RFC 6902: steps, which may test first what they rely on.
    Steps(Vec<Value>),
}

/// The object as somebody decided on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub uid: String,
    /// The write is refused when the object was changed since.
    pub version: String,
}

impl Seen {
    /// Reads it from an object as the server sent it.
    pub fn of(object: &Value) -> Self {
        let text = |field: &str| object["metadata"][field].as_str().unwrap_or_default().to_owned();
        Self { uid: text("uid"), version: text("resourceVersion") }
    }
}

/// What an apply does with fields that somebody else manages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conflicts {
    /// The server names them and keeps everything as it is.
    Refuse,
    /// Takes them over; only after the user saw whose they are.
    TakeOver,
}

/// Whether the server keeps what it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Defaults, validation and webhooks answer; nothing is kept.
    DryRun,
    ForGood,
}

/// Sends one write and gives the object as the server has it then, as it would have it after a dry run.
///
/// # Errors
/// Why it was refused; [`WriteError::Unknown`] when nobody can say whether it was written.
pub async fn send(client: &kube::Client, at: &Place, write: &Write, mode: Mode) -> Result<Value, WriteError> {
    let request = request(at, write, mode)?;
    asked(client, request).await
}

/// An object as the server has it now: what a write is decided on.
///
/// # Errors
/// Why it could not be read, [`WriteError::NotFound`] when it is not there.
pub async fn read(client: &kube::Client, at: &Place) -> Result<Value, WriteError> {
    let request = Request::get(at.path()?).header(header::ACCEPT, "application/json").body(Body::empty());
    asked(client, request.map_err(|e| WriteError::Invalid { said: e.to_string() })?).await
}

async fn asked(client: &kube::Client, request: Request<Body>) -> Result<Value, WriteError> {
    let sent = async {
        let answer = client.send(request).await.map_err(|e| answer::broken(&e))?;
        let status = answer.status();
        let bytes = Limited::new(answer.into_body(), MOST_BYTES).collect().await.map_err(|e| answer::cut(&*e))?.to_bytes();
        answer::understood(status, &bytes)
    };
    let silent = |_| WriteError::Unknown { said: format!("no answer within {} s", LIMIT.as_secs()) };
    tokio::time::timeout(LIMIT, sent).await.map_err(silent)?
}

fn request(at: &Place, write: &Write, mode: Mode) -> Result<Request<Body>, WriteError> {
    let json = "application/json";
    let (method, path, kind, body) = match write {
        Write::Patch { patch: Patch::Merge(fields), seen } => (Method::PATCH, at.path()?, "application/merge-patch+json", guarded(fields, seen)),
        Write::Patch { patch: Patch::Steps(steps), seen } => {
            let guard = [("uid", &seen.uid), ("resourceVersion", &seen.version)];
            let guard = guard.map(|(field, value)| json!({ "op": "replace", "path": format!("/metadata/{field}"), "value": value }));
            (Method::PATCH, at.path()?, "application/json-patch+json", guard.iter().chain(steps).cloned().collect())
        }
        Write::Apply { document, .. } => (Method::PATCH, at.path()?, "application/apply-patch+yaml", document.clone()),
        Write::Create { document } => (Method::POST, at.collection()?, json, document.clone()),
        Write::Delete { seen } => {
            let mut options = json!({ "apiVersion": "v1", "kind": "DeleteOptions" });
            options["preconditions"] = json!({ "uid": seen.uid, "resourceVersion": seen.version });
            // A server that gets options in the body reads none of the query: without this a dry run would delete.
            match mode {
                Mode::DryRun => options["dryRun"] = json!(["All"]),
                Mode::ForGood => {}
            }
            (Method::DELETE, at.path()?, json, options)
        }
    };
    let mut query = format!("timeout={}s", SERVER_LIMIT.as_secs());
    let strict = !matches!(write, Write::Delete { .. });
    if strict {
        query.push_str(&format!("&fieldManager={FIELD_MANAGER}&fieldValidation=Strict"));
    }
    if matches!(write, Write::Apply { conflicts: Conflicts::TakeOver, .. }) {
        query.push_str("&force=true");
    }
    match mode {
        Mode::DryRun => query.push_str("&dryRun=All"),
        Mode::ForGood => {}
    }
    let request = Request::builder().method(method).uri(format!("{path}?{query}"));
    let request = request.header(header::ACCEPT, json).header(header::CONTENT_TYPE, kind);
    request.body(Body::from(body.to_string().into_bytes())).map_err(|e| WriteError::Invalid { said: e.to_string() })
}

/// A server refuses a patch that names another uid or another version than it has.
fn guarded(fields: &Value, seen: &Seen) -> Value {
    let mut fields = fields.clone();
    fields["metadata"]["uid"] = json!(seen.uid);
    fields["metadata"]["resourceVersion"] = json!(seen.version);
    fields
}
