//! Does the built program say what it is made of? (S19)

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// What `kos --crates` prints, without a screen.
fn told() -> BTreeSet<String> {
    let out = Command::new(tests::window::binary()).arg("--crates").env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").output();
    let out = out.expect("the window is built with these tests");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).expect("names are text").lines().map(str::to_owned).collect()
}

/// The tree of this system: what other systems need may not be on this machine.
fn metadata() -> Value {
    let system = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let out = Command::new(env!("CARGO"))
        .args(["metadata", "--offline", "--locked", "--format-version", "1", "--filter-platform", &system])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .expect("cargo metadata runs");
    serde_json::from_slice(&out.stdout).unwrap_or_else(|why| panic!("{why}: {}", String::from_utf8_lossy(&out.stderr)))
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// What cargo says that the program is built from, without what only tests use.
fn built_from(all: &Value) -> BTreeSet<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let lines: BTreeMap<String, String> =
        list(&all["packages"]).map(|one| (text(&one["id"]), format!("{} {}", text(&one["name"]), text(&one["version"])))).collect();
    let nodes: BTreeMap<String, &Value> = list(&all["resolve"]["nodes"]).map(|node| (text(&node["id"]), node)).collect();
    let root = lines.iter().find(|(_, line)| line.starts_with("kos ")).map(|(id, _)| id.clone()).expect("the window is a package");
    let (mut seen, mut waiting) = (BTreeSet::new(), vec![root]);
    while let Some(id) = waiting.pop() {
        if seen.insert(id.clone()) {
            let needed = list(&nodes[&id]["deps"]).filter(|needed| list(&needed["dep_kinds"]).any(|kind| kind["kind"] != "dev"));
            waiting.extend(needed.map(|needed| text(&needed["pkg"])));
        }
    }
    seen.into_iter().map(|id| lines[&id].clone()).collect()
}

fn locked() -> BTreeSet<String> {
    let text = include_str!("../../Cargo.lock");
    let value = |line: Option<&str>| line.and_then(|line| line.split('"').nth(1)).unwrap_or_default().to_owned();
    let packages = text.split("[[package]]").skip(1).map(|package| package.trim_start().lines());
    packages.map(|mut lines| format!("{} {}", value(lines.next()), value(lines.next()))).collect()
}

#[test]
fn the_built_program_lists_the_crates_that_are_locked_for_it_and_none_of_the_tests() {
    let (told, locked, built_from) = (told(), locked(), built_from(&metadata()));
    let missing = |from: &BTreeSet<String>, of: &BTreeSet<String>| of.difference(from).cloned().collect::<Vec<_>>();
    assert_eq!(missing(&locked, &told), Vec::<String>::new(), "a crate is told that is not locked");
    assert_eq!(missing(&told, &built_from), Vec::<String>::new(), "a crate is in the program and not told");
    for of_tests in ["fantoccini ", "proptest ", "insta "] {
        assert!(locked.iter().any(|one| one.starts_with(of_tests)) && !told.iter().any(|one| one.starts_with(of_tests)), "{of_tests}is of tests alone");
    }
}
