//! Do the rules against hostile content hold in the source? (S1, S2, S3, S5, S19)

use serde_json::Value;

use crate::tree::{files, root, shown};

/// Finds banned words outside of this folder, which has to name them.
fn banned(ending: &str, words: &[&str]) -> Vec<String> {
    let mut found = vec![];
    for path in files(ending) {
        let name = shown(&path);
        // This folder has to name them; a test may limit a child by a shell; the sprite is a constant of ours.
        let named = name.starts_with("tests/architecture/") || name.contains("/tests/") || name == "ui/src/widgets/sprite.rs";
        if named {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a source file is text");
        found.extend(words.iter().filter(|w| text.contains(**w)).map(|w| format!("{name}: {w}")));
    }
    found
}

#[test]
fn text_of_a_cluster_never_becomes_markup() {
    let words = ["from_html_unchecked", "inner_html", "set_inner_html", "insert_adjacent_html", "outer_html", "document.write", "innerHTML"];
    assert_eq!(banned(".rs", &words), Vec::<String>::new());
    assert_eq!(banned(".js", &words), Vec::<String>::new());
}

#[test]
fn no_program_is_run_through_a_shell() {
    let words = ["\"bash\", \"-c\"", "\"sh\", \"-c\"", "Command::new(\"sh\")", "Command::new(\"bash\")", "cmd /C"];
    assert_eq!(banned(".rs", &words), Vec::<String>::new());
}

/// Whether a line of a script hands a text to a shell that reads it anew.
fn is_read_anew(line: &str) -> bool {
    let is_shell = |word: &str| ["sh", "bash", "dash", "ksh", "zsh"].contains(&word);
    let apart = line.replace('|', " | ").replace([';', '&', '(', ')', '{', '}', '`', '"', '\''], " ");
    let words: Vec<&str> = apart.split_whitespace().map(|word| word.rsplit('/').next().unwrap_or(word)).collect();
    let gives = |option: &str| option.starts_with('-') && !option.starts_with("--") && option.contains('c');
    words.contains(&"eval") || words.windows(2).any(|two| (is_shell(two[0]) && gives(two[1])) || (two[0] == "|" && is_shell(two[1])))
}

#[test]
fn no_script_hands_a_text_to_a_shell() {
    for (line, wanted) in [
        ("docker exec node sh -c 'chown root /x'", true),
        ("exec /bin/bash -ec \"$1\"", true),
        ("x=$(eval echo $y)", true),
        ("curl https://kos.invalid/install|sh", true),
        ("curl -c jar https://kos.invalid | bash -s", true),
        ("bash tests/lab/build.sh -c", false),
        ("sh=1; evaluate -c | shasum", false),
        ("sha256sum | cut -c1-16", false),
    ] {
        assert_eq!(is_read_anew(line), wanted, "{line}");
    }
    let scripts = crate::tree::scripts();
    assert!(scripts.iter().any(|path| shown(path) == ".ci/run") && scripts.len() > 10, "scripts are found, also without an ending: {scripts:?}");
    let mut found = vec![];
    for path in scripts {
        let text = std::fs::read_to_string(&path).expect("a script is text");
        let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim_start().starts_with('#') && is_read_anew(line));
        found.extend(lines.map(|(line, n)| format!("{}:{n}: {}", shown(&path), line.trim())));
    }
    assert_eq!(found, Vec::<String>::new());
}

/// YAML that others wrote goes through `capi::yaml` or `kubeconfig::tree`, which count first (S8).
#[test]
fn yaml_of_others_is_read_through_a_door_with_a_budget() {
    let known = [
        // A part of KOS itself.
        "src-tauri/crates/capi/src/form/starter.rs",
        // After `kubeconfig::tree` has counted.
        "src-tauri/crates/cluster/src/trust/policy.rs",
        "src-tauri/crates/engine/src/settings/text.rs",
        // What kind printed.
        "src-tauri/crates/provision/src/management/steps/kubeconfig.rs",
    ];
    let words = ["from_str(", "from_str::", "from_multiple(", "from_multiple::", "from_slice", "from_reader"].map(|word| format!("serde_yaml::{word}"));
    let mut found = vec![];
    for path in files(".rs") {
        let name = shown(&path);
        // Tests, examples and the simulated world read what stands beside them.
        let beside = ["/tests/", "/tests.rs", "/examples/", "/recorded.rs", "crates/sim/"].iter().any(|part| name.contains(part));
        let text = std::fs::read_to_string(&path).expect("a source file is text");
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        if !beside && !name.starts_with("tests/") && words.iter().any(|word| code.contains(word.as_str())) {
            found.push(name);
        }
    }
    assert_eq!(found, known);
}

