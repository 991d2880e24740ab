//! How is one connection made: name, TCP, proxy, TLS, all within one limit?

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::dns::{GaiResolver, Name};
use hyper_util::client::legacy::connect::proxy::{SocksV5, Tunnel};
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tower::{BoxError, Service, ServiceExt as _};

use super::route::Route;

/// Lost packets are noticed by the kernel; frozen peers by the heartbeat.
const KEEPALIVE: Duration = Duration::from_secs(10);
const GIVE_UP: Duration = Duration::from_secs(15);

#[derive(Debug, thiserror::Error)]
pub(crate) enum ConnectError {
    #[error("the name {host} was not found")]
    Name {
        host: String,
        #[source]
        cause: std::io::Error,
    },
    #[error("no connection to {address}")]
    Tcp {
        address: String,
        #[source]
        cause: BoxError,
    },
    #[error("the proxy {proxy} did not let the connection through")]
    Proxy {
        proxy: String,
        #[source]
        cause: BoxError,
    },
    #[error("no secure connection to {address}")]
    Tls {
        address: String,
        #[source]
        cause: rustls::Error,
    },
    #[error("the connection to {address} broke while it was secured")]
    Broken {
        address: String,
        #[source]
        cause: std::io::Error,
    },
    #[error("{address} did not answer within {} s", limit.as_secs())]
    TimedOut { address: String, limit: Duration },
    #[error("{host} cannot be a server's name")]
    BadName { host: String },
}

/// Makes connections to one server.
#[derive(Clone)]
pub(crate) struct Connector {
    pub(crate) route: Route,
    /// `None` for plain http.
    pub(crate) tls: Option<Arc<ClientConfig>>,
    /// For an `https` proxy; the system's roots, never the cluster's.
    pub(crate) proxy_tls: Option<Arc<ClientConfig>>,
    /// `tls-server-name`, for SNI and the check.
    pub(crate) server_name: Option<String>,
    pub(crate) limit: Duration,
}

impl Service<Uri> for Connector {
    type Response = Wire;
    type Error = ConnectError;
    type Future = Pin<Box<dyn Future<Output = Result<Wire, ConnectError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ConnectError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, server: Uri) -> Self::Future {
        let this = self.clone();
        Box::pin(async move {
            let limit = this.limit;
            match tokio::time::timeout(limit, this.connect(&server)).await {
                Ok(wire) => wire,
                // With a proxy it is the proxy that answered or not: the server is not reached without it.
                Err(_) => match this.route.shown() {
                    Some(proxy) => Err(ConnectError::Proxy { cause: format!("no answer within {} s", limit.as_secs()).into(), proxy }),
                    None => Err(ConnectError::TimedOut { address: address(&server), limit }),
                },
            }
        })
    }
}

impl Connector {
    async fn connect(&self, server: &Uri) -> Result<Wire, ConnectError> {
        let stream = match &self.route {
            Route::Direct => tcp(server, self.limit).await?,
            Route::Tunnel { proxy, authorization } => {
                let near = self.to_proxy(proxy).await?;
                let mut tunnel = Tunnel::new(proxy.clone(), once(near));
                if let Some(authorization) = authorization {
                    tunnel = tunnel.with_auth(authorization.clone());
                }
                tunnel.oneshot(server.clone()).await.map(TokioIo::into_inner).map_err(|e| self.proxy_failed(e))?
            }
            Route::Socks { proxy, login } => {
                let near = self.to_proxy(proxy).await?;
                let mut socks = SocksV5::new(proxy.clone(), once(near));
                if let Some((user, password)) = login {
                    socks = socks.with_auth(user.clone(), password.clone());
                }
                socks.oneshot(server.clone()).await.map(TokioIo::into_inner).map_err(|e| self.proxy_failed(e))?
            }
        };
        let stream = match &self.tls {
            Some(config) => secure(stream, config, self.server_name.as_deref().unwrap_or(server.host().unwrap_or_default()), server).await?,
            None => stream,
        };
        Ok(Wire(TokioIo::new(stream)))
    }

    async fn to_proxy(&self, proxy: &Uri) -> Result<Stream, ConnectError> {
        let stream = tcp(proxy, self.limit).await.map_err(|e| self.proxy_failed(e))?;
        match &self.proxy_tls {
            Some(config) => secure(stream, config, proxy.host().unwrap_or_default(), proxy).await.map_err(|e| self.proxy_failed(e)),
            None => Ok(stream),
        }
    }

