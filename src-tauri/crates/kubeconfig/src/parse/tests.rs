use proptest::prelude::{Just, Strategy, any, proptest};

use super::parse;
use crate::entries::{Parsed, Readable};

const GOOD: &str = "\
apiVersion: v1
kind: Config
current-context: x
clusters:
- name: c
  cluster: {server: 'https://c:6443'}
users:
- name: u
  user:
    token: s3cr3t
contexts:
- name: x
  context: {cluster: c, user: u}
";

fn rules(parsed: &Parsed) -> Vec<String> {
    let entries = parsed.clusters.iter().flat_map(|e| &e.problems).chain(parsed.users.iter().flat_map(|e| &e.problems));
    let entries = entries.chain(parsed.contexts.iter().flat_map(|e| &e.problems));
    parsed.problems.iter().chain(entries).map(|p| format!("{} {} {}", p.rule, p.line, p.entry)).collect()
}

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(unit).collect()
}

#[test]
fn encodings() {
    let json = r#"{"kind":"Config","contexts":[{"name":"x","context":{"cluster":"c","user":"u"}}]}"#;
    for (what, bytes) in [
        ("plain", GOOD.as_bytes().to_vec()),
        ("byte order mark", [b"\xEF\xBB\xBF", GOOD.as_bytes()].concat()),
        ("utf-16 little", utf16(GOOD, u16::to_le_bytes)),
        ("utf-16 big", utf16(GOOD, u16::to_be_bytes)),
        ("crlf", GOOD.replace('\n', "\r\n").into_bytes()),
        ("json", json.into()),
    ] {
        let parsed = parse(&bytes);
        assert_eq!(parsed.contexts.iter().map(|e| e.name.as_str()).collect::<Vec<_>>(), ["x"], "{what}");
        assert_eq!(rules(&parsed), [] as [&str; 0], "{what}");
    }
    for (what, text) in [("empty", ""), ("comments", "# nothing\n\n# here\n"), ("a document without content", "---\n...\n")] {
        assert_eq!(parse(text.as_bytes()), Parsed::default(), "{what}");
    }
}

#[test]
fn entries_know_their_lines() {
    let parsed = parse(GOOD.as_bytes());
    assert_eq!((parsed.clusters[0].line, parsed.users[0].line, parsed.contexts[0].line), (5, 8, 12));
    assert_eq!(parsed.current_context.unwrap().line, 3);
}

#[test]
fn files_that_are_no_kubeconfigs_say_why_and_where() {
    let bomb = (1..12).fold("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned(), |text, n| {
        text + &format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 10].join(", "))
    });
    for (what, bytes, line, word) in [
        ("bogus", b"bogus value".to_vec(), 1, "not a kubeconfig"),
        ("tab", b"clusters:\n\t- name: x\n".to_vec(), 2, "tab"),
        ("binary", vec![0x7F, b'E', b'L', b'F', 0, 0, 1], 1, "not text"),
        ("not utf-8", b"a: b\nc: \xFF\xFF\n".to_vec(), 2, "not text"),
        ("huge", vec![b'#'; 50 * 1024 * 1024], 0, "8 MiB"),
        ("bomb", bomb.into_bytes(), 5, "64,000"),
        ("deep", "[".repeat(10_000).into_bytes(), 1, "32 levels"),
        ("another kind", b"kind: Pod\napiVersion: v1\n".to_vec(), 1, "kind is not Config"),
        ("merge conflict", b"kind: Config\n<<<<<<< HEAD\nusers: []\n=======\n".to_vec(), 2, "Line"),
    ] {
        let parsed = parse(&bytes);
        let [problem] = parsed.problems.as_slice() else { panic!("{what}: {:?}", parsed.problems) };
        assert_eq!((parsed.readable, problem.rule.as_str(), problem.line), (Readable::No, "KC01", line), "{what}: {}", problem.sentence);
        assert!(problem.sentence.contains(word), "{what}: {}", problem.sentence);
    }
}

