//! How does a stream of bytes become whole lines?

use std::time::Duration;

use http_body_util::BodyExt as _;
use kube::client::Body;

use super::request::Problem;
use crate::failure::chain;

/// No event is that long; a line without an end would otherwise fill the memory.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// The lines of a watch, as many at a time as one read brings.
pub(super) struct Lines {
    body: Body,
    rest: Vec<u8>,
    silence: Duration,
}

impl Lines {
    pub(super) fn new(body: Body, silence: Duration) -> Self {
        Self { body, rest: Vec::new(), silence }
    }

    /// The next lines, `None` at the end; an unfinished last line is dropped, since the watch resumes before it.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<Vec<u8>>>, Problem> {
        loop {
            let silent = |_| Problem::Broken { said: format!("silent for {} s", self.silence.as_secs()) };
            let Some(frame) = tokio::time::timeout(self.silence, self.body.frame()).await.map_err(silent)? else { return Ok(None) };
            let frame = frame.map_err(|e| Problem::Broken { said: chain(&e) })?;
            let Some(data) = frame.data_ref() else { continue };
            let lines = cut(&mut self.rest, data);
            if self.rest.len() > MOST_BYTES {
                return Err(Problem::Undecodable { said: "one event is longer than 16 MiB".to_owned() });
            }
            if !lines.is_empty() {
                return Ok(Some(lines));
            }
        }
    }
}

/// Cuts what is complete and keeps the rest.
pub(super) fn cut(rest: &mut Vec<u8>, data: &[u8]) -> Vec<Vec<u8>> {
    let mut lines = Vec::new();
    for piece in data.split_inclusive(|byte| *byte == b'\n') {
        rest.extend_from_slice(piece);
        if piece.ends_with(b"\n") {
            let line = std::mem::take(rest);
            if !line.trim_ascii().is_empty() {
                lines.push(line);
            }
        }
    }
    lines
}
