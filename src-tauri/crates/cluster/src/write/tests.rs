use api::FaultCode;
use std::sync::{Arc, Mutex};

use http::{Request, Response};
use http_body_util::BodyExt as _;
use kube::client::Body;
use rstest::rstest;
use serde_json::{Value, json};

use super::*;
use crate::dial::through;
use crate::fault::{self, About};
use crate::session::Shut;

/// What a fake server was asked: method, path with query, content type, body.
type Asked = Arc<Mutex<Vec<(String, String, String, Value)>>>;

/// A server that gives one answer to everything and remembers what it was asked.
fn server(status: u16, body: &str) -> (kube::Client, Asked) {
    let asked = Asked::default();
    let (log, body) = (asked.clone(), body.to_owned());
    let service = tower::service_fn(move |request: Request<Body>| {
        let (log, body) = (log.clone(), body.clone());
        async move {
            let (parts, sent) = request.into_parts();
            let sent = sent.collect().await.expect("a body of this process").to_bytes();
            let kind = parts.headers.get("content-type").and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
            let sent = serde_json::from_slice(&sent).unwrap_or(Value::Null);
            log.lock().unwrap().push((parts.method.to_string(), parts.uri.to_string(), kind, sent));
            let answer = Response::builder().status(status).body(Body::from(body.into_bytes())).unwrap();
            Ok::<_, tower::BoxError>(answer)
        }
    });
    (through(service, "default"), asked)
}

fn cluster() -> Place {
    Place {
        api_version: "cluster.x-k8s.io/v1beta2".into(),
        kind: "Cluster".into(),
        plural: "clusters".into(),
        namespace: "default".into(),
        name: "lab-a".into(),
    }
}

fn seen() -> Seen {
    Seen::of(&json!({ "metadata": { "uid": "u1", "resourceVersion": "7" } }))
}

fn pause() -> Write {
    Write::Patch { patch: Patch::Merge(json!({ "spec": { "paused": true } })), seen: seen() }
}

fn about() -> About {
    About { context: "#lab".into(), name: "lab".into(), server: "https://lab:6443".into() }
}

async fn refusal(status: u16, message: &str, reason: &str) -> WriteError {
    let (client, _) = server(status, &json!({ "kind": "Status", "message": message, "reason": reason, "code": status }).to_string());
    send(&client, &cluster(), &pause(), Mode::ForGood).await.unwrap_err()
}

