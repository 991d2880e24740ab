//! How does one simulated API server answer a request?
//!
//! Knows: HTTP as `kube` sends it, without a socket. Does not know: who asks.
//! Start at: the `tower::Service` of [`Server`], then [`answer`].

pub mod access;
mod admission;
mod discovery;
mod list;
mod patch;
mod request;
pub mod resources;
mod selectors;
pub mod status;
pub(crate) mod store;
mod table;
mod watch;
mod write;

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Method, Request, Response, StatusCode, header};
use http_body::Frame;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use kube::client::Body;
use serde_json::{Value, json};
use tokio_util::bytes::Bytes;

use self::request::{Accept, Ask, Target};
use self::status::Refusal;
use crate::cluster::{Cluster, Reach};

/// What a response carries.
pub type Answer = UnsyncBoxBody<Bytes, io::Error>;

/// The door to one simulated cluster; `kube::Client::new(server, "default")` makes a client of it.
#[derive(Debug, Clone)]
pub struct Server {
    cluster: Arc<Cluster>,
}

impl Server {
    pub(crate) fn new(cluster: Arc<Cluster>) -> Self {
        Self { cluster }
    }

    pub fn cluster(&self) -> &Arc<Cluster> {
        &self.cluster
    }
}

impl tower::Service<Request<Body>> for Server {
    type Response = Response<Answer>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Answer>, io::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), io::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let cluster = Arc::clone(&self.cluster);
        Box::pin(async move {
            connect(&cluster).await?;
            let (parts, body) = request.into_parts();
            let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
            let ask = Ask::new(&parts, body);
            Ok(answer(&cluster, &ask).unwrap_or_else(|refusal| refused(&refusal)))
        })
    }
}

/// The way to the server: its latency, or the error of the network.
async fn connect(cluster: &Arc<Cluster>) -> io::Result<()> {
    let manners = cluster.manners();
    match manners.reach {
        Reach::Answers => {
            if !manners.latency.is_zero() {
                cluster.clock().sleep(manners.latency).await;
            }
            Ok(())
        }
        Reach::Refused => Err(io::Error::from_raw_os_error(111)),
        Reach::NoRoute => {
            cluster.clock().sleep(std::time::Duration::from_secs(3)).await;
            Err(io::Error::from_raw_os_error(113))
        }
        Reach::Silent => {
            let mut news = cluster.news();
            // Until the container is unpaused or stopped; the asker has a limit of its own.
            while cluster.manners().reach == Reach::Silent {
                if news.changed().await.is_err() {
                    break;
                }
            }
            match cluster.manners().reach {
                Reach::Answers => Ok(()),
                Reach::Refused | Reach::NoRoute | Reach::Silent => Err(io::Error::from(io::ErrorKind::ConnectionReset)),
            }
        }
    }
}

fn answer(cluster: &Arc<Cluster>, ask: &Ask) -> Result<Response<Answer>, Refusal> {
    let manners = cluster.manners();
    let identity = manners.access.identify(ask.token.as_deref())?;
    if cluster.takes_busy(&ask.path) {
        return Err(Refusal::unavailable());
    }
    let target = request::parse(&ask.path, &cluster.store())?;
    match target {
        Target::Plain(text) => Ok(text_answer(text)),
        Target::Version => Ok(object(StatusCode::OK, &discovery::version(&manners.version))),
        Target::Groups { core } => Ok(discovery::groups(&cluster.store(), ask.accept, core)),
        Target::Resources { group, version } => Ok(object(StatusCode::OK, &discovery::resources(&cluster.store(), &group, &version)?)),
        Target::SelfReview => Ok(object(StatusCode::CREATED, &access::self_review(&identity, &ask.body()?))),
        Target::AccessReview => Ok(object(StatusCode::CREATED, &access::access_review(&manners.access, &identity, &ask.body()?))),
        Target::Objects(objects) => {
            let verb = objects.verb(&ask.method, ask)?;
            manners.access.allow(&identity, verb, &objects.resource.id, &objects.namespace, objects.name.as_deref().unwrap_or_default())?;
            on_objects(cluster, ask, &objects)
        }
    }
}

fn on_objects(cluster: &Arc<Cluster>, ask: &Ask, objects: &request::Objects) -> Result<Response<Answer>, Refusal> {
    match (&ask.method, objects.name.as_deref()) {
        (&Method::GET, None) if ask.flag("watch") => watch::watch(cluster, ask, objects),
        (&Method::GET, None) => list::list(&cluster.store(), ask, objects, cluster.clock().now()),
        (&Method::GET, Some(name)) => list::get(cluster, ask, objects, name),
        (&Method::POST, None) => write::create(cluster, ask, objects),
        (&Method::POST, Some(name)) if objects.subresource.as_deref() == Some("eviction") => write::delete(cluster, ask, objects, name),
        (&Method::PUT, Some(name)) => write::replace(cluster, ask, objects, name),
        (&Method::PATCH, Some(name)) => patch::patch(cluster, ask, objects, name),
        (&Method::DELETE, Some(name)) => write::delete(cluster, ask, objects, name),
        (&Method::DELETE, None) => write::delete_all(cluster, ask, objects),
        _ => Err(Refusal::method_not_allowed()),
    }
}

pub(crate) fn object(code: StatusCode, value: &Value) -> Response<Answer> {
    bytes(code, Bytes::from(value.to_string()))
}

pub(crate) fn bytes(code: StatusCode, body: Bytes) -> Response<Answer> {
    response(code, "application/json", full(body))
}

pub(crate) fn text_answer(text: String) -> Response<Answer> {
    response(StatusCode::OK, "text/plain", full(Bytes::from(text)))
}

pub(crate) fn streamed(stream: impl futures::Stream<Item = io::Result<Bytes>> + Send + 'static) -> Response<Answer> {
    let frames = futures::StreamExt::map(stream, |chunk| chunk.map(Frame::data));
    response(StatusCode::OK, "application/json", http_body_util::StreamBody::new(frames).boxed_unsync())
}

fn refused(refusal: &Refusal) -> Response<Answer> {
    object(refusal.code, &refusal.body())
}

fn response(code: StatusCode, kind: &'static str, body: Answer) -> Response<Answer> {
    let mut response = Response::new(body);
    *response.status_mut() = code;
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static(kind));
    response
}

fn full(body: Bytes) -> Answer {
    Full::new(body).map_err(|never: Infallible| match never {}).boxed_unsync()
}

/// As JSON, a table when one was asked for.
pub(crate) fn shaped(ask: &Ask, objects: &request::Objects, value: &Value, now: api::Timestamp) -> Response<Answer> {
    match ask.accept {
        Accept::Table => object(StatusCode::OK, &table::of(&objects.resource, std::slice::from_ref(value), &json!({}), now)),
        Accept::Plain | Accept::AggregatedDiscovery => object(StatusCode::OK, value),
    }
}

#[cfg(test)]
mod tests;
