use std::path::PathBuf;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixListener;
use tokio_util::sync::CancellationToken;

use super::{EngineError, pull, target};

/// A daemon that answers one request with these bytes, and gives back what it was asked.
async fn asked(answer: &str, stop: CancellationToken) -> (Result<(), EngineError>, String, u16) {
    let folder = tempfile::tempdir().unwrap();
    let socket: PathBuf = folder.path().join("docker.sock");
    let listener = UnixListener::bind(&socket).unwrap();
    let serve = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = vec![0; 4096];
        let read = stream.read(&mut request).await.unwrap();
        stream.write_all(answer.as_bytes()).await.unwrap();
        String::from_utf8_lossy(&request[..read]).lines().next().unwrap_or_default().to_owned()
    };
    let mut thousandths = 0;
    let mut progress = |p: &super::Pull| thousandths = p.progress().thousandths;
    let (result, request) = tokio::join!(pull(&socket, "kindest/node:v1.36.4@sha256:099e", &mut progress, stop), serve);
    (result, request, thousandths)
}

fn answer(status: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

#[tokio::test]
async fn a_pull_is_followed_to_its_end() {
    let body = "{\"status\":\"Pulling fs layer\",\"id\":\"a\"}\r\n{\"status\":\"Pull complete\",\"id\":\"a\"}";
    let (result, request, thousandths) = asked(&answer("200 OK", body), CancellationToken::new()).await;
    assert!(result.is_ok(), "{result:?}");
    assert_eq!(request, "POST /images/create?fromImage=kindest/node&tag=sha256:099e HTTP/1.1");
    assert_eq!(thousandths, 1_000);
}

#[tokio::test]
async fn a_daemon_that_gives_up_after_200_is_an_error() {
    let (result, ..) = asked(&answer("200 OK", "{\"error\":\"no space left on device\"}"), CancellationToken::new()).await;
    assert!(matches!(result, Err(EngineError::NotPulled { said }) if said == "no space left on device"));
}

#[tokio::test]
async fn a_refusal_is_quoted() {
    let (result, ..) = asked(&answer("404 Not Found", "{\"message\":\"manifest unknown\"}"), CancellationToken::new()).await;
    assert!(matches!(result, Err(EngineError::Refused { said, .. }) if said == "manifest unknown"));
}

#[tokio::test]
async fn a_connection_that_breaks_in_the_middle_is_an_error() {
    let (result, ..) = asked("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{\"status\"", CancellationToken::new()).await;
    assert!(matches!(result, Err(EngineError::Broken(_))), "{result:?}");
}

#[tokio::test]
async fn a_stop_ends_it_and_a_missing_socket_is_named() {
    let stopped = CancellationToken::new();
    stopped.cancel();
    let folder = tempfile::tempdir().unwrap();
    let nobody = pull(&folder.path().join("none"), "x", &mut |_| {}, CancellationToken::new()).await;
    assert!(matches!(nobody, Err(EngineError::NotConnected(_))));
    let listener = UnixListener::bind(folder.path().join("mute")).unwrap();
    let result = pull(&folder.path().join("mute"), "x", &mut |_| {}, stopped).await;
    assert!(matches!(result, Err(EngineError::Stopped)));
    drop(listener);
}

#[test]
fn a_reference_becomes_a_name_and_a_version() {
    assert_eq!(target("kindest/node:v1.36.4"), "/images/create?fromImage=kindest/node&tag=v1.36.4");
    assert_eq!(target("localhost:5000/node"), "/images/create?fromImage=localhost:5000/node&tag=latest");
    assert_eq!(target("a/b:x&y"), "/images/create?fromImage=a/b&tag=x%26y");
}
