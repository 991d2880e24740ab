//! How does one request get to the server with the right credentials?
//!
//! Knows: when the pool of connections must be a new one, and the one repeat after a 401.

use std::sync::Arc;

use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, Uri, header};
use hyper_util::client::legacy;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use kube::client::Body;
use kubeconfig::target::{Compression, Impersonate, Material, Target, Tls};
use tower::{BoxError, Service as _, ServiceExt as _};
use tower_http::decompression::{Decompression, DecompressionBody};

use super::connector::Connector;
use super::material::{Stamp, Unreadable, read, stamp};
use super::route::{ProxyRules, Route, is_loopback, route};
use super::{Limits, tls};
use crate::credentials::{Again, CredentialError, Credentials, Pass};
use crate::failure::LinkError;

/// Idle connections are closed before a middle box forgets them.
const IDLE: std::time::Duration = std::time::Duration::from_secs(60);

type Http = Decompression<legacy::Client<Connector, Body>>;
pub(super) type Answer = Response<DecompressionBody<hyper::body::Incoming>>;

/// The way to one server.
pub(super) struct Line {
    server: Uri,
    tls: Tls,
    route: Route,
    /// Sent with each request: impersonation.
    headers: HeaderMap,
    zipped: Zipped,
    limits: Limits,
    credentials: Arc<Credentials>,
    pool: tokio::sync::Mutex<Option<Pool>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Zipped {
    Accept,
    /// Unpacking costs as much as reading the rows: not on this machine, and not where the entry says so.
    No,
}

/// Connections that were made with the same files and the same client certificate.
struct Pool {
    ca: Option<Stamp>,
    identity: Option<[u8; 32]>,
    http: Http,
}

impl Line {
    pub(super) fn new(target: &Target, rules: &ProxyRules, limits: Limits, credentials: Arc<Credentials>) -> Result<Self, LinkError> {
        let server: Uri = target.server.parse().map_err(|_| LinkError::Entry { said: format!("{} is not an address", target.server) })?;
        let host =
            server.host().filter(|_| server.scheme().is_some()).ok_or_else(|| LinkError::Entry { said: format!("{} is not an address", target.server) })?;
        let zipped = if target.compression == Compression::Off || is_loopback(host) { Zipped::No } else { Zipped::Accept };
        let route = route(&server, &target.proxy, rules)?;
        let headers = match &target.impersonate {
            Some(who) => impersonation(who).ok_or_else(|| LinkError::Entry { said: "a name to act as cannot be sent as a header".to_owned() })?,
            None => HeaderMap::new(),
        };
        Ok(Self { tls: target.tls.clone(), route, headers, zipped, limits, credentials, pool: tokio::sync::Mutex::new(None), server })
    }

    /// Reads the files and runs the plugin, so that the first request finds all in place.
    pub(super) async fn prepare(&self) -> Result<(), BoxError> {
        let pass = self.credentials.pass().await?;
        self.http(&pass).await.map(drop)
    }

    pub(super) async fn send(self: Arc<Self>, request: Request<Body>) -> Result<Answer, BoxError> {
        let (mut parts, body) = request.into_parts();
        parts.uri = joined(&self.server, parts.uri.path_and_query())?;
        for (name, value) in &self.headers {
            parts.headers.append(name, value.clone());
        }
        if self.zipped == Zipped::No {
            parts.headers.entry(header::ACCEPT_ENCODING).or_insert(HeaderValue::from_static("identity"));
        }
        let pass = self.credentials.pass().await?;
        let repeat = is_repeated(&parts.method, &parts.headers).then(|| parts.clone());
        let answer = self.attempt(Request::from_parts(parts, body), &pass).await?;
        if answer.status() != StatusCode::UNAUTHORIZED {
            return Ok(answer);
        }
        // Also after a write: the next request comes with what may be had anew.
        match (self.credentials.refused(&pass).await, repeat) {
            (Again::Yes, Some(parts)) => {
                let pass = self.credentials.pass().await?;
                self.attempt(Request::from_parts(parts, Body::empty()), &pass).await
            }
            (Again::Yes, None) | (Again::No, _) => Ok(answer),
        }
    }

    async fn attempt(&self, mut request: Request<Body>, pass: &Pass) -> Result<Answer, BoxError> {
        // A header that the request already has is stronger than the entry's.
        if let Some(value) = &pass.authorization {
            request.headers_mut().entry(header::AUTHORIZATION).or_insert(value.clone());
        }
        let mut http = self.http(pass).await?;
        Ok(http.ready().await?.call(request).await?)
    }

