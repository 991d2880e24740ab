//! What would "make current" change in which file?
//!
//! Pure: text in, text out. The change is the smallest there is, so comments, order and unknown keys stay.
//! Start at: [`target_file`], then [`plan`]; [`crate::write`] makes the change.

use std::{ops::Range, path::Path};

use api::files::FileChange;
use sha2::{Digest, Sha256};

use crate::{
    sources::{Listed, Part, shown},
    text::{self, Encoding},
    tree::{self, Broken, Layout, Node, Style, Value, looks_typed},
};

const KEY: &str = "current-context";

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    #[error("the file cannot be read as a kubeconfig")]
    Broken(#[source] Broken),
    #[error("the file is written as UTF-16, which KOS reads but does not write")]
    Encoding,
    #[error("the file is not a mapping of keys")]
    NotAMapping,
    /// The semantic check: the edited text must differ in exactly this value.
    #[error("the change would alter more than the current context")]
    AltersMore,
}

/// An edit that was worked out and not made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    pub bytes: Vec<u8>,
    pub change: FileChange,
}

/// Does a listed file exist?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    Exists,
    Missing,
}

/// The file that kubectl would write: of several the first that exists, else the last; a separate file is its own.
pub fn target_file<'a>(listed: &'a [Listed], of: &'a Listed, presence: impl Fn(&Listed) -> Presence) -> &'a Listed {
    match of.part {
        Part::Alone => of,
        Part::OfKubectl => {
            let list = || listed.iter().filter(|listed| listed.part == Part::OfKubectl);
            list().find(|listed| presence(listed) == Presence::Exists).or_else(|| list().next_back()).unwrap_or(of)
        }
    }
}

/// Works out the change; `bytes` is empty for a file that does not exist.
pub fn plan(listed: &Listed, bytes: &[u8], context: &str, home: Option<&Path>) -> Result<Planned, EditError> {
    let (before, encoding) = text::decode(bytes).map_err(EditError::Broken)?;
    let after = set_current(&before, context)?;
    let bytes_after = match encoding {
        Encoding::Utf16 => return Err(EditError::Encoding),
        Encoding::Utf8 | Encoding::Utf8WithMark => text::encode(&after, encoding).ok_or(EditError::Encoding)?,
    };
    let (first_line, before, after) = difference(&before, &after);
    let change = FileChange {
        file: listed.id.clone(),
        shown: shown(&listed.path, home),
        before,
        after,
        first_line,
        seen: digest(bytes),
        command: command(listed, context),
    };
    Ok(Planned { bytes: bytes_after, change })
}

/// Names bytes: the same bytes have the same name.
pub fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn command(listed: &Listed, context: &str) -> String {
    let name = shell_word(context);
    match listed.part {
        Part::OfKubectl => format!("kubectl config use-context {name}"),
        Part::Alone => format!("kubectl config use-context {name} --kubeconfig {}", shell_word(&listed.path.to_string_lossy())),
    }
}

/// A word as a shell takes it back.
pub fn shell_word(text: &str) -> String {
    let plain = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_./@:+=".contains(c));
    if plain { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

/// A path as a shell takes it back; `~` at its head is left to the shell, which reads none in quotes.
pub fn shell_path(path: &str) -> String {
    path.strip_prefix("~/").map_or_else(|| shell_word(path), |below| format!("~/{}", shell_word(below)))
}

/// The text with another `current-context`, checked to mean exactly that.
pub fn set_current(text: &str, context: &str) -> Result<String, EditError> {
    let tree = tree::read(text).map_err(EditError::Broken)?;
    let edited = match tree.root.as_deref() {
        None => {
            let gap = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
            let end = newline(text);
            format!("{text}{gap}apiVersion: v1{end}kind: Config{end}{KEY}: {}{end}", scalar(context, Layout::Block))
        }
        Some(root) => set(text, root, context)?,
    };
    let check = tree::read(&edited).ok().and_then(|tree| tree.root).ok_or(EditError::AltersMore)?;
    let names_it = matches!(check.get(KEY).map(|node| &node.value), Some(Value::Scalar { text, .. }) if text == context);
    let same = tree.root.as_deref().is_none_or(|root| others(root) == others(&check));
    if names_it && same { Ok(edited) } else { Err(EditError::AltersMore) }
}

fn others(root: &Node) -> Vec<(&str, &Node)> {
    match &root.value {
        Value::Map { pairs, .. } => pairs.iter().filter(|pair| pair.key != KEY).map(|pair| (pair.key.as_str(), pair.value.as_ref())).collect(),
        Value::Scalar { .. } | Value::List(_) => vec![],
    }
}

fn set(text: &str, root: &Node, context: &str) -> Result<String, EditError> {
    let Value::Map { pairs, layout } = &root.value else { return Err(EditError::NotAMapping) };
    let name = scalar(context, *layout);
    // The last one counts when the key is repeated.
    if let Some(pair) = pairs.iter().rev().find(|pair| pair.key == KEY) {
        let Value::Scalar { style, .. } = &pair.value.value else { return Err(EditError::AltersMore) };
        let range = pair.value.range.clone();
        if range.is_empty() {
            let colon = text.get(pair.key_node.range.end..).and_then(|rest| rest.find(':')).ok_or(EditError::AltersMore)?;
            let at = pair.key_node.range.end + colon + 1;
            return replaced(text, at..at, &format!(" {name}"));
        }
        let end = if *style == Style::Block { newline(text) } else { "" };
        return replaced(text, range, &format!("{name}{end}"));
    }
    let Some(first) = pairs.first() else {
        return replaced(text, root.range.clone(), &format!("{{{KEY}: {name}}}")).or(Err(EditError::AltersMore));
    };
    let at = first.key_node.range.start;
    match layout {
        Layout::Flow => replaced(text, at..at, &format!("\"{KEY}\": {name}, ")),
        Layout::Block => {
            let line = text.get(..at).ok_or(EditError::AltersMore)?;
            let indent = &line[line.rfind('\n').map_or(0, |newline| newline + 1)..];
            if !indent.trim().is_empty() {
                return Err(EditError::AltersMore);
            }
            replaced(text, at..at, &format!("{KEY}: {name}{}{indent}", newline(text)))
        }
    }
}

fn replaced(text: &str, range: Range<usize>, new: &str) -> Result<String, EditError> {
    match (text.get(..range.start), text.get(range.end..)) {
        (Some(head), Some(tail)) => Ok([head, new, tail].concat()),
        (_, _) => Err(EditError::AltersMore),
    }
}

/// A name as YAML 1.1 and 1.2 both read it: quoted wherever either could take it for something else.
pub fn scalar(name: &str, layout: Layout) -> String {
    let plain = name.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_' || c == '/')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_./@:+".contains(c))
        && !name.ends_with(':')
        && !looks_typed(name)
        // Such as 433e, which some readers take for a number.
        && !name.chars().all(|c| c.is_ascii_digit() || "eE+-._:".contains(c));
    if plain && layout == Layout::Block { name.to_owned() } else { serde_json::Value::from(name).to_string() }
}

fn newline(text: &str) -> &'static str {
    if text.split('\n').next().is_some_and(|line| line.ends_with('\r')) { "\r\n" } else { "\n" }
}

/// The lines that differ, with the number of the first.
fn difference(before: &str, after: &str) -> (u32, Vec<String>, Vec<String>) {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let lines = |all: &[&str]| all[head..all.len() - tail].iter().map(|line| (*line).to_owned()).collect();
    (u32::try_from(head + 1).unwrap_or(u32::MAX), lines(&old), lines(&new))
}

#[cfg(test)]
mod tests;
