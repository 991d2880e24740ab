//! How do the choices stand as text that people edit?
//!
//! Pure. A choice changes its own value in the text and nothing else: comments, order and unknown keys stay.

use api::settings::Choices;
use kubeconfig::tree::{self, Broken, Layout, Node, Pair, Style};
use serde_json::Value;

/// Each key with what it means; also the order in a new file. Tests hold it against the type and `docs/settings.md`.
pub(super) const KEYS: &[(&str, &str)] = &[
    ("theme", "system, light or dark"),
    ("rows", "height of table rows: compact (28 px), regular (30 px) or roomy (32 px)"),
    ("motion", "system, full or reduced"),
    ("hidden_columns", "columns that tables leave out, by kind (pods, nodes, namespaces) and by their head: {\"pods\": [\"IP\", \"Node\"]}"),
    (
        "namespaces",
        "the namespace in which a context opens, by its name: {\"dev-eu\": \"shop\"}; empty for all, and a context without one opens where you left it",
    ),
    (
        "keys",
        "keys of your own, by command: {\"palette\": \"Ctrl P\", \"pods\": \"G O\"}; commands are palette, filter, help, back, apply, fleet, problems, pods, nodes and namespaces",
    ),
    ("proxy", "for downloads and contexts without one of their own, http://host:port; empty uses the environment's"),
    ("ca_bundle", "file with further certificate authorities for downloads, PEM"),
    ("extra_path", "folders searched for programs before the PATH of the login shell"),
    ("kind_path", "a kind of your own; empty looks in the PATH, then in what KOS fetched"),
    ("clusterctl_path", "the same for clusterctl"),
    ("kubectl_path", "the same for kubectl"),
    ("docker_path", "the same for docker"),
    ("helm_path", "the same for helm"),
    ("git_path", "the same for git"),
    ("clusterctl_config", "configuration of clusterctl, or a folder with a clusterctl.yaml in it, for providers from a folder or a mirror"),
    ("node_image", "repository of node images; empty uses kindest/node"),
    ("release_token", "keyring when a token for release pages is kept there, else nowhere; the token itself never stands here"),
    ("protect", "contexts that get the red band by their name; * stands for anything"),
    (
        "write_wait_seconds",
        "how long a write into a cluster waits before it is sent, 0 to 60; it can be taken back meanwhile, and protected contexts wait at least 5",
    ),
    ("writes", "allowed or refused: KOS then changes no cluster, no kubeconfig and nothing on this machine"),
];

/// Why a text says nothing of what was chosen.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) line: Option<u32>,
    pub(super) says: String,
}

pub(super) fn parse(text: &str) -> Result<Choices, Wrong> {
    if is_blank(text) {
        return Ok(Choices::default());
    }
    // Its budget comes first; what else is wrong the reader below says better.
    if let Err(why @ Broken::OverBudget { .. }) = tree::read(text) {
        return Err(Wrong { line: Some(why.line()).filter(|line| *line > 0), says: why.to_string() });
    }
    serde_yaml::from_str(text).map_err(|why| {
        let said = why.without_snippet().to_string();
        let says = said.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default().trim_start_matches("error: ").to_owned();
        Wrong { line: why.location().and_then(|at| u32::try_from(at.line()).ok()).filter(|line| *line > 0), says }
    })
}

/// Nothing but comments.
fn is_blank(text: &str) -> bool {
    text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'))
}

/// Keys that mean nothing here, with their lines: a slip of the hand would otherwise go unnoticed.
pub(super) fn unknown(text: &str) -> Vec<(String, u32)> {
    let pairs = tree::read(text).ok().and_then(|tree| tree.root);
    let Some(tree::Value::Map { pairs, .. }) = pairs.as_deref().map(|root| &root.value) else { return vec![] };
    let known = |key: &str| KEYS.iter().any(|(known, _)| *known == key);
    pairs.iter().filter(|pair| !known(&pair.key)).map(|pair| (pair.key.clone(), pair.key_node.line)).collect()
}

