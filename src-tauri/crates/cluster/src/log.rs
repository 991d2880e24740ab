//! How is the log of a container read as it grows?

use http::{Request, StatusCode, header};
use http_body_util::{BodyExt as _, Limited};
use kube::client::Body;

use crate::failure::chain;
use crate::read::Unread;
use crate::session::said;
use crate::visible;

/// A line without an end would fill the memory; what is longer is cut into pieces.
const LONGEST_LINE: usize = 16 * 1024;
const MOST_REFUSAL_BYTES: usize = 64 * 1024;

/// Which log, and how much of its past.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    pub namespace: String,
    pub pod: String,
    pub container: String,
    pub tail_lines: u32,
}

impl Log {
    /// Gives each line, with the server's time in front, as many at a time as came at once. Ends with the container, or
    /// when nobody polls it any more.
    ///
    /// # Errors
    /// The server's words when there is no such log, or none for this user; or when the connection breaks.
    pub async fn follow(&self, client: &kube::Client, mut each: impl FnMut(Vec<String>)) -> Result<(), Unread> {
        let Self { namespace, pod, container, tail_lines } = self;
        let path = format!("/api/v1/namespaces/{namespace}/pods/{pod}/log?container={container}&tailLines={tail_lines}&timestamps=true&follow=true");
        let request = Request::get(path).header(header::ACCEPT, "text/plain, application/json").header(header::ACCEPT_ENCODING, "identity");
        let failed = |said: String| Unread::Failed { said };
        let answer = client.send(request.body(Body::empty()).map_err(|e| failed(e.to_string()))?).await.map_err(|e| failed(chain(&e)))?;
        let status = answer.status();
        let mut body = answer.into_body();
        if status != StatusCode::OK {
            let bytes = Limited::new(body, MOST_REFUSAL_BYTES).collect().await.map_err(|e| failed(chain(&*e)))?.to_bytes();
            return Err(match status {
                StatusCode::NOT_FOUND => Unread::Absent,
                StatusCode::FORBIDDEN => Unread::Denied { said: said(status, &bytes) },
                status => failed(said(status, &bytes)),
            });
        }
        let mut rest = Vec::new();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|e| failed(chain(&e)))?;
            let Some(data) = frame.data_ref() else { continue };
            let lines = cut(&mut rest, data);
            if !lines.is_empty() {
                each(lines);
            }
        }
        if !rest.is_empty() {
            each(vec![text(&rest)]);
        }
        Ok(())
    }
}

/// Cuts what is complete, or too long, and keeps the rest.
fn cut(rest: &mut Vec<u8>, data: &[u8]) -> Vec<String> {
    let mut lines = vec![];
    for piece in data.split_inclusive(|byte| *byte == b'\n') {
        rest.extend_from_slice(piece);
        if piece.ends_with(b"\n") || rest.len() >= LONGEST_LINE {
            lines.push(text(&std::mem::take(rest)));
        }
    }
    lines
}

fn text(line: &[u8]) -> String {
    visible::text(String::from_utf8_lossy(line).trim_end_matches(['\n', '\r'])).into_owned()
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_LINE, cut};

    #[test]
    fn lines_are_whole_wherever_the_wire_cut_them_and_an_endless_one_is_cut() {
        let mut rest = vec![];
        assert_eq!(cut(&mut rest, b"one\ntw"), ["one"]);
        assert_eq!(cut(&mut rest, b"o\r\n\nthree"), ["two", ""]);
        assert_eq!(rest, b"three");
        rest.clear();
        let pieces = cut(&mut rest, &vec![b'x'; LONGEST_LINE + 1]);
        assert_eq!((pieces.len(), pieces[0].len()), (1, LONGEST_LINE + 1));
    }
}
