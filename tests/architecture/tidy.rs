//! Is every file what its name says, short enough to read, and free of marks?

use crate::tree::{files, shown};

/// Two nouns in one file are found later than one.
const MOST_LINES: usize = 500;

fn check(what: &str, broken: impl Fn(&str, &str) -> Option<String>) {
    let mut found = vec![];
    for path in files(".rs") {
        let text = std::fs::read_to_string(&path).expect("a source file is text");
        if let Some(how) = broken(&shown(&path), &text) {
            found.push(format!("{}: {how}", shown(&path)));
        }
    }
    assert!(found.is_empty(), "{what}\n{}", found.join("\n"));
}

fn is_test(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/") || path.starts_with("tests/")
}

#[test]
fn every_source_file_answers_a_question_first() {
    check("a file starts with //! and one sentence", |path, text| {
        let inner = path.ends_with("/tests.rs") || path.contains("/tests/");
        (!inner && !text.starts_with("//! ")).then(|| "no header".into())
    });
}

#[test]
fn no_file_holds_two_ideas() {
    check("a file has at most 500 lines", |path, text| {
        let lines = text.lines().count();
        (lines > MOST_LINES && !is_test(path)).then(|| format!("{lines} lines"))
    });
}

#[test]
fn no_file_has_a_name_that_says_nothing() {
    check("names say what a file holds", |path, _| {
        let name = path.rsplit('/').next().unwrap_or_default().trim_end_matches(".rs");
        ["mod", "util", "utils", "helper", "helpers", "common", "manager", "misc"].contains(&name).then(|| "such a name".into())
    });
}

#[test]
fn no_work_is_left_as_a_mark() {
    let marks = ["TO", "FIX", "XX"].map(|start| {
        format!(
            "{start}{}",
            if start == "TO" {
                "DO"
            } else if start == "FIX" {
                "ME"
            } else {
                "X"
            }
        )
    });
    check("what is missing stands in an issue", |_, text| marks.iter().find(|m| text.contains(m.as_str())).cloned());
}

#[test]
fn no_test_is_switched_off() {
    let mark = format!("#[{}", "ignore");
    check("a test runs or is deleted", |_, text| text.contains(&mark).then(|| "an ignored test".into()));
}

#[test]
fn no_test_sleeps() {
    let marks = [format!("thread::{}", "sleep"), format!("tokio::time::{}", "sleep(")];
    check("tests wait for events", |path, text| {
        let test = is_test(path);
        marks.iter().find(|m| test && text.contains(m.as_str())).cloned()
    });
}
