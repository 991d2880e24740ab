//! How does a test talk to the core without a window? Over the JSON lines that scripts use.

use std::collections::HashMap;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context, bail};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::watch;

use crate::Desk;
use crate::window::target;

/// Making a real cluster takes minutes; a test that needs less fails by its own condition, not by this.
const PATIENCE: Duration = Duration::from_secs(600);

/// `headless` at a desk.
pub struct Headless {
    child: Child,
    input: ChildStdin,
    last: u64,
    heard: Arc<Mutex<Heard>>,
    news: watch::Receiver<u64>,
    reader: tokio::task::JoinHandle<()>,
    patience: Duration,
}

#[derive(Default)]
struct Heard {
    answers: HashMap<u64, Value>,
    streams: HashMap<u64, Rows>,
    said: String,
}

/// A line whose answer is not there yet.
#[derive(Debug)]
#[must_use = "its answer can be waited for"]
pub struct Sent {
    id: u64,
    asked: Value,
}

/// The rows of a subscription as a reader holds them.
#[derive(Default, Clone, Debug)]
pub struct Rows {
    pub status: Value,
    pub rows: Vec<Value>,
    pub batches: u64,
}

impl Headless {
    pub async fn start(desk: &Desk, args: &[&str]) -> anyhow::Result<Self> {
        Self::start_by(desk, &[], &[], args).await
    }

    /// Runs it as a command to its end: its exit code, and the lines that it printed.
    pub async fn run(desk: &Desk, args: &[&str], limit: Duration) -> anyhow::Result<(Option<i32>, Vec<Value>)> {
        let mut core = Self::start(desk, args).await?;
        let status = tokio::time::timeout(limit, core.child.wait()).await.context("headless does not end")??;
        // The last lines are read after the program has ended.
        (&mut core.reader).await.context("its output is read")?;
        let lines = core.said().lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
        Ok((status.code(), lines))
    }

    /// Starts it by way of a program that changes its surroundings, with further variables.
    pub async fn start_by(desk: &Desk, by: &[&str], variables: &[(&str, &str)], args: &[&str]) -> anyhow::Result<Self> {
        let headless = target().join("headless");
        let mut command = match by.split_first() {
            Some((first, rest)) => {
                let mut command = Command::new(first);
                command.args(rest).arg(headless);
                command
            }
            None => Command::new(headless),
        };
        command.arg("--home").arg(desk.home()).args(args).envs(desk.environment()).current_dir(desk.home());
        for name in Desk::FORGOTTEN {
            command.env_remove(name);
        }
        command.envs(variables.iter().copied());
        let errors = std::fs::File::options().create(true).append(true).open(desk.errors()).context("the desk has a place for errors")?;
        command.stderr(errors);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true).spawn().context("headless is built with the tests")?;
        let input = child.stdin.take().context("stdin is piped")?;
        let output = child.stdout.take().context("stdout is piped")?;
        let heard: Arc<Mutex<Heard>> = Arc::default();
        let (tell, news) = watch::channel(0);
        let store = heard.clone();
        let reader = tokio::spawn(async move {
            let mut lines = BufReader::with_capacity(1 << 20, output).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                store.lock().expect("no test panics while it holds this").said.push_str(&format!("{line}\n"));
                let Ok(value) = serde_json::from_str::<Value>(&line) else { continue };
                store.lock().expect("no test panics while it holds this").take(value);
                tell.send_modify(|n| *n += 1);
            }
        });
        Ok(Self { child, input, last: 0, heard, news, reader, patience: PATIENCE })
    }

    /// For tests in which nothing is made: what takes longer than this will not come.
    pub fn within(mut self, limit: Duration) -> Self {
        self.patience = limit;
        self
    }

    /// The process, for tests that end it the hard way.
    pub fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// Makes a call and waits for its answer; a fault is an error with its sentence and cause.
    pub async fn call(&mut self, name: &str, with: Value) -> anyhow::Result<Value> {
        let mut asked = json!({ "call": name });
        if !with.is_null() {
            asked["with"] = with;
        }
        let answer = self.ask(asked).await?;
        match answer.get("fault") {
            Some(fault) => bail!("{name}: {fault}"),
            None => Ok(answer["ok"].clone()),
        }
    }

    /// Makes a call that must be refused and gives the fault.
    pub async fn refused(&mut self, name: &str, with: Value) -> anyhow::Result<Value> {
        let answer = self.ask(json!({ "call": name, "with": with })).await?;
        answer.get("fault").cloned().with_context(|| format!("{name} was not refused: {answer}"))
    }

    pub async fn subscribe(&mut self, topic: Value) -> anyhow::Result<u64> {
        let answer = self.ask(json!({ "subscribe": topic })).await?;
        answer["ok"]["stream"].as_u64().with_context(|| format!("no stream for {topic}: {answer}"))
    }

    /// Waits until the rows of a stream are as wanted, and gives them.
    pub async fn until(&mut self, stream: u64, what: &str, wanted: impl Fn(&Rows) -> bool) -> anyhow::Result<Rows> {
        let heard = self.heard.clone();
        let look = || heard.lock().expect("no test panics while it holds this").streams.get(&stream).cloned().unwrap_or_default();
        let waiting = async {
            loop {
                let rows = look();
                if wanted(&rows) {
                    return Ok(rows);
                }
                if self.news.changed().await.is_err() {
                    bail!("headless ended");
                }
            }
        };
        match tokio::time::timeout(self.patience, waiting).await {
            Ok(found) => found,
            Err(_) => bail!("waited for: {what}; there is {:#?}", look()),
        }
    }

    /// All that it printed so far.
    pub fn said(&self) -> String {
        self.heard.lock().expect("no test panics while it holds this").said.clone()
    }

    /// Ends the program with its input, as a script would.
    pub async fn end(mut self) -> anyhow::Result<()> {
        drop(self.input);
        tokio::time::timeout(Duration::from_secs(30), self.child.wait()).await.context("headless does not end")??;
        self.reader.abort();
        Ok(())
    }

    /// Sends these lines and ends the input with them, as a pipe does, and gives all that was printed.
    pub async fn piped(mut self, lines: &[Value]) -> anyhow::Result<Vec<Value>> {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        self.input.write_all(text.as_bytes()).await?;
        drop(self.input);
        tokio::time::timeout(Duration::from_secs(30), self.child.wait()).await.context("headless does not end")??;
        self.reader.await.context("its output is read")?;
        let said = self.heard.lock().expect("no test panics while it holds this").said.clone();
        Ok(said.lines().map(serde_json::from_str).collect::<Result<_, _>>()?)
    }

    /// Waits until the program ended by itself.
    pub async fn ended(mut self, limit: Duration) -> anyhow::Result<std::process::ExitStatus> {
        let status = tokio::time::timeout(limit, self.child.wait()).await.context("headless does not end")??;
        self.reader.abort();
        Ok(status)
    }

    /// Ends the program as a power loss would.
    pub async fn kill(mut self) -> anyhow::Result<()> {
        self.child.kill().await?;
        self.reader.abort();
        Ok(())
    }

    /// Sends one line and gives the whole answer.
    pub async fn ask(&mut self, asked: Value) -> anyhow::Result<Value> {
        let sent = self.send(asked).await?;
        self.answer(sent).await
    }

    /// Sends one line; others may be asked before its answer is waited for.
    pub async fn send(&mut self, mut asked: Value) -> anyhow::Result<Sent> {
        self.last += 1;
        asked["id"] = json!(self.last);
        self.input.write_all(format!("{asked}\n").as_bytes()).await?;
        Ok(Sent { id: self.last, asked })
    }

    /// The whole answer to a line that was sent.
    pub async fn answer(&mut self, Sent { id, asked }: Sent) -> anyhow::Result<Value> {
        let waiting = async {
            loop {
                if let Some(answer) = self.heard.lock().expect("no test panics while it holds this").answers.remove(&id) {
                    return Ok(answer);
                }
                if self.news.changed().await.is_err() {
                    bail!("headless ended");
                }
            }
        };
        tokio::time::timeout(self.patience, waiting).await.with_context(|| format!("no answer to {asked}"))?
    }
}

