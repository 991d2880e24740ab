//! How is the core measured without a window? Over its JSON lines.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::desk::Desk;
use super::processes::Tree;
use crate::window::Owned;

pub(crate) struct Core {
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    last: u64,
    child: Owned,
}

impl Core {
    pub(crate) fn start(binary: &Path, desk: &Desk) -> Result<Self> {
        let mut command = Command::new(binary);
        command.arg("--home").arg(desk.home()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = Owned::spawn(desk.seat(&mut command))?;
        let (input, output) = child.pipes().context("both are piped")?;
        Ok(Self { input, output: BufReader::with_capacity(1 << 20, output), last: 0, child })
    }

    /// Processor time so far, in milliseconds: unlike a clock it does not count what others run meanwhile.
    pub(crate) fn processor_ms(&self) -> Result<f64> {
        Ok(Tree::below(self.child.id(), &["headless"])?.seconds() * 1000.0)
    }

    /// Sends a line and gives its answer; batches that come in between are dropped.
    pub(crate) fn ask(&mut self, mut line: Value) -> Result<Value> {
        self.last += 1;
        line["id"] = json!(self.last);
        writeln!(self.input, "{line}")?;
        loop {
            let heard = self.hear()?;
            if heard["id"] == self.last {
                return if heard.get("fault").is_some() { bail!("{line}: {heard}") } else { Ok(heard["ok"].clone()) };
            }
        }
    }

    /// Reads batches of any stream until one of them is as wanted, and says when that one was there.
    pub(crate) fn until(&mut self, wanted: impl Fn(&Value) -> bool) -> Result<Instant> {
        loop {
            let line = self.line()?;
            // Reading the line is the measuring program's own work.
            let there = Instant::now();
            if wanted(&serde_json::from_str::<Value>(&line)?["batch"]) {
                return Ok(there);
            }
        }
    }

    fn hear(&mut self) -> Result<Value> {
        Ok(serde_json::from_str(&self.line()?)?)
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.output.read_line(&mut line)? == 0 {
            bail!("the core ended");
        }
        Ok(line)
    }
}

/// How many rows a batch brings.
pub(crate) fn rows(batch: &Value) -> usize {
    let of = |kind: &str, field: &str| batch[kind][field].as_array().map_or(0, Vec::len);
    of("Snapshot", "rows") + of("Delta", "set")
}
