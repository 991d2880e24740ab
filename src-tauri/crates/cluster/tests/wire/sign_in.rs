//! How are credentials kept fresh, and what is said when there are none?

use cluster::credentials::CredentialError;
use cluster::dial::Dial;
use cluster::failure::{LinkError, chain};
use kubeconfig::target::{Header, Identity, Impersonate, Material, Pair, Target, Tls};
use rstest::rstest;
use secret::Secret;

use crate::fakes::{Machine, Ran, bare_network, credential, endless, network, plugin, target, token, token_file, with_header};
use crate::server::{Reply, Seen, Server, healthy};
use crate::tls::{Authority, Flaw, ask};

/// A TLS server that knows one token.
async fn server_that_knows(good: &'static str) -> (Server, String) {
    let script = move |seen: &Seen, _| if seen.authorization == format!("Bearer {good}") { healthy(seen) } else { Reply::Json(401, "{}".into()) };
    let server = Server::secure(Authority::new().server(Flaw::None), script).await;
    let url = format!("https://{}", server.address);
    (server, url)
}

#[tokio::test]
async fn a_token_is_sent_and_basic_auth_is_encoded() {
    let server = Server::secure(Authority::new().server(Flaw::None), |seen, _| healthy(seen)).await;
    let url = format!("https://{}", server.address);
    ask(&bare_network(), &with_header(&url, token("t0k"))).await.unwrap();
    ask(&bare_network(), &with_header(&url, Header::Basic { user: "jo".into(), password: Secret::new("pw") })).await.unwrap();
    let sent: Vec<String> = server.log().into_iter().map(|seen| seen.authorization).collect();
    assert_eq!(sent, ["Bearer t0k", "Basic am86cHc="]);
}

#[tokio::test]
async fn no_credential_is_sent_in_plain_text() {
    let server = Server::plain(|seen, _| healthy(seen)).await;
    let machine = Machine::new(|_| credential("t0k"));
    for header in [token("t0k"), plugin()] {
        ask(&network(&machine), &with_header(&format!("http://{}", server.address), header)).await.unwrap();
    }
    assert!(server.log().iter().all(|seen| seen.authorization.is_empty()));
    assert_eq!(machine.runs(), 0);
}

#[tokio::test]
async fn a_renewed_token_file_is_used_at_once_and_outlives_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    std::fs::write(&path, "  old \n").unwrap();
    let server = Server::secure(Authority::new().server(Flaw::None), |seen, _| healthy(seen)).await;
    let entry = with_header(&format!("https://{}", server.address), Header::TokenFile(token_file(path.clone(), None)));
    let dialled = bare_network().dial(&entry).await.unwrap();
    let version = || http::Request::get("/version").body(kube::client::Body::empty()).unwrap();
    dialled.client.send(version()).await.unwrap();
    std::fs::write(folder.path().join("new"), "new\n").unwrap();
    std::fs::rename(folder.path().join("new"), &path).unwrap();
    dialled.client.send(version()).await.unwrap();
    std::fs::remove_file(&path).unwrap();
    dialled.client.send(version()).await.unwrap();
    let sent: Vec<String> = server.log().into_iter().map(|seen| seen.authorization).collect();
    assert_eq!(sent, ["Bearer old", "Bearer new", "Bearer new"]);
}

#[rstest]
#[case::empty(Some("\n"), None, Err("the token file"))]
#[case::a_private_key(Some("-----BEGIN KEY-----\nhunter2\n"), None, Err("does not hold a token"))]
#[case::missing(None, None, Err("cannot be used"))]
#[case::missing_with_fallback(None, Some("inline"), Ok("Bearer inline"))]
#[tokio::test]
async fn a_token_file_that_holds_no_token(#[case] content: Option<&str>, #[case] fallback: Option<&str>, #[case] wanted: Result<&str, &str>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    if let Some(content) = content {
        std::fs::write(&path, content).unwrap();
    }
    let server = Server::secure(Authority::new().server(Flaw::None), |seen, _| healthy(seen)).await;
    let entry = with_header(&format!("https://{}", server.address), Header::TokenFile(token_file(path, fallback)));
    let asked = ask(&bare_network(), &entry).await;
    match wanted {
        Ok(header) => assert_eq!(server.log()[0].authorization, header),
        Err(words) => {
            assert!(matches!(&asked, Err(LinkError::Credentials(why)) if why.to_string().contains(words)), "{asked:?}");
            assert!(server.log().is_empty());
        }
    }
}

