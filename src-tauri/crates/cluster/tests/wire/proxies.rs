//! Which way do the bytes take when there is a proxy?

use std::net::SocketAddr;

use cluster::dial::{Dial as _, ProxyRules};
use cluster::failure::LinkError;
use kubeconfig::target::{Proxy, Target};
use rstest::rstest;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::fakes::{bare_network, target};
use crate::server::{Server, healthy};
use crate::tls::{Authority, Flaw, ask};

/// A proxy that leads everything to one address and says where it was asked to go.
struct Middle {
    address: SocketAddr,
    asked: mpsc::UnboundedReceiver<String>,
    _tasks: JoinSet<()>,
}

#[derive(Clone, Copy)]
enum Speaks {
    Connect,
    Refuses,
    Socks,
}

impl Middle {
    async fn start(speaks: Speaks, to: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (say, asked) = mpsc::unbounded_channel();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((mut near, _)) = listener.accept().await {
                let say = say.clone();
                connections.spawn(async move {
                    let asked = match speaks {
                        Speaks::Connect | Speaks::Refuses => connect(&mut near, speaks).await,
                        Speaks::Socks => socks(&mut near).await,
                    };
                    say.send(asked).unwrap();
                    if !matches!(speaks, Speaks::Refuses) {
                        let mut far = TcpStream::connect(to).await.unwrap();
                        drop(tokio::io::copy_bidirectional(&mut near, &mut far).await);
                    }
                });
            }
        });
        Self { address, asked, _tasks: tasks }
    }
}

async fn connect(near: &mut TcpStream, speaks: Speaks) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(near.read_u8().await.unwrap());
    }
    let answer = if matches!(speaks, Speaks::Refuses) { "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n" } else { "HTTP/1.1 200 OK\r\n\r\n" };
    near.write_all(answer.as_bytes()).await.unwrap();
    String::from_utf8(head).unwrap()
}

async fn socks(near: &mut TcpStream) -> String {
    let mut hello = [0; 3];
    near.read_exact(&mut hello).await.unwrap();
    near.write_all(&[5, 0]).await.unwrap();
    let mut head = [0; 5];
    near.read_exact(&mut head).await.unwrap();
    let mut name = vec![0; usize::from(head[4]) + 2];
    near.read_exact(&mut name).await.unwrap();
    near.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await.unwrap();
    String::from_utf8_lossy(&name[..name.len() - 2]).into_owned()
}

fn through(middle: &Middle, scheme: &str, login: &str) -> Target {
    // A name that nobody resolves: only the proxy is asked for it.
    Target { proxy: Proxy::Explicit(format!("{scheme}://{login}{}", middle.address)), ..target("https://lab.invalid:6443") }
}

#[rstest]
#[case(Speaks::Connect, "http", "jo:p%40ss@", "CONNECT lab.invalid:6443 HTTP/1.1")]
#[case(Speaks::Socks, "socks5", "", "lab.invalid")]
#[tokio::test]
async fn a_proxy_is_asked_for_the_name_and_sees_only_tls(#[case] speaks: Speaks, #[case] scheme: &str, #[case] login: &str, #[case] wanted: &str) {
    let server = Server::secure(Authority::new().server(Flaw::None), |seen, _| healthy(seen)).await;
    let mut middle = Middle::start(speaks, server.address).await;
    assert_eq!(ask(&bare_network(), &through(&middle, scheme, login)).await, Ok(200));
    let asked = middle.asked.recv().await.unwrap();
    assert!(asked.starts_with(wanted), "{asked}");
    if !login.is_empty() {
        assert!(asked.to_lowercase().contains("proxy-authorization: basic am86cebzcw==".to_lowercase().as_str()), "{asked}");
    }
}

#[tokio::test]
async fn another_proxy_is_used_by_the_next_connection_and_not_by_those_that_stand() {
    let server = Server::secure(Authority::new().server(Flaw::None), |seen, _| healthy(seen)).await;
    let (mut first, mut second) = (Middle::start(Speaks::Connect, server.address).await, Middle::start(Speaks::Connect, server.address).await);
    let by = |middle: &Middle| ProxyRules { https: format!("http://{}", middle.address), ..ProxyRules::default() };
    let (network, entry) = (bare_network(), target("https://lab.invalid:6443"));
    network.go_by(by(&first));
    assert_eq!(ask(&network, &entry).await, Ok(200));
    assert!(first.asked.recv().await.unwrap().starts_with("CONNECT lab.invalid:6443"));
    network.go_by(by(&second));
    assert!(first.asked.try_recv().is_err() && second.asked.try_recv().is_err(), "a change contacts nobody");
    assert_eq!(ask(&network, &entry).await, Ok(200));
    assert!(second.asked.recv().await.unwrap().starts_with("CONNECT lab.invalid:6443"));
    assert!(first.asked.try_recv().is_err(), "the proxy of before is left alone");
}

#[tokio::test]
async fn a_refusing_proxy_is_named_without_its_password() {
    let middle = Middle::start(Speaks::Refuses, "127.0.0.1:1".parse().unwrap()).await;
    match ask(&bare_network(), &through(&middle, "http", "jo:hunter2@")).await {
        Err(LinkError::Proxy { proxy, said }) => {
            assert_eq!(proxy, format!("http://{}", middle.address));
            assert!(said.contains("authorization required"), "{said}");
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_proxy_that_is_not_there_is_named_instead_of_the_cluster() {
    let entry = Target { proxy: Proxy::Explicit("http://127.0.0.1:1".into()), ..target("https://lab.invalid") };
    let refused = ask(&bare_network(), &entry).await;
    assert!(matches!(&refused, Err(LinkError::Proxy { proxy, said }) if proxy == "http://127.0.0.1:1" && said.contains("refused")), "{refused:?}");
}

#[tokio::test]
async fn what_the_environment_says_spares_loopback_and_a_proxy_url_does_not() {
    let server = Server::secure(Authority::new().server(Flaw::None), |seen, _| healthy(seen)).await;
    let mut middle = Middle::start(Speaks::Connect, server.address).await;
    let network = bare_network();
    network.go_by(ProxyRules { https: "http://127.0.0.1:1".into(), ..ProxyRules::default() });
    assert_eq!(ask(&network, &target(&format!("https://{}", server.address))).await, Ok(200));
    // Behind `ssh -D` it is the loopback of the other machine.
    let behind = Target { proxy: Proxy::Explicit(format!("http://{}", middle.address)), ..target("https://127.0.0.1:6443") };
    assert_eq!(ask(&network, &behind).await, Ok(200));
    assert!(middle.asked.recv().await.unwrap().starts_with("CONNECT 127.0.0.1:6443"));
}

#[tokio::test]
async fn a_proxy_of_another_kind_is_refused_before_anybody_is_contacted() {
    let entry = Target { proxy: Proxy::Explicit("socks6://127.0.0.1:1".into()), ..target("https://lab.invalid") };
    assert!(matches!(bare_network().dial(&entry).await.map(drop), Err(LinkError::Entry { .. })));
}