/// A file as KOS begins it.
pub(super) fn whole(choices: &Choices) -> String {
    let (values, usual) = (values(choices), values(&Choices::default()));
    let mut text = "# Settings of KOS. Edit as you like; KOS reads the file again when it changes.\n".to_owned();
    for (key, meaning) in KEYS {
        // A JSON value is a YAML value, and leaves no doubt about quotes.
        text.push_str(&format!("\n# {meaning}; usually {}\n{key}: {}\n", usual[key], values[key]));
    }
    text
}

pub(super) fn values(choices: &Choices) -> Value {
    serde_json::to_value(choices).unwrap_or_default()
}

/// The text with other choices, `None` when it is written in a way in which that would take more with it.
pub(super) fn edited(text: &str, now: &Choices, wanted: &Choices) -> Option<String> {
    if text.trim().is_empty() {
        return Some(whole(wanted));
    }
    let (from, to) = (values(now), values(wanted));
    let mut edited = text.to_owned();
    for (key, meaning) in KEYS.iter().filter(|(key, _)| from[key] != to[key]) {
        edited = with(&edited, key, meaning, &to[key].to_string())?;
    }
    (parse(&edited).as_ref() == Ok(wanted)).then_some(edited)
}

fn with(text: &str, key: &str, meaning: &str, value: &str) -> Option<String> {
    let root = tree::read(text).ok()?.root;
    let pairs: &[Pair] = match root.as_deref().map(|root| &root.value) {
        None => &[],
        Some(tree::Value::Map { pairs, layout: Layout::Block }) => pairs,
        Some(_) => return None,
    };
    let Some(at) = pairs.iter().position(|pair| pair.key == key) else {
        let gap = if text.ends_with('\n') { "" } else { "\n" };
        return Some(format!("{text}{gap}\n# {meaning}\n{key}: {value}\n"));
    };
    let next = pairs.get(at + 1).map_or(text.len(), |pair| pair.key_node.range.start);
    let place = place(text, &pairs[at], next)?;
    let line_end = text.get(place.end..)?.find('\n').map_or(text.len(), |found| place.end + found);
    Some([text.get(..place.start)?, place.gap, value, text.get(place.end..line_end)?, &place.comments, text.get(line_end..)?].concat())
}

/// Where a value stands, and what of the user's words stands between its parts.
struct Place {
    start: usize,
    end: usize,
    gap: &'static str,
    /// Each on a line of its own, behind the value.
    comments: String,
}

fn place(text: &str, pair: &Pair, next: usize) -> Option<Place> {
    let value: &Node = &pair.value;
    let colon = pair.key_node.range.end + text.get(pair.key_node.range.end..)?.find(':')? + 1;
    let begins = value.range.start;
    if matches!(value.value, tree::Value::Scalar { style: Style::Plain | Style::Quoted, .. }) && !value.range.is_empty() {
        return Some(Place { start: begins, end: value.range.end, gap: "", comments: String::new() });
    }
    let (start, end, gap) = match text.get(begins..next)? {
        // The shortest part that is whole by itself.
        flow if flow.starts_with(['[', '{']) => {
            let whole = |end: &usize| flow.get(..*end).is_some_and(|part| tree::read(part).is_ok());
            (begins, begins + flow.match_indices([']', '}']).map(|(at, _)| at + 1).find(whole)?, "")
        }
        _ => (colon, colon + content(text.get(colon..next)?), " "),
    };
    Some(Place { start, end, gap, comments: comments(text.get(start..end)?) })
}

/// How far lines go that are neither empty nor comments: what follows them belongs to the next key.
fn content(lines: &str) -> usize {
    let (mut end, mut at) = (0, 0);
    for line in lines.split_inclusive('\n') {
        let bare = line.trim_end_matches(['\n', '\r']);
        at += line.len();
        if !bare.trim().is_empty() && !bare.trim_start().starts_with('#') {
            end = at - (line.len() - bare.len());
        }
    }
    end
}

fn comments(part: &str) -> String {
    let comment = |line: &str| match line.trim_start() {
        whole if whole.starts_with('#') => Some(format!("\n  {}", whole.trim_end())),
        _ => line.find(" #").map(|at| format!("\n  {}", line[at + 1..].trim_end())),
    };
    part.lines().filter_map(comment).collect()
}

#[cfg(test)]
mod tests;
