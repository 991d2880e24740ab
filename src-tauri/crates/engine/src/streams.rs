//! Which subscriptions are open, and to what?

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use api::{Fault, FaultCode, Pull, StreamId};

use crate::board::{Encoding, Readable};

/// A page has a handful of streams; a loop that opens more is a mistake.
const MOST_STREAMS: usize = 256;

/// What keeps a topic's source running while somebody looks: dropped with the last stream.
pub(crate) type Interest = Arc<dyn std::any::Any + Send + Sync>;

/// The open subscriptions.
#[derive(Default)]
pub(crate) struct Streams {
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    last: u64,
    streams: HashMap<StreamId, Stream>,
}

struct Stream {
    board: Arc<dyn Readable>,
    ended: tokio_util::sync::CancellationToken,
    _interest: Option<Interest>,
}

impl Streams {
    pub(crate) fn add(&self, board: Arc<dyn Readable>, interest: Option<Interest>) -> Result<StreamId, Fault> {
        let mut open = self.lock();
        if open.streams.len() >= MOST_STREAMS {
            return Err(Fault::new(FaultCode::Invalid, format!("More than {MOST_STREAMS} live views are open.")).unharmed("The open ones go on."));
        }
        open.last += 1;
        let id = StreamId(open.last);
        open.streams.insert(id, Stream { board, ended: Default::default(), _interest: interest });
        Ok(id)
    }

    pub(crate) async fn pull(&self, pull: Pull, encoding: Encoding) -> Result<Vec<u8>, Fault> {
        let found = self.lock().streams.get(&pull.stream).map(|s| (s.board.clone(), s.ended.clone()));
        let (board, ended) = found.ok_or_else(closed)?;
        tokio::select! {
            () = ended.cancelled() => Err(closed()),
            bytes = board.pull(pull.cursor, Duration::from_millis(pull.wait_ms.into()), encoding) => Ok(bytes),
        }
    }

    /// Ends a subscription and the pulls that wait on it.
    pub(crate) fn remove(&self, id: StreamId) {
        let stream = self.lock().streams.remove(&id);
        if let Some(stream) = stream {
            stream.ended.cancel();
        }
    }

    pub(crate) fn close(&self) {
        let streams: Vec<Stream> = self.lock().streams.drain().map(|(_, s)| s).collect();
        for stream in streams {
            stream.ended.cancel();
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.lock().streams.len()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Streams {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Streams({} open)", self.count())
    }
}

fn closed() -> Fault {
    Fault::new(FaultCode::StreamClosed, "This live view has ended.")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use api::{FaultCode, Pull, Status, jobs::JobRow};

    use super::Streams;
    use crate::board::{Board, Encoding};

    fn board() -> Arc<Board<JobRow>> {
        Arc::new(Board::new(Status::Live))
    }

    #[tokio::test]
    async fn unsubscribing_ends_a_waiting_pull() {
        let streams = Streams::default();
        let stream = streams.add(board(), None).unwrap();
        let pull = streams.pull(Pull { stream, cursor: 1, wait_ms: 25_000 }, Encoding::Json);
        let end = async { streams.remove(stream) };
        let (answer, ()) = tokio::join!(pull, end);
        assert_eq!(answer.unwrap_err().code, FaultCode::StreamClosed);
    }

    #[test]
    fn the_source_ends_with_its_last_stream() {
        let streams = Streams::default();
        let interest = Arc::new(());
        let one = streams.add(board(), Some(interest.clone())).unwrap();
        let two = streams.add(board(), Some(interest.clone())).unwrap();
        streams.remove(one);
        assert_eq!(Arc::strong_count(&interest), 2);
        streams.remove(two);
        assert_eq!(Arc::strong_count(&interest), 1);
    }

    #[test]
    fn a_page_that_opens_views_without_end_is_refused() {
        let streams = Streams::default();
        for _ in 0..super::MOST_STREAMS {
            streams.add(board(), None).unwrap();
        }
        assert_eq!(streams.add(board(), None).unwrap_err().code, FaultCode::Invalid);
    }
}
