//! Which `${VARIABLES}` of a template have no value?
//!
//! The spelling is that of clusterctl's templates: `${NAME}`, `${NAME:=default}`, `${NAME:-default}`, and `$${NAME}` for a
//! text that means the braces themselves.

use std::collections::BTreeSet;

/// A variable that nothing gives a value to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unset {
    pub(crate) name: String,
    /// Counts from 1.
    pub(crate) line: usize,
}

/// Puts defaults in place; lines of comments stay as they are.
pub(crate) fn substituted(text: &str) -> Result<String, Vec<Unset>> {
    substituted_but(text, &BTreeSet::new())
}

/// The same where variables with these names stay: their values are put in by somebody else.
pub(super) fn substituted_but(text: &str, stay: &BTreeSet<String>) -> Result<String, Vec<Unset>> {
    let (mut out, mut unset) = (String::with_capacity(text.len()), vec![]);
    for (at, line) in text.split_inclusive('\n').enumerate() {
        if line.trim_start().starts_with('#') {
            out.push_str(line);
        } else {
            replace(line, at + 1, stay, &mut out, &mut unset);
        }
    }
    if unset.is_empty() { Ok(out) } else { Err(unset) }
}

fn replace(line: &str, number: usize, stay: &BTreeSet<String>, out: &mut String, unset: &mut Vec<Unset>) {
    let mut rest = line;
    while let Some(start) = rest.find("${") {
        let (before, after) = rest.split_at(start);
        let inside = after.get(2..).unwrap_or_default();
        let Some((expression, next)) = inside.split_once('}') else { break };
        if let Some(plain) = before.strip_suffix('$') {
            out.push_str(&format!("{plain}${{{expression}}}"));
        } else {
            out.push_str(before);
            match value(expression) {
                Value::Default(text) => out.push_str(text),
                Value::Nothing(name) if stay.contains(name) => out.push_str(&format!("${{{name}}}")),
                Value::Nothing(name) => unset.push(Unset { name: name.to_owned(), line: number }),
                Value::NoVariable => out.push_str(&format!("${{{expression}}}")),
            }
        }
        rest = next;
    }
    out.push_str(rest);
}

enum Value<'a> {
    Default(&'a str),
    Nothing(&'a str),
    /// Braces that name nothing: text of a script.
    NoVariable,
}

fn value(expression: &str) -> Value<'_> {
    let end = expression.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(expression.len());
    let (name, rest) = expression.split_at(end);
    if !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        return Value::NoVariable;
    }
    let default = [":=", ":-", "=", "-"].iter().find_map(|sign| rest.strip_prefix(sign));
    match default {
        Some(default) => Value::Default(default.trim()),
        None => Value::Nothing(name),
    }
}
