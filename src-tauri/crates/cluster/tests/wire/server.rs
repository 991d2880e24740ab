//! How does a test play an API server?

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::{Request, Response};
use http_body_util::StreamBody;
use hyper::body::{Bytes, Frame, Incoming};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Nothing on loopback takes that long; a test that waits longer has failed.
pub(crate) const LIMIT: Duration = Duration::from_secs(20);

/// One request, as logged.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) uri: String,
    pub(crate) authorization: String,
    /// The headers that name somebody else, in the order of their names and values.
    pub(crate) acting_as: Vec<(String, String)>,
    pub(crate) with_certificate: bool,
}

impl Seen {
    pub(crate) fn is_watch(&self) -> bool {
        self.uri.contains("watch=true")
    }
}

pub(crate) enum Reply {
    Json(u16, String),
    /// Lines of a watch, then what happens to the connection.
    Lines(Vec<String>, After),
    /// Never answers.
    Silence,
}

#[derive(Clone, Copy)]
pub(crate) enum After {
    Stay,
    Break,
    /// As a server ends a watch after its time, or when it is shut down.
    End,
}

type Script = dyn Fn(&Seen, usize) -> Reply + Send + Sync;

/// A server that answers by a script; the number counts the requests to the same path before.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    log: Arc<Mutex<Vec<Seen>>>,
    count: watch::Receiver<usize>,
    _tasks: JoinSet<()>,
}

impl Server {
    pub(crate) async fn plain(script: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static) -> Self {
        Self::plain_at("127.0.0.1:0".parse().unwrap(), script).await
    }

    pub(crate) async fn plain_at(address: SocketAddr, script: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static) -> Self {
        Self::start(address, None, Arc::new(script)).await
    }

    pub(crate) async fn secure(config: rustls::ServerConfig, script: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static) -> Self {
        Self::start("127.0.0.1:0".parse().unwrap(), Some(Arc::new(config)), Arc::new(script)).await
    }

    async fn start(address: SocketAddr, tls: Option<Arc<rustls::ServerConfig>>, script: Arc<Script>) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let log = Arc::new(Mutex::new(Vec::new()));
        let (counted, count) = watch::channel(0);
        let (log_in, counted) = (Arc::clone(&log), Arc::new(counted));
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (tls, script, log, counted) = (tls.clone(), Arc::clone(&script), Arc::clone(&log_in), Arc::clone(&counted));
                connections.spawn(async move {
                    match tls {
                        None => serve(stream, false, script, log, counted).await,
                        Some(config) => {
                            if let Ok(stream) = tokio_rustls::TlsAcceptor::from(config).accept(stream).await {
                                let with = stream.get_ref().1.peer_certificates().is_some();
                                serve(stream, with, script, log, counted).await;
                            }
                        }
                    }
                });
            }
        });
        Self { address, log, count, _tasks: tasks }
    }

    pub(crate) fn log(&self) -> Vec<Seen> {
        self.log.lock().unwrap().clone()
    }

    /// Waits until the log is as wanted.
    pub(crate) async fn until(&self, wanted: impl Fn(&[Seen]) -> bool) -> Vec<Seen> {
        let mut count = self.count.clone();
        let seen = tokio::time::timeout(LIMIT, count.wait_for(|_| wanted(&self.log()))).await;
        seen.unwrap_or_else(|_| panic!("never came: {:#?}", self.log())).unwrap();
        self.log()
    }
}

async fn serve(
    stream: impl tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
    with_certificate: bool,
    script: Arc<Script>,
    log: Arc<Mutex<Vec<Seen>>>,
    counted: Arc<watch::Sender<usize>>,
) {
    let answer = |request: Request<Incoming>| {
        let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        let seen = Seen {
            method: request.method().to_string(),
            uri: request.uri().to_string(),
            authorization: header("authorization"),
            acting_as: acting_as(request.headers()),
            with_certificate,
        };
        let before = log.lock().unwrap().iter().filter(|other| other.uri.split('?').next() == seen.uri.split('?').next()).count();
        let reply = script(&seen, before);
        log.lock().unwrap().push(seen);
        counted.send_modify(|count| *count += 1);
        reply_with(reply)
    };
    let service = hyper::service::service_fn(answer);
    drop(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await);
}

fn acting_as(headers: &http::HeaderMap) -> Vec<(String, String)> {
    let mut found: Vec<_> = headers
        .iter()
        .filter(|(name, _)| name.as_str().starts_with("impersonate-"))
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()))
        .collect();
    found.sort();
    found
}

type Body = StreamBody<futures::stream::BoxStream<'static, Result<Frame<Bytes>, std::io::Error>>>;

async fn reply_with(reply: Reply) -> Result<Response<Body>, Infallible> {
    use futures::StreamExt as _;
    let data = |text: String| Ok(Frame::data(Bytes::from(text)));
    let (status, stream) = match reply {
        Reply::Json(status, text) => (status, futures::stream::iter([data(text)]).boxed()),
        Reply::Lines(lines, after) => {
            let lines = futures::stream::iter(lines.into_iter().map(move |line| data(format!("{line}\n"))).collect::<Vec<_>>());
            let end: futures::stream::BoxStream<'static, _> = match after {
                After::Stay => futures::stream::pending().boxed(),
                After::End => futures::stream::empty().boxed(),
                // Yielding first lets the lines reach the wire before the connection is torn.
                After::Break => futures::stream::once(async {
                    tokio::task::yield_now().await;
                    Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset))
                })
                .boxed(),
            };
            (200, lines.chain(end).boxed())
        }
        Reply::Silence => std::future::pending().await,
    };
    Ok(Response::builder().status(status).header("content-type", "application/json").body(StreamBody::new(stream)).unwrap())
}

/// Answers of a healthy server for everything but tables.
pub(crate) fn healthy(seen: &Seen) -> Reply {
    match seen.uri.as_str() {
        "/version" => Reply::Json(200, r#"{"gitVersion":"v1.36.3"}"#.into()),
        "/apis/authentication.k8s.io/v1/selfsubjectreviews" => {
            Reply::Json(201, r#"{"status":{"userInfo":{"username":"jo","groups":["eng","system:authenticated"]}}}"#.into())
        }
        _ => Reply::Json(404, r#"{"message":"not found"}"#.into()),
    }
}
