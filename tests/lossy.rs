//! How does the answer to one write get lost on its way from a real API server?
//!
//! Plain HTTP to KOS, the real `kubectl proxy` behind it: so the relay sees what is asked, and the server really does it.

use std::net::SocketAddr;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, bail};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::lab;

/// A relay before an API server; everything ends with it.
pub struct Lossy {
    address: SocketAddr,
    lost: watch::Receiver<u32>,
    _tasks: JoinSet<()>,
    _proxy: Child,
}

impl Lossy {
    /// Loses every answer to a request that begins so and is kept by the server, `POST /apis/cluster.x-k8s.io/`.
    pub async fn before(kubeconfig: &str, loses: &'static str) -> anyhow::Result<Self> {
        let mut command = Command::new(lab::programs().join("kubectl"));
        command.args(["proxy", "--port=0", "--kubeconfig", kubeconfig]).stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut proxy = command.spawn().context("kubectl proxy")?;
        let mut lines = BufReader::new(proxy.stdout.take().context("stdout is piped")?).lines();
        let Some(line) = lines.next_line().await? else { bail!("kubectl proxy does not serve") };
        let server: SocketAddr = line.rsplit(' ').next().unwrap_or_default().parse().with_context(|| line.clone())?;
        let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await?;
        let (address, (tell, lost)) = (listener.local_addr()?, watch::channel(0));
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut open = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                open.spawn(relay(client, server, loses, tell.clone()));
            }
        });
        Ok(Self { address, lost, _tasks: tasks, _proxy: proxy })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many answers were lost so far.
    pub fn lost(&self) -> u32 {
        *self.lost.borrow()
    }
}

async fn relay(client: TcpStream, server: SocketAddr, loses: &str, tell: watch::Sender<u32>) {
    let Ok(server) = TcpStream::connect(server).await else { return };
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let kept = Arc::new(AtomicBool::new(false));
    let seen = kept.clone();
    let asks = async move {
        let mut piece = vec![0; 64 * 1024];
        while let Ok(n @ 1..) = from_client.read(&mut piece).await {
            let text = String::from_utf8_lossy(&piece[..n]);
            let asked = text.lines().next().unwrap_or_default();
            if asked.starts_with(loses) && !asked.contains("dryRun=All") {
                seen.store(true, Ordering::SeqCst);
            }
            if to_server.write_all(&piece[..n]).await.is_err() {
                return;
            }
        }
    };
    let answers = async move {
        let mut piece = vec![0; 64 * 1024];
        while let Ok(n @ 1..) = from_server.read(&mut piece).await {
            if kept.load(Ordering::SeqCst) {
                tell.send_modify(|lost| *lost += 1);
                return;
            }
            if to_client.write_all(&piece[..n]).await.is_err() {
                return;
            }
        }
    };
    // Whichever side is over ends both.
    tokio::select! {
        () = asks => {}
        () = answers => {}
    }
}
