//! How does a simulated server take the place of the network, with the product's own credentials?

use std::sync::Arc;

use async_trait::async_trait;
use http::{Request, Response, header};
use http_body_util::BodyExt as _;
use http_body_util::combinators::UnsyncBoxBody;
use hyper::body::Bytes;
use kube::client::Body;
use kubeconfig::target::Target;
use tower::util::BoxCloneSyncService;
use tower::{BoxError, Service as _, ServiceExt as _};

use super::{Dial, Dialled, classify, through};
use crate::credentials::{Credentials, Plugins};
use crate::failure::LinkError;

/// A server that answers in this process.
pub type InProcess = BoxCloneSyncService<Request<Body>, Answer, BoxError>;

type Answer = Response<UnsyncBoxBody<Bytes, BoxError>>;

/// Finds the server of an address.
pub trait Servers: Send + Sync + std::fmt::Debug {
    fn server(&self, address: &str) -> Option<InProcess>;
}

/// Dials servers of this process; files, tokens and plugins are read and run as for the network.
#[derive(Debug, Clone)]
pub struct Over {
    servers: Arc<dyn Servers>,
    plugins: Arc<Plugins>,
}

impl Over {
    pub fn new(servers: Arc<dyn Servers>, plugins: Arc<Plugins>) -> Self {
        Self { servers, plugins }
    }
}

#[async_trait]
impl Dial for Over {
    async fn dial(&self, target: &Target) -> Result<Dialled, LinkError> {
        let credentials = Arc::new(Credentials::of(target, &self.plugins));
        let refused = || LinkError::Refused { address: target.server.clone(), said: "Connection refused (os error 111)".to_owned() };
        let server = self.servers.server(&target.server).ok_or_else(refused)?;
        credentials.pass().await.map_err(|error| classify(&target.server, &*BoxError::from(error)))?;
        let held = Arc::clone(&credentials);
        let service = tower::service_fn(move |request: Request<Body>| send(server.clone(), Arc::clone(&held), request));
        Ok(Dialled { client: through(service, &target.namespace), credentials })
    }
}

async fn send(mut server: InProcess, credentials: Arc<Credentials>, mut request: Request<Body>) -> Result<Answer, BoxError> {
    let pass = credentials.pass().await?;
    if let Some(value) = &pass.authorization {
        request.headers_mut().entry(header::AUTHORIZATION).or_insert(value.clone());
    }
    server.ready().await?.call(request).await
}

/// Makes a server of any service of http requests.
pub fn in_process<S, B>(service: S) -> InProcess
where
    S: tower::Service<Request<Body>, Response = Response<B>> + Clone + Send + Sync + 'static,
    S::Future: Send + 'static,
    S::Error: Into<BoxError>,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    let boxed = |answer: Response<B>| answer.map(|body| body.map_err(Into::into).boxed_unsync());
    BoxCloneSyncService::new(service.map_response(boxed).map_err(Into::into))
}
