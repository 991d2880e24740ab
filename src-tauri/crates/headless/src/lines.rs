//! How does the contract travel as JSON lines?

use std::convert::Infallible;
use std::time::Duration;

use anyhow::Result;
use api::{Cursor, Fault, FaultCode, Pull, Request, Status, StreamId, Topic};
use engine::{Encoding, Engine};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

/// Answers that wait for a slow reader; beyond it the streams wait too, and their news coalesce.
const MOST_WAITING: usize = 64;
const WAIT_MS: u32 = 20_000;
/// So long what was asked before the end of the input is waited for.
const LAST_ANSWERS: Duration = Duration::from_secs(10);

/// An answer that is not told yet; it is told when this is dropped.
type Owed = mpsc::Sender<Infallible>;

/// One line of input.
#[derive(Debug, Deserialize)]
struct Asked {
    #[serde(default)]
    id: Value,
    #[serde(default)]
    subscribe: Option<Value>,
    #[serde(default)]
    unsubscribe: Option<Value>,
}

/// The number of a line that is not understood: its answer has it too.
#[derive(Debug, Deserialize)]
struct Numbered {
    #[serde(default)]
    id: Value,
}

/// Where a batch ends; its rows are of no concern here.
#[derive(Debug, Deserialize)]
enum Batch {
    Snapshot { at: Cursor, status: Status },
    Delta { at: Cursor, status: Status },
}

/// Reads requests until the input ends, and answers each as soon as it is known. What was asked before the end is still
/// answered, a subscription by what it loads; nobody waits for that for ever.
pub(crate) async fn talk<R, W>(engine: &Engine, input: R, output: W) -> Result<()>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin + Send + 'static,
{
    let (say, heard) = mpsc::channel::<String>(MOST_WAITING);
    let (owed, mut answered) = mpsc::channel::<Infallible>(1);
    let (mut work, mut writing) = (JoinSet::new(), JoinSet::new());
    writing.spawn(write(heard, output));
    let mut lines = BufReader::new(input).lines();
    while let Some(line) = lines.next_line().await? {
        if line.trim().is_empty() {
            continue;
        }
        let (engine, say, owed) = (engine.clone(), say.clone(), owed.clone());
        work.spawn(async move {
            answer(&engine, &line, &say, owed).await;
        });
    }
    drop(owed);
    let rest = async {
        tokio::select! {
            _ = answered.recv() => {}
            // Nobody reads any more.
            _ = writing.join_next() => {}
        }
        work.shutdown().await;
        drop(say);
        while writing.join_next().await.is_some() {}
    };
    let _ = tokio::time::timeout(LAST_ANSWERS, rest).await;
    Ok(())
}

async fn write<W: AsyncWrite + Unpin>(mut heard: mpsc::Receiver<String>, mut output: W) {
    while let Some(mut line) = heard.recv().await {
        line.push('\n');
        // A reader that is gone ends the program with its input.
        if output.write_all(line.as_bytes()).await.is_err() || output.flush().await.is_err() {
            return;
        }
    }
}

async fn answer(engine: &Engine, line: &str, say: &mpsc::Sender<String>, owed: Owed) {
    let asked: Asked = match serde_json::from_str(line) {
        Ok(asked) => asked,
        Err(e) => {
            let id = serde_json::from_str::<Numbered>(line).map(|numbered| numbered.id).unwrap_or_default();
            return tell(say, id, Err(not_understood(&e.to_string()))).await;
        }
    };
    if let Some(topic) = asked.subscribe {
        return match serde_json::from_value::<Topic>(topic) {
            Ok(topic) => follow(engine, topic, asked.id, say, owed).await,
            Err(e) => tell(say, asked.id, Err(not_understood(&e.to_string()))).await,
        };
    }
    if let Some(stream) = asked.unsubscribe {
        let ended = match serde_json::from_value::<StreamId>(stream) {
            Ok(stream) => engine.unsubscribe(stream).await.map(|()| Value::Null),
            Err(e) => Err(not_understood(&e.to_string())),
        };
        return tell(say, asked.id, ended).await;
    }
    let reply = match request(line) {
        Ok(request) => engine.call(request).await.map(|bytes| serde_json::from_slice(&bytes).unwrap_or_default()),
        Err(e) => Err(not_understood(&e.to_string())),
    };
    tell(say, asked.id, reply).await;
}

/// A call without arguments needs no `with`.
fn request(line: &str) -> serde_json::Result<Request> {
    let mut value: Value = serde_json::from_str(line)?;
    if let Some(object) = value.as_object_mut() {
        object.entry("with").or_insert(Value::Null);
    }
    serde_json::from_value(value)
}

async fn follow(engine: &Engine, topic: Topic, id: Value, say: &mpsc::Sender<String>, owed: Owed) {
    let stream = match engine.subscribe(topic).await {
        Ok(stream) => stream,
        Err(fault) => return tell(say, id, Err(fault)).await,
    };
    tell(say, id, Ok(json!({ "stream": stream }))).await;
    let (mut cursor, mut owed) = (0, Some(owed));
    loop {
        let Ok(bytes) = engine.pull_as(Pull { stream, cursor, wait_ms: WAIT_MS }, Encoding::Json).await else { break };
        let (Ok(batch), Ok(text)) = (serde_json::from_slice::<Batch>(&bytes), String::from_utf8(bytes)) else { break };
        let (Batch::Snapshot { at, status } | Batch::Delta { at, status }) = batch;
        if at == cursor {
            continue;
        }
        cursor = at;
        // The engine wrote JSON: thousands of rows are handed on as they are.
        if say.send(format!(r#"{{"stream":{},"batch":{text}}}"#, stream.0)).await.is_err() {
            return;
        }
        if status != Status::Loading {
            drop(owed.take());
        }
    }
    let _ = say.send(json!({ "stream": stream, "ended": true }).to_string()).await;
}

async fn tell(say: &mpsc::Sender<String>, id: Value, reply: Result<Value, Fault>) {
    let line = match reply {
        Ok(ok) => json!({ "id": id, "ok": ok }),
        Err(fault) => json!({ "id": id, "fault": fault }),
    };
    let _ = say.send(line.to_string()).await;
}

fn not_understood(cause: &str) -> Fault {
    Fault::new(FaultCode::Invalid, "The line is not a request of the contract.").because("the line", cause)
}