#[tokio::test]
async fn a_file_that_has_no_end_is_refused_wherever_an_entry_names_it() {
    const SERVER: &str = "https://127.0.0.1:1";
    let (folder, good) = (tempfile::tempdir().unwrap(), Authority::new().client(Flaw::None));
    let by_pair = |certificate, key| Target { identity: Identity { certificate: Some(Pair { certificate, key }), header: Header::Nothing }, ..target(SERVER) };
    for path in endless(folder.path()) {
        let file = || Material::File(path.clone());
        for (what, entry) in [
            ("tokenFile", with_header(SERVER, Header::TokenFile(token_file(path.clone(), None)))),
            ("certificate-authority", Target { tls: Tls::Verified { ca: Some(file()), server_name: None }, ..target(SERVER) }),
            ("client-certificate", by_pair(file(), good.key.clone())),
            ("client-key", by_pair(good.certificate.clone(), file())),
        ] {
            let place = path.display().to_string();
            match bare_network().dial(&entry).await.map(drop) {
                Err(LinkError::Credentials(why)) => assert!(matches!(&*why, CredentialError::File(_)) && chain(&*why).contains(&place), "{what}: {why:?}"),
                other => panic!("{what} at {place}: {other:?}"),
            }
        }
    }
}

#[tokio::test]
async fn a_refused_token_runs_the_plugin_once_more_and_repeats_the_read_once() {
    let (server, url) = server_that_knows("fresh").await;
    let machine = Machine::new(|run| credential(if run == 0 { "stale" } else { "fresh" }));
    assert_eq!(ask(&network(&machine), &with_header(&url, plugin())).await, Ok(200));
    assert_eq!((machine.runs(), server.log().len()), (2, 2));
}

#[tokio::test]
async fn a_token_that_is_refused_again_is_not_tried_a_third_time() {
    let (server, url) = server_that_knows("unknown").await;
    let machine = Machine::new(|_| credential("stale"));
    assert_eq!(ask(&network(&machine), &with_header(&url, plugin())).await, Ok(401));
    assert_eq!((machine.runs(), server.log().len()), (2, 2));
}

#[tokio::test]
async fn a_write_is_never_repeated() {
    let (server, url) = server_that_knows("fresh").await;
    let machine = Machine::new(|run| credential(if run == 0 { "stale" } else { "fresh" }));
    let dialled = network(&machine).dial(&with_header(&url, plugin())).await.unwrap();
    let write = || http::Request::post("/apis/authentication.k8s.io/v1/selfsubjectreviews").body(kube::client::Body::from(b"{}".to_vec())).unwrap();
    assert_eq!(dialled.client.send(write()).await.unwrap().status(), 401);
    assert_eq!((machine.runs(), server.log().len()), (1, 1));
    // The token that was refused is not sent again: the next write that somebody asks for comes with a new one.
    assert_eq!(dialled.client.send(write()).await.unwrap().status(), 201);
    assert_eq!((machine.runs(), server.log().len()), (2, 2));
}

#[tokio::test]
async fn twelve_that_wait_share_one_run() {
    let (_server, url) = server_that_knows("fresh").await;
    for ran in [credential("fresh"), Ran::Missing] {
        let machine = Machine::new(move |_| ran.clone());
        let (network, entry) = (network(&machine), with_header(&url, plugin()));
        futures::future::join_all((0..12).map(|_| network.dial(&entry))).await;
        assert_eq!(machine.runs(), 1);
    }
}

