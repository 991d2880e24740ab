//! How does a test put a text on the web of this computer?

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// A server that answers every request with the same text, until it is dropped.
#[derive(Debug)]
pub struct Serving {
    address: String,
    _server: JoinSet<()>,
}

impl Serving {
    /// A text under a name: `http://127.0.0.1:40123/network.yaml`.
    pub async fn text(name: &str, text: &'static str) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = format!("http://{}/{name}", listener.local_addr()?);
        let mut server = JoinSet::new();
        server.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // Who goes away before the answer has lost nothing of ours.
                let _ = answer(stream, text).await;
            }
        });
        Ok(Self { address, _server: server })
    }

    pub fn address(&self) -> &str {
        &self.address
    }
}

/// Reads the head of a request and answers it.
async fn answer(stream: TcpStream, text: &str) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    while stream.read_line(&mut line).await? > 0 && line != "\r\n" {
        line.clear();
    }
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", text.len());
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(text.as_bytes()).await?;
    stream.shutdown().await
}
