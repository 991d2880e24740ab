//! How is the page served to a browser, for work on it?
//!
//! Loopback only, behind a token that is made for this start and printed once. Never part of what ships.

use std::convert::Infallible;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use api::{Fault, FaultCode, Pull, Request, StreamId, Topic};
use engine::Engine;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use hyper::service::service_fn;
use hyper::{Method, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

const MOST_BYTES: usize = 16 * 1024 * 1024;

struct Desk {
    engine: Engine,
    folder: PathBuf,
    token: String,
}

pub(crate) async fn serve(engine: Engine, folder: &Path, port: u16) -> Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await.context("the port is taken")?;
    let address = listener.local_addr()?;
    let token = engine::one_time_token()?;
    println!("http://{address}/#token={token}");
    let desk = Arc::new(Desk { engine, folder: folder.to_path_buf(), token });
    let mut guests = JoinSet::new();
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => accepted?.0,
            _ = tokio::signal::ctrl_c() => return Ok(()),
        };
        while guests.try_join_next().is_some() {}
        let desk = desk.clone();
        guests.spawn(async move {
            let answer = service_fn(move |request| {
                let desk = desk.clone();
                async move { Ok::<_, Infallible>(desk.answer(request).await) }
            });
            // A browser that hangs up is not an event.
            let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await;
        });
    }
}

type Answer = Response<Full<Bytes>>;

impl Desk {
    async fn answer(&self, request: hyper::Request<Incoming>) -> Answer {
        let host = request.headers().get(HOST).and_then(|h| h.to_str().ok()).unwrap_or_default();
        // A page of another name that resolves to loopback must not reach the core.
        if !(host.starts_with("127.0.0.1:") || host.starts_with("localhost:")) {
            return plain(StatusCode::FORBIDDEN, "");
        }
        match (request.method(), request.uri().path().strip_prefix("/door/").map(str::to_owned)) {
            (&Method::POST, Some(door)) => self.door(&door, request).await,
            (&Method::GET, None) => self.file(request.uri().path()).await,
            _ => plain(StatusCode::NOT_FOUND, ""),
        }
    }

    async fn door(&self, door: &str, request: hyper::Request<Incoming>) -> Answer {
        let wanted = format!("Bearer {}", self.token);
        if request.headers().get(AUTHORIZATION).and_then(|h| h.to_str().ok()) != Some(wanted.as_str()) {
            return plain(StatusCode::UNAUTHORIZED, "");
        }
        let bytes = match Limited::new(request.into_body(), MOST_BYTES).collect().await {
            Ok(body) => body.to_bytes(),
            Err(_) => return plain(StatusCode::PAYLOAD_TOO_LARGE, ""),
        };
        match self.pass(door, &bytes).await {
            Ok((kind, bytes)) => reply(StatusCode::OK, kind, bytes),
            Err(fault) => reply(StatusCode::BAD_REQUEST, "application/json", serde_json::to_vec(&fault).unwrap_or_default()),
        }
    }

    async fn pass(&self, door: &str, bytes: &[u8]) -> Result<(&'static str, Vec<u8>), Fault> {
        const BYTES: &str = "application/octet-stream";
        const JSON: &str = "application/json";
        #[derive(Deserialize)]
        struct Ask {
            request: Request,
        }
        #[derive(Deserialize)]
        struct Open {
            topic: Topic,
        }
        #[derive(Deserialize)]
        struct Next {
            pull: Pull,
        }
        #[derive(Deserialize)]
        struct End {
            stream: StreamId,
        }
        match door {
            "call" => Ok((BYTES, self.engine.call(read::<Ask>(bytes)?.request).await?)),
            "subscribe" => {
                let stream = self.engine.subscribe(read::<Open>(bytes)?.topic).await?;
                Ok((JSON, serde_json::to_vec(&stream).unwrap_or_default()))
            }
            "pull" => Ok((BYTES, self.engine.pull(read::<Next>(bytes)?.pull).await?)),
            "unsubscribe" => {
                self.engine.unsubscribe(read::<End>(bytes)?.stream).await?;
                Ok((JSON, b"null".to_vec()))
            }
            _ => Err(Fault::new(FaultCode::NotFound, "There is no such door.")),
        }
    }

    async fn file(&self, path: &str) -> Answer {
        let path = if path == "/" { "index.html" } else { path.trim_start_matches('/') };
        let inside = Path::new(path).components().all(|c| matches!(c, Component::Normal(_)));
        match tokio::fs::read(self.folder.join(path)).await {
            Ok(bytes) if inside => reply(StatusCode::OK, kind_of(path), bytes),
            _ => plain(StatusCode::NOT_FOUND, "no such file"),
        }
    }
}

fn read<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, Fault> {
    serde_json::from_slice(bytes).map_err(|e| Fault::new(FaultCode::Invalid, "The request was not understood.").because("the page", e.to_string()))
}

fn kind_of(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript",
        "css" => "text/css",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

fn plain(status: StatusCode, text: &'static str) -> Answer {
    reply(status, "text/plain", text.as_bytes().to_vec())
}

fn reply(status: StatusCode, kind: &'static str, bytes: Vec<u8>) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from(bytes)));
    *answer.status_mut() = status;
    answer.headers_mut().insert(CONTENT_TYPE, hyper::header::HeaderValue::from_static(kind));
    answer
}
