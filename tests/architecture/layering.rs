//! Does each crate use only what its row allows?

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

#[test]
fn each_crate_uses_exactly_what_its_row_says() {
    let rows = [
        ("api", ""),
        ("secret", ""),
        ("tools", "api secret"),
        ("kubeconfig", "api secret"),
        ("jobs", "api"),
        ("download", "api"),
        ("doctor", "api tools"),
        ("capi", "api"),
        ("cluster", "api kubeconfig secret tools"),
        ("provision", "api capi cluster jobs kubeconfig tools"),
        ("sim", "api tools"),
        ("engine", "api capi cluster doctor download jobs kubeconfig provision secret sim tools"),
        ("headless", "api engine"),
        ("testkit", "tools"),
        ("ui", "api"),
        ("kos", "api engine ui"),
        ("xtask", ""),
        ("tests", "api testkit"),
    ];
    let wanted: BTreeMap<String, BTreeSet<String>> =
        rows.iter().map(|(name, uses)| ((*name).to_owned(), uses.split_whitespace().map(str::to_owned).collect())).collect();
    assert_eq!(found(), wanted);
}

/// Our own crates and the path dependencies they have outside of tests.
fn found() -> BTreeMap<String, BTreeSet<String>> {
    let list = |v: &Value| v.as_array().cloned().unwrap_or_default();
    let uses = |package: &Value| list(&package["dependencies"]).iter().filter(|d| d["path"].is_string() && d["kind"] != "dev").map(name).collect();
    packages().iter().map(|p| (name(p), uses(p))).collect()
}

fn name(value: &Value) -> String {
    value["name"].as_str().unwrap_or_default().to_owned()
}

/// The packages of this workspace as cargo sees them.
pub(crate) fn packages() -> Vec<Value> {
    let out = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(crate::tree::root())
        .output()
        .expect("cargo metadata runs");
    let all: Value = serde_json::from_slice(&out.stdout).expect("cargo metadata prints JSON");
    all["packages"].as_array().cloned().unwrap_or_default()
}

/// What a package uses outside of its tests.
pub(crate) fn dependencies(package: &Value) -> Vec<String> {
    let all = package["dependencies"].as_array().cloned().unwrap_or_default();
    all.iter().filter(|d| d["kind"] != "dev").map(name).collect()
}
