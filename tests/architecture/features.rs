//! Does docs/features.md tell the truth?

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
    let sources: String = files(".rs").iter().map(|p| std::fs::read_to_string(p).expect("a source file is text")).collect();
    let missing: Vec<_> = rows.iter().filter(|(_, test)| !sources.contains(&format!("fn {test}("))).collect();
    assert!(missing.is_empty(), "no such test: {missing:#?}");
}
