//! Is everything in the tree of dependencies allowed to be there? (S19)

use std::path::PathBuf;
use std::process::Command;

use crate::tree::root;

fn deny(folder: &std::path::Path) -> std::process::Output {
    let program = std::env::var_os("KOS_CARGO_DENY").map_or_else(|| PathBuf::from("cargo-deny"), PathBuf::from);
    Command::new(program)
        .args(["--offline", "check", "bans", "licenses", "sources"])
        .current_dir(folder)
        .output()
        .expect("cargo-deny is there: `cargo xtask test` installs it")
}

#[test]
fn licences_sources_and_bans_hold() {
    let out = deny(&root());
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
}

#[test]
fn a_banned_crate_is_found() {
    let scratch = tempfile::tempdir().expect("a folder for scratch");
    let write = |name: &str, text: &str| std::fs::write(scratch.path().join(name), text).expect("scratch can be written");
    let manifest = |name: &str, uses: &str| format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\nlicense = \"MIT\"\n{uses}");
    std::fs::create_dir_all(scratch.path().join("src")).expect("scratch can be written");
    std::fs::create_dir_all(scratch.path().join("native-tls/src")).expect("scratch can be written");
    write("Cargo.toml", &manifest("scratch", "[dependencies]\nnative-tls = { path = \"native-tls\", version = \"0.1\" }\n"));
    write("src/lib.rs", "");
    write("native-tls/Cargo.toml", &manifest("native-tls", ""));
    write("native-tls/src/lib.rs", "");
    write("deny.toml", &std::fs::read_to_string(root().join("deny.toml")).expect("deny.toml is there"));
    let out = deny(scratch.path());
    let said = String::from_utf8_lossy(&out.stderr);
    assert!(!out.status.success() && said.contains("native-tls"), "{said}");
}
