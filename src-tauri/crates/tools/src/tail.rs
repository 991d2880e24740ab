//! How is a file read while another process writes it?

use std::io;
use std::path::Path;
use std::time::Duration;

use rustix::fd::OwnedFd;
use rustix::fs::inotify::{self, CreateFlags, WatchFlags};
use tokio::fs::File;
use tokio::io::unix::AsyncFd;
use tokio::io::{AsyncReadExt, AsyncSeekExt, SeekFrom};

use crate::ready::watched;

/// How often the file is looked at where the kernel has no inotify instance left, which is a machine the doctor must still explain.
const LOOK: Duration = Duration::from_millis(25);
const PIECE_BYTES: usize = 64 * 1024;

/// A growing file, read from a place on.
#[derive(Debug)]
pub(crate) struct Tail {
    file: File,
    growth: Growth,
    piece: Vec<u8>,
}

#[derive(Debug)]
enum Growth {
    Told(AsyncFd<OwnedFd>),
    Looked,
}

impl Tail {
    /// Units: `from` in bytes from the start of the file.
    pub(crate) async fn open(path: &Path, from: u64) -> io::Result<Self> {
        // The watch comes first: what is written between the two is then read, at worst told twice.
        let growth = watch(path).map_or(Growth::Looked, Growth::Told);
        let mut file = File::open(path).await?;
        file.seek(SeekFrom::Start(from)).await?;
        Ok(Self { file, growth, piece: vec![0; PIECE_BYTES] })
    }

    /// Gives what is left up to a place, without waiting for more.
    ///
    /// Units: `end` in bytes from the start of the file.
    pub(crate) async fn drain(&mut self, end: u64, mut piece: impl FnMut(&[u8])) -> io::Result<()> {
        while self.file.stream_position().await? < end {
            let read = self.file.read(&mut self.piece).await?;
            if read == 0 {
                break;
            }
            piece(self.piece.get(..read).unwrap_or_default());
        }
        Ok(())
    }

    /// Waits for the next piece; dropping the future loses nothing.
    pub(crate) async fn next(&mut self) -> io::Result<&[u8]> {
        loop {
            let read = self.file.read(&mut self.piece).await?;
            if read > 0 {
                return Ok(self.piece.get(..read).unwrap_or_default());
            }
            self.growth.wait().await?;
        }
    }
}

impl Growth {
    async fn wait(&self) -> io::Result<()> {
        match self {
            Self::Looked => tokio::time::sleep(LOOK).await,
            Self::Told(watch) => {
                let mut ready = watch.readable().await?;
                let mut events = [0_u8; 4096];
                // What happened does not matter, only that something did.
                while rustix::io::read(watch, &mut events).is_ok() {}
                ready.clear_ready();
            }
        }
        Ok(())
    }
}

fn watch(path: &Path) -> io::Result<AsyncFd<OwnedFd>> {
    let instance = inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)?;
    inotify::add_watch(&instance, path, WatchFlags::MODIFY)?;
    watched(instance)
}