impl Heard {
    fn take(&mut self, value: Value) {
        if let Some(id) = value["id"].as_u64() {
            self.answers.insert(id, value);
        } else if let Some(stream) = value["stream"].as_u64() {
            self.streams.entry(stream).or_default().take(&value["batch"]);
        }
    }
}

impl Rows {
    fn take(&mut self, batch: &Value) {
        self.batches += 1;
        if let Some(all) = batch.get("Snapshot") {
            self.status = all["status"].clone();
            self.rows = all["rows"].as_array().cloned().unwrap_or_default();
        } else if let Some(delta) = batch.get("Delta") {
            self.status = delta["status"].clone();
            let gone: Vec<String> = delta["gone"].as_array().into_iter().flatten().filter_map(|v| v.as_str().map(str::to_owned)).collect();
            self.rows.retain(|row| !gone.contains(&key(row)));
            for row in delta["set"].as_array().into_iter().flatten() {
                match self.rows.iter_mut().find(|r| key(r) == key(row)) {
                    Some(old) => *old = row.clone(),
                    None => self.rows.push(row.clone()),
                }
            }
        }
    }
}

/// The key of a row, as `api::Row` says it for each kind.
fn key(row: &Value) -> String {
    let text = |v: &Value| v.as_str().map(str::to_owned);
    for kind in ["Pod", "Node", "Namespace", "Unreadable"] {
        if let Some(inner) = row.get(kind) {
            return format!("{}/{}", text(&inner["namespace"]).unwrap_or_default(), text(&inner["name"]).unwrap_or_default());
        }
    }
    if let Ok(part) = serde_json::from_value::<api::capi::ClusterPart>(row.clone()) {
        return api::Row::id(&part).0;
    }
    if let Ok(part) = serde_json::from_value::<api::definitions::DriftPart>(row.clone()) {
        return api::Row::id(&part).0;
    }
    if let Ok(row) = serde_json::from_value::<api::local::LocalRow>(row.clone()) {
        return api::Row::id(&row).0;
    }
    if row.get("machines").is_some() {
        return format!("{}/{}", text(&row["namespace"]).unwrap_or_default(), text(&row["name"]).unwrap_or_default());
    }
    if let Some(number) = row["number"].as_u64() {
        return number.to_string();
    }
    text(&row["id"])
        .or_else(|| text(&row["context"]).filter(|_| row.get("objects").is_some()))
        .or_else(|| text(&row["row"]["id"]))
        .or_else(|| text(&row["name"]))
        .unwrap_or_default()
}
