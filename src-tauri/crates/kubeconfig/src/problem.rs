//! How is a lint finding written?
//!
//! Names of the file stand in it: marks that nobody sees are made visible.

use api::files::{Problem, Severity};
use api::visible::owned;

pub(crate) fn problem(rule: &str, severity: Severity, line: u32, kind: &str, name: &str, sentence: impl Into<String>) -> Problem {
    Problem { rule: rule.into(), severity, line, entry: owned(format!("{kind} {name}")), sentence: owned(sentence) }
}

pub(crate) fn whole_file(rule: &str, severity: Severity, line: u32, sentence: impl Into<String>) -> Problem {
    Problem { rule: rule.into(), severity, line, entry: String::new(), sentence: owned(sentence) }
}
