//! Which lines of a controller's log are errors, and what do they say?

use api::providers::ErrorLine;
use serde_json::Value;

use crate::log::{masked, stamped};

/// An error has a few words; a stack trace behind them helps nobody here.
const LONGEST: usize = 400;

/// The error that a line tells of, in klog's form or as JSON; `line` begins with the server's time.
pub fn error_of(line: &str) -> Option<ErrorLine> {
    let (at, said) = stamped(line);
    let words = if said.starts_with('{') { json(said)? } else { klog(said)? };
    let mut text = masked(&words);
    if let Some((end, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(end);
        text.push('…');
    }
    Some(ErrorLine { at, text })
}

/// `E1123 14:06:36.618666       1 controller.go:494] "Reconciler error" err="…" controller="devmachine"`.
fn klog(line: &str) -> Option<String> {
    let rest = line.strip_prefix(['E', 'F'])?;
    if !rest.bytes().take(4).all(|b| b.is_ascii_digit()) || rest.len() < 4 {
        return None;
    }
    let (_, said) = rest.split_once("] ")?;
    match said.find(" err=\"").and_then(|start| quoted(said.get(start + 5..)?)) {
        Some(cause) => Some(cause),
        None => Some(quoted(said).unwrap_or_else(|| said.to_owned())),
    }
}

fn json(line: &str) -> Option<String> {
    let fields: Value = serde_json::from_str(line).ok()?;
    let text = |names: [&str; 2]| names.into_iter().find_map(|name| fields[name].as_str()).map(str::to_owned);
    let is_error = fields["level"].as_str() == Some("error") || fields["err"].is_string();
    is_error.then(|| text(["err", "error"]).or_else(|| text(["msg", "message"])))?
}

/// The text between a first quote and the next that is not escaped.
fn quoted(text: &str) -> Option<String> {
    let mut rest = text.strip_prefix('"')?.chars();
    let mut said = String::new();
    loop {
        match rest.next()? {
            '"' => return Some(said),
            '\\' => match rest.next()? {
                'n' => said.push(' '),
                't' => said.push(' '),
                other => said.push(other),
            },
            other => said.push(other),
        }
    }
}
