//! What do the bytes of a kubeconfig say?
//!
//! Knows: the format, entry by entry. Does not know: the disk, other files.
//! Start at: [`parse`], which always answers: what cannot be read is a problem with its line.

mod bodies;
mod fields;

use std::collections::{HashMap, HashSet};

use api::files::{Problem, Severity};
use api::visible::owned;

use crate::{
    entries::{Colours, Current, Entry, Parsed, Readable},
    problem::{problem, whole_file},
    text,
    tree::{self, Broken, Documents, Node, Value},
};
use fields::Fields;

/// Reads one file; never fails and never panics.
pub fn parse(bytes: &[u8]) -> Parsed {
    match text::decode(bytes).and_then(|(text, _)| tree::read(&text)) {
        Ok(tree) => file(&tree),
        Err(broken) => unreadable(&broken),
    }
}

fn unreadable(broken: &Broken) -> Parsed {
    let sentence = match broken.line() {
        0 => format!("No context of this file is shown: {broken}."),
        line => format!("Line {line}: {broken}. No context of this file is shown."),
    };
    Parsed { readable: Readable::No, problems: vec![whole_file("KC01", Severity::Unusable, broken.line(), sentence)], ..Parsed::default() }
}

fn file(tree: &tree::Tree) -> Parsed {
    let mut parsed = Parsed::default();
    for repeated in &tree.repeated {
        let sentence = format!("Line {}: the key {} appears twice; the last one counts.", repeated.line, shown_key(&repeated.key));
        parsed.problems.push(whole_file("KC01", Severity::Risk, repeated.line, sentence));
    }
    if let Documents::More { line } = tree.documents {
        let sentence =
            format!("Line {line}: a second YAML document begins here; kubectl and KOS read only the first, and kubectl drops the rest when it writes.");
        parsed.problems.push(whole_file("KC30", Severity::Risk, line, sentence));
    }
    let Some(root) = &tree.root else { return parsed };
    let Value::Map { .. } = root.value else {
        let line = root.line;
        let sentence = format!("Line {line}: this is not a kubeconfig, which is a mapping of keys. No context of this file is shown.");
        parsed.problems.push(whole_file("KC01", Severity::Unusable, line, sentence));
        parsed.readable = Readable::No;
        return parsed;
    };
    top_level(root, &mut parsed);
    parsed
}

fn top_level(root: &Node, parsed: &mut Parsed) {
    let mut fields = Fields::new(root, "");
    for (key, wanted) in [("kind", "Config"), ("apiVersion", "v1")] {
        let line = fields.line_of(key);
        let found = fields.text(key);
        if !matches!(found.as_deref(), None | Some("")) && found.as_deref() != Some(wanted) {
            let sentence = format!("Line {line}: {key} is not {wanted}, so this is not a kubeconfig. No context of this file is shown.");
            parsed.problems.push(whole_file("KC01", Severity::Unusable, line, sentence));
            parsed.readable = Readable::No;
        }
    }
    let line = fields.line_of("current-context");
    parsed.current_context = fields.text("current-context").map(|name| Current { name, line });
    let clusters = fields.take("clusters");
    let users = fields.take("users");
    let contexts = fields.take("contexts");
    preferences(&mut fields, parsed);
    let extensions = fields.take("extensions");
    extension_list(extensions, parsed);
    parsed.problems.extend(fields.finish());
    if parsed.readable == Readable::No {
        return;
    }
    parsed.clusters = list(clusters, "cluster", bodies::cluster, &mut parsed.problems);
    parsed.users = list(users, "user", bodies::user, &mut parsed.problems);
    parsed.contexts = list(contexts, "context", bodies::context, &mut parsed.problems);
}

fn preferences(fields: &mut Fields<'_>, parsed: &mut Parsed) {
    let Some(node) = fields.take("preferences").filter(|node| !node.is_null()) else { return };
    let mut inner = Fields::new(node, "");
    if inner.flag("colors") {
        parsed.colours = Colours::On;
    }
    let extensions = inner.take("extensions");
    extension_list(extensions, parsed);
    parsed.problems.extend(inner.finish());
}

