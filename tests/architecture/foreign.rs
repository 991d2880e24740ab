//! Who may name a foreign crate?
//!
//! An arrow that is finer than a crate of ours: Tauri in the window only, kube where clusters are spoken to, and so on.

use std::collections::BTreeSet;

use crate::layering::{dependencies, packages};

fn users(foreign: &str) -> BTreeSet<String> {
    let all = packages();
    all.iter().filter(|p| dependencies(p).iter().any(|d| d == foreign)).map(|p| p["name"].as_str().unwrap_or_default().to_owned()).collect()
}

fn only(foreign: &str, allowed: &[&str]) {
    let allowed: BTreeSet<String> = allowed.iter().map(|s| (*s).to_owned()).collect();
    let found = users(foreign);
    assert!(found.is_subset(&allowed), "{foreign} is used by {found:?}, allowed are {allowed:?}");
}

#[test]
fn the_window_system_stays_in_the_window() {
    only("tauri", &["kos"]);
    only("yew", &["ui"]);
    only("wasm-bindgen-cli-support", &["xtask"]);
    only("wasm-encoder", &["xtask"]);
}

#[test]
fn the_yaml_editor_stays_with_kubeconfigs() {
    only("yaml-edit", &["kubeconfig"]);
}

#[test]
fn kube_stays_where_clusters_are_spoken_to() {
    only("kube", &["cluster", "engine", "provision", "sim", "tests"]);
}

#[test]
fn the_contract_holds_shapes_only() {
    let api = packages().into_iter().find(|p| p["name"] == "api").expect("there is a contract");
    let found: BTreeSet<String> = dependencies(&api).into_iter().collect();
    assert_eq!(found, ["postcard", "serde"].map(str::to_owned).into());
}

#[test]
fn the_page_knows_neither_kube_nor_a_runtime() {
    let ui = packages().into_iter().find(|p| p["name"] == "ui").expect("there is a page");
    let found = dependencies(&ui);
    assert!(!found.iter().any(|d| d == "kube" || d == "tokio" || d == "hyper"), "{found:?}");
}
