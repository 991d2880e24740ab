//! How is one program run to its end?

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::Child;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::group::{Group, Leftovers};
use crate::spawn::{Output, Start, spawn};
use crate::tail::Tail;
use crate::transcript::Transcript;
use crate::{Capture, End, Exit, Heard, ProgramError, Stream};

const PIECE_BYTES: usize = 64 * 1024;
/// How long the pipes are read after the program ended, when a process that it left behind holds them open.
const LAST_WORDS: Duration = Duration::from_millis(250);

/// One run, resolved: nothing is left to be looked up.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) name: String,
    pub(crate) start: Start,
    pub(crate) capture: Capture,
    pub(crate) limit: Duration,
    pub(crate) leftovers: Leftovers,
    pub(crate) stop: CancellationToken,
    pub(crate) endings: TaskTracker,
}

/// Why a run is over.
enum Over {
    Ended,
    Stopped,
    TooLong,
}

impl Run {
    pub(crate) async fn finish(self, heard: &mut (dyn FnMut(Heard) + Send)) -> Result<Exit, ProgramError> {
        match self.capture.clone() {
            Capture::Memory { most } => self.in_memory(most, heard).await,
            Capture::File(path) => self.into_file(path, heard).await,
        }
    }

    async fn in_memory(self, most: usize, heard: &mut (dyn FnMut(Heard) + Send)) -> Result<Exit, ProgramError> {
        let began = Instant::now();
        let mut child = self.child().await?;
        let (mut out, mut err) = (Pipe::new(child.stdout.take()), Pipe::new(child.stderr.take()));
        let group = self.group(child)?;
        heard(Heard::Started(group.id()));
        let mut transcript = Transcript::new(most);
        let limit = tokio::time::sleep(self.limit);
        tokio::pin!(limit);
        let over = loop {
            tokio::select! {
                () = self.stop.cancelled() => break Over::Stopped,
                () = &mut limit => break Over::TooLong,
                () = group.ended() => break Over::Ended,
                bytes = out.next() => transcript.take(Stream::Out, bytes, heard),
                bytes = err.next() => transcript.take(Stream::Err, bytes, heard),
            }
        };
        let status = self.settle(group, &over).await?;
        // What the program wrote before it ended is in the pipes; what holds them open now is not the program.
        let rest = async {
            while out.open() || err.open() {
                tokio::select! {
                    bytes = out.next() => transcript.take(Stream::Out, bytes, heard),
                    bytes = err.next() => transcript.take(Stream::Err, bytes, heard),
                }
            }
        };
        let _ = tokio::time::timeout(LAST_WORDS, rest).await;
        self.exit(&over, status, transcript.finish(heard), began)
    }

    async fn into_file(mut self, path: PathBuf, heard: &mut (dyn FnMut(Heard) + Send)) -> Result<Exit, ProgramError> {
        let began = Instant::now();
        let not_captured = |cause| ProgramError::NotCaptured { program: self.name.clone(), cause };
        let (file, written) = output_file(&path).map_err(not_captured)?;
        let mut tail = Tail::open(&path, written).await.map_err(not_captured)?;
        self.start.output = Output::File(file);
        let child = self.child().await?;
        // Only the child writes: KOS keeps no end of it.
        self.start.output = Output::Pipes;
        let group = self.group(child)?;
        heard(Heard::Started(group.id()));
        let mut transcript = Transcript::new(0);
        let limit = tokio::time::sleep(self.limit);
        tokio::pin!(limit);
        let over = loop {
            tokio::select! {
                () = self.stop.cancelled() => break Over::Stopped,
                () = &mut limit => break Over::TooLong,
                () = group.ended() => break Over::Ended,
                bytes = tail.next() => match bytes {
                    Ok(bytes) => transcript.take(Stream::Err, bytes, heard),
                    Err(cause) => {
                        group.end().await;
                        return Err(ProgramError::NotCaptured { program: self.name, cause });
                    }
                },
            }
        };
        let status = self.settle(group, &over).await?;
        // One pass to the present end: a daemon that was left behind may write on for ever.
        let end = std::fs::metadata(&path).map_or(0, |data| data.len());
        tail.drain(end, |bytes| transcript.take(Stream::Err, bytes, heard)).await.map_err(|cause| self.not_captured(cause))?;
        self.exit(&over, status, transcript.finish(heard), began)
    }

    async fn child(&self) -> Result<Child, ProgramError> {
        spawn(&self.start).await.map_err(|cause| ProgramError::NotStarted { program: self.name.clone(), cause })
    }

    fn group(&self, child: Child) -> Result<Group, ProgramError> {
        Group::new(child, self.endings.clone()).map_err(|cause| ProgramError::NotStarted { program: self.name.clone(), cause })
    }

    fn not_captured(&self, cause: io::Error) -> ProgramError {
        ProgramError::NotCaptured { program: self.name.clone(), cause }
    }

    /// Ends the group as the outcome asks; gives how the program ended by itself.
    async fn settle(&self, group: Group, over: &Over) -> Result<Option<ExitStatus>, ProgramError> {
        match over {
            Over::Ended => group.settle(self.leftovers).await.map(Some).map_err(|cause| self.not_captured(cause)),
            Over::Stopped | Over::TooLong => {
                group.end().await;
                Ok(None)
            }
        }
    }

    fn exit(self, over: &Over, status: Option<ExitStatus>, record: crate::transcript::Record, began: Instant) -> Result<Exit, ProgramError> {
        match over {
            Over::Stopped => Err(ProgramError::Stopped { program: self.name }),
            Over::TooLong => Err(ProgramError::TooLong { program: self.name, limit: self.limit, tail: record.tail }),
            Over::Ended => Ok(Exit { end: end(status), out: record.out, err: record.err, tail: record.tail, took: began.elapsed() }),
        }
    }
}

fn end(status: Option<ExitStatus>) -> End {
    let Some(status) = status else { return End::Unknown };
    match (status.code(), status.signal()) {
        (Some(code), _) => End::Code(code),
        (None, Some(signal)) => End::Signal(signal),
        (None, None) => End::Unknown,
    }
}

/// Opens the output for the child, private to the user; gives how much of it is older than this run.
fn output_file(path: &Path) -> io::Result<(File, u64)> {
    let file = OpenOptions::new().append(true).create(true).mode(0o600).open(path)?;
    let written = file.metadata()?.len();
    Ok((file, written))
}

/// A pipe that, once at its end, gives nothing for ever.
#[derive(Debug)]
struct Pipe<R> {
    from: Option<R>,
    piece: Vec<u8>,
}

impl<R: AsyncRead + Unpin> Pipe<R> {
    fn new(from: Option<R>) -> Self {
        Self { from, piece: vec![0; PIECE_BYTES] }
    }

    fn open(&self) -> bool {
        self.from.is_some()
    }

    async fn next(&mut self) -> &[u8] {
        let Some(from) = &mut self.from else { return std::future::pending().await };
        // A pipe has no other error than its end.
        let read = from.read(&mut self.piece).await.unwrap_or(0);
        if read == 0 {
            self.from = None;
        }
        self.piece.get(..read).unwrap_or_default()
    }
}