#[test]
fn a_repeated_key_is_named_and_the_last_one_counts() {
    let parsed = parse(GOOD.replace("{cluster: c, user: u}", "{cluster: c, user: old, user: u}").as_bytes());
    assert_eq!(parsed.problems[0].sentence, "Line 13: the key user appears twice; the last one counts.");
    assert_eq!(parsed.contexts[0].body.user, "u");
}

#[test]
fn dup_cluster_dup_context_dup_user_dup_extension() {
    let text = GOOD.replace("users:\n", "- name: c\n  cluster: {server: 'https://other'}\nusers:\n")
        + "- name: x\n  context: {cluster: other}\n- name: z\n  context: {cluster: c}\n";
    let text =
        text.replace("contexts:\n", "- name: u\n  user: {token: other}\ncontexts:\n") + "extensions:\n- {name: e, extension: 1}\n- {name: e, extension: 2}\n";
    let parsed = parse(text.as_bytes());
    assert_eq!(rules(&parsed), ["KC03 24 extension e", "KC03 7 cluster c", "KC03 13 user u", "KC03 18 context x"]);
    assert_eq!(parsed.clusters[0].body.server, "https://c:6443");
    assert_eq!(parsed.contexts.iter().map(|e| e.name.as_str()).collect::<Vec<_>>(), ["x", "z"]);
    assert_eq!(parsed.extensions, [("e".to_owned(), "1".to_owned())]);
}

#[test]
fn yaml11_name() {
    let parsed = parse((GOOD.to_owned() + "- name: y\n  context: {cluster: c, user: u, namespace: 0123}\n- name: \"on\"\n").as_bytes());
    assert_eq!(rules(&parsed), ["KC05 14 context y", "KC05 15 context y"]);
    assert_eq!(parsed.contexts.iter().map(|e| e.name.as_str()).collect::<Vec<_>>(), ["x", "y", "on"]);
}

#[test]
fn bad_base64_isolated() {
    let text = "clusters:\n- name: c\n  cluster: {server: 'https://c', certificate-authority-data: '%%%'}\n- name: d\n  cluster: {server: 'https://d'}\n- name: e\n  cluster: {certificate-authority-data: aGVsbG8=}\n";
    let parsed = parse(text.as_bytes());
    assert_eq!(rules(&parsed), ["KC06 3 cluster c", "KC06 7 cluster e"]);
    assert_eq!(parsed.clusters.iter().map(|e| e.is_usable()).collect::<Vec<_>>(), [false, true, false]);
}

#[test]
fn multi_document() {
    for second in ["---\nkind: Config\ncurrent-context: z\n", "---\n\tbroken: [\n"] {
        let parsed = parse((GOOD.to_owned() + second).as_bytes());
        assert_eq!(rules(&parsed), ["KC30 14 "], "{second}");
        assert_eq!(parsed.current_context.unwrap().name, "x");
    }
}

#[test]
fn an_entry_of_the_wrong_shape_never_hides_another() {
    for bad in ["- 7\n", "- name: [a]\n", "- name: b\n  context: text\n", "- name: b\n  context: {cluster: [x]}\n", "- [a, b]\n"] {
        let parsed = parse((GOOD.to_owned() + bad).as_bytes());
        assert_eq!(parsed.contexts.iter().filter(|e| e.is_usable()).map(|e| e.name.as_str()).collect::<Vec<_>>(), ["x"], "{bad}");
        assert_eq!(parsed.contexts.len(), 2, "{bad}");
    }
    let nothing = parse((GOOD.to_owned() + "- name: b\n  context: null\n- context: {cluster: c}\n").as_bytes());
    assert!(nothing.contexts.iter().all(|e| e.is_usable()), "null and a missing name are what client-go takes them for");
}

