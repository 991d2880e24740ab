//! Does a recording hold what opens a cluster?

use tests::moment::without_tokens;

use crate::tree::{files, shown};

/// What the documents of kubeadm have for a token.
const EXAMPLE: &str = "abcdef.0123456789abcdef";
/// What stands in recordings in the place of a real one.
const PLACEHOLDERS: [&str; 2] = [EXAMPLE, "masked.maskedmaskedmask"];

#[test]
fn a_bootstrap_token_is_masked_wherever_it_stands() {
    let masked = "MASKED.BOOTSTRAPTOKEN";
    for (text, wanted) in [
        (EXAMPLE.to_owned(), masked.to_owned()),
        (format!("kubeadm join --token {EXAMPLE} --v=6"), format!("kubeadm join --token {masked} --v=6")),
        (format!("\"{EXAMPLE}\","), format!("\"{masked}\",")),
        ("cluster.x-k8s.io and kos.invalid".to_owned(), "cluster.x-k8s.io and kos.invalid".to_owned()),
        ("system:bootstrap:abcdef".to_owned(), "system:bootstrap:abcdef".to_owned()),
    ] {
        assert_eq!(without_tokens(&text), wanted);
    }
}

#[test]
fn no_recording_holds_a_bootstrap_token_or_a_private_key() {
    let mut found = vec![];
    for path in [".yaml", ".json", ".log", ".txt"].into_iter().flat_map(files) {
        let name = shown(&path);
        if !name.contains("/tests/data/") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a recording is text");
        let text = PLACEHOLDERS.iter().fold(text, |text, known| text.replace(known, ""));
        if without_tokens(&text) != text || text.contains("PRIVATE KEY") {
            found.push(name);
        }
    }
    assert_eq!(found, Vec::<String>::new());
}
