//! What is asked of a server, and what do its answers mean?

use std::sync::Arc;
use std::time::{Duration, Instant};

use api::{Millis, Timestamp, contexts::Identity};
use http::{HeaderMap, Request, StatusCode, header};
use http_body_util::{BodyExt as _, Limited};
use kube::client::Body;
use kubeconfig::target::{Header, Target};
use serde::Deserialize;

use super::Outcome;
use crate::credentials::Credentials;
use crate::dial::{Dial, classify};
use crate::failure::{LinkError, chain};

/// Version, review and status answers are small; anything longer is not one.
const MOST_BYTES: usize = 256 * 1024;
/// A 401 to the first question runs the plugin once more, which has its own limit.
const PLUGIN_AGAIN: Duration = Duration::from_secs(60);

/// What a server says of itself.
pub(super) struct Told {
    pub(super) version: String,
    /// What time it is there.
    pub(super) date: Option<Timestamp>,
}

/// Makes a client and asks for the version.
pub(super) async fn dial(dial: Arc<dyn Dial>, target: Arc<Target>, limit: Duration) -> Outcome {
    let dialled = match dial.dial(&target).await {
        Ok(dialled) => dialled,
        Err(why) => return Outcome { result: Err(why), latency: Millis(0) },
    };
    let limit = match &target.identity.header {
        Header::Plugin(_) => limit + PLUGIN_AGAIN,
        Header::Nothing | Header::Token(_) | Header::TokenFile(_) | Header::Basic { .. } | Header::Legacy { .. } => limit,
    };
    let (result, latency) = version(&dialled.client, &target.server, limit).await;
    Outcome { result: result.map(|told| (Some(dialled), told)), latency }
}

/// Makes a connection of its own and asks for the version: whether a target is any good, before it is kept.
///
/// # Errors
/// As for opening a context with it.
pub async fn version_of(dialer: Arc<dyn Dial>, target: Arc<Target>, limit: Duration) -> Result<String, LinkError> {
    dial(dialer, target, limit).await.result.map(|(_, told)| told.version)
}

/// Asks whether the server is still there. A plugin that must run first has a limit of its own: the server is not slow. A file
/// that is read for the request is within the limit.
pub(super) async fn beat(client: kube::Client, credentials: Arc<Credentials>, target: Arc<Target>, limit: Duration) -> Outcome {
    if matches!(target.identity.header, Header::Plugin(_))
        && let Err(why) = credentials.pass().await
    {
        return Outcome { result: Err(LinkError::Credentials(why)), latency: Millis(0) };
    }
    let (result, latency) = version(&client, &target.server, limit).await;
    Outcome { result: result.map(|told| (None, told)), latency }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Version {
    git_version: String,
}

async fn version(client: &kube::Client, server: &str, limit: Duration) -> (Result<Told, LinkError>, Millis) {
    let began = Instant::now();
    let asked = async {
        let request = Request::get("/version").body(Body::empty()).map_err(|e| LinkError::Entry { said: e.to_string() })?;
        let answer = client.send(request).await.map_err(|e| classify(server, &e))?;
        let (status, date) = (answer.status(), date(answer.headers()));
        let bytes = Limited::new(answer.into_body(), MOST_BYTES).collect().await.map_err(|e| classify(server, &*e))?.to_bytes();
        read_version(server, status, &bytes).map(|version| Told { version, date })
    };
    let result = match tokio::time::timeout(limit, asked).await {
        Ok(result) => result,
        Err(_) => Err(LinkError::TimedOut { address: server.to_owned(), limit_ms: u64::try_from(limit.as_millis()).unwrap_or(u64::MAX) }),
    };
    (result, Millis(u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX)))
}

/// When an answer was made; of a date that is none nothing is said.
fn date(headers: &HeaderMap) -> Option<Timestamp> {
    let text = headers.get(header::DATE)?.to_str().ok()?;
    let at = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    u64::try_from(at.as_millisecond()).ok().map(Timestamp)
}

