//! How does a connection fail at a chosen point?
//!
//! A TCP relay between a client and a server, switched while it runs; TLS passes through untouched.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

const PIECE_BYTES: usize = 16 * 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    ToServer,
    ToClient,
}

/// How connections are treated from now on, new and open ones alike.
#[derive(Debug, Clone, Copy, Default)]
struct Rules {
    admission: Admission,
    to_server: Lane,
    to_client: Lane,
}

#[derive(Debug, Clone, Copy, Default)]
enum Admission {
    #[default]
    Relay,
    /// Reset as soon as it is accepted, which is what a closed port looks like to HTTP.
    Refuse,
    /// Accepted, never answered.
    Silent,
}

#[derive(Debug, Clone, Copy, Default)]
struct Lane {
    latency: Duration,
    bytes_per_second: Option<u32>,
    stalled: bool,
}

/// What ends connections that are open.
#[derive(Debug, Clone, Copy)]
enum Ending {
    Reset,
    Close,
}

/// One relay; connections and tasks end with it.
#[derive(Debug)]
pub struct FaultProxy {
    address: SocketAddr,
    rules: watch::Sender<Rules>,
    endings: tokio::sync::broadcast::Sender<Ending>,
    cuts: Arc<std::sync::Mutex<Option<(Direction, u64)>>>,
    accepted: watch::Receiver<u64>,
    _tasks: JoinSet<()>,
}

impl FaultProxy {
    /// Listens on a free loopback port in front of `server`.
    pub async fn before(server: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let rules = watch::Sender::new(Rules::default());
        let endings = tokio::sync::broadcast::Sender::new(16);
        let cuts = Arc::default();
        let (count, accepted) = watch::channel(0);
        let door = Door { listener, server, rules: rules.subscribe(), endings: endings.clone(), cuts: Arc::clone(&cuts), count };
        let mut tasks = JoinSet::new();
        tasks.spawn(door.serve());
        Ok(Self { address, rules, endings, cuts, accepted, _tasks: tasks })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many connections were accepted so far.
    pub fn accepted(&self) -> u64 {
        *self.accepted.borrow()
    }

    /// Relays as if it were not there.
    pub fn pass(&self) {
        self.rules.send_replace(Rules::default());
        *lock(&self.cuts) = None;
    }

    /// Resets every new connection.
    pub fn refuse(&self) {
        self.rules.send_modify(|rules| rules.admission = Admission::Refuse);
    }

    /// Accepts new connections and says nothing on them.
    pub fn accept_silent(&self) {
        self.rules.send_modify(|rules| rules.admission = Admission::Silent);
    }

    /// Delays each piece in both directions.
    pub fn latency(&self, latency: Duration) {
        self.lanes(|lane| lane.latency = latency);
    }

    /// Lets so many bytes a second through in each direction.
    pub fn rate(&self, bytes_per_second: u32) {
        self.lanes(|lane| lane.bytes_per_second = Some(bytes_per_second.max(1)));
    }

    /// Stops reading in one direction, so that the sender's window closes.
    pub fn stall(&self, direction: Direction) {
        self.rules.send_modify(|rules| rules.lane_mut(direction).stalled = true);
    }

    /// Ends every open connection with a reset.
    pub fn rst(&self) {
        let _ = self.endings.send(Ending::Reset);
    }

    /// Ends every open connection in good order.
    pub fn fin(&self) {
        let _ = self.endings.send(Ending::Close);
    }

    /// Closes the next connection that is opened once it carried exactly so many bytes in one direction.
    pub fn cut_after(&self, bytes: u64, direction: Direction) {
        *lock(&self.cuts) = Some((direction, bytes));
    }

    fn lanes(&self, change: impl Fn(&mut Lane)) {
        self.rules.send_modify(|rules| {
            change(&mut rules.to_server);
            change(&mut rules.to_client);
        });
    }
}

impl Rules {
    fn lane(&self, direction: Direction) -> Lane {
        match direction {
            Direction::ToServer => self.to_server,
            Direction::ToClient => self.to_client,
        }
    }

