//! Is every file what its name says, short enough to read, and free of marks?

use std::path::{Path, PathBuf};

use crate::layering::packages;
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
    let mut untested = 0;
    let mut never_built = vec![];
    for target in packages().iter().flat_map(|package| package["targets"].as_array().cloned().unwrap_or_default()) {
        if target["test"] == false {
            untested += 1;
            let file = Path::new(target["src_path"].as_str().expect("a target has a file"));
            let folder = file.parent().expect("a file is in a folder");
            never_built.extend(with_modules(file, folder).iter().filter(|path| holds_a_test(path)).map(|path| shown(path)));
        }
    }
    assert!(untested > 0, "no target is without tests: the list is broken");
    assert_eq!(never_built, Vec::<String>::new(), "a test below a target with `test = false` is never built");
}

/// A file of a target with those that it declares as modules, which lie in that folder.
fn with_modules(file: &Path, folder: &Path) -> Vec<PathBuf> {
    let text = std::fs::read_to_string(file).expect("a source file is text");
    let mut found = vec![file.to_path_buf()];
    for name in text.lines().filter_map(declared) {
        let below = folder.join(format!("{name}.rs"));
        if below.exists() {
            found.extend(with_modules(&below, &folder.join(name)));
        }
    }
    found
}

/// The module that a line declares: `mod name;`, visible or not.
fn declared(line: &str) -> Option<&str> {
    let (before, name) = line.trim().split_once("mod ")?;
    name.strip_suffix(';').filter(|_| before.is_empty() || before.starts_with("pub"))
}

fn holds_a_test(path: &Path) -> bool {
    let text = std::fs::read_to_string(path).expect("a source file is text");
    text.lines().any(|line| line.trim() == "#[test]" || line.trim() == "#[tokio::test]")
}

#[test]
fn no_test_sleeps() {
    let marks = [format!("thread::{}", "sleep"), format!("tokio::time::{}", "sleep(")];
    check("tests wait for events", |path, text| {
        // Tests below the code they test come last in its file.
        let tests = if is_test(path) { text } else { text.split_once("#[cfg(test)]\nmod tests {").map_or("", |(_, tests)| tests) };
        marks.iter().find(|m| tests.contains(m.as_str())).cloned()
    });
}