    fn proxy_failed(&self, cause: impl Into<BoxError>) -> ConnectError {
        ConnectError::Proxy { proxy: self.route.shown().unwrap_or_default(), cause: cause.into() }
    }
}

/// Hands a connection that is there to hyper-util's proxy handshakes.
fn once(
    stream: Stream,
) -> impl Service<Uri, Response = TokioIo<Stream>, Error = std::io::Error, Future = std::future::Ready<std::io::Result<TokioIo<Stream>>>> {
    let mut stream = Some(stream);
    tower::service_fn(move |_: Uri| std::future::ready(stream.take().map(TokioIo::new).ok_or_else(|| std::io::ErrorKind::NotConnected.into())))
}

async fn tcp(to: &Uri, limit: Duration) -> Result<Stream, ConnectError> {
    // Every connection resolves again: a name may have moved since the last one.
    let mut connector = HttpConnector::new_with_resolver(Resolver(GaiResolver::new()));
    connector.enforce_http(false);
    connector.set_nodelay(true);
    connector.set_keepalive(Some(KEEPALIVE));
    connector.set_keepalive_interval(Some(Duration::from_secs(5)));
    connector.set_tcp_user_timeout(Some(GIVE_UP));
    connector.set_connect_timeout(Some(limit));
    match connector.oneshot(with_port(to)).await {
        Ok(stream) => Ok(Box::new(stream.into_inner())),
        Err(error) => match crate::failure::find::<NotResolved>(&error) {
            Some(NotResolved(cause)) => {
                let cause = std::io::Error::new(cause.kind(), cause.to_string());
                Err(ConnectError::Name { host: to.host().unwrap_or_default().to_owned(), cause })
            }
            None => Err(ConnectError::Tcp { address: address(to), cause: error.into() }),
        },
    }
}

/// SOCKS addresses may leave the port out; only http and https have one by scheme.
fn with_port(to: &Uri) -> Uri {
    match (to.port(), to.scheme_str(), to.host()) {
        (None, Some("socks5"), Some(host)) => format!("socks5://{host}:1080").parse().unwrap_or_else(|_| to.clone()),
        (Some(_) | None, _, _) => to.clone(),
    }
}

async fn secure(stream: Stream, config: &Arc<ClientConfig>, name: &str, to: &Uri) -> Result<Stream, ConnectError> {
    let bare = name.trim_start_matches('[').trim_end_matches(']').to_owned();
    let name = ServerName::try_from(bare.clone()).map_err(|_| ConnectError::BadName { host: bare })?;
    match tokio_rustls::TlsConnector::from(Arc::clone(config)).connect(name, stream).await {
        Ok(stream) => Ok(Box::new(stream)),
        Err(error) => match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            Some(cause) => Err(ConnectError::Tls { address: address(to), cause: cause.clone() }),
            None => Err(ConnectError::Broken { address: address(to), cause: error }),
        },
    }
}

/// `host:port`, with the port that the scheme implies.
pub(crate) fn address(to: &Uri) -> String {
    let port = to.port_u16().unwrap_or(if to.scheme_str() == Some("http") { 80 } else { 443 });
    format!("{}:{port}", to.host().unwrap_or_default())
}

/// The system's resolver, with an error that can be told from a refused connection.
#[derive(Clone)]
struct Resolver(GaiResolver);

#[derive(Debug, thiserror::Error)]
#[error("the name was not found")]
struct NotResolved(#[source] std::io::Error);

impl Service<Name> for Resolver {
    type Response = hyper_util::client::legacy::connect::dns::GaiAddrs;
    type Error = NotResolved;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, NotResolved>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), NotResolved>> {
        self.0.poll_ready(cx).map_err(NotResolved)
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let addresses = self.0.call(name);
        Box::pin(async move { addresses.await.map_err(NotResolved) })
    }
}

/// Bytes in both directions.
pub(crate) trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}
type Stream = Box<dyn Duplex>;

/// One connection, as hyper wants it.
pub(crate) struct Wire(TokioIo<Stream>);

impl Connection for Wire {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

impl Read for Wire {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: ReadBufCursor<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl Write for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}
