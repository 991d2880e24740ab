//! How does Docker stop for one KOS, while the machine's own goes on for everybody else?
//!
//! A socket of the test stands before Docker's. While nobody answers there, whoever goes by it has no Docker: what was
//! under way breaks in its middle, as when the daemon is killed.

use std::path::PathBuf;

use anyhow::Context;
use tokio::io::copy_bidirectional;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};

const USUAL: &str = "unix:///var/run/docker.sock";

/// A relay before Docker; everything ends with it.
pub struct Relay {
    socket: PathBuf,
    docker: PathBuf,
    serving: Option<Serving>,
}

/// It ends when `stop` is dropped.
struct Serving {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Relay {
    /// Answers at this path for the Docker that the test itself would use.
    pub fn before_docker(socket: PathBuf) -> anyhow::Result<Self> {
        let host = std::env::var("DOCKER_HOST").unwrap_or_else(|_| USUAL.to_owned());
        let docker = host.strip_prefix("unix://").with_context(|| format!("the relay stands before a Unix socket, and DOCKER_HOST is {host}"))?.into();
        let mut relay = Self { socket, docker, serving: None };
        relay.start()?;
        Ok(relay)
    }

    /// What `DOCKER_HOST` is for those behind it.
    pub fn address(&self) -> String {
        format!("unix://{}", self.socket.display())
    }

    /// Breaks every connection and takes the socket away; nothing goes through any more once this is over.
    pub async fn stop(&mut self) -> anyhow::Result<()> {
        let Serving { stop, task } = self.serving.take().context("the relay answers")?;
        std::fs::remove_file(&self.socket)?;
        drop(stop);
        Ok(task.await?)
    }

    /// Answers again at the same path.
    pub fn start(&mut self) -> anyhow::Result<()> {
        let listener = UnixListener::bind(&self.socket).with_context(|| self.socket.display().to_string())?;
        let (stop, stopped) = oneshot::channel();
        self.serving = Some(Serving { stop, task: tokio::spawn(serve(listener, self.docker.clone(), stopped)) });
        Ok(())
    }
}

async fn serve(listener: UnixListener, docker: PathBuf, mut stopped: oneshot::Receiver<()>) {
    let mut open = JoinSet::new();
    loop {
        tokio::select! {
            _ = &mut stopped => break,
            Ok((client, _)) = listener.accept() => {
                open.spawn(carry(client, docker.clone()));
            }
            Some(_) = open.join_next() => {}
        }
    }
    drop(listener);
    open.shutdown().await;
}

async fn carry(mut client: UnixStream, docker: PathBuf) {
    let Ok(mut docker) = UnixStream::connect(docker).await else { return };
    // Either side may hang up when it likes.
    let _ = copy_bidirectional(&mut client, &mut docker).await;
}