/// Reads an answer to `GET /version`.
pub(super) fn read_version(server: &str, status: StatusCode, body: &[u8]) -> Result<String, LinkError> {
    let address = server.to_owned();
    let said = || said(status, body);
    match status {
        StatusCode::OK => match serde_json::from_slice::<Version>(body) {
            Ok(version) => Ok(version.git_version),
            Err(why) => Err(LinkError::NotKubernetes { address, said: format!("GET /version: {}", chain(&why)) }),
        },
        StatusCode::UNAUTHORIZED => Err(LinkError::NotSignedIn { address, said: said() }),
        // Some servers keep their version to themselves; the user may do other things there.
        StatusCode::FORBIDDEN => Ok(String::new()),
        status if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
            Err(LinkError::Server { address, status: status.as_u16(), said: said() })
        }
        status => Err(LinkError::NotKubernetes { address, said: format!("GET /version: {status}") }),
    }
}

#[derive(Deserialize)]
struct ServerStatus {
    message: String,
}

/// The server's words, or its status when it has none that can be shown.
pub(crate) fn said(status: StatusCode, body: &[u8]) -> String {
    match serde_json::from_slice::<ServerStatus>(body) {
        Ok(known) if !known.message.is_empty() => crate::tables::shown(&known.message),
        Ok(_) | Err(_) => status.to_string(),
    }
}

#[derive(Deserialize)]
struct Reviewed {
    status: ReviewStatus,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReviewStatus {
    user_info: UserInfo,
}

#[derive(Deserialize)]
struct UserInfo {
    #[serde(default)]
    username: String,
    #[serde(default)]
    groups: Vec<String>,
}

/// What is asked on a new connection beside the version.
#[derive(Debug)]
pub(super) struct Review {
    pub(super) identity: Option<Identity>,
    pub(super) cluster: Option<String>,
}

/// Asks who we are and which cluster this is; what the server does not say stays open.
pub(super) async fn review(client: kube::Client, limit: Duration) -> Review {
    let (identity, cluster) = tokio::join!(who(client.clone(), limit), which(client, limit));
    Review { identity, cluster }
}

#[derive(Deserialize)]
struct Namespace {
    metadata: Named,
}

#[derive(Deserialize)]
struct Named {
    uid: String,
}

/// Asks which cluster this is: its oldest namespace is made once in its life. `None` when we may not read that.
async fn which(client: kube::Client, limit: Duration) -> Option<String> {
    let asked = async {
        let request = Request::get("/api/v1/namespaces/kube-system").body(Body::empty()).ok()?;
        let answer = client.send(request).await.ok().filter(|answer| answer.status().is_success())?;
        let bytes = Limited::new(answer.into_body(), MOST_BYTES).collect().await.ok()?.to_bytes();
        Some(serde_json::from_slice::<Namespace>(&bytes).ok()?.metadata.uid).filter(|uid| !uid.is_empty())
    };
    tokio::time::timeout(limit, asked).await.ok().flatten()
}

/// Asks the server who we are; `None` when it does not say (servers before 1.28, or 403).
async fn who(client: kube::Client, limit: Duration) -> Option<Identity> {
    let asked = async {
        let body = br#"{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}"#.to_vec();
        let request = Request::post("/apis/authentication.k8s.io/v1/selfsubjectreviews").header("content-type", "application/json");
        let answer = client.send(request.body(Body::from(body)).ok()?).await.ok().filter(|answer| answer.status().is_success())?;
        let bytes = Limited::new(answer.into_body(), MOST_BYTES).collect().await.ok()?.to_bytes();
        let UserInfo { username, groups } = serde_json::from_slice::<Reviewed>(&bytes).ok()?.status.user_info;
        Some(Identity { user: username, groups }).filter(|identity| !identity.user.is_empty())
    };
    tokio::time::timeout(limit, asked).await.ok().flatten()
}
