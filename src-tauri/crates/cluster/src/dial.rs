//! How does a target become a client?
//!
//! Knows: kube as a transport for requests. Its configuration, its credential plugins, its proxies and its retries
//! are not used: no request is repeated but a read that met a 401 and got new credentials.
//! Start at: [`Dial`], which the network and a simulated server both implement.

mod certificate;
mod classify;
mod connector;
mod line;
mod material;
mod over;
mod route;
#[cfg(test)]
mod tests;
mod tls;

use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;
use kube::client::Body;
use kubeconfig::target::{Target, Tls};

use crate::credentials::{Credentials, Plugins};
use crate::failure::LinkError;

pub use classify::classify;
pub(crate) use classify::is_unsent;
pub(crate) use line::is_repeated;
pub(crate) use material::{Stamp, Unreadable, read, stamp};
pub use over::{InProcess, Over, Servers, in_process};
pub use route::ProxyRules;
pub(crate) use route::without_login;
pub(crate) use tls::ClientIdentity;

use line::Line;

/// Makes clients: from the network, or from a simulated server.
#[async_trait]
pub trait Dial: Send + Sync + std::fmt::Debug {
    /// Builds a client and makes its credentials ready; the server is first contacted by a request.
    ///
    /// Errors: when the entry, its files or its credential plugin are no good.
    async fn dial(&self, target: &Target) -> Result<Dialled, LinkError>;
}

/// A client and what proves who it speaks for.
#[derive(Clone)]
pub struct Dialled {
    pub client: kube::Client,
    pub credentials: Arc<Credentials>,
}

/// Names the authority that an entry trusts; `None` where it trusts those of the system or anybody, or cannot be read.
pub async fn authority(tls: &Tls) -> Option<String> {
    let Tls::Verified { ca: Some(ca), .. } = tls else { return None };
    let (pem, _) = read(ca).await.ok()?;
    Some(kubeconfig::edit::digest(&pem))
}

/// Makes a client of any service of http requests.
pub fn through<S, B>(service: S, namespace: &str) -> kube::Client
where
    S: tower::Service<http::Request<Body>, Response = http::Response<B>> + Send + 'static,
    S::Future: Send + 'static,
    S::Error: Into<tower::BoxError>,
    B: http_body::Body<Data = hyper::body::Bytes> + Send + 'static,
    B::Error: Into<tower::BoxError>,
{
    kube::Client::new(service, namespace)
}

/// The real thing: TCP, proxies, TLS.
#[derive(Debug)]
pub struct Network {
    plugins: Arc<Plugins>,
    proxies: RwLock<ProxyRules>,
    limits: Limits,
}

/// How long the network may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Name, TCP, proxy and TLS together.
    pub connect: std::time::Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connect: std::time::Duration::from_secs(5) }
    }
}

impl Network {
    pub fn new(plugins: Arc<Plugins>, proxies: ProxyRules, limits: Limits) -> Self {
        Self { plugins, proxies: RwLock::new(proxies), limits }
    }

    /// Goes by other proxies from the next connection on; those that stand are left alone.
    pub fn go_by(&self, proxies: ProxyRules) {
        *self.proxies.write().unwrap_or_else(PoisonError::into_inner) = proxies;
    }

    /// The proxies of the next connection.
    pub fn proxies(&self) -> ProxyRules {
        self.proxies.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl Dial for Network {
    async fn dial(&self, target: &Target) -> Result<Dialled, LinkError> {
        let credentials = Arc::new(Credentials::of(target, &self.plugins));
        let line = Arc::new(Line::new(target, &self.proxies(), self.limits, Arc::clone(&credentials))?);
        line.prepare().await.map_err(|error| classify(&target.server, &*error))?;
        let service = tower::service_fn(move |request| Arc::clone(&line).send(request));
        Ok(Dialled { client: through(service, &target.namespace), credentials })
    }
}
