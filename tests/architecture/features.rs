//! Do docs/features.md and the README tell the truth?

use std::collections::BTreeSet;

use crate::tree::{files, root};

/// Each line of the list names the test that shows it: ``| what KOS does | `crate::test_name` |``.
fn rows() -> Vec<(String, String)> {
    let text = std::fs::read_to_string(root().join("docs/features.md")).expect("docs/features.md is there");
    let cells = |line: &str| line.trim_matches('|').split('|').map(|c| c.trim().to_owned()).collect::<Vec<_>>();
    let lines = text.lines().filter(|l| l.starts_with('|') && !l.starts_with("|---"));
    lines.map(cells).filter(|c| c.len() >= 2 && c[0] != "Capability").map(|c| (c[0].clone(), c[1].trim_matches('`').to_owned())).collect()
}

#[test]
fn every_capability_names_a_test_that_exists() {
    let rows = rows();
    assert!(rows.len() > 20, "the list is short: {}", rows.len());
    let sources: Vec<String> = files(".rs").iter().map(|p| std::fs::read_to_string(p).expect("a source file is text")).collect();
    let tests: BTreeSet<&str> = sources.iter().flat_map(|text| tests_of(text)).collect();
    let missing: Vec<_> = rows.iter().filter(|(_, test)| !tests.contains(test.as_str())).collect();
    assert!(missing.is_empty(), "no such test: {missing:#?}");
}

/// The functions that a harness runs: their mark stands before them, with other marks and no empty line between.
fn tests_of(text: &str) -> Vec<&str> {
    let (mut found, mut marked) = (vec![], false);
    for line in text.lines().map(str::trim) {
        let name = line.trim_start_matches("async ").strip_prefix("fn ").and_then(|rest| rest.split('(').next());
        if ["#[test]", "#[tokio::test", "#[rstest"].iter().any(|mark| line.starts_with(mark)) {
            marked = true;
        } else if name.is_some() || line.is_empty() {
            found.extend(name.filter(|_| marked));
            marked = false;
        }
    }
    found
}

#[test]
fn what_no_harness_runs_is_no_test() {
    let text = "#[test]\nfn one() {}\nfn two() {}\n#[tokio::test(start_paused = true)]\n// why\nasync fn three() {}\n#[rstest]\n#[case(\n  1\n)]\nfn four(n: u32) {}\n\nfn five() {}\n";
    assert_eq!(tests_of(text), ["one", "three", "four"]);
}

#[test]
fn the_readme_names_the_versions_that_a_machine_must_have() {
    let read = |name: &str| std::fs::read_to_string(root().join(name)).expect("it is text");
    let manifest = read("Cargo.toml");
    let rust = manifest.lines().find_map(|line| line.strip_prefix("rust-version = \"")?.strip_suffix('"')).expect("the workspace names its Rust");
    let modules = files("go.mod");
    let wanted = modules.iter().filter_map(|module| {
        let text = std::fs::read_to_string(module).expect("it is text");
        let numbers = text.lines().find_map(|line| line.strip_prefix("go "))?.split('.').map(|n| n.parse::<u32>().expect("a number"));
        Some(numbers.collect::<Vec<_>>())
    });
    let go: Vec<String> = wanted.max().expect("the lab has modules").iter().map(u32::to_string).collect();
    let readme = read("README.md");
    for version in [format!("Rust {rust},"), format!("Go {},", go.join("."))] {
        assert!(readme.contains(&version), "{version}");
    }
}

#[test]
fn in_ci_nothing_is_left_out() {
    let script = std::fs::read_to_string(root().join(".ci/run")).expect(".ci/run is there");
    assert!(script.lines().any(|line| line == "export CI=true"), "{script}");
}