#[tokio::test]
async fn a_token_that_had_ended_when_it_came_serves_like_any_other_until_it_is_refused() {
    let (_server, url) = server_that_knows("fresh").await;
    for end in ["2020-01-01T00:00:00Z", "2199-01-01T00:00:00Z"] {
        let machine = Machine::new(move |run| {
            let token = if run == 0 { "stale" } else { "fresh" };
            Ran::Prints(format!(
                r#"{{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{{"token":"{token}","expirationTimestamp":"{end}"}}}}"#
            ))
        });
        let dialled = network(&machine).dial(&with_header(&url, plugin())).await.unwrap();
        for _ in 0..3 {
            let version = http::Request::get("/version").body(kube::client::Body::empty()).unwrap();
            assert_eq!(dialled.client.send(version).await.unwrap().status(), 200);
        }
        assert_eq!(machine.runs(), 2, "{end}");
    }
}

#[rstest]
#[case::missing(Ran::Missing, |e: &CredentialError| matches!(e, CredentialError::PluginNotFound { searched, hint, .. } if searched.len() == 2 && hint == "Install login"))]
#[case::hangs(Ran::Hangs { stdout: "hunter2".into(), stderr: "waiting for your browser".into() }, |e: &CredentialError| matches!(e, CredentialError::PluginHung { limit_s: 60, stderr, .. } if stderr == "waiting for your browser"))]
#[case::fails(Ran::Fails { stdout: "hunter2".into(), stderr: "no network".into() }, |e: &CredentialError| matches!(e, CredentialError::PluginFailed { stderr, .. } if stderr == "no network"))]
#[case::garbage(Ran::Prints("token: hunter2".into()), |e: &CredentialError| matches!(e, CredentialError::PluginGarbage { .. }))]
#[case::endless(Ran::Prints("x".repeat(2 * 1024 * 1024)), |e: &CredentialError| matches!(e, CredentialError::PluginGarbage { .. }))]
#[tokio::test]
async fn each_way_a_plugin_fails_is_told_apart_without_its_output(#[case] ran: Ran, #[case] wanted: fn(&CredentialError) -> bool) {
    let machine = Machine::new(move |_| ran.clone());
    let entry: Target = with_header("https://127.0.0.1:1", plugin());
    match ask(&network(&machine), &entry).await {
        Err(LinkError::Credentials(why)) => {
            assert!(wanted(&why), "{why:?}");
            assert!(!format!("{why:?} {}", chain(&*why)).contains("hunter2"));
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_plugin_is_told_its_version_and_that_nobody_can_answer_it() {
    let machine = Machine::new(|_| credential("t0k"));
    network(&machine).dial(&with_header("https://127.0.0.1:1", plugin())).await.unwrap();
    let asked = machine.asked.lock().unwrap();
    let (name, value) = asked[0].env.last().unwrap();
    let info: serde_json::Value = serde_json::from_str(value.reveal()).unwrap();
    assert_eq!(name, "KUBERNETES_EXEC_INFO");
    assert_eq!(info, serde_json::json!({ "apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "spec": { "interactive": false } }));
}

#[tokio::test]
async fn acting_as_somebody_and_a_path_before_the_api_are_kept() {
    let server = Server::plain(|seen, _| healthy(seen)).await;
    let url = format!("http://{}/k8s/clusters/c-1", server.address);
    let texts = |all: [&str; 2]| all.map(str::to_owned).to_vec();
    let somebody = Impersonate { user: "ada".into(), uid: "42".into(), groups: texts(["eng", "ops"]), extra: vec![("a/b".into(), texts(["x", "y"]))] };
    let entry = Target { impersonate: Some(somebody), ..target(&url) };
    assert_eq!(ask(&bare_network(), &entry).await, Ok(404));
    let seen = server.log().remove(0);
    assert_eq!(seen.uri, "/k8s/clusters/c-1/version");
    let sent: Vec<_> = seen.acting_as.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let wanted = [
        ("impersonate-extra-a%2fb", "x"),
        ("impersonate-extra-a%2fb", "y"),
        ("impersonate-group", "eng"),
        ("impersonate-group", "ops"),
        ("impersonate-uid", "42"),
        ("impersonate-user", "ada"),
    ];
    assert_eq!(sent, wanted);
}
