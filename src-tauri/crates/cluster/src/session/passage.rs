//! How do all requests of a context pass one door that can be shut?
//!
//! Knows: the client that is good now, and when bytes were last heard. A stream of a connection that was given up
//! ends with an error, so that late bytes of before never reach a table.

use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use api::Millis;
use futures::future::BoxFuture;
use http::{Request, Response, StatusCode};
use http_body::Frame;
use hyper::body::Bytes;
use kube::client::Body;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tower::BoxError;

use crate::clock::{Clock, Now};
use crate::dial::{classify, is_repeated, through};
use crate::failure::LinkError;

/// Why a request did not leave or a stream ended.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Shut {
    #[error("the context is closed")]
    Closed,
    #[error("there is no connection now")]
    NoConnection,
    #[error("the connection was given up")]
    GivenUp,
}

pub(super) struct Passage {
    server: String,
    clock: Arc<dyn Clock>,
    leads_to: Mutex<LeadsTo>,
    heard_awake_ms: AtomicU64,
    trouble: mpsc::Sender<LinkError>,
}

enum LeadsTo {
    Closed,
    Nowhere,
    Server { client: kube::Client, ends: CancellationToken },
}

impl std::fmt::Debug for Passage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Passage").field("server", &self.server).finish_non_exhaustive()
    }
}

/// A client for all who read from a context.
pub(super) fn client(passage: &Arc<Passage>, namespace: &str) -> kube::Client {
    let passage = Arc::clone(passage);
    through(tower::service_fn(move |request| Arc::clone(&passage).send(request)), namespace)
}

impl Passage {
    pub(super) fn new(server: String, clock: Arc<dyn Clock>, trouble: mpsc::Sender<LinkError>) -> Self {
        Self { server, clock, leads_to: Mutex::new(LeadsTo::Nowhere), heard_awake_ms: AtomicU64::new(0), trouble }
    }

    pub(super) fn lead_to(&self, client: kube::Client) {
        self.change(LeadsTo::Server { client, ends: CancellationToken::new() });
    }

    pub(super) fn give_up(&self) {
        self.change(LeadsTo::Nowhere);
    }

    pub(super) fn close(&self) {
        self.change(LeadsTo::Closed);
    }

    fn change(&self, next: LeadsTo) {
        let mut now = self.leads_to.lock().unwrap_or_else(PoisonError::into_inner);
        match &*now {
            // What is closed stays closed, even when a try succeeds at the same moment.
            LeadsTo::Closed => return,
            LeadsTo::Nowhere => {}
            LeadsTo::Server { ends, .. } => ends.cancel(),
        }
        *now = next;
    }

    /// The client for a heartbeat.
    pub(super) fn current(&self) -> Option<kube::Client> {
        match &*self.leads_to.lock().unwrap_or_else(PoisonError::into_inner) {
            LeadsTo::Closed | LeadsTo::Nowhere => None,
            LeadsTo::Server { client, .. } => Some(client.clone()),
        }
    }

    /// When bytes last came, on the clocks of `now`.
    pub(super) fn heard(&self, now: Now) -> Now {
        let awake = Millis(self.heard_awake_ms.load(Ordering::Relaxed));
        Now { awake, ..now }
    }

    fn note(&self) {
        self.heard_awake_ms.store(self.clock.now().awake.0, Ordering::Relaxed);
    }

    async fn send(self: Arc<Self>, request: Request<Body>) -> Result<Response<Heard>, BoxError> {
        let (client, ends) = match &*self.leads_to.lock().unwrap_or_else(PoisonError::into_inner) {
            LeadsTo::Closed => return Err(Shut::Closed.into()),
            LeadsTo::Nowhere => return Err(Shut::NoConnection.into()),
            LeadsTo::Server { client, ends } => (client.clone(), ends.clone()),
        };
        let repeated = is_repeated(request.method(), request.headers());
        let answer = tokio::select! {
            biased;
            () = ends.cancelled() => return Err(Shut::GivenUp.into()),
            answer = client.send(request) => answer,
        };
        match answer {
            Ok(answer) => {
                self.note();
                if answer.status() == StatusCode::UNAUTHORIZED && repeated {
                    // The credentials were renewed once below this; now a person must sign in. A write is not repeated with
                    // new ones, so that its 401 says nothing of them: the next read does.
                    let said = answer.status().to_string();
                    drop(self.trouble.try_send(LinkError::NotSignedIn { address: self.server.clone(), said }));
                }
                Ok(answer.map(|body| Heard { body, passage: self, ended: Box::pin(ends.cancelled_owned()) }))
            }
            Err(error) => {
                // One broken connection of many says nothing about the server; the heartbeat finds out.
                let why = classify(&self.server, &error);
                if !matches!(why, LinkError::Broken { .. } | LinkError::Handshake { .. }) {
                    drop(self.trouble.try_send(why));
                }
                Err(error.into())
            }
        }
    }
}

/// A body whose bytes are noted, and which ends with its connection.
pub(super) struct Heard {
    body: Body,
    passage: Arc<Passage>,
    ended: BoxFuture<'static, ()>,
}

impl http_body::Body for Heard {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if self.ended.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Some(Err(Shut::GivenUp.into())));
        }
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        if let Poll::Ready(Some(Ok(_))) = &frame {
            self.passage.note();
        }
        frame.map_err(Into::into)
    }
}
