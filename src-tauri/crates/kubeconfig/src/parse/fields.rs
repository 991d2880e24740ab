//! What stands under each key of one mapping, and which keys are unknown?

use std::{collections::HashSet, rc::Rc};

use api::files::{Problem, Severity};
use base64::{Engine, engine::general_purpose::STANDARD};
use secret::Secret;

use super::listed;
use crate::{
    problem::whole_file,
    tree::{Node, Style, Value, looks_typed},
};

/// A mapping from which known keys are taken; what is left is unknown.
pub(super) struct Fields<'a> {
    node: &'a Node,
    /// `cluster`, `user`, `context`, or empty at the top of the file.
    kind: &'static str,
    taken: HashSet<&'static str>,
    problems: Vec<Problem>,
}

impl<'a> Fields<'a> {
    pub(super) fn new(node: &'a Node, kind: &'static str) -> Self {
        let mut fields = Self { node, kind, taken: HashSet::new(), problems: vec![] };
        if !matches!(node.value, Value::Map { .. }) {
            fields.unusable("KC01", node.line, format!("Line {}: this {} is not a mapping of keys.", node.line, fields.thing()));
        }
        fields
    }

    fn thing(&self) -> &'static str {
        if self.kind.is_empty() { "entry" } else { self.kind }
    }

    pub(super) fn line(&self) -> u32 {
        self.node.line
    }

    pub(super) fn unusable(&mut self, rule: &str, line: u32, sentence: String) {
        self.problems.push(whole_file(rule, Severity::Unusable, line, sentence));
    }

    pub(super) fn risk(&mut self, rule: &str, line: u32, sentence: String) {
        self.problems.push(whole_file(rule, Severity::Risk, line, sentence));
    }

    /// Takes over what was found below one of the keys.
    pub(super) fn adopt(&mut self, problems: Vec<Problem>) {
        self.problems.extend(problems);
    }

    pub(super) fn take(&mut self, key: &'static str) -> Option<&'a Node> {
        self.taken.insert(key);
        self.node.get(key).map(Rc::as_ref)
    }

    pub(super) fn line_of(&self, key: &str) -> u32 {
        match &self.node.value {
            Value::Map { pairs, .. } => pairs.iter().rev().find(|pair| pair.key == key).map_or(0, |pair| pair.key_node.line),
            Value::Scalar { .. } | Value::List(_) => 0,
        }
    }

    /// A text; `None` when the key is absent or null.
    pub(super) fn text(&mut self, key: &'static str) -> Option<String> {
        let node = self.take(key)?;
        match &node.value {
            _ if node.is_null() => None,
            Value::Scalar { text, style } => {
                if *style == Style::Plain && looks_typed(text) {
                    let of = if self.kind.is_empty() { String::new() } else { format!(" of this {}", self.kind) };
                    self.risk(
                        "KC05",
                        node.line,
                        format!("Line {}: kubectl reads the {key}{of} as a number or a truth value and refuses the whole file; quote it.", node.line),
                    );
                }
                Some(text.clone())
            }
            Value::List(_) | Value::Map { .. } => {
                self.unusable("KC01", node.line, format!("Line {}: {key} is not a text.", node.line));
                None
            }
        }
    }

    /// A text that is not empty.
    pub(super) fn some(&mut self, key: &'static str) -> Option<String> {
        self.text(key).filter(|text| !text.is_empty())
    }

    pub(super) fn secret(&mut self, key: &'static str) -> Option<Secret> {
        self.some(key).map(Secret::new)
    }

    /// A path; `~` and `$` in it are noted, because nobody expands them.
    pub(super) fn path(&mut self, key: &'static str) -> Option<String> {
        let line = self.line_of(key);
        let path = self.some(key)?;
        if path.starts_with('~') || path.contains('$') {
            self.risk("KC30", line, format!("Line {line}: ~ and $ in {key} are not expanded; write the whole path."));
        }
        Some(path)
    }

    pub(super) fn flag(&mut self, key: &'static str) -> bool {
        let Some(node) = self.take(key).filter(|node| !node.is_null()) else { return false };
        let word = match &node.value {
            Value::Scalar { text, style: Style::Plain } => text.to_ascii_lowercase(),
            Value::Scalar { .. } | Value::List(_) | Value::Map { .. } => String::new(),
        };
        match word.as_str() {
            "true" | "yes" | "on" | "y" => true,
            "false" | "no" | "off" | "n" => false,
            _ => {
                self.unusable("KC01", node.line, format!("Line {}: {key} is neither true nor false.", node.line));
                false
            }
        }
    }

    pub(super) fn texts(&mut self, key: &'static str) -> Vec<String> {
        let Some(node) = self.take(key).filter(|node| !node.is_null()) else { return vec![] };
        let texts = match &node.value {
            Value::List(items) => items.iter().map(|item| scalar(item)).collect(),
            Value::Scalar { .. } | Value::Map { .. } => None,
        };
        texts.unwrap_or_else(|| {
            self.unusable("KC01", node.line, format!("Line {}: {key} is not a list of texts.", node.line));
            vec![]
        })
    }

    /// Base64 of PEM text.
    pub(super) fn pem(&mut self, key: &'static str) -> Option<Secret> {
        let line = self.line_of(key);
        let encoded: String = self.some(key)?.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        let Ok(bytes) = STANDARD.decode(encoded.as_bytes()) else {
            self.unusable("KC06", line, format!("Line {line}: {key} is not base64; kubectl refuses the whole file."));
            return None;
        };
        match String::from_utf8(bytes) {
            Ok(text) if text.contains("-----BEGIN ") => Some(Secret::new(text)),
            Ok(_) | Err(_) => {
                self.unusable("KC06", line, format!("Line {line}: {key} does not hold PEM text."));
                None
            }
        }
    }

    /// The problems found, with one note for all unknown keys.
    pub(super) fn finish(mut self) -> Vec<Problem> {
        if let Value::Map { pairs, .. } = &self.node.value {
            let unknown: Vec<&str> = pairs.iter().map(|pair| pair.key.as_str()).filter(|key| !self.taken.contains(key)).collect();
            if let Some(line) = pairs.iter().find(|pair| !self.taken.contains(pair.key.as_str())).map(|pair| pair.key_node.line) {
                let sentence = format!("Line {line}: kubectl does not know {} and deletes it when it writes this file.", listed(&unknown));
                self.problems.push(whole_file("KC30", Severity::Risk, line, sentence));
            }
        }
        self.problems
    }
}

pub(super) fn scalar(node: &Node) -> Option<String> {
    match &node.value {
        Value::Scalar { text, .. } => Some(text.clone()),
        Value::List(_) | Value::Map { .. } => None,
    }
}

/// The JSON that client-go hands to a plugin as `config`.
pub(super) fn json(node: &Node) -> serde_json::Value {
    use serde_json::Value as Json;
    match &node.value {
        _ if node.is_null() => Json::Null,
        Value::Scalar { text, style: Style::Plain } => match text.as_str() {
            "true" => Json::Bool(true),
            "false" => Json::Bool(false),
            number => number.parse::<serde_json::Number>().map_or_else(|_| Json::String(number.to_owned()), Json::Number),
        },
        Value::Scalar { text, .. } => Json::String(text.clone()),
        Value::List(items) => Json::Array(items.iter().map(|item| json(item)).collect()),
        Value::Map { pairs, .. } => Json::Object(pairs.iter().map(|pair| (pair.key.clone(), json(&pair.value))).collect()),
    }
}
