//! Does a context outlive what goes wrong with its credential plugin?
//!
//! As in `beats` the server is in this process and time is virtual: nothing here waits.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use api::contexts::Link;
use api::{FaultCode, Millis, Timestamp};
use cluster::dial::{InProcess, Over, Servers, in_process};
use cluster::session::{Limits, Session};
use http_body_util::Full;
use hyper::body::Bytes;
use kube::client::Body;
use kubeconfig::target::{Material, Pair};
use serde_json::json;

use crate::beats::{BEGIN, Virtual, link_is, live};
use crate::fakes::{Machine, Ran, credential, plugin, plugins, printed, with_header};
use crate::tls::{Authority, Flaw};

/// A server that lets everybody in to read, and remembers with what they came.
#[derive(Debug, Clone, Default)]
struct Hall(Arc<Mutex<Vec<String>>>);

impl Hall {
    fn last(&self) -> Option<String> {
        self.0.lock().unwrap().last().cloned()
    }
}

impl Servers for Hall {
    fn server(&self, _: &str) -> Option<InProcess> {
        let seen = Arc::clone(&self.0);
        let answer = move |request: http::Request<Body>| {
            let authorization = request.headers().get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
            seen.lock().unwrap().push(authorization.to_owned());
            let status = if request.method() == http::Method::GET { 200 } else { 401 };
            let answer = http::Response::builder().status(status).body(Full::new(Bytes::from(r#"{"gitVersion":"v1.36.3"}"#)));
            std::future::ready(answer)
        };
        Some(in_process(tower::service_fn(answer)))
    }
}

fn open(machine: &Arc<Machine>) -> (Session, Hall, Arc<Virtual>) {
    let (hall, clock) = (Hall::default(), Virtual::start());
    let dial = Over::new(Arc::new(hall.clone()), Arc::new(plugins(machine).by(clock.clone())));
    let session = Session::open(with_header("https://simulated", plugin()), Arc::new(dial), clock.clone(), Limits::default());
    (session, hall, clock)
}

fn fails(stderr: &str) -> Ran {
    Ran::Fails { stdout: String::new(), stderr: stderr.to_owned() }
}

/// A token that ends so long after the context was opened.
fn ending(token: &str, after: Millis) -> String {
    ending_at(token, BEGIN.plus(after))
}

fn ending_at(token: &str, end: Timestamp) -> String {
    let end = jiff::Timestamp::from_millisecond(i64::try_from(end.0).unwrap()).unwrap();
    format!(r#"{{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{{"token":"{token}","expirationTimestamp":"{end}"}}}}"#)
}

/// The state that was wanted, which comes within ten minutes or never.
async fn comes(session: &Session, wanted: fn(&Link) -> bool) -> Link {
    let link = tokio::time::timeout(Duration::from_secs(600), link_is(session, wanted)).await;
    link.unwrap_or_else(|_| panic!("never came: {:?}", session.view().borrow().link))
}

/// Lets virtual time go by.
async fn pass(time: Duration) {
    tokio::time::timeout(time, std::future::pending::<()>()).await.unwrap_err();
}

/// Sees to it that a session does not leave its connection for a minute.
async fn stays_live(session: &Session) {
    let mut view = session.view();
    let left = tokio::time::timeout(Duration::from_secs(60), view.wait_for(|view| !live(&view.link))).await;
    assert!(left.is_err(), "it left: {:?}", session.view().borrow().link);
}

#[tokio::test(start_paused = true)]
async fn a_plugin_that_failed_as_after_a_sleep_is_run_again_without_a_click() {
    let machine = Machine::new(|run| if run == 0 { fails("lookup sts.eu-west-1.amazonaws.com: no such host") } else { credential("new") });
    let (session, hall, _) = open(&machine);
    match comes(&session, |link| !matches!(link, Link::Unopened | Link::Opening { .. })).await {
        Link::Unreachable { since, why, retry_at } => {
            assert_eq!(why.code, FaultCode::Plugin);
            assert!(retry_at.since(since) >= Millis::seconds(10), "it rests: {retry_at:?}");
        }
        other => panic!("{other:?}"),
    }
    comes(&session, live).await;
    assert_eq!((machine.runs(), hall.last().as_deref()), (2, Some("Bearer new")));
}

#[tokio::test(start_paused = true)]
async fn a_login_that_has_ended_is_not_asked_for_again_by_itself() {
    let machine = Machine::new(|_| fails("Token has expired and refresh failed"));
    let (session, _, _) = open(&machine);
    comes(&session, |link| matches!(link, Link::NeedsYou { why, .. } if why.code == FaultCode::SignIn)).await;
    pass(Duration::from_secs(600)).await;
    assert_eq!(machine.runs(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_credential_serves_until_its_end_while_its_renewal_fails() {
    let machine = Machine::new(|run| match run {
        0 => Ran::Prints(ending("old", Millis::seconds(30))),
        1 | 2 => fails("lookup sts.eu-west-1.amazonaws.com: no such host"),
        _ => credential("new"),
    });
    let (session, hall, _) = open(&machine);
    comes(&session, live).await;
    stays_live(&session).await;
    assert_eq!((machine.runs(), hall.last().as_deref()), (4, Some("Bearer new")));
}

/// What a plugin that keeps its certificate prints of it.
fn kept_certificate(pair: &Pair, end: Timestamp) -> String {
    let pem = |material: &Material| match material {
        Material::Data(pem) => pem.reveal().to_owned(),
        Material::File(path) => panic!("{}", path.display()),
    };
    let end = jiff::Timestamp::from_millisecond(i64::try_from(end.0).unwrap()).unwrap().to_string();
    let status = json!({ "clientCertificateData": pem(&pair.certificate), "clientKeyData": pem(&pair.key), "expirationTimestamp": end });
    json!({ "apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": status }).to_string()
}

#[tokio::test(start_paused = true)]
async fn a_certificate_of_a_plugin_that_has_ended_is_asked_for_anew() {
    let ended = kept_certificate(&Authority::new().client(Flaw::Expired), BEGIN);
    let machine = Machine::new(move |run| match run {
        0 => Ran::Prints(ending("old", Millis::seconds(8))),
        1 => Ran::Prints(ended.clone()),
        _ => credential("new"),
    });
    let (session, hall, _) = open(&machine);
    comes(&session, live).await;
    stays_live(&session).await;
    assert_eq!((machine.runs(), hall.last().as_deref()), (3, Some("Bearer new")));
}

#[tokio::test(start_paused = true)]
async fn a_sign_in_that_was_refused_opens_no_second_browser() {
    let machine = Machine::new(|_| fails("error: get-token: authcode-browser error: authorization error from server: access_denied"));
    let (session, _, _) = open(&machine);
    comes(&session, |link| matches!(link, Link::NeedsYou { .. })).await;
    pass(Duration::from_secs(600)).await;
    assert_eq!(machine.runs(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_an_hour_ahead_runs_no_plugin_for_each_request() {
    // Each token is good for an hour: by this computer's clock it ends when it comes.
    for end in [BEGIN, Timestamp(BEGIN.0 - 10_000), Timestamp(BEGIN.0 + 3_000)] {
        let machine = Machine::new(move |_| Ran::Prints(ending_at("good", end)));
        let (session, hall, _) = open(&machine);
        comes(&session, live).await;
        pass(Duration::from_secs(1_800)).await;
        assert!(live(&session.view().borrow().link));
        assert_eq!((machine.runs(), hall.last().as_deref()), (1, Some("Bearer good")), "{end:?}");
        assert_eq!(session.view().borrow().expires, None, "it is not called ended while it serves");
    }
}

#[tokio::test(start_paused = true)]
async fn a_slow_plugin_is_not_held_against_the_server() {
    // Near its end and past its end when the first heartbeat is due, which has a limit of 3 s.
    for ends in [Millis::seconds(65), Millis::seconds(8)] {
        let machine = Machine::new(move |run| if run == 0 { Ran::Prints(ending("old", ends)) } else { Ran::Takes(Duration::from_secs(10), printed("new")) });
        let (session, hall, _) = open(&machine);
        comes(&session, live).await;
        stays_live(&session).await;
        assert_eq!((machine.runs(), machine.cut(), hall.last().as_deref()), (2, 0, Some("Bearer new")), "{ends:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_gives_up_waiting_for_a_plugin_does_not_end_its_run() {
    let machine = Machine::new(|run| match run {
        0 => Ran::Prints(ending("old", Millis::seconds(8))),
        _ => Ran::Takes(Duration::from_secs(10), printed("new")),
    });
    let (session, hall, clock) = open(&machine);
    comes(&session, live).await;
    // The heartbeat of the tenth second waits for the plugin; the wake gives it up and dials anew.
    pass(Duration::from_secs(12)).await;
    assert_eq!(machine.runs(), 2);
    clock.sleep(Millis::seconds(3_600));
    session.woke();
    comes(&session, |link| matches!(link, Link::Stale { .. })).await;
    comes(&session, live).await;
    assert_eq!((machine.runs(), machine.cut(), hall.last().as_deref()), (2, 0, Some("Bearer new")));
}

#[tokio::test(start_paused = true)]
async fn a_run_of_a_plugin_ends_with_its_context() {
    let machine = Machine::new(|_| Ran::Takes(Duration::from_secs(30), printed("late")));
    let (session, _, _) = open(&machine);
    pass(Duration::from_secs(1)).await;
    assert_eq!((machine.runs(), machine.cut()), (1, 0));
    session.close();
    pass(Duration::from_secs(1)).await;
    assert_eq!(machine.cut(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_write_that_is_refused_for_its_credentials_does_not_stop_the_context() {
    let machine = Machine::new(|_| credential("old"));
    let (session, _, _) = open(&machine);
    comes(&session, live).await;
    let write = http::Request::post("/api/v1/namespaces").body(Body::from(b"{}".to_vec())).unwrap();
    assert_eq!(session.client().send(write).await.unwrap().status(), 401);
    stays_live(&session).await;
}
