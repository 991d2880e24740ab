//! How are the fields that all kinds share read?

use std::collections::BTreeMap;

use api::Timestamp;
use serde::{Deserialize, Deserializer, de::IgnoredAny};

use crate::visible;

/// The metadata of an object without its bulk: `managedFields` alone would keep about 75 KB a pod.
///
/// Shape: `L` is what is kept of the labels, by default nothing.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", bound = "L: Default + Deserialize<'de>")]
pub(crate) struct Meta<L = IgnoredAny> {
    pub(crate) name: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) namespace: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) resource_version: String,
    #[serde(default, deserialize_with = "moment")]
    pub(crate) creation_timestamp: Option<Timestamp>,
    #[serde(default, deserialize_with = "moment")]
    pub(crate) deletion_timestamp: Option<Timestamp>,
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) labels: L,
}

/// Labels, where a kind needs them.
pub(crate) type Labels = BTreeMap<String, String>;

/// A condition of a status.
#[derive(Deserialize)]
pub(crate) struct Condition {
    #[serde(default, rename = "type", deserialize_with = "or_default")]
    pub(crate) kind: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) status: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) reason: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) message: String,
}

impl Condition {
    pub(crate) fn is_true(&self) -> bool {
        self.status == "True"
    }
}

/// Reads `null` as nothing; Go writes it for empty lists and maps.
pub(crate) fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(from: D) -> Result<T, D::Error> {
    Option::<T>::deserialize(from).map(Option::unwrap_or_default)
}

/// Reads a time; one that is no time is left out rather than costing the row.
pub(crate) fn moment<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
    Ok(Option::<String>::deserialize(from)?.and_then(|text| timestamp(&text)))
}

pub(crate) fn timestamp(text: &str) -> Option<Timestamp> {
    let at: jiff::Timestamp = text.parse().ok()?;
    u64::try_from(at.as_millisecond()).ok().map(Timestamp)
}

/// Bytes that a row takes of a text: nobody reads more in a table.
const MOST_TEXT: usize = 4_096;
/// The same of a name, by which its row is also found: Kubernetes takes none of more than 253.
const MOST_NAME: usize = 1_024;

/// A cluster's text as it may stand in a table: one line, without marks that nobody sees, and not longer than anybody reads.
pub(crate) fn shown(text: &str) -> String {
    cut(text, MOST_TEXT)
}

/// The same for a name, of which there are many and nearly none has such marks.
pub(crate) fn named(name: String) -> String {
    if name.len() <= MOST_NAME && name.chars().all(|c| c.is_ascii_graphic()) { name } else { cut(&name, MOST_NAME) }
}

fn cut(text: &str, most: usize) -> String {
    let short = &text[..text.floor_char_boundary(most)];
    let rest = (short.len() < text.len()).then_some('…');
    visible::text(short).chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).chain(rest).collect()
}

/// A quantity in thousandths: `250m` is 250, `2` is 2,000.
///
/// Shape: 0 for what is no quantity; rounded up as Kubernetes does.
pub(crate) fn milli(quantity: &str) -> u64 {
    let split = quantity.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '+' | '-'))).unwrap_or(quantity.len());
    let (number, suffix) = quantity.split_at(split);
    let factor = match suffix {
        "n" => 1e-9,
        "u" => 1e-6,
        "m" => 1e-3,
        "" => 1.0,
        "k" => 1e3,
        "M" => 1e6,
        "G" => 1e9,
        "T" => 1e12,
        "P" => 1e15,
        "E" => 1e18,
        "Ki" => 1024.0,
        "Mi" => 1_048_576.0,
        "Gi" => 1_073_741_824.0,
        "Ti" => 1_099_511_627_776.0,
        "Pi" => 1_125_899_906_842_624.0,
        "Ei" => 1_152_921_504_606_846_976.0,
        exponent => match exponent.strip_prefix(['e', 'E']).and_then(|power| power.parse::<i32>().ok()) {
            Some(power) => 10f64.powi(power),
            None => return 0,
        },
    };
    // A cast of a float saturates; below zero becomes zero.
    number.parse::<f64>().map_or(0, |number| (number * factor * 1_000.0).ceil() as u64)
}
