//! Do the rules against hostile content hold in the source? (S1, S2, S3, S5)

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