#[tokio::test]
async fn each_write_is_sent_once_with_its_guard() {
    let base = "/apis/cluster.x-k8s.io/v1beta2/namespaces/default/clusters";
    let managed = "timeout=30s&fieldManager=kos&fieldValidation=Strict";
    let document = json!({ "kind": "Cluster" });
    let steps = Write::Patch { patch: Patch::Steps(vec![json!({ "op": "replace", "path": "/spec/paused", "value": true })]), seen: seen() };
    let apply = |conflicts| Write::Apply { document: document.clone(), conflicts };
    for (write, mode, method, uri, kind, body) in [
        (
            pause(),
            Mode::ForGood,
            "PATCH",
            format!("{base}/lab-a?{managed}"),
            "application/merge-patch+json",
            json!({ "metadata": { "uid": "u1", "resourceVersion": "7" }, "spec": { "paused": true } }),
        ),
        (
            steps,
            Mode::DryRun,
            "PATCH",
            format!("{base}/lab-a?{managed}&dryRun=All"),
            "application/json-patch+json",
            json!([
                { "op": "replace", "path": "/metadata/uid", "value": "u1" },
                { "op": "replace", "path": "/metadata/resourceVersion", "value": "7" },
                { "op": "replace", "path": "/spec/paused", "value": true },
            ]),
        ),
        (apply(Conflicts::Refuse), Mode::DryRun, "PATCH", format!("{base}/lab-a?{managed}&dryRun=All"), "application/apply-patch+yaml", document.clone()),
        (apply(Conflicts::TakeOver), Mode::ForGood, "PATCH", format!("{base}/lab-a?{managed}&force=true"), "application/apply-patch+yaml", document.clone()),
        (Write::Create { document: document.clone() }, Mode::ForGood, "POST", format!("{base}?{managed}"), "application/json", document.clone()),
        (
            Write::Delete { seen: seen() },
            Mode::DryRun,
            "DELETE",
            format!("{base}/lab-a?timeout=30s&dryRun=All"),
            "application/json",
            json!({ "apiVersion": "v1", "kind": "DeleteOptions", "preconditions": { "uid": "u1", "resourceVersion": "7" }, "dryRun": ["All"] }),
        ),
    ] {
        let (client, asked) = server(200, r#"{"kind":"Cluster"}"#);
        assert_eq!(send(&client, &cluster(), &write, mode).await, Ok(document.clone()));
        let asked = asked.lock().unwrap();
        assert_eq!(asked.as_slice(), [(method.to_owned(), uri, kind.to_owned(), body)]);
    }
}

#[rstest]
#[case(409, r#"Operation cannot be fulfilled on clusters "lab-a": the object has been modified"#, "Conflict", FaultCode::Changed)]
#[case(409, r#"clusters "lab-a" already exists"#, "AlreadyExists", FaultCode::Invalid)]
#[case(409, r#"Apply failed with 1 conflict: conflict with "kubectl": .spec.paused"#, "Conflict", FaultCode::Invalid)]
#[case(404, r#"clusters "lab-a" not found"#, "NotFound", FaultCode::NotFound)]
#[case(403, r#"clusters "lab-a" is forbidden: User "jo" cannot patch"#, "Forbidden", FaultCode::Denied)]
#[case(401, "Unauthorized", "Unauthorized", FaultCode::SignIn)]
#[case(422, r#"Cluster "lab-a" is invalid: spec.topology.version"#, "Invalid", FaultCode::Invalid)]
#[case(429, "slow down", "TooManyRequests", FaultCode::Unreachable)]
#[tokio::test]
async fn each_refusal_says_that_nothing_was_written_and_quotes_the_server(
    #[case] status: u16,
    #[case] message: &str,
    #[case] reason: &str,
    #[case] code: FaultCode,
) {
    let error = refusal(status, message, reason).await;
    let told = fault::write(&about(), "Cluster lab-a", Mode::ForGood, &error);
    assert_eq!((told.code, told.unharmed.as_str()), (code, "Nothing was written."), "{error:?}");
    assert_eq!((told.cause[0].source.as_str(), told.cause[0].text.as_str()), ("https://lab:6443", message));
    assert!(told.sentence.contains("lab"), "{}", told.sentence);
}

#[tokio::test]
async fn a_quota_that_is_used_up_is_not_taken_for_a_missing_right() {
    let said = r#"clusters.cluster.x-k8s.io "lab-a" is forbidden: exceeded quota: team, requested: count/clusters.cluster.x-k8s.io=1, used: count/clusters.cluster.x-k8s.io=2, limited: count/clusters.cluster.x-k8s.io=2"#;
    let error = refusal(403, said, "Forbidden").await;
    assert_eq!(error, WriteError::OverQuota { said: said.into() });
    let told = fault::write(&about(), "Cluster lab-a", Mode::DryRun, &error);
    assert_eq!(told.sentence, "Cluster lab-a is more than a quota of its namespace in lab allows. Make room, or ask for a larger one.");
    assert_eq!((told.cause[0].text.as_str(), told.unharmed.as_str()), (said, "Nothing was written."));
    let uncounted = r#"clusters.cluster.x-k8s.io "lab-a" is forbidden: status unknown for quota: team, resources: count/clusters.cluster.x-k8s.io"#;
    assert_eq!(refusal(403, uncounted, "Forbidden").await, WriteError::Busy { said: uncounted.into() });
}

#[tokio::test]
async fn a_webhook_that_refuses_is_quoted_by_its_name() {
    let said = r#"admission webhook "validation.cluster.cluster.x-k8s.io" denied the request: Cluster.cluster.x-k8s.io "lab-a" is invalid: no"#;
    let error = refusal(403, said, "Forbidden").await;
    let told = fault::write(&about(), "Cluster lab-a", Mode::DryRun, &error);
    assert_eq!(told.sentence, "lab refuses this change of Cluster lab-a.");
    assert_eq!(told.cause[0].source, "validation.cluster.cluster.x-k8s.io");
    assert_eq!(told.cause[0].text, r#"Cluster.cluster.x-k8s.io "lab-a" is invalid: no"#);
}

#[tokio::test]
async fn a_webhook_that_does_not_answer_is_named_and_nothing_is_written() {
    let said = r#"Internal error occurred: failed calling webhook "default.cluster.cluster.x-k8s.io": failed to call webhook: connection refused"#;
    let error = refusal(500, said, "InternalError").await;
    let told = fault::write(&about(), "Cluster lab-a", Mode::ForGood, &error);
    assert_eq!((told.cause[0].source.as_str(), told.unharmed.as_str()), ("default.cluster.cluster.x-k8s.io", "Nothing was written."));
}

#[rstest]
#[case::refused("failed to call webhook: Post \"https://a.b.svc:443/m?timeout=10s\": dial tcp 10.96.0.7:443: connect: connection refused", true)]
#[case::nobody_behind("failed to call webhook: Post \"https://a.b.svc:443/m?timeout=10s\": no endpoints available for service \"a\"", true)]
#[case::no_service("failed to call webhook: Post \"https://a.b.svc:443/m?timeout=10s\": service \"a\" not found", true)]
#[case::certificate("failed to call webhook: Post \"https://a.b.svc:443/m\": tls: x509: certificate signed by unknown authority", true)]
#[case::no_route("failed to call webhook: Post \"https://a.b.svc:443/m\": dial tcp 10.96.0.7:443: connect: no route to host", true)]
#[case::too_late("failed to call webhook: Post \"https://a.b.svc:443/m?timeout=10s\": context deadline exceeded", false)]
#[case::hung_up("failed to call webhook: Post \"https://a.b.svc:443/m?timeout=10s\": EOF", false)]
#[case::nonsense("failed to call webhook: an error on the server (\"unknown\") has prevented the request from succeeding", false)]
fn a_webhook_that_nobody_reached_is_told_from_one_that_answers_badly(#[case] why: &str, #[case] nobody: bool) {
    assert_eq!(met_nobody(&format!("Internal error occurred: failed calling webhook \"default.cluster.cluster.x-k8s.io\": {why}")), nobody);
    assert!(!met_nobody(why), "only of a webhook");
}

#[tokio::test]
async fn an_answer_that_proves_nothing_is_told_as_not_known() {
    for (status, body) in [(504, r#"{"message":"request did not complete within the allotted timeout"}"#), (502, "<html>"), (503, "<html>"), (200, "<html>")] {
        let (client, asked) = server(status, body);
        let error = send(&client, &cluster(), &pause(), Mode::ForGood).await.unwrap_err();
        assert!(matches!(error, WriteError::Unknown { .. }), "{status}: {error:?}");
        let told = fault::write(&about(), "Cluster lab-a", Mode::ForGood, &error);
        assert!(told.sentence.starts_with("KOS does not know whether") && !told.unharmed.contains("Nothing was written"), "{told}");
        assert_eq!(asked.lock().unwrap().len(), 1, "it is not sent a second time");
        assert_eq!(fault::write(&about(), "Cluster lab-a", Mode::DryRun, &error).unharmed, "Nothing was written.");
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_never_answers_a_write_is_given_up_within_a_limit() {
    let service = tower::service_fn(|_: Request<Body>| std::future::pending::<Result<Response<Body>, tower::BoxError>>());
    let error = send(&through(service, "default"), &cluster(), &pause(), Mode::ForGood).await.unwrap_err();
    assert_eq!(error, WriteError::Unknown { said: "no answer within 35 s".into() });
}

#[tokio::test]
async fn a_connection_that_broke_in_a_write_leaves_it_open_what_happened() {
    // As the stream of a connection that stands tells what TLS says.
    let tls = |cause: rustls::Error| std::io::Error::new(std::io::ErrorKind::InvalidData, cause);
    for (cause, known) in [
        (tower::BoxError::from(std::io::Error::from(std::io::ErrorKind::ConnectionReset)), false),
        (tls(rustls::Error::DecryptError).into(), false),
        (tls(rustls::Error::AlertReceived(rustls::AlertDescription::InternalError)).into(), false),
        // Servers of TLS 1.3 say so when the first request is under way; they read nothing of it.
        (tls(rustls::Error::AlertReceived(rustls::AlertDescription::CertificateRequired)).into(), true),
        (Shut::GivenUp.into(), false),
        (Shut::NoConnection.into(), true),
    ] {
        let cause = Mutex::new(Some(cause));
        let cause = Arc::new(cause);
        let service = tower::service_fn(move |_: Request<Body>| {
            let error = cause.lock().unwrap().take().expect("a write is sent once");
            std::future::ready(Err::<Response<Body>, tower::BoxError>(error))
        });
        let error = send(&through(service, "default"), &cluster(), &pause(), Mode::ForGood).await.unwrap_err();
        assert_eq!(matches!(error, WriteError::NotSent(_)), known, "{error:?}");
        assert_eq!(matches!(error, WriteError::Unknown { .. }), !known, "{error:?}");
    }
}

#[rstest]
#[case("../../secrets/a")]
#[case("..")]
#[case("a?dryRun=")]
#[case("a b")]
#[case("")]
#[tokio::test]
async fn a_name_that_leads_elsewhere_is_not_sent(#[case] name: &str) {
    let (client, asked) = server(200, "{}");
    let error = send(&client, &Place { name: name.into(), ..cluster() }, &pause(), Mode::ForGood).await.unwrap_err();
    assert!(matches!(error, WriteError::Invalid { .. }), "{error:?}");
    assert!(asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_document_finds_its_place_by_what_the_server_serves() {
    let resources = json!({ "resources": [
        { "name": "clusters/status", "kind": "Cluster", "namespaced": true },
        { "name": "clusters", "kind": "Cluster", "namespaced": true },
        { "name": "things", "kind": "Thing", "namespaced": false },
    ] });
    let (client, _) = server(200, &resources.to_string());
    let document = |kind: &str, namespace: Option<&str>| json!({ "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": kind, "metadata": { "name": "lab-a", "namespace": namespace } });
    assert_eq!(find(&client, &document("Cluster", None), "default").await, Ok(cluster()));
    assert_eq!(find(&client, &document("Cluster", Some("default")), "other").await, Ok(cluster()));
    assert_eq!(find(&client, &document("Thing", Some("x")), "default").await.map(|place| place.namespace), Ok(String::new()));
    assert_eq!(find(&client, &document("Other", None), "default").await, Err(WriteError::UnknownKind { said: "cluster.x-k8s.io/v1beta2 Other".into() }));
    assert_eq!(find(&client, &json!({ "kind": "Cluster" }), "default").await, Err(WriteError::Invalid { said: "apiVersion is missing".into() }));
}