#[test]
fn unknown_keys_are_noted_without_their_values() {
    let parsed = parse(GOOD.replace("    token: s3cr3t", "    tokn: s3cr3t\n    colour: s3cr3t\n    eyJhbGciOiJSUzI1NiJ9: s3cr3t").as_bytes());
    assert_eq!(rules(&parsed), ["KC30 10 user u"]);
    assert_eq!(parsed.users[0].problems[0].sentence, "Line 10: kubectl does not know tokn, colour, on it and deletes it when it writes this file.");
}

#[test]
fn no_problem_shows_a_credential() {
    let secret = "hunter2hunter2";
    for user in [
        format!("{{token: [{secret}]}}"),
        format!("{{password: {{{secret}: {secret}}}}}"),
        format!("{{client-key-data: '{secret}%'}}"),
        format!("{{client-key-data: {secret}}}"),
        format!("{{exec: {{command: x, env: [{secret}], args: {secret}}}}}"),
        format!("'{secret}"),
        format!("{{token: *{secret}}}"),
        format!("{{as-user-extra: {secret}}}"),
    ] {
        let parsed = parse(GOOD.replace("\n    token: s3cr3t", &format!(" {user}")).as_bytes());
        let all = format!("{:?}", (parsed.problems, parsed.users));
        assert!(!all.contains(secret), "{user}: {all}");
    }
}

#[test]
fn the_extension_for_plugins_is_kept_as_json() {
    let text = "clusters:\n- name: c\n  cluster:\n    extensions:\n    - name: client.authentication.k8s.io/exec\n      extension: {audience: a, n: 3, on: true, list: ['1', null]}\n";
    let config = parse(text.as_bytes()).clusters[0].body.plugin_config.clone().unwrap();
    let json: serde_json::Value = serde_json::from_str(&config).unwrap();
    assert_eq!(json, serde_json::json!({"audience": "a", "n": 3, "on": true, "list": ["1", null]}));
}

/// Cuts, flips and inserts bytes at random.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let edits = proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>(), 0..3_u8), 1..12);
    (Just(GOOD.as_bytes().to_vec()), edits).prop_map(|(mut bytes, edits)| {
        for (at, byte, kind) in edits {
            let at = at.index(bytes.len().max(1)).min(bytes.len().saturating_sub(1));
            match kind {
                0 if !bytes.is_empty() => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => bytes.truncate(at.max(1)),
            }
        }
        bytes
    })
}

proptest! {
    #[test]
    fn any_bytes_are_answered(bytes in mutated()) {
        let parsed = parse(&bytes);
        let silent = parsed.readable == Readable::No && parsed.problems.is_empty();
        assert!(!silent);
    }
}

#[test]
fn one_file_with_a_thousand_contexts_that_sign_in_by_a_program_loads() {
    let list = |entry: &dyn Fn(u32) -> String| (0..1_000).map(entry).collect::<String>();
    let text = format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: c-0\nclusters:\n{}contexts:\n{}users:\n{}",
        list(&|n| format!("- name: c-{n}\n  cluster:\n    server: https://{n}.eks.example:443\n    certificate-authority-data: {}\n", "QUJD".repeat(400))),
        list(&|n| format!("- name: c-{n}\n  context:\n    cluster: c-{n}\n    user: c-{n}\n    namespace: default\n")),
        list(&|n| format!(
            "- name: c-{n}\n  user:\n    exec:\n      apiVersion: client.authentication.k8s.io/v1beta1\n      command: aws\n      args: [--region, eu-west-1, eks, get-token, \
             --cluster-name, c-{n}, --output, json]\n      env:\n      - name: AWS_PROFILE\n        value: p-{n}\n      interactiveMode: IfAvailable\n      provideClusterInfo: false\n"
        )),
    );
    let parsed = parse(text.as_bytes());
    assert_eq!(parsed.readable, Readable::Yes);
    let usable = parsed.contexts.iter().filter(|entry| entry.is_usable()).count();
    assert_eq!((usable, parsed.clusters.len(), parsed.users.len()), (1_000, 1_000, 1_000));
}
