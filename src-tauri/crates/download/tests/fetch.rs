//! Is the target the old file or the whole, verified new one, whatever the network does?

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use download::{Address, DownloadError, Fetched, Patience, Pinned, Progress, Route, Scheme, fetch, fetch_small, from_file, give_up, part_of};
use tempfile::TempDir;
use testkit::{Direction, FaultProxy};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

const BODY_BYTES: usize = 300_000;

/// A server of one file, its requests and a folder to download into.
struct Rig {
    address: SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
    folder: TempDir,
    route: Route,
    _server: JoinSet<()>,
}

fn body() -> Vec<u8> {
    (0..BODY_BYTES).map(|n| (n % 251) as u8).collect()
}

impl Rig {
    async fn new() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let heads: Arc<Mutex<Vec<String>>> = Arc::default();
        let log = Arc::clone(&heads);
        let mut server = JoinSet::new();
        server.spawn(async move {
            let mut open = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                open.spawn(answer(stream, Arc::clone(&log)));
            }
        });
        let patience = Patience { resumes: 2, pause: Duration::ZERO, ..Patience::default() };
        let route = Route { scheme: Scheme::HttpOnLoopback, patience, ..Route::default() };
        Self { address, heads, folder: tempfile::tempdir().expect("a folder"), route, _server: server }
    }

    fn pinned(&self, at: SocketAddr, path: &str) -> Pinned {
        let original = self.folder.path().join("original");
        fs::write(&original, body()).expect("the original is written");
        let sha256 = download::of_file(&original).expect("it has a digest");
        Pinned { address: format!("http://{at}{path}"), size: None, sha256, target: self.target() }
    }

    fn target(&self) -> PathBuf {
        self.folder.path().join("tools/kind")
    }

    fn part(&self) -> PathBuf {
        part_of(&self.target())
    }

    async fn fetch(&self, pinned: &Pinned) -> Result<Vec<Progress>, DownloadError> {
        let mut all = vec![];
        match fetch(pinned, &self.route, &mut |progress| all.push(progress)).await? {
            Fetched::Whole(whole) => whole.install().await?,
            Fetched::IsHere => {}
        }
        Ok(all)
    }

    async fn small(&self, path: &str, most: usize) -> Result<Vec<u8>, DownloadError> {
        fetch_small(&Address::parse(&format!("http://{}{path}", self.address))?, &self.route, most).await
    }

    fn heads(&self) -> Vec<String> {
        self.heads.lock().expect("the log is whole").clone()
    }

    /// The target as it was before, by its bytes.
    fn with_old_target(&self) {
        fs::create_dir_all(self.target().parent().expect("a folder")).expect("the folder is made");
        fs::write(self.target(), "old").expect("the old one is written");
    }

    fn is_old(&self) -> bool {
        fs::read(self.target()).expect("the target is there") == b"old"
    }
}

/// One HTTP/1.1 exchange; the path says which.
async fn answer(mut stream: TcpStream, log: Arc<Mutex<Vec<String>>>) {
    let mut head = vec![];
    while !head.ends_with(b"\r\n\r\n") {
        let Ok(byte) = stream.read_u8().await else { return };
        head.push(byte);
    }
    let head = String::from_utf8(head).expect("a request");
    log.lock().expect("the log is whole").push(head.clone());
    let target = head.split(' ').nth(1).unwrap_or_default();
    let path = target.find("://").map_or(target, |at| target[at + 3..].find('/').map_or("", |slash| &target[at + 3 + slash..]));
    let from = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("range: bytes=")?.trim_end_matches('-').parse().ok());
    let body = body();
    let reply = match (path, from) {
        ("/kind", Some(from)) if from >= BODY_BYTES => simple("416 Range Not Satisfiable", ""),
        ("/kind", Some(from)) => {
            let extra = format!("Content-Range: bytes {from}-{}/{BODY_BYTES}\r\n", BODY_BYTES - 1);
            whole("206 Partial Content", &extra, &body[from..])
        }
        ("/kind", None) | ("/no-ranges", _) => whole("200 OK", "", &body),
        ("/untold", Some(from)) => {
            let head = format!("HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {from}-{}/{BODY_BYTES}\r\nConnection: close\r\n\r\n", BODY_BYTES - 1);
            [head.as_bytes(), &body[from..]].concat()
        }
        // Its length shows only when it ends.
        ("/untold", _) => [b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".as_slice(), body.as_slice()].concat(),
        ("/other", _) => whole("200 OK", "", b"another file"),
        ("/unsafe", _) => simple("302 Found", "Location: http://example.org/kind\r\n"),
        ("/moved", _) => simple("302 Found", "Location: /kind\r\n"),
        ("/circle", _) => simple("302 Found", "Location: /circle\r\n"),
        _ if head.starts_with("CONNECT") => simple("407 Proxy Authentication Required", ""),
        _ => simple("404 Not Found", ""),
    };
    let _ = stream.write_all(&reply).await;
    let _ = stream.shutdown().await;
    // Closing with unread bytes would reset what was just sent.
    let _ = stream.read(&mut [0; 1]).await;
}