/// What a package of npm would like to run when it is fetched is not run, and the lock file says what is fetched.
#[test]
fn no_package_runs_a_script_while_it_is_fetched() {
    let mut calls = 0;
    for path in files(".rs") {
        let text = std::fs::read_to_string(&path).expect("a source file is text");
        for call in text.split("Command::new(\"npm\")").skip(1) {
            calls += 1;
            let arguments = call.split(')').next().unwrap_or_default();
            assert!(arguments.contains("\"ci\"") && arguments.contains("\"--ignore-scripts\""), "{}: npm{arguments}", shown(&path));
        }
    }
    assert!(calls >= 2, "the page and axe are fetched by npm");
}

/// What is built, tested and shipped is what the lock file says, whatever a registry has by now.
#[test]
fn every_build_goes_by_the_lock_file() {
    let mut builds = 0;
    for path in files(".rs").into_iter().filter(|path| shown(path).starts_with("xtask/")) {
        let text = std::fs::read_to_string(&path).expect("a source file is text");
        for call in text.split("args([").skip(1).map(|rest| rest.split(']').next().unwrap_or_default()) {
            let verb = ["\"build\"", "\"test\"", "\"run\"", "\"clippy\"", "\"fetch\""].iter().any(|verb| call.starts_with(verb));
            // The page is built right after its crates were fetched by the lock file.
            if verb && !call.contains("\"page\"") {
                builds += 1;
                assert!(call.contains("\"--locked\""), "{}: {call}", shown(&path));
            }
        }
    }
    assert!(builds >= 6, "the builds are found: {builds}");
    let alias = std::fs::read_to_string(root().join(".cargo/config.toml")).expect("it is there");
    assert!(alias.contains("--locked --package xtask"), "{alias}");
}

/// Up to 2.11.0 a foreign host could count as local (CVE-2026-42184).
#[test]
fn the_window_stands_on_a_tauri_that_lets_no_foreign_page_call() {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).expect("the lock file is there");
    let (_, found) = lock.split_once("name = \"tauri\"\nversion = \"").expect("tauri is locked");
    let version: Vec<u32> = found.split('"').next().unwrap_or_default().split('.').map(|part| part.parse().expect("a number")).collect();
    assert!(version >= vec![2, 11, 1], "{version:?}");
    assert_eq!(lock.matches("name = \"tauri\"\n").count(), 1, "no second one beside it");
}

fn configuration() -> Value {
    let text = std::fs::read_to_string(root().join("tauri.conf.json")).expect("the configuration is there");
    serde_json::from_str(&text).expect("the configuration is JSON")
}

#[test]
fn the_policy_of_the_page_lets_nothing_in() {
    let csp = configuration()["app"]["security"]["csp"].as_str().expect("there is a policy").to_owned();
    let wanted = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' ipc: http://ipc.localhost; \
                  style-src 'self' 'unsafe-inline'; img-src 'self'; font-src 'self'; frame-src 'none'; object-src 'none'; \
                  base-uri 'none'; form-action 'none'";
    assert_eq!(csp, wanted);
    // A nonce for the sheets in the page would end what the policy allows: widths and places that the page sets itself.
    assert_eq!(configuration()["app"]["security"]["dangerousDisableAssetCspModification"], serde_json::json!(["style-src"]));
    assert_eq!(configuration()["app"]["security"]["freezePrototype"], true);
}

#[test]
fn the_page_may_use_exactly_these_commands() {
    let mut permissions: Vec<String> = vec![];
    for capability in configuration()["app"]["security"]["capabilities"].as_array().expect("there are capabilities") {
        assert_eq!(capability["windows"], serde_json::json!(["main"]));
        assert!(capability.get("remote").is_none(), "no foreign page may call the core");
        let listed = capability["permissions"].as_array().expect("they list permissions");
        permissions.extend(listed.iter().map(|p| p.as_str().unwrap_or_default().to_owned()));
    }
    assert!(permissions.iter().all(|p| !p.contains('*')), "{permissions:?}");
    assert_eq!(permissions, PERMISSIONS);
}

/// Each with its reason: events for drag and drop, the window's own state, the system's open dialog.
const PERMISSIONS: &[&str] = &["core:event:allow-listen", "core:event:allow-unlisten", "dialog:allow-open", "dialog:allow-save"];

#[test]
fn nothing_remote_stands_in_the_page() {
    for ending in [".html", ".css", ".js"] {
        let found: Vec<String> = banned(ending, &["https://", "http://", "//cdn"]).into_iter().filter(|f| f.starts_with("ui/")).collect();
        assert_eq!(found, Vec::<String>::new());
    }
}
