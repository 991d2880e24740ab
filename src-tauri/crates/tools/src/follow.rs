//! How is a process of an earlier session read to its end?

use std::path::PathBuf;
use std::time::Instant;

use tokio_util::sync::CancellationToken;

use crate::group;
use crate::process::Handle;
use crate::tail::Tail;
use crate::transcript::Transcript;
use crate::{End, Exit, Heard, ProcessId, ProgramError, Stream};

/// What a process without a known name is called in sentences.
const NAME: &str = "the program of the earlier session";

pub(crate) async fn follow(process: ProcessId, output: PathBuf, heard: &mut (dyn FnMut(Heard) + Send), stop: CancellationToken) -> Result<Exit, ProgramError> {
    let began = Instant::now();
    let not_captured = |cause| ProgramError::NotCaptured { program: NAME.to_owned(), cause };
    let mut tail = Tail::open(&output, 0).await.map_err(not_captured)?;
    let mut transcript = Transcript::new(0);
    if let Some(handle) = Handle::of(process) {
        heard(Heard::Started(process));
        loop {
            tokio::select! {
                () = stop.cancelled() => {
                    group::end_foreign(process, &handle).await;
                    return Err(ProgramError::Stopped { program: NAME.to_owned() });
                }
                () = handle.ended() => break,
                bytes = tail.next() => transcript.take(Stream::Err, bytes.map_err(not_captured)?, heard),
            }
        }
    }
    let end = std::fs::metadata(&output).map_or(0, |data| data.len());
    tail.drain(end, |bytes| transcript.take(Stream::Err, bytes, heard)).await.map_err(not_captured)?;
    let record = transcript.finish(heard);
    Ok(Exit { end: End::Unknown, out: record.out, err: record.err, tail: record.tail, took: began.elapsed() })
}
