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
    let banned = ["native-tls", "tauri-plugin-shell", "tauri-plugin-fs", "tauri-plugin-http", "tauri-plugin-process"];
    let scratch = tempfile::tempdir().expect("a folder for scratch");
    let write = |name: &str, text: &str| std::fs::write(scratch.path().join(name), text).expect("scratch can be written");
    let manifest = |name: &str, uses: &str| format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\nlicense = \"MIT\"\n{uses}");
    std::fs::create_dir_all(scratch.path().join("src")).expect("scratch can be written");
    let uses: String = banned.iter().map(|name| format!("{name} = {{ path = \"{name}\", version = \"0.1\" }}\n")).collect();
    write("Cargo.toml", &manifest("scratch", &format!("[dependencies]\n{uses}")));
    write("src/lib.rs", "");
    for name in banned {
        std::fs::create_dir_all(scratch.path().join(name).join("src")).expect("scratch can be written");
        write(&format!("{name}/Cargo.toml"), &manifest(name, ""));
        write(&format!("{name}/src/lib.rs"), "");
    }
    write("deny.toml", &std::fs::read_to_string(root().join("deny.toml")).expect("deny.toml is there"));
    let out = deny(scratch.path());
    let said = String::from_utf8_lossy(&out.stderr);
    let missed: Vec<_> = banned.iter().filter(|name| !said.contains(**name)).collect();
    assert!(!out.status.success() && missed.is_empty(), "{missed:?} not found: {said}");
}

/// Which advisories are borne without a reason, or for longer than was said.
///
/// Units: `today` in days from 1970 on.
fn overdue(deny: &str, today: i64) -> Vec<String> {
    let (_, section) = deny.split_once("[advisories]\nignore = [\n").expect("it says which advisories are borne");
    let fine = |line: &str| {
        let reason = line.split_once("id = \"RUSTSEC-").and_then(|(_, rest)| rest.split_once("reason = \"")).and_then(|(_, rest)| rest.split_once('"'));
        let (why, day) = reason.and_then(|(reason, _)| reason.split_once("; looked at again by ")).unwrap_or_default();
        !why.is_empty() && days(day).is_some_and(|day| today <= day)
    };
    section.lines().take_while(|line| *line != "]").filter(|line| !fine(line)).map(|line| line.trim().to_owned()).collect()
}

/// `2027-06-30` in days from 1970 on.
fn days(date: &str) -> Option<i64> {
    let mut parts = date.split('-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    // March is the first month, so that a leap day is the last day of its year.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    Some(365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 719_469)
}

#[test]
fn an_advisory_is_borne_for_a_reason_and_until_a_day_only() {
    let day = |date: &str| days(date).expect("a date");
    assert_eq!((day("1970-01-01"), day("2000-03-01"), day("2026-11-29")), (0, 11_017, 20_786));
    let line = |reason: &str| format!("[advisories]\nignore = [\n  {{ id = \"RUSTSEC-2024-0001\", reason = \"{reason}\" }},\n]\n");
    for (reason, wanted) in [
        ("nobody reads it; looked at again by 2026-11-29", 0),
        ("nobody reads it; looked at again by 2026-11-28", 1),
        ("nobody reads it", 1),
        ("; looked at again by 2027-06-30", 1),
        ("nobody reads it; looked at again by then", 1),
    ] {
        assert_eq!(overdue(&line(reason), day("2026-11-29")).len(), wanted, "{reason}");
    }
    let deny = std::fs::read_to_string(root().join("deny.toml")).expect("deny.toml is there");
    assert!(deny.matches("id = \"RUSTSEC-").count() > 10, "those of GTK 3 are in it");
    let today = std::time::UNIX_EPOCH.elapsed().expect("it is after 1970").as_secs() / 86_400;
    assert_eq!(overdue(&deny, today.try_into().expect("a day")), Vec::<String>::new());
}

#[test]
fn only_crates_of_the_registry_and_of_this_project_are_built() {
    let deny = std::fs::read_to_string(root().join("deny.toml")).expect("deny.toml is there");
    let (_, sources) = deny.split_once("[sources]\n").expect("it says where crates come from");
    let lines: Vec<&str> = sources.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    assert_eq!(lines, ["unknown-registry = \"deny\"", "unknown-git = \"deny\""], "no git repository and no other registry is let in");
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).expect("the lock file is there");
    let registry = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";
    let strange: Vec<&str> = lock.lines().filter(|line| line.starts_with("source = ") && *line != registry).collect();
    assert_eq!(strange, Vec::<&str>::new());
}
