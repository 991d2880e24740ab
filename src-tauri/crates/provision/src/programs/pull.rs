//! How far is the pull of an image?
//!
//! Two sources say the same in two ways: the Engine API with bytes, `docker pull` without. Start at: [`Pull::hear`].

use std::collections::BTreeMap;

use serde::Deserialize;

/// A layer's share that is spent on the download; the rest is unpacking.
const DOWNLOAD_THOUSANDTHS: u128 = 800;
/// A bound on what a confused daemon can make us keep; images have a few dozen layers.
const MOST_LAYERS: usize = 512;

/// The state of one pull.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pull {
    layers: BTreeMap<String, Layer>,
    /// Why the daemon gave up, in its words.
    pub error: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Layer {
    downloaded: u64,
    size: u64,
    phase: Phase,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    #[default]
    Waiting,
    Downloading,
    Downloaded,
    Unpacking,
    Done,
}

/// What is shown of a pull.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub layers: u32,
    pub layers_done: u32,
    /// Both zero when the source does not tell bytes.
    pub bytes: u64,
    pub bytes_total: u64,
    pub thousandths: u16,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Message {
    id: String,
    status: String,
    #[serde(rename = "progressDetail")]
    detail: Option<Detail>,
    error: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Detail {
    current: Option<u64>,
    total: Option<u64>,
}

impl Pull {
    /// Takes one line of the Engine API's JSON stream; rubbish changes nothing.
    pub fn hear_json(&mut self, line: &str) {
        let Ok(message) = serde_json::from_str::<Message>(line) else { return };
        if message.error.is_some() {
            self.error = message.error;
            return;
        }
        let detail = message.detail.unwrap_or_default();
        self.hear(&message.id, &message.status, detail.current.zip(detail.total));
    }

    /// Takes one line of `docker pull`: `ID: status`.
    pub fn hear_line(&mut self, line: &str) {
        if let Some((id, status)) = line.split_once(": ")
            && !id.contains(' ')
        {
            self.hear(id, status.trim(), None);
        }
    }

    fn hear(&mut self, id: &str, status: &str, bytes: Option<(u64, u64)>) {
        let Some(phase) = phase(status) else { return };
        if id.is_empty() || (!self.layers.contains_key(id) && self.layers.len() >= MOST_LAYERS) {
            return;
        }
        let layer = self.layers.entry(id.to_owned()).or_default();
        // The daemon repeats itself and, after a broken connection, starts a layer again.
        layer.phase = if phase == Phase::Downloading { phase } else { layer.phase.max(phase) };
        if phase == Phase::Downloading
            && let Some((current, total)) = bytes
        {
            layer.size = total;
            layer.downloaded = current.min(total);
        }
        if layer.phase >= Phase::Downloaded {
            layer.downloaded = layer.size;
        }
    }

    pub fn progress(&self) -> Progress {
        let layers = self.layers.len() as u64;
        let share = |layer: &Layer| match layer.phase {
            Phase::Waiting => 0,
            Phase::Downloading => DOWNLOAD_THOUSANDTHS * u128::from(layer.downloaded) / u128::from(layer.size.max(1)),
            Phase::Downloaded | Phase::Unpacking => DOWNLOAD_THOUSANDTHS,
            Phase::Done => 1_000,
        };
        let (bytes, bytes_total) = self.layers.values().fold((0u64, 0u64), |(b, t), l| (b.saturating_add(l.downloaded), t.saturating_add(l.size)));
        // By bytes where they are known: one layer of kind's node image is most of it.
        let weighed: u128 = self.layers.values().map(|l| share(l) * u128::from(if bytes_total > 0 { l.size } else { 1 })).sum();
        let whole = u128::from(if bytes_total > 0 { bytes_total } else { layers }).max(1);
        Progress {
            layers: layers as u32,
            layers_done: self.layers.values().filter(|l| l.phase == Phase::Done).count() as u32,
            bytes,
            bytes_total,
            thousandths: u16::try_from(weighed / whole).unwrap_or(1_000).min(1_000),
        }
    }
}

impl Progress {
    /// `212 of 412 MB`, or `3 of 8 layers`.
    pub fn words(&self) -> String {
        const MEGABYTE: u64 = 1_000_000;
        if self.bytes_total >= MEGABYTE {
            format!("{} of {} MB", self.bytes / MEGABYTE, self.bytes_total / MEGABYTE)
        } else {
            format!("{} of {} layers", self.layers_done, self.layers)
        }
    }
}

fn phase(status: &str) -> Option<Phase> {
    match status {
        "Pulling fs layer" | "Waiting" => Some(Phase::Waiting),
        "Downloading" | "Retrying" => Some(Phase::Downloading),
        "Verifying Checksum" | "Download complete" => Some(Phase::Downloaded),
        "Extracting" => Some(Phase::Unpacking),
        "Pull complete" | "Already exists" => Some(Phase::Done),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