    /// The pool that fits: a new one when a certificate changed; requests under way keep the old one.
    async fn http(&self, pass: &Pass) -> Result<Http, BoxError> {
        let ca = match &self.tls {
            Tls::Verified { ca: Some(Material::File(path)), .. } => stamp(path).await.ok(),
            Tls::Verified { .. } | Tls::NotVerified { .. } | Tls::Off => None,
        };
        let identity = pass.identity.as_ref().map(|identity| identity.print);
        let mut held = self.pool.lock().await;
        if let Some(pool) = held.as_ref()
            && pool.identity == identity
            && (ca.is_none() || pool.ca == ca)
        {
            return Ok(pool.http.clone());
        }
        let connector = match (self.connector(pass).await, held.as_ref()) {
            (Ok(connector), _) => connector,
            // The authority's file is being replaced: who was believed is believed until it is whole.
            (Err(_), Some(pool)) if pool.identity == identity => return Ok(pool.http.clone()),
            (Err(error), _) => return Err(error),
        };
        let client = legacy::Client::builder(TokioExecutor::new()).pool_idle_timeout(IDLE).pool_timer(TokioTimer::new()).build(connector);
        let http = Decompression::new(client);
        *held = Some(Pool { ca, identity, http: http.clone() });
        Ok(http)
    }

    async fn connector(&self, pass: &Pass) -> Result<Connector, BoxError> {
        let (trusted, server_name) = match &self.tls {
            Tls::Off => (None, None),
            Tls::NotVerified { server_name } => (Some(tls::Trusted::Anybody), server_name.clone()),
            Tls::Verified { ca: None, server_name } => (Some(tls::Trusted::System), server_name.clone()),
            Tls::Verified { ca: Some(ca), server_name } => {
                let (pem, _) = read(ca).await.map_err(|e| Arc::new(CredentialError::File(e)))?;
                (Some(tls::Trusted::authority(&pem).map_err(|e| not_an_authority(ca, &e))?), server_name.clone())
            }
        };
        let bad = |error: rustls::Error| LinkError::Entry { said: error.to_string() };
        let tls = trusted.map(|trusted| tls::client(trusted, pass.identity.as_deref())).transpose().map_err(bad)?.map(Arc::new);
        let proxy_tls = match &self.route {
            Route::Tunnel { proxy, .. } if proxy.scheme_str() == Some("https") => Some(Arc::new(tls::client(tls::Trusted::System, None).map_err(bad)?)),
            Route::Direct | Route::Tunnel { .. } | Route::Socks { .. } => None,
        };
        Ok(Connector { route: self.route.clone(), tls, proxy_tls, server_name, limit: self.limits.connect })
    }
}

/// A file may be whole a moment later; what stands in the kubeconfig is as it is.
fn not_an_authority(ca: &Material, why: &tls::BadPem) -> BoxError {
    match ca {
        Material::File(path) => Arc::new(CredentialError::File(Unreadable::NoCertificate(path.clone()))).into(),
        Material::Data(_) => LinkError::Entry { said: why.to_string() }.into(),
    }
}

/// Only reads are repeated: whether a write arrived is settled by a read, never by a second write.
pub(crate) fn is_repeated(method: &Method, headers: &HeaderMap) -> bool {
    matches!(*method, Method::GET | Method::HEAD) && !headers.contains_key(header::UPGRADE)
}

/// The server's address may have a path of its own, as behind a gateway.
fn joined(server: &Uri, path: Option<&PathAndQuery>) -> Result<Uri, http::Error> {
    let base = server.path().trim_end_matches('/');
    let rest = path.map_or("/", PathAndQuery::as_str);
    let authority = server.authority().map_or("", http::uri::Authority::as_str);
    Uri::builder().scheme(server.scheme_str().unwrap_or("https")).authority(authority).path_and_query(format!("{base}{rest}")).build()
}

fn impersonation(who: &Impersonate) -> Option<HeaderMap> {
    let mut headers = HeaderMap::new();
    let mut add = |name: &str, value: &str| -> Option<()> {
        headers.append(HeaderName::try_from(name).ok()?, HeaderValue::from_str(value).ok()?);
        Some(())
    };
    add("impersonate-user", &who.user)?;
    if !who.uid.is_empty() {
        add("impersonate-uid", &who.uid)?;
    }
    for group in &who.groups {
        add("impersonate-group", group)?;
    }
    for (key, values) in &who.extra {
        for value in values {
            add(&format!("impersonate-extra-{}", escaped(key)), value)?;
        }
    }
    Some(headers)
}

/// Keys of extra fields are percent-escaped where a header name may not hold them, as client-go does.
fn escaped(key: &str) -> String {
    key.bytes().map(|b| if b.is_ascii_alphanumeric() || b"!#$&'*+-.^_`|~".contains(&b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}
