//! How is a lint finding written?

use api::files::{Problem, Severity};

pub(crate) fn problem(rule: &str, severity: Severity, line: u32, kind: &str, name: &str, sentence: impl Into<String>) -> Problem {
    Problem { rule: rule.into(), severity, line, entry: format!("{kind} {name}"), sentence: sentence.into() }
}

pub(crate) fn whole_file(rule: &str, severity: Severity, line: u32, sentence: impl Into<String>) -> Problem {
    Problem { rule: rule.into(), severity, line, entry: String::new(), sentence: sentence.into() }
}
