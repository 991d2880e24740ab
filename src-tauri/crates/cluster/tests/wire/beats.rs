//! Are frozen servers and closed lids noticed in time?
//!
//! The server is a service in this process, so that time can be virtual: nothing here waits.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use api::contexts::Link;
use api::tables::Kind;
use api::{Millis, Status, Timestamp};
use async_trait::async_trait;
use cluster::clock::{Clock, Now};
use cluster::credentials::Credentials;
use cluster::dial::{Dial, Dialled, through};
use cluster::failure::LinkError;
use cluster::session::{Limits, Session};
use cluster::tables::Rows;
use cluster::watch::{Pace, Table};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full, StreamBody};
use hyper::body::{Bytes, Frame};
use kube::client::Body;
use kubeconfig::target::Target;
use tokio::time::Instant;

use crate::fakes::{screen, target};

/// A clock that follows the runtime's, with sleeps on demand.
#[derive(Debug)]
pub(crate) struct Virtual {
    start: Instant,
    slept_ms: AtomicU64,
}

/// Where its wall clock begins.
pub(crate) const BEGIN: Timestamp = Timestamp(1_000_000_000);

impl Virtual {
    pub(crate) fn start() -> Arc<Self> {
        Arc::new(Self { start: Instant::now(), slept_ms: AtomicU64::new(0) })
    }

    pub(crate) fn sleep(&self, time: Millis) {
        self.slept_ms.fetch_add(time.0, Ordering::SeqCst);
    }
}

impl Clock for Virtual {
    fn now(&self) -> Now {
        let awake = u64::try_from(self.start.elapsed().as_millis()).unwrap();
        let boot = awake + self.slept_ms.load(Ordering::SeqCst);
        Now { awake: Millis(awake), boot: Millis(boot), wall: BEGIN.plus(Millis(boot)) }
    }

    fn chance(&self) -> f64 {
        0.5
    }
}

/// A server without a socket.
#[derive(Debug, Clone, Default)]
struct Simulated {
    asked: Arc<Mutex<Vec<String>>>,
    dialled: Arc<AtomicUsize>,
    frozen: Arc<Mutex<bool>>,
    /// How often the cluster was made again; each time it counts its versions from the beginning.
    life: Arc<AtomicUsize>,
}

impl Simulated {
    fn freeze(&self, frozen: bool) {
        *self.frozen.lock().unwrap() = frozen;
    }

    fn versions(&self) -> usize {
        self.asked.lock().unwrap().iter().filter(|uri| *uri == "/version").count()
    }