    fn lane_mut(&mut self, direction: Direction) -> &mut Lane {
        match direction {
            Direction::ToServer => &mut self.to_server,
            Direction::ToClient => &mut self.to_client,
        }
    }
}

fn lock<T>(mutex: &std::sync::Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// The accepting side.
struct Door {
    listener: TcpListener,
    server: SocketAddr,
    rules: watch::Receiver<Rules>,
    endings: tokio::sync::broadcast::Sender<Ending>,
    cuts: Arc<std::sync::Mutex<Option<(Direction, u64)>>>,
    count: watch::Sender<u64>,
}

impl Door {
    async fn serve(self) {
        let mut open = JoinSet::new();
        loop {
            tokio::select! {
                accepted = self.listener.accept() => {
                    let Ok((client, _)) = accepted else { continue };
                    self.count.send_modify(|count| *count += 1);
                    let cut = lock(&self.cuts).take();
                    let relay = Relay { server: self.server, rules: self.rules.clone(), endings: self.endings.subscribe(), cut };
                    open.spawn(relay.carry(client));
                }
                Some(_) = open.join_next() => {}
            }
        }
    }
}

/// One connection.
struct Relay {
    server: SocketAddr,
    rules: watch::Receiver<Rules>,
    endings: tokio::sync::broadcast::Receiver<Ending>,
    cut: Option<(Direction, u64)>,
}

impl Relay {
    async fn carry(mut self, mut client: TcpStream) {
        let admission = self.rules.borrow().admission;
        let ending = match admission {
            Admission::Refuse => Ending::Reset,
            Admission::Silent => self.endings.recv().await.unwrap_or(Ending::Close),
            Admission::Relay => match TcpStream::connect(self.server).await {
                Ok(mut server) => self.relay(&mut client, &mut server).await,
                Err(_) => Ending::Reset,
            },
        };
        match ending {
            // Zero linger turns the close into a reset and drops what was not sent.
            Ending::Reset => drop(client.set_zero_linger()),
            Ending::Close => drop(client.shutdown().await),
        }
    }

    async fn relay(&mut self, client: &mut TcpStream, server: &mut TcpStream) -> Ending {
        let (from_client, to_client) = client.split();
        let (from_server, to_server) = server.split();
        let (done, mut cut) = mpsc::channel(1);
        let bytes = |direction| self.cut.filter(|(cut, _)| *cut == direction).map(|(_, bytes)| bytes);
        let up = Way { direction: Direction::ToServer, rules: self.rules.clone(), left: bytes(Direction::ToServer), done: done.clone() };
        let down = Way { direction: Direction::ToClient, rules: self.rules.clone(), left: bytes(Direction::ToClient), done };
        tokio::select! {
            _ = async { tokio::join!(up.carry(from_client, to_server), down.carry(from_server, to_client)) } => Ending::Close,
            Some(()) = cut.recv() => Ending::Close,
            ending = self.endings.recv() => ending.unwrap_or(Ending::Close),
        }
    }
}

/// One direction of one connection.
struct Way {
    direction: Direction,
    rules: watch::Receiver<Rules>,
    /// Bytes until the cut.
    left: Option<u64>,
    done: mpsc::Sender<()>,
}

impl Way {
    async fn carry(mut self, mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin) {
        let mut piece = vec![0; PIECE_BYTES];
        loop {
            let Ok(lane) = self.rules.wait_for(|rules| !rules.lane(self.direction).stalled).await.map(|rules| rules.lane(self.direction)) else { return };
            // A slow lane takes small bites, so that a change of rules is seen soon.
            let bite = lane.bytes_per_second.map_or(PIECE_BYTES, |rate| (rate / 10).max(1) as usize).min(PIECE_BYTES);
            let most = self.left.map_or(bite, |left| bite.min(usize::try_from(left).unwrap_or(bite)));
            let Some(room) = piece.get_mut(..most) else { return };
            let read = match from.read(room).await {
                Ok(0) | Err(_) => break,
                Ok(read) => read,
            };
            let pause = lane.latency + lane.bytes_per_second.map_or(Duration::ZERO, |rate| Duration::from_secs_f64(read as f64 / f64::from(rate)));
            tokio::time::sleep(pause).await;
            if to.write_all(piece.get(..read).unwrap_or_default()).await.is_err() {
                break;
            }
            if let Some(left) = &mut self.left {
                *left = left.saturating_sub(read as u64);
                if *left == 0 {
                    let _ = self.done.send(()).await;
                    return;
                }
            }
        }
        let _ = to.shutdown().await;
    }
}

#[cfg(test)]
mod tests;
