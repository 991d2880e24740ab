//! Which stream of a view has to be closed, and when?
//!
//! Knows: a view can be left while its stream is being opened. Does not know: how a stream is opened and closed.
//! Start at: [`Subscription`].

use api::StreamId;

/// What a view has of its stream.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Subscription {
    /// No stream yet, or none any more.
    #[default]
    Awaited,
    Open(StreamId),
    /// The view was left: a stream that arrives from now on is for nobody.
    Left,
}

impl Subscription {
    /// A stream was opened. What has to be closed at once: the stream itself, when nobody looks any more.
    pub fn arrived(&mut self, stream: StreamId) -> Option<StreamId> {
        match self {
            Self::Awaited | Self::Open(_) => {
                *self = Self::Open(stream);
                None
            }
            Self::Left => Some(stream),
        }
    }

    /// The stream was ended by the other side.
    pub fn ended(&mut self) {
        match self {
            Self::Awaited | Self::Open(_) => *self = Self::Awaited,
            Self::Left => {}
        }
    }

    /// The view was left. What has to be closed: the stream, when it is there already.
    pub fn left(&mut self) -> Option<StreamId> {
        match std::mem::replace(self, Self::Left) {
            Self::Open(stream) => Some(stream),
            Self::Awaited | Self::Left => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, Copy)]
    enum Event {
        Arrives(u64),
        Ends,
        Leaves,
    }

    use Event::{Arrives, Ends, Leaves};

    #[test]
    fn whenever_a_view_is_left_each_of_its_streams_is_closed_once() {
        let table: [(&[Event], &[u64]); 6] = [
            (&[Arrives(1)], &[]),
            (&[Arrives(1), Leaves], &[1]),
            (&[Leaves, Arrives(1)], &[1]),
            (&[Arrives(1), Ends, Leaves], &[]),
            (&[Arrives(1), Ends, Arrives(2), Leaves], &[2]),
            (&[Arrives(1), Ends, Leaves, Arrives(2)], &[2]),
        ];
        for (events, closed) in table {
            let mut view = Subscription::default();
            let to_close = events.iter().filter_map(|event| match event {
                Arrives(stream) => view.arrived(StreamId(*stream)),
                Ends => {
                    view.ended();
                    None
                }
                Leaves => view.left(),
            });
            assert_eq!(to_close.map(|stream| stream.0).collect::<Vec<_>>(), closed, "{events:?}");
        }
    }
}