    async fn answer(self, request: http::Request<Body>) -> Result<http::Response<UnsyncBoxBody<Bytes, std::io::Error>>, std::io::Error> {
        let uri = request.uri().to_string();
        self.asked.lock().unwrap().push(uri.clone());
        if *self.frozen.lock().unwrap() {
            std::future::pending::<()>().await;
        }
        let (status, text) = match uri.as_str() {
            "/version" => (200, r#"{"gitVersion":"v1.36.3"}"#),
            uri if uri.contains("watch=true") => {
                let silent = futures::stream::pending::<Result<Frame<Bytes>, std::io::Error>>();
                return Ok(http::Response::new(StreamBody::new(silent).boxed_unsync()));
            }
            "/api/v1/namespaces/kube-system" => {
                (200, ["{\"metadata\":{\"uid\":\"first\"}}", "{\"metadata\":{\"uid\":\"second\"}}"][self.life.load(Ordering::SeqCst)])
            }
            uri if uri.starts_with("/api/v1/pods") => (
                200,
                [
                    r#"{"metadata":{"resourceVersion":"7"},"items":[{"metadata":{"name":"a","namespace":"n"}}]}"#,
                    r#"{"metadata":{"resourceVersion":"4"},"items":[{"metadata":{"name":"new","namespace":"n"}}]}"#,
                ][self.life.load(Ordering::SeqCst)],
            ),
            _ => (404, "{}"),
        };
        Ok(http::Response::builder().status(status).body(Full::new(Bytes::from(text)).map_err(|never| match never {}).boxed_unsync()).unwrap())
    }
}

#[async_trait]
impl Dial for Simulated {
    async fn dial(&self, target: &Target) -> Result<Dialled, LinkError> {
        self.dialled.fetch_add(1, Ordering::SeqCst);
        let server = self.clone();
        let client = through(tower::service_fn(move |request| server.clone().answer(request)), &target.namespace);
        Ok(Dialled { client, credentials: Arc::new(Credentials::none()) })
    }
}

fn open() -> (Session, Simulated, Arc<Virtual>) {
    let (server, clock) = (Simulated::default(), Virtual::start());
    let session = Session::open(target("http://simulated"), Arc::new(server.clone()), Arc::clone(&clock) as _, Limits::default());
    (session, server, clock)
}

pub(crate) async fn link_is(session: &Session, wanted: fn(&Link) -> bool) -> Link {
    session.view().wait_for(|view| wanted(&view.link)).await.unwrap().link.clone()
}

pub(crate) fn live(link: &Link) -> bool {
    matches!(link, Link::Live { .. })
}

fn stale(link: &Link) -> bool {
    matches!(link, Link::Stale { .. })
}

#[tokio::test(start_paused = true)]
async fn a_quiet_connection_is_asked_every_ten_seconds_and_no_more() {
    let (session, server, _) = open();
    link_is(&session, live).await;
    assert_eq!(server.versions(), 1);
    tokio::time::advance(Duration::from_millis(9_500)).await;
    assert_eq!(server.versions(), 1);
    tokio::time::timeout(Duration::from_secs(31), std::future::pending::<()>()).await.unwrap_err();
    assert_eq!((server.versions(), server.dialled.load(Ordering::SeqCst)), (5, 1));
}

#[tokio::test(start_paused = true)]
async fn a_frozen_server_is_noticed_within_fifteen_seconds_and_found_again() {
    let (session, server, clock) = open();
    link_is(&session, live).await;
    server.freeze(true);
    let before = clock.now().awake.0;
    link_is(&session, stale).await;
    assert!(clock.now().awake.0 - before <= 15_000);
    server.freeze(false);
    let thawed = clock.now().awake.0;
    link_is(&session, live).await;
    // The dice stand at half of the first wait.
    assert_eq!((clock.now().awake.0 - thawed, server.dialled.load(Ordering::SeqCst)), (400, 2));
}

#[tokio::test(start_paused = true)]
async fn after_a_sleep_everything_is_old_at_once_and_comes_back_by_itself() {
    let (session, server, clock) = open();
    link_is(&session, live).await;
    clock.slept_ms.store(8 * 3_600_000, Ordering::SeqCst);
    let woke = clock.now().awake.0;
    match link_is(&session, stale).await {
        Link::Stale { why, .. } => assert!(why.cause[0].text.contains("slept for 28800 s"), "{why:?}"),
        other => panic!("{other:?}"),
    }
    assert!(clock.now().awake.0 - woke <= 5_000);
    link_is(&session, live).await;
    assert_eq!(server.dialled.load(Ordering::SeqCst), 2);
}

#[tokio::test(start_paused = true)]
async fn what_waits_is_tried_in_the_moment_in_which_the_system_tells_of_the_wake() {
    let (session, server, clock) = open();
    link_is(&session, live).await;
    server.freeze(true);
    link_is(&session, stale).await;
    server.freeze(false);
    let before = clock.now().awake.0;
    clock.slept_ms.store(8 * 3_600_000, Ordering::SeqCst);
    session.woke();
    link_is(&session, live).await;
    assert_eq!((clock.now().awake.0 - before, server.dialled.load(Ordering::SeqCst)), (0, 2));
    // The clocks tell of the same sleep some seconds later: it counts once.
    tokio::time::timeout(Duration::from_secs(6), std::future::pending::<()>()).await.unwrap_err();
    assert!(live(&session.view().borrow().link), "{:?}", session.view().borrow().link);
    assert_eq!(server.dialled.load(Ordering::SeqCst), 2);
}

#[tokio::test(start_paused = true)]
async fn a_live_connection_is_made_anew_when_the_system_tells_of_a_long_sleep() {
    let (session, server, clock) = open();
    link_is(&session, live).await;
    let before = clock.now().awake.0;
    clock.slept_ms.store(8 * 3_600_000, Ordering::SeqCst);
    session.woke();
    link_is(&session, |link| matches!(link, Link::Live { since, .. } if *since > BEGIN.plus(Millis(3_600_000)))).await;
    assert_eq!((clock.now().awake.0 - before, server.dialled.load(Ordering::SeqCst)), (0, 2));
}

#[tokio::test(start_paused = true)]
async fn a_table_keeps_its_rows_while_its_server_is_frozen() {
    let (session, server, clock) = open();
    let (sink, mut shown) = screen();
    let _table = Table::open(&session.access(), Rows { kind: Kind::Pods, namespace: "".to_owned() }, clock, Pace::default(), sink);
    shown.wait_for(|shown| shown.is_live()).await.unwrap();
    server.freeze(true);
    let dimmed = shown.wait_for(|shown| matches!(shown.statuses.last(), Some(Status::Stale { .. }))).await.unwrap().clone();
    assert_eq!(dimmed.names(), ["a"]);
    server.freeze(false);
    let back = shown.wait_for(|shown| shown.is_live()).await.unwrap().clone();
    assert_eq!((back.names(), back.fewest), (vec!["a"], Some(1)));
    let lists = server.asked.lock().unwrap().iter().filter(|uri| uri.starts_with("/api/v1/pods?limit=100")).count();
    assert_eq!(lists, 1);
}

/// Its server would wait for the old versions in silence: nothing would ever be told as wrong.
#[tokio::test(start_paused = true)]
async fn a_cluster_that_was_made_again_at_its_address_is_listed_anew() {
    let (session, server, clock) = open();
    let (sink, mut shown) = screen();
    let _table = Table::open(&session.access(), Rows { kind: Kind::Pods, namespace: "".to_owned() }, clock, Pace::default(), sink);
    shown.wait_for(|shown| shown.is_live()).await.unwrap();
    session.view().wait_for(|view| view.cluster.as_deref() == Some("first")).await.unwrap();
    server.freeze(true);
    link_is(&session, stale).await;
    server.life.store(1, Ordering::SeqCst);
    server.freeze(false);
    let back = shown.wait_for(|shown| shown.names() == ["new"]).await.unwrap().clone();
    assert_eq!((back.fewest, session.view().borrow().cluster.as_deref()), (Some(1), Some("second")), "the old row stands until the new one is there");
}