fn extension_list(node: Option<&Node>, parsed: &mut Parsed) {
    let Some(Node { value: Value::List(items), .. }) = node else { return };
    let mut seen: HashSet<String> = parsed.extensions.iter().map(|(name, _)| name.clone()).collect();
    for item in items {
        let name = item.get("name").and_then(|node| fields::scalar(node)).unwrap_or_default();
        let value = item.get("extension").map_or_else(|| "null".to_owned(), |node| fields::json(node).to_string());
        if !seen.insert(name.clone()) {
            let sentence = format!("Line {}: the extension {name:?} stands twice in this file; kubectl refuses the whole file.", item.line);
            parsed.problems.push(problem("KC03", Severity::Unusable, item.line, "extension", &name, sentence));
        } else {
            parsed.extensions.push((name, value));
        }
    }
}

/// Decodes `[{name, <kind>: {…}}]`; the first entry of a name counts, a second one is named and left out.
fn list<T: Default>(node: Option<&Node>, kind: &'static str, body: fn(&mut Fields<'_>) -> T, problems: &mut Vec<Problem>) -> Vec<Entry<T>> {
    let Some(node) = node.filter(|node| !node.is_null()) else { return vec![] };
    let Value::List(items) = &node.value else {
        let sentence = format!("Line {}: {kind}s is not a list, so no {kind} of this file is shown.", node.line);
        problems.push(whole_file("KC01", Severity::Unusable, node.line, sentence));
        return vec![];
    };
    let mut entries: Vec<Entry<T>> = Vec::with_capacity(items.len());
    let mut first_lines: HashMap<String, u32> = HashMap::with_capacity(items.len());
    for item in items {
        let entry = entry(item, kind, body);
        if let Some(first) = first_lines.get(&entry.name) {
            let sentence = format!(
                "Line {}: the {kind} {:?} stands twice in this file, first on line {first}. KOS uses the first; kubectl refuses the whole file.",
                entry.line, entry.name
            );
            problems.push(problem("KC03", Severity::Unusable, entry.line, kind, &entry.name, sentence));
            continue;
        }
        first_lines.insert(entry.name.clone(), entry.line);
        entries.push(entry);
    }
    entries
}

fn entry<T: Default>(item: &Node, kind: &'static str, body: fn(&mut Fields<'_>) -> T) -> Entry<T> {
    let mut outer = Fields::new(item, kind);
    let name = outer.text("name").unwrap_or_default();
    let inner = outer.take(kind);
    let mut problems = vec![];
    let decoded = match inner {
        Some(node) if !node.is_null() => {
            let mut fields = Fields::new(node, kind);
            let decoded = body(&mut fields);
            problems.extend(fields.finish());
            decoded
        }
        Some(_) | None => T::default(),
    };
    problems.splice(0..0, outer.finish());
    let shown = owned(format!("{kind} {name}"));
    for problem in &mut problems {
        problem.entry.clone_from(&shown);
    }
    Entry { name, line: item.line, body: decoded, problems }
}

/// A key as shown in a sentence: a key that was meant as a value (a token in the wrong place) is not repeated.
fn shown_key(key: &str) -> &str {
    let harmless = key.len() <= 40 && key.chars().all(|c| c.is_ascii_alphabetic() || c == '-' || c == '_');
    if harmless { key } else { "on it" }
}

/// Nobody reads more unknown keys than these.
const KEYS_AT_MOST: usize = 20;

/// The names of unknown keys, without repeats, the first of them.
fn listed(keys: &[&str]) -> String {
    let mut seen = HashSet::new();
    let mut shown: Vec<&str> = keys.iter().map(|key| shown_key(key)).filter(|key| seen.insert(*key)).collect();
    let more = shown.len().saturating_sub(KEYS_AT_MOST);
    shown.truncate(KEYS_AT_MOST);
    let shown = shown.join(", ");
    if more == 0 { shown } else { format!("{shown} and {more} more") }
}

#[cfg(test)]
mod tests;
