use std::io::{self, ErrorKind};
use std::net::Ipv4Addr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::{Direction, FaultProxy};

/// A server that sends back what it gets, and the proxy before it.
struct Rig {
    proxy: FaultProxy,
    _server: JoinSet<()>,
}

impl Rig {
    async fn new() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let proxy = FaultProxy::before(listener.local_addr().expect("an address")).await.expect("a proxy");
        let mut server = JoinSet::new();
        server.spawn(async move {
            let mut open = JoinSet::new();
            while let Ok((mut stream, _)) = listener.accept().await {
                open.spawn(async move {
                    let (mut from, mut to) = stream.split();
                    let _ = tokio::io::copy(&mut from, &mut to).await;
                });
            }
        });
        Self { proxy, _server: server }
    }

    async fn open(&self) -> TcpStream {
        TcpStream::connect(self.proxy.address()).await.expect("the proxy listens")
    }
}

async fn echo(stream: &mut TcpStream, text: &str) -> io::Result<String> {
    stream.write_all(text.as_bytes()).await?;
    let mut back = vec![0; text.len()];
    stream.read_exact(&mut back).await?;
    Ok(String::from_utf8(back).expect("the same text"))
}

async fn is_silent(stream: &mut TcpStream) -> bool {
    tokio::time::timeout(Duration::from_millis(100), echo(stream, "x")).await.is_err()
}

#[tokio::test]
async fn it_passes_what_it_gets() {
    let rig = Rig::new().await;
    assert_eq!(echo(&mut rig.open().await, "hello").await.expect("an echo"), "hello");
    assert_eq!(rig.proxy.accepted(), 1);
}

#[tokio::test]
async fn an_open_connection_is_reset_or_closed_at_once() {
    let rig = Rig::new().await;
    let mut stream = rig.open().await;
    echo(&mut stream, "a").await.expect("an echo");
    rig.proxy.rst();
    assert_eq!(stream.read(&mut [0; 8]).await.expect_err("a reset").kind(), ErrorKind::ConnectionReset);
    let mut stream = rig.open().await;
    echo(&mut stream, "a").await.expect("an echo");
    rig.proxy.fin();
    assert_eq!(stream.read(&mut [0; 8]).await.expect("a close"), 0);
}

#[tokio::test]
async fn new_connections_are_refused_or_met_with_silence_until_it_passes_again() {
    let rig = Rig::new().await;
    rig.proxy.refuse();
    assert!(echo(&mut rig.open().await, "x").await.is_err());
    rig.proxy.pass();
    rig.proxy.accept_silent();
    assert!(is_silent(&mut rig.open().await).await);
    rig.proxy.pass();
    assert_eq!(echo(&mut rig.open().await, "x").await.expect("an echo"), "x");
}

#[tokio::test]
async fn a_cut_is_exact_to_the_byte() {
    let rig = Rig::new().await;
    rig.proxy.cut_after(7, Direction::ToClient);
    let mut stream = rig.open().await;
    stream.write_all(b"0123456789").await.expect("it is sent");
    let mut all = vec![];
    stream.read_to_end(&mut all).await.expect("a close in good order");
    assert_eq!(all, b"0123456");
    assert_eq!(echo(&mut rig.open().await, "only the next one").await.expect("an echo"), "only the next one");
}

#[tokio::test]
async fn a_stalled_direction_goes_on_after_pass() {
    let rig = Rig::new().await;
    let mut stream = rig.open().await;
    echo(&mut stream, "a").await.expect("an echo");
    rig.proxy.stall(Direction::ToServer);
    // The lane is already waiting for bytes, so one piece still passes.
    let _ = tokio::time::timeout(Duration::from_millis(100), echo(&mut stream, "b")).await;
    assert!(is_silent(&mut stream).await);
    rig.proxy.pass();
    let mut back = [0];
    stream.read_exact(&mut back).await.expect("what was held back");
}

#[tokio::test(start_paused = true)]
async fn a_thin_link_takes_its_time() {
    let rig = Rig::new().await;
    rig.proxy.rate(100);
    let began = tokio::time::Instant::now();
    echo(&mut rig.open().await, &"x".repeat(500)).await.expect("an echo");
    assert!(began.elapsed() >= Duration::from_secs(5), "{:?}", began.elapsed());
}