fn whole(status: &str, extra: &str, body: &[u8]) -> Vec<u8> {
    [format!("HTTP/1.1 {status}\r\n{extra}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len()).as_bytes(), body].concat()
}

fn simple(status: &str, extra: &str) -> Vec<u8> {
    whole(status, extra, b"")
}

#[tokio::test]
async fn a_file_is_fetched_verified_and_made_executable() {
    let rig = Rig::new().await;
    let progress = rig.fetch(&rig.pinned(rig.address, "/moved")).await.expect("it is fetched");
    assert_eq!(fs::read(rig.target()).expect("it is there"), body());
    assert_eq!(rig.target().metadata().expect("it is there").permissions().mode() & 0o777, 0o700);
    assert!(!rig.part().exists());
    let total = Some(BODY_BYTES as u64);
    assert_eq!(progress.first(), Some(&Progress { received: 0, total }));
    assert_eq!(progress.last(), Some(&Progress { received: BODY_BYTES as u64, total }));
}

#[tokio::test]
async fn what_was_fetched_replaces_nothing_before_it_is_told_to_and_is_kept_until_it_is_given_up() {
    let rig = Rig::new().await;
    rig.with_old_target();
    let pinned = rig.pinned(rig.address, "/kind");
    drop(fetch(&pinned, &rig.route, &mut |_| ()).await.expect("it is fetched"));
    assert!(rig.is_old() && fs::read(rig.part()).expect("it is kept") == body());
    for what in ["a part", "nothing"] {
        give_up(&rig.target()).await.expect(what);
        assert!(rig.is_old() && !rig.part().exists(), "{what}");
    }
}

#[tokio::test]
async fn of_two_fetches_of_one_program_the_second_waits_and_finds_it_there() {
    let rig = Rig::new().await;
    let pinned = rig.pinned(rig.address, "/kind");
    let (one, two) = tokio::join!(rig.fetch(&pinned), rig.fetch(&pinned));
    let (one, two) = (one.expect("one fetches it"), two.expect("the other waits"));
    assert_eq!(fs::read(rig.target()).expect("it is there"), body());
    assert!(one.is_empty() != two.is_empty(), "only one hears of bytes: {one:?}, {two:?}");
    assert_eq!(rig.heads().len(), 1, "the server is asked once");
}

#[tokio::test]
async fn a_program_that_may_not_be_run_is_fetched_again() {
    let rig = Rig::new().await;
    let pinned = rig.pinned(rig.address, "/kind");
    rig.with_old_target();
    fs::write(rig.target(), body()).expect("the bytes of it");
    fs::set_permissions(rig.target(), fs::Permissions::from_mode(0o644)).expect("it is ours");
    rig.fetch(&pinned).await.expect("it is fetched");
    assert_eq!(rig.target().metadata().expect("it is there").permissions().mode() & 0o777, 0o700);
    assert!(rig.fetch(&pinned).await.expect("it is here").is_empty());
}

#[tokio::test]
async fn a_file_is_not_copied_into_a_fetch_that_goes_on() {
    let rig = Rig::new().await;
    let pinned = rig.pinned(rig.address, "/kind");
    let original = rig.folder.path().join("original");
    let fetched = fetch(&pinned, &rig.route, &mut |_| ()).await.expect("it is fetched");
    let error = from_file(&original, &rig.target()).await.expect_err("it is not in its place yet");
    assert!(matches!(error, DownloadError::Busy { .. }), "{error:?}");
    assert_eq!(api::Fault::from(&error).sentence, "kind is being fetched or copied just now.");
    assert_eq!(fs::read(rig.part()).expect("it is kept"), body());
    drop(fetched);
    from_file(&original, &rig.target()).await.expect("it is copied").install().await.expect("it is put into its place");
    assert!(!rig.part().exists());
}

#[tokio::test]
async fn a_small_file_is_fetched_once_and_nothing_larger_or_unsafe_is() {
    let rig = Rig::new().await;
    assert_eq!(rig.small("/other", 12).await.expect("it fits"), b"another file");
    assert_eq!(rig.small("/moved", BODY_BYTES).await.expect("it is followed"), body());
    assert_eq!(rig.small("/untold", BODY_BYTES).await.expect("it fits"), body());
    for (path, most, wanted) in [
        ("/other", 11, "has more than 11 bytes"),
        ("/kind", 1_000, "has more than 1000 bytes"),
        ("/untold", 1_000, "has more than 1000 bytes"),
        ("/unsafe", 1_000, "redirects to an address that is not safe"),
        ("/circle", 1_000, "redirects in a circle"),
        ("/nothing", 1_000, "answered 404"),
    ] {
        let error = rig.small(path, most).await.expect_err(path);
        assert!(error.to_string().contains(wanted), "{path}: {error}");
    }
    let tries = rig.heads().iter().filter(|head| head.starts_with("GET /nothing ")).count();
    assert_eq!(tries, 1, "an answer is not asked for again");
}

#[test]
fn an_address_that_is_not_safe_or_names_a_secret_is_not_asked() {
    for address in [
        "http://example.org/cni.yaml",
        "ftp://example.org/cni.yaml",
        "file:///etc/passwd",
        "cni.yaml",
        "https://jo:secret@example.org/",
        "http://jo:secret@127.0.0.1:1/other",
    ] {
        let error = Address::parse(address).expect_err(address);
        assert!(matches!(error, DownloadError::Address { .. }), "{address}: {error}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
    for address in ["https://example.org/cni.yaml", "http://127.0.0.1:1/other"] {
        assert!(Address::parse(address).is_ok(), "{address}");
    }
}

#[tokio::test]
async fn what_an_earlier_try_left_is_not_fetched_again() {
    for (path, left) in [("/kind", 100_000), ("/kind", BODY_BYTES), ("/no-ranges", 100_000)] {
        let rig = Rig::new().await;
        let pinned = rig.pinned(rig.address, path);
        fs::create_dir_all(rig.part().parent().expect("a folder")).expect("the folder is made");
        fs::write(rig.part(), &body()[..left]).expect("a part is left");
        rig.fetch(&pinned).await.expect("it is fetched");
        assert_eq!(fs::read(rig.target()).expect("it is there"), body());
        assert!(rig.heads()[0].to_ascii_lowercase().contains(&format!("range: bytes={left}-")), "{:?}", rig.heads());
    }
}

#[tokio::test]
async fn a_length_that_is_not_told_is_not_made_up_and_a_piece_tells_that_of_the_whole() {
    let rig = Rig::new().await;
    let pinned = rig.pinned(rig.address, "/untold");
    let all = BODY_BYTES as u64;
    for (left, total) in [(0, None), (100_000, Some(all))] {
        fs::create_dir_all(rig.part().parent().expect("a folder")).expect("the folder is made");
        fs::write(rig.part(), &body()[..left]).expect("a part is left");
        let progress = rig.fetch(&pinned).await.expect("it is fetched");
        assert_eq!(progress.first(), Some(&Progress { received: left as u64, total }));
        assert_eq!(progress.last(), Some(&Progress { received: all, total }));
        fs::remove_file(rig.target()).expect("it is there");
    }
}

#[tokio::test]
async fn a_cut_connection_is_taken_up_where_it_was_cut() {
    let rig = Rig::new().await;
    let proxy = FaultProxy::before(rig.address).await.expect("a fault proxy");
    proxy.cut_after(100_000, Direction::ToClient);
    rig.fetch(&rig.pinned(proxy.address(), "/kind")).await.expect("it is fetched");
    assert_eq!(fs::read(rig.target()).expect("it is there"), body());
    assert_eq!((proxy.accepted(), rig.heads().len()), (2, 2));
    assert!(rig.heads()[1].to_ascii_lowercase().contains("range: bytes="), "{:?}", rig.heads());
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_is_given_up_and_the_part_is_kept() {
    let rig = Rig::new().await;
    let proxy = FaultProxy::before(rig.address).await.expect("a fault proxy");
    proxy.refuse();
    rig.with_old_target();
    fs::write(rig.part(), &body()[..1_000]).expect("a part is left");
    let error = rig.fetch(&rig.pinned(proxy.address(), "/kind")).await.expect_err("nobody answers");
    assert!(matches!(error, DownloadError::NotReached { .. }), "{error:?}");
    assert_eq!(proxy.accepted(), 3);
    assert_eq!(rig.part().metadata().expect("the part is kept").len(), 1_000);
    proxy.pass();
    rig.fetch(&rig.pinned(proxy.address(), "/kind")).await.expect("it is fetched");
    assert_eq!(fs::read(rig.target()).expect("it is there"), body());
}

#[tokio::test]
async fn another_file_is_refused_with_both_digests_and_removed() {
    let rig = Rig::new().await;
    rig.with_old_target();
    let pinned = rig.pinned(rig.address, "/other");
    let error = rig.fetch(&pinned).await.expect_err("it is another file");
    let fault = api::Fault::from(&error);
    let DownloadError::WrongDigest { expected, found } = error else { panic!("{error:?}") };
    assert_eq!(expected, pinned.sha256);
    assert_ne!(found, expected);
    assert_eq!(fault.cause.iter().map(|quote| quote.text.as_str()).collect::<Vec<_>>(), [expected.as_str(), found.as_str()]);
    assert!(rig.is_old() && !rig.part().exists());
}

#[tokio::test]
async fn an_answer_that_is_no_file_is_named_and_not_repeated() {
    let rig = Rig::new().await;
    rig.with_old_target();
    let error = rig.fetch(&rig.pinned(rig.address, "/missing")).await.expect_err("there is no such file");
    assert!(matches!(error, DownloadError::Answer { status: 404, .. }), "{error:?}");
    assert!(rig.is_old() && rig.heads().len() == 1);
}

#[tokio::test]
async fn an_unsafe_address_is_refused_before_or_after_a_redirect() {
    let rig = Rig::new().await;
    let error = rig.fetch(&rig.pinned(rig.address, "/unsafe")).await.expect_err("it is not safe");
    let DownloadError::UnsafeRedirect { to, .. } = error else { panic!("{error:?}") };
    assert_eq!(to, "http://example.org/kind");
    let error = rig.fetch(&rig.pinned(rig.address, "/circle")).await.expect_err("it is a circle");
    assert!(matches!(error, DownloadError::Circle { .. }), "{error:?}");
    let asked = rig.heads().len();
    let strict = Route { scheme: Scheme::HttpsOnly, ..rig.route.clone() };
    for address in [format!("http://{}/kind", rig.address), "file:///etc/passwd".into(), "kind".into()] {
        let pinned = Pinned { address, ..rig.pinned(rig.address, "/kind") };
        let error = fetch(&pinned, &strict, &mut |_| ()).await.expect_err("it is not safe");
        assert!(matches!(error, DownloadError::Address { .. }), "{error:?}");
    }
    assert_eq!(rig.heads().len(), asked);
}

#[tokio::test]
async fn a_proxy_is_used_and_named_when_it_refuses() {
    let mut rig = Rig::new().await;
    rig.route.proxy = Some(format!("http://me:canary@{}", rig.address));
    let elsewhere: SocketAddr = (Ipv4Addr::LOCALHOST, 1).into();
    rig.fetch(&rig.pinned(elsewhere, "/kind")).await.expect("the proxy has it");
    assert!(rig.heads()[0].starts_with("GET http://127.0.0.1:1/kind"), "{:?}", rig.heads());
    // What is in its place already is not fetched again.
    let target = rig.folder.path().join("tools/other");
    let pinned = Pinned { address: "https://release.invalid/kind".into(), target, ..rig.pinned(elsewhere, "/kind") };
    let error = rig.fetch(&pinned).await.expect_err("the proxy refuses");
    assert!(rig.heads()[1].starts_with("CONNECT release.invalid:443"), "{:?}", rig.heads());
    let fault = api::Fault::from(&error);
    assert_eq!(fault.sentence, format!("release.invalid could not be reached through the proxy http://{}.", rig.address));
    assert!(!format!("{fault:?}{error}").contains("canary"));
}

#[tokio::test]
async fn a_certificate_bundle_that_is_none_is_named() {
    let mut rig = Rig::new().await;
    let bundle = rig.folder.path().join("ca.pem");
    rig.route.ca_bundle = Some(bundle.clone());
    for text in [None, Some("no certificate"), Some("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")] {
        if let Some(text) = text {
            fs::write(&bundle, text).expect("a bundle");
        }
        let error = rig.fetch(&rig.pinned(rig.address, "/kind")).await.expect_err("the bundle is bad");
        assert!(matches!(error, DownloadError::CaBundle { .. }), "{text:?}: {error:?}");
    }
    rig.route.ca_bundle = Some(PathBuf::from("/dev/null"));
    let error = rig.fetch(&rig.pinned(rig.address, "/kind")).await.expect_err("a device is no bundle");
    assert!(matches!(&error, DownloadError::CaBundle { cause, .. } if cause.to_string() == "it is no file of at most 16 MiB"), "{error:?}");
    assert!(rig.heads().is_empty());
}

#[tokio::test]
async fn a_link_in_place_of_the_part_is_not_followed() {
    let rig = Rig::new().await;
    rig.with_old_target();
    let victim = rig.folder.path().join("victim");
    fs::write(&victim, "mine").expect("a file");
    std::os::unix::fs::symlink(&victim, rig.part()).expect("a link");
    let error = rig.fetch(&rig.pinned(rig.address, "/kind")).await.expect_err("it is a link");
    assert!(matches!(error, DownloadError::NotWritten { .. }), "{error:?}");
    assert_eq!(fs::read(victim).expect("it is there"), b"mine");
}

#[tokio::test]
async fn a_file_of_the_user_is_copied_and_its_digest_told() {
    let rig = Rig::new().await;
    let pinned = rig.pinned(rig.address, "/kind");
    let whole = from_file(&rig.folder.path().join("original"), &rig.target()).await.expect("it is copied");
    assert_eq!(*whole.sha256(), pinned.sha256);
    whole.install().await.expect("it is put into its place");
    assert_eq!(fs::read(rig.target()).expect("it is there"), body());
    let error = from_file(&rig.folder.path().join("nothing"), &rig.target()).await.expect_err("there is no file");
    assert!(matches!(error, DownloadError::NotRead { .. }), "{error:?}");
    assert_eq!(fs::read(rig.target()).expect("it is there"), body());
}

#[tokio::test]
async fn a_copy_can_be_run_before_it_replaces_anything_and_is_gone_when_it_does_not() {
    let rig = Rig::new().await;
    rig.pinned(rig.address, "/kind");
    rig.with_old_target();
    let whole = from_file(&rig.folder.path().join("original"), &rig.target()).await.expect("it is copied");
    assert_eq!(fs::read(whole.path()).expect("it is there"), body());
    assert_eq!(whole.path().metadata().expect("it is there").permissions().mode() & 0o777, 0o700);
    let copy = whole.path().to_owned();
    drop(whole);
    assert!(rig.is_old() && !copy.exists());
}

#[tokio::test]
async fn what_is_no_file_is_not_read_as_a_program() {
    let rig = Rig::new().await;
    fs::create_dir_all(rig.folder.path().join("tools")).expect("a folder");
    fs::write(rig.target(), "the one of before").expect("a program");
    for (what, path) in [("a device", std::path::Path::new("/dev/null")), ("a folder", rig.folder.path())] {
        let error = from_file(path, &rig.target()).await.expect_err(what);
        assert!(matches!(&error, DownloadError::NotRead { cause, .. } if cause.to_string() == "it is no file"), "{what}: {error:?}");
    }
    assert_eq!(fs::read(rig.target()).expect("it is there"), b"the one of before");
    assert!(!rig.part().exists(), "nothing is left beside it");
}
