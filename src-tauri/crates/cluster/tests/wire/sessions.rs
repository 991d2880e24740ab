//! What does a connection do when servers are good, dead, silent or closed?

use std::sync::Arc;
use std::time::Duration;

use api::FaultCode;
use api::contexts::Link;
use api::tables::Kind;
use cluster::clock::System;
use cluster::session::{Limits, Session, SessionView};
use cluster::tables::Rows;
use cluster::watch::{Pace, Table};
use kubeconfig::target::Target;
use tokio::net::TcpListener;

use crate::fakes::{Eager, bare_network, patient_network, screen, target, until, with_header};
use crate::server::{After, Reply, Server, healthy};
use crate::tls::{Authority, Flaw};

fn open(target: Target) -> Session {
    let limits = Limits { answer: Duration::from_millis(500), beat: Duration::from_millis(500) };
    Session::open(target, Arc::new(bare_network()), Arc::new(Eager), limits)
}

fn is_live(view: &SessionView) -> bool {
    matches!(view.link, Link::Live { .. })
}

#[tokio::test]
async fn an_open_context_knows_its_version_and_who_we_are() {
    let server = Server::plain(|seen, _| healthy(seen)).await;
    let session = open(target(&format!("http://{}", server.address)));
    let view = until(&mut session.view(), |view| is_live(view) && view.identity.is_some()).await;
    assert_eq!(view.version, "v1.36.3");
    assert_eq!(view.identity.unwrap().groups, ["eng", "system:authenticated"]);
}

#[tokio::test]
async fn without_the_server_s_word_the_token_s_own_is_shown() {
    use base64::Engine as _;
    let script = |seen: &crate::server::Seen, _| if seen.method == "POST" { Reply::Json(403, "{}".into()) } else { healthy(seen) };
    let server = Server::secure(Authority::new().server(Flaw::None), script).await;
    let body = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(r#"{"sub":"jo","exp":4000000000}"#);
    let session = open(with_header(&format!("https://{}", server.address), crate::fakes::token(&format!("h.{body}.s"))));
    let view = until(&mut session.view(), |view| view.identity.is_some()).await;
    assert_eq!((view.identity.unwrap().user.as_str(), view.expires), ("jo", Some(api::Timestamp(4_000_000_000_000))));
}

#[tokio::test]
async fn a_refused_connection_is_retried_until_it_works() {
    let holder = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = holder.local_addr().unwrap();
    drop(holder);
    let session = open(target(&format!("http://{address}")));
    let view = until(&mut session.view(), |view| matches!(view.link, Link::Unreachable { .. })).await;
    match view.link {
        Link::Unreachable { why, .. } => assert!(why.sentence.contains("nothing answers"), "{why:?}"),
        other => panic!("{other:?}"),
    }
    let _server = Server::plain_at(address, |seen, _| healthy(seen)).await;
    until(&mut session.view(), is_live).await;
}

#[tokio::test]
async fn a_black_hole_is_given_up_within_the_limit() {
    let hole = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let session = open(target(&format!("https://{}", hole.local_addr().unwrap())));
    let view = until(&mut session.view(), |view| matches!(view.link, Link::Unreachable { .. })).await;
    match view.link {
        Link::Unreachable { why, .. } => assert!(why.cause[0].text.contains("no answer"), "{why:?}"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_refused_sign_in_waits_for_a_person() {
    let script = |_: &crate::server::Seen, before| Reply::Json(if before == 0 { 401 } else { 200 }, r#"{"message":"Unauthorized","gitVersion":"v1"}"#.into());
    let server = Server::plain(script).await;
    let session = open(target(&format!("http://{}", server.address)));
    let view = until(&mut session.view(), |view| matches!(view.link, Link::NeedsYou { .. })).await;
    match view.link {
        Link::NeedsYou { why, .. } => assert_eq!((why.code, why.cause[0].text.as_str()), (FaultCode::SignIn, "Unauthorized")),
        other => panic!("{other:?}"),
    }
    assert_eq!(server.log().len(), 1);
    session.try_now();
    until(&mut session.view(), is_live).await;
}

#[tokio::test]
async fn a_closed_context_sends_nothing_more() {
    let script = |seen: &crate::server::Seen, _| match seen.uri.as_str() {
        uri if uri.contains("watch=true") => Reply::Lines(vec![], After::Stay),
        uri if uri.starts_with("/api/v1/pods") => Reply::Json(200, r#"{"metadata":{"resourceVersion":"1"},"items":[]}"#.into()),
        _ => healthy(seen),
    };
    let server = Server::plain(script).await;
    let session = open(target(&format!("http://{}", server.address)));
    let (sink, mut shown) = screen();
    let _table = Table::open(&session.access(), Rows { kind: Kind::Pods, namespace: "".to_owned() }, Arc::new(System), Pace::default(), sink);
    server.until(|log| log.iter().any(|seen| seen.is_watch()) && log.iter().any(|seen| seen.method == "POST")).await;
    let before = server.log().len();
    session.close();
    until(&mut shown, |shown| shown.statuses.last() == Some(&api::Status::Closed)).await;
    let again = http::Request::get("/version").body(kube::client::Body::empty()).unwrap();
    let refused = session.client().send(again).await.unwrap_err();
    assert!(cluster::failure::chain(&refused).contains("closed"));
    assert_eq!(server.log().len(), before);
}

#[tokio::test]
async fn a_dead_context_does_not_hold_up_another() {
    let hole = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = Server::plain(|seen, _| healthy(seen)).await;
    let limits = Limits { answer: Duration::from_secs(600), beat: Duration::from_secs(600) };
    let dead = Session::open(target(&format!("https://{}", hole.local_addr().unwrap())), Arc::new(patient_network()), Arc::new(Eager), limits);
    until(&mut dead.view(), |view| matches!(view.link, Link::Opening { .. })).await;
    let good = open(target(&format!("http://{}", server.address)));
    until(&mut good.view(), is_live).await;
    // The dead one is still at its first try: the good one did not wait for its end.
    assert!(matches!(dead.view().borrow().link, Link::Opening { .. }));
}

#[tokio::test]
async fn five_dead_contexts_of_ten_hold_up_none_of_the_others_on_one_network() {
    let hole = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = Server::plain(|seen, _| healthy(seen)).await;
    let network = Arc::new(patient_network());
    let five = |address: String| -> Vec<Session> {
        let limits = || Limits { answer: Duration::from_secs(600), beat: Duration::from_secs(600) };
        (0..5).map(|_| Session::open(target(&address), network.clone(), Arc::new(Eager), limits())).collect()
    };
    let dead = five(format!("https://{}", hole.local_addr().unwrap()));
    for one in &dead {
        until(&mut one.view(), |view| matches!(view.link, Link::Opening { .. })).await;
    }
    let good = five(format!("http://{}", server.address));
    for one in &good {
        until(&mut one.view(), is_live).await;
    }
    // The dead ones are still at their first try: nobody waited for its end.
    assert!(dead.iter().all(|one| matches!(one.view().borrow().link, Link::Opening { .. })));
}

#[tokio::test]
async fn a_name_that_cannot_exist_is_said_to_be_not_found() {
    // Longer than a name may be, so that no resolver is asked.
    let host = "x".repeat(64);
    let session = open(target(&format!("https://{host}:6443")));
    let view = until(&mut session.view(), |view| matches!(view.link, Link::Unreachable { .. })).await;
    match view.link {
        Link::Unreachable { why, .. } => assert_eq!(why.sentence, format!("KOS cannot connect to lab: the name {host} was not found.")),
        other => panic!("{other:?}"),
    }
}
