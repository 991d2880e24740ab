use std::{collections::HashMap, path::Path, path::PathBuf, sync::Arc};

use api::{
    Timestamp,
    contexts::{TlsCheck, Way},
    files::{FileState, Origin, Severity},
};
use secret::Secret;

use super::{Fleet, Loaded, Source, World, fleet};
use crate::{
    entries::Colours,
    look::{FileFact, Look},
    parse::parse,
    resolve::CurrentContext,
    sources::{Listed, Part},
    target::{ClusterInfo, Compression, Header, Interactive, Material, PluginApi, Proxy, Target, Tls},
};

/// A disk with exactly these files; every program is in `/usr/bin` unless it is called `absent`.
#[derive(Default)]
struct Table(HashMap<PathBuf, FileFact>);

impl Look for Table {
    fn file(&self, path: &Path) -> FileFact {
        if path.starts_with("/usr/bin") {
            return FileFact::Regular { mode: 0o755, folder_mode: 0o755 };
        }
        self.0.get(path).copied().unwrap_or(FileFact::Missing)
    }

    fn program(&self, name: &str) -> Option<PathBuf> {
        (name != "absent").then(|| Path::new("/usr/bin").join(name))
    }

    fn text(&self, _: &Path) -> Option<Secret> {
        None
    }
}

fn with(paths: &[&str]) -> Table {
    Table(paths.iter().map(|path| (PathBuf::from(path), FileFact::Regular { mode: 0o600, folder_mode: 0o700 })).collect())
}

fn source(path: &str, part: Part, loaded: Loaded) -> Source {
    let origin = if part == Part::OfKubectl { Origin::Environment } else { Origin::Added };
    Source { listed: Listed { id: path.into(), path: path.into(), origin, part }, loaded }
}

fn text(text: &str) -> Loaded {
    Loaded::Parsed { parsed: Arc::new(parse(text.as_bytes())), mode: 0o600, folder_mode: 0o700 }
}

fn listed(texts: &[&str]) -> Vec<Source> {
    texts.iter().enumerate().map(|(at, content)| source(&format!("/k/{at}"), Part::OfKubectl, text(content))).collect()
}

fn merged(sources: &[Source], look: &dyn Look) -> Fleet {
    fleet(sources, &World { look, now: Timestamp(1_790_000_000_000), home: Some(Path::new("/home/ada")) })
}

fn names(fleet: &Fleet) -> Vec<&str> {
    fleet.contexts.iter().map(|context| context.name.as_str()).collect()
}

fn rules(fleet: &Fleet) -> Vec<String> {
    let mut rules: Vec<String> = fleet.files.iter().flat_map(|file| file.problems.iter().map(move |p| format!("{} {}", file.id, p.rule))).collect();
    rules.sort();
    rules
}

fn one(cluster: &str, user: &str) -> String {
    format!("clusters:\n- name: c\n  cluster: {cluster}\nusers:\n- name: u\n  user: {user}\ncontexts:\n- name: x\n  context: {{cluster: c, user: u}}\n")
}

fn target(cluster: &str, user: &str) -> Target {
    let found = merged(&listed(&[&one(cluster, user)]), &with(&["/k/ca", "/k/crt", "/k/key", "/k/tok"]));
    found.contexts[0].target.clone().unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// The rules that stand at the only context of a file, with the severity's first letter.
fn context_rules(cluster: &str, user: &str) -> Vec<String> {
    let found = merged(&listed(&[&one(cluster, user)]), &with(&["/k/ca", "/k/crt", "/k/key", "/k/tok"]));
    let mut rules: Vec<String> = found.contexts[0].problems.iter().map(|p| format!("{}{:.1}", p.rule, format!("{:?}", p.severity))).collect();
    assert_eq!(found.contexts[0].target.is_err(), rules.iter().any(|rule| rule.ends_with('U')));
    rules.sort();
    rules
}

const TLS: &str = "{server: 'https://c:6443'}";
const GOOD: &str =
    "clusters:\n- name: c\n  cluster: {server: 'https://c'}\nusers:\n- name: u\n  user: {token: t}\ncontexts:\n- name: x\n  context: {cluster: c, user: u}\n";

#[test]
fn list_all_missing() {
    let missing = |n| source(n, Part::OfKubectl, Loaded::Missing);
    let found = merged(&[missing("/a"), missing("/b"), missing("/c")], &Table::default());
    assert_eq!((names(&found), rules(&found)), (vec![], vec!["/a KC02".to_owned()]));
    assert!(found.files.iter().all(|file| file.state == FileState::Missing));
}

#[test]
fn one_missing_file_is_normal() {
    let found = merged(&[source("/a", Part::OfKubectl, Loaded::Missing), source("/b", Part::OfKubectl, text(GOOD))], &Table::default());
    assert_eq!((names(&found), rules(&found)), (vec!["x"], vec![]));
}

#[test]
fn explicit_missing() {
    let found = merged(&[source("/bogus_file", Part::Alone, Loaded::Missing)], &Table::default());
    assert_eq!(rules(&found), ["/bogus_file KC02"]);
}

#[test]
fn broken_first_good_second() {
    let found = merged(&listed(&["bogus value", GOOD]), &Table::default());
    assert_eq!((names(&found), rules(&found)), (vec!["x"], vec!["/k/0 KC01".to_owned()]));
    assert_eq!(found.files.iter().map(|f| f.state).collect::<Vec<_>>(), [FileState::Unreadable, FileState::Good]);
    assert!(found.contexts[0].target.is_ok());
}

#[test]
fn ten_files_one_with_a_syntax_error() {
    let texts: Vec<String> = (0..10).map(|n| if n == 4 { "clusters: [\n".into() } else { GOOD.replace("name: x", &format!("name: x{n}")) }).collect();
    let sources: Vec<Source> = texts.iter().enumerate().map(|(n, content)| source(&format!("/f/{n}"), Part::Alone, text(content))).collect();
    let found = merged(&sources, &Table::default());
    assert_eq!((found.contexts.iter().filter(|c| c.target.is_ok()).count(), rules(&found)), (9, vec!["/f/4 KC01".to_owned()]));
}

#[test]
fn folder_in_list() {
    let found = merged(&[source("/a", Part::OfKubectl, Loaded::Folder), source("/b", Part::OfKubectl, text(GOOD))], &Table::default());
    assert_eq!((names(&found), rules(&found)), (vec!["x"], vec!["/a KC02".to_owned()]));
}

#[test]
fn merge_first_wins() {
    let a = GOOD.replace("{token: t}", "{username: a, password: p}");
    let b = GOOD.replace("https://c", "https://other").replace("name: x", "name: extra").replace("{token: t}", "{token: b}");
    let found = merged(&listed(&[&a, &b]), &Table::default());
    assert_eq!(names(&found), ["x", "extra"]);
    for context in &found.contexts {
        let target = context.target.as_ref().unwrap();
        assert_eq!(target.server, "https://c");
        assert!(matches!(&target.identity.header, Header::Basic { user, .. } if user == "a"), "an entry is taken whole");
    }
    assert_eq!(rules(&found), ["/k/0 KC28", "/k/1 KC04", "/k/1 KC04"]);
    assert_eq!(found.contexts[1].id.as_str(), "#extra");
}

#[test]
fn merge_disjoint() {
    let texts: Vec<String> = ["a", "b", "d", "e"].iter().map(|n| GOOD.replace("name: x", &format!("name: {n}"))).collect();
    let found = merged(&listed(&texts.iter().map(String::as_str).collect::<Vec<_>>()), &Table::default());
    assert_eq!(names(&found), ["a", "b", "d", "e"]);
}

#[test]
fn an_entry_spans_files_of_kubectls_list_only() {
    let context = "contexts:\n- name: x\n  context: {cluster: c, user: u}\n";
    let rest = GOOD.split("contexts:").next().unwrap();
    assert!(merged(&listed(&[context, rest]), &Table::default()).contexts[0].target.is_ok());
    let apart = [source("/a", Part::Alone, text(context)), source("/b", Part::Alone, text(rest))];
    assert!(merged(&apart, &Table::default()).contexts[0].target.is_err());
}

#[test]
fn the_same_name_in_separate_files_is_two_contexts() {
    let found = merged(&[source("/a", Part::OfKubectl, text(GOOD)), source("/b", Part::Alone, text(GOOD))], &Table::default());
    assert_eq!(found.contexts.iter().map(|c| c.id.as_str()).collect::<Vec<_>>(), ["#x", "/b#x"]);
    assert_eq!(rules(&found), [] as [&str; 0]);
}

#[test]
fn a_shadowed_context_is_remembered_with_its_place() {
    let found = merged(&listed(&[GOOD, GOOD]), &Table::default());
    assert_eq!(found.contexts[0].shadows.iter().map(|p| (p.file.as_str(), p.line)).collect::<Vec<_>>(), [("/k/1", 8)]);
}

#[test]
fn a_bad_entry_never_hides_a_good_one_of_the_same_name() {
    let bad = GOOD.replace("{server: 'https://c'}", "{server: 'https://bad', certificate-authority-data: '%'}");
    let found = merged(&listed(&[&bad, GOOD]), &Table::default());
    assert_eq!(found.contexts[0].target.as_ref().unwrap().server, "https://c");
    assert_eq!(found.files[0].state, FileState::Partly);
}

#[test]
fn empty_current_does_not_block() {
    let found = merged(&listed(&["current-context: \"\"\n", &(GOOD.to_owned() + "current-context: x\n")]), &Table::default());
    assert_eq!((found.current.as_deref(), found.contexts[0].current), (Some("x"), CurrentContext::Yes));
}

#[test]
fn a_dangling_current_context_is_named_and_harms_nobody() {
    let found = merged(&listed(&["current-context: nosuch\n", &(GOOD.to_owned() + "current-context: x\n")]), &Table::default());
    assert_eq!((rules(&found), found.contexts[0].current), (vec!["/k/0 KC09".to_owned()], CurrentContext::No));
    assert!(found.contexts[0].target.is_ok());
}

#[test]
fn extensions_per_key() {
    let a = "extensions:\n- {name: a, extension: 1}\n";
    let b = "extensions:\n- {name: a, extension: 2}\n- {name: b, extension: 2}\npreferences: {colors: true}\n";
    let found = merged(&listed(&[a, b]), &Table::default());
    assert_eq!(found.extensions, [("a".into(), "1".into()), ("b".into(), "2".into())]);
    assert_eq!(found.colours, Colours::On);
}

#[test]
fn relative_paths() {
    let user = "{client-certificate: crt, client-key: ../k/key, exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: ../c}}";
    let made = target("{server: 'https://c', certificate-authority: ca}", "{client-certificate: crt, client-key: key}");
    assert_eq!(made.tls, Tls::Verified { ca: Some(Material::File("/k/ca".into())), server_name: None });
    assert_eq!(made.identity.certificate.unwrap().key, Material::File("/k/key".into()));
    assert_eq!(made.identity.header, Header::Nothing);
    assert!(context_rules(TLS, user).contains(&"KC19R".to_owned()));

    let plugin = |command: &str| {
        let user = format!("{{exec: {{apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: {command}}}}}");
        let made = merged(&listed(&[&one(TLS, &user)]), &with(&["/k/./c"])).contexts[0].target.clone().unwrap();
        let Header::Plugin(plugin) = made.identity.header else { panic!("no plugin") };
        plugin.command
    };
    assert_eq!((plugin("./c"), plugin("cmd")), ("/k/./c".into(), "cmd".into()));
}

#[test]
fn a_connection_is_the_same_wherever_its_entry_stands() {
    let user = |command: &str, hint: &str| {
        format!("{{exec: {{apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: {command}, installHint: {hint}}}}}")
    };
    let made = |text: &str| merged(&listed(&[text]), &Table::default()).contexts[0].target.clone().unwrap();
    let text = one(TLS, &user("cmd", "a"));
    let known = made(&text);
    for (other, same) in [
        (format!("# above\n{text}"), true),
        (one(TLS, &user("cmd", "b")), true),
        (text.replace("user: u}", "user: u, namespace: n}"), true),
        (one(TLS, &user("other", "a")), false),
        (one("{server: 'https://d:6443'}", &user("cmd", "a")), false),
        (one(TLS, "{token: t}"), false),
    ] {
        let now = made(&other);
        assert_ne!(now, known, "{other}");
        assert_eq!(known.connects_like(&now), same, "{other}");
    }
}

#[test]
fn proxy_url() {
    for good in ["http://p:1", "https://p:1", "socks5://p:1"] {
        assert_eq!(target(&format!("{{server: 'https://c', proxy-url: '{good}'}}"), "{token: t}").proxy, Proxy::Explicit(good.into()));
    }
    assert_eq!(target(TLS, "{token: t}").proxy, Proxy::FromEnvironment);
    for bad in ["socks6://p", "example.com", "user@host"] {
        assert_eq!(context_rules(&format!("{{server: 'https://c', proxy-url: '{bad}'}}"), "{token: t}"), ["KC17U"], "{bad}");
    }
}

#[test]
fn tls_fields() {
    assert_eq!(context_rules("{server: 'https://c', insecure-skip-tls-verify: true, certificate-authority: ca}", "{token: t}"), ["KC15U"]);
    assert_eq!(context_rules("{server: 'https://c', insecure-skip-tls-verify: true}", "{token: t}"), ["KC14R"]);
    let made = target("{server: 'https://c', insecure-skip-tls-verify: yes, tls-server-name: n, disable-compression: true}", "{token: t}");
    assert_eq!((made.tls, made.compression), (Tls::NotVerified { server_name: Some("n".into()) }, Compression::Off));
}

#[test]
fn token_precedence() {
    let made = target(TLS, "{token: t, tokenFile: tok}");
    let Header::TokenFile(named) = made.identity.header else { panic!() };
    assert_eq!((named.path, named.fallback, named.part), ("/k/tok".into(), Some(Secret::new("t")), Part::OfKubectl));
    assert_eq!(context_rules(TLS, "{token: t, tokenFile: gone}"), ["KC13R"]);
    assert_eq!(context_rules(TLS, "{tokenFile: gone}"), ["KC13U"]);
}

#[test]
fn a_token_file_knows_which_kubeconfig_names_it_and_whether_kubectl_goes_by_that() {
    let received = merged(&[source("/k/received", Part::Alone, text(&one(TLS, "{tokenFile: tok}")))], &with(&["/k/tok"]));
    let made = received.contexts[0].target.as_ref().unwrap();
    let Header::TokenFile(named) = &made.identity.header else { panic!() };
    assert_eq!((named.file.as_str(), named.part), ("/k/received", Part::Alone));
    let mut moved = made.clone();
    let Header::TokenFile(named) = &mut moved.identity.header else { panic!() };
    named.line += 1;
    assert!(made.connects_like(&moved), "a line above it makes no other connection");
}

#[test]
fn plain_http_sends_nothing() {
    let found = merged(&listed(&[&one("{server: 'http://c'}", "{token: t}")]), &Table::default());
    let context = &found.contexts[0];
    let made = context.target.as_ref().unwrap();
    assert_eq!((&made.tls, &made.identity.header, context.tls, &context.sign_in.way), (&Tls::Off, &Header::Nothing, TlsCheck::PlainHttp, &Way::Nothing));
    assert_eq!(rules(&found), ["/k/0 KC16"]);
}

#[test]
fn cert_both_and_missing() {
    let pem = "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==";
    let both = format!("{{client-certificate: crt, client-certificate-data: {pem}, client-key: key}}");
    assert_eq!(context_rules(TLS, &both), ["KC11U"]);
    assert_eq!(context_rules(TLS, "{client-certificate: gone, client-key: key}"), ["KC13U"]);
    assert_eq!(context_rules(TLS, "{client-certificate: crt}"), ["KC12U"]);
    assert_eq!(context_rules(TLS, "{client-key: key}"), ["KC12U"]);
}

#[test]
fn the_files_of_a_context_are_told_whether_or_not_they_are_there() {
    let files = |cluster: &str, user: &str| merged(&listed(&[&one(cluster, user)]), &Table::default()).contexts[0].files.clone();
    let paths = |all: &[&str]| all.iter().map(PathBuf::from).collect::<Vec<_>>();
    assert_eq!(files("{server: 'https://c', certificate-authority: ca}", "{tokenFile: ../tok}"), paths(&["/k/ca", "/k/../tok"]));
    assert_eq!(files(TLS, "{client-certificate: /pki/crt, client-key: key}"), paths(&["/pki/crt", "/k/key"]));
    assert_eq!(files(TLS, "{token: t}"), paths(&[]));
}

#[test]
fn exec_validation() {
    const V1: &str = "apiVersion: client.authentication.k8s.io/v1";
    const V1BETA1: &str = "apiVersion: client.authentication.k8s.io/v1beta1";
    for (exec, expected) in [
        ("command: a".to_owned(), vec!["KC20U"]),
        (format!("{V1}, interactiveMode: Never"), vec!["KC20U"]),
        (format!("{V1}, command: a"), vec!["KC20U"]),
        (format!("{V1}, command: a, interactiveMode: Sometimes"), vec!["KC20U"]),
        (format!("{V1}, command: a, interactiveMode: IfAvailable"), vec![]),
        (format!("{V1BETA1}, command: a"), vec![]),
        ("apiVersion: client.authentication.k8s.io/v1alpha1, command: a".to_owned(), vec!["KC20U"]),
        (format!("{V1BETA1}, command: absent"), vec!["KC21R"]),
        (format!("{V1BETA1}, command: ./absent"), vec!["KC21R", "KC22R"]),
    ] {
        assert_eq!(context_rules(TLS, &format!("{{exec: {{{exec}}}}}")), expected, "{exec}");
    }
    assert_eq!(context_rules(TLS, &format!("{{exec: {{{V1BETA1}, command: a}}, auth-provider: {{name: oidc}}}}")), ["KC18U", "KC23R"]);
    assert_eq!(context_rules(TLS, "{token: t, username: ada}"), ["KC18U", "KC28R"]);
}

#[test]
fn a_program_that_was_not_found_keeps_nobody_from_opening_its_context() {
    let exec = "{exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: absent, installHint: Get it.}}";
    let found = merged(&listed(&[&one(TLS, exec)]), &Table::default());
    let context = &found.contexts[0];
    let said: Vec<_> = context.problems.iter().map(|problem| (problem.rule.as_str(), problem.severity, problem.sentence.as_str())).collect();
    assert_eq!(said, [("KC21", Severity::Risk, "The credential program was not found. Get it.")]);
    assert!(context.target.is_ok(), "{:?}", context.target);
    assert_eq!(found.files[0].state, FileState::Good);
}

#[test]
fn a_plugin_is_taken_as_written() {
    let exec = "{exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: aws, args: [eks, get-token, --cluster-name, prod], env: [{name: A, value: b}], provideClusterInfo: true}}";
    let found = merged(&listed(&[&one(TLS, exec)]), &Table::default());
    assert_eq!(found.contexts[0].sign_in.way, Way::Plugin { command: "aws eks get-token".into() });
    let Header::Plugin(plugin) = found.contexts[0].target.clone().unwrap().identity.header else { panic!("no plugin") };
    assert_eq!((plugin.api_version, plugin.interactive, plugin.line), (PluginApi::V1Beta1, Interactive::IfAvailable, 5));
    assert_eq!(plugin.provide_cluster_info, ClusterInfo::Provided { config: "null".into() });
    assert_eq!(plugin.env, [("A".to_owned(), Secret::new("b"))]);
}

#[test]
fn the_program_that_signs_in_is_told_whether_or_not_it_is_there() {
    let program = |user: &str| {
        let found = merged(&listed(&[&one(TLS, user)]), &Table::default());
        found.contexts[0].program.clone().map(|program| (program.command.display().to_string(), program.install_hint))
    };
    let exec = |command: &str| format!("exec: {{apiVersion: client.authentication.k8s.io/v1beta1, command: {command}, installHint: from the shop}}");
    for (command, wanted) in [("aws", "aws"), ("absent", "absent"), ("./absent", "/k/./absent"), ("/opt/login", "/opt/login")] {
        assert_eq!(program(&format!("{{{}}}", exec(command))), Some((wanted.to_owned(), "from the shop".to_owned())), "{command}");
    }
    // A program beside a token is never run.
    assert_eq!(program(&format!("{{token: t, {}}}", exec("aws"))), None);
    assert_eq!(program("{token: t}"), None);
}

#[test]
fn contexts_that_lead_nowhere() {
    for (context, expected) in [
        ("{cluster: gone, user: u}", vec!["KC07"]),
        ("{user: u}", vec!["KC07"]),
        ("{cluster: c, user: gone}", vec!["KC08"]),
        ("{cluster: c}", vec!["KC08"]),
        ("{cluster: c, user: u, namespace: Not_A_Label}", vec!["KC27"]),
    ] {
        let found = merged(&listed(&[&GOOD.replace("{cluster: c, user: u}", context)]), &Table::default());
        assert_eq!(found.contexts[0].problems.iter().map(|p| p.rule.as_str()).collect::<Vec<_>>(), expected, "{context}");
    }
}

#[test]
fn nobody_uses_an_orphan() {
    let found = merged(&listed(&[GOOD.split("contexts:").next().unwrap()]), &Table::default());
    let notes: Vec<_> = found.files[0].problems.iter().map(|p| (p.rule.as_str(), p.severity, p.entry.as_str())).collect();
    assert_eq!(notes, [("KC10", Severity::Note, "cluster c"), ("KC10", Severity::Note, "user u")]);
}

#[test]
fn files_that_others_can_read_are_named() {
    let open = Loaded::Parsed { parsed: Arc::new(parse(GOOD.as_bytes())), mode: 0o100_644, folder_mode: 0o40_775 };
    assert_eq!(rules(&merged(&[source("/a", Part::OfKubectl, open)], &Table::default())), ["/a KC26", "/a KC26"]);
}

#[test]
fn a_file_that_is_being_rewritten_keeps_its_contexts() {
    let found = merged(&[source("/a", Part::OfKubectl, Loaded::Kept(Arc::new(parse(GOOD.as_bytes()))))], &Table::default());
    assert_eq!((names(&found), found.files[0].state), (vec!["x"], FileState::BeingRewritten));
}

#[test]
fn two_hundred_files_with_a_thousand_contexts_all_load() {
    let sources: Vec<Source> = (0..200)
        .map(|file| {
            let entries: String = (0..5).map(|n| format!("- name: f{file}-{n}\n  context: {{cluster: c, user: u}}\n")).collect();
            source(&format!("/f/{file}"), Part::Alone, text(&GOOD.replace("- name: x\n  context: {cluster: c, user: u}\n", &entries)))
        })
        .collect();
    assert_eq!(merged(&sources, &Table::default()).contexts.iter().filter(|c| c.target.is_ok()).count(), 1000);
}

#[test]
fn what_is_shown_of_a_file_and_of_its_entries_hides_no_mark() {
    let exec = "{apiVersion: client.authentication.k8s.io/v1, command: \"ev\\u202eil\", interactiveMode: Never}";
    let content = format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: \"ev\\u202eil\"\ncontexts:\n- name: \"ev\\u202eil\"\n  context: {{cluster: gone, user: u}}\n\
         users:\n- name: u\n  user: {{exec: {exec}}}\n"
    );
    let fleet = merged(&[source("/k/a\u{202e}b", Part::OfKubectl, text(&content))], &with(&[]));
    let (file, context) = (&fleet.files[0], &fleet.contexts[0]);
    assert_eq!((file.shown.as_str(), file.current_context.as_str()), ("/k/a\u{fffd}b", "ev\u{fffd}il"));
    assert_eq!(context.sign_in.way, Way::Plugin { command: "ev\u{fffd}il".into() });
    assert!(!context.problems.is_empty() && context.problems.iter().all(|problem| !format!("{} {}", problem.entry, problem.sentence).contains('\u{202e}')));
    // What tells it from another stays as it is written.
    assert_eq!(context.name, "ev\u{202e}il");
}

#[test]
fn of_a_file_with_thousands_of_mistakes_the_worst_are_listed_and_the_rest_counted() {
    let text = format!("{}kind: Pod\n", "a: 1\n".repeat(5_000));
    let fleet = merged(&listed(&[&text]), &with(&["/k/0"]));
    let problems = &fleet.files[0].problems;
    assert_eq!(problems.len(), 101);
    assert!(problems.iter().any(|problem| problem.severity == Severity::Unusable && problem.line == 5_001), "what keeps it from being used is never cut");
    assert!(problems[100].sentence.ends_with("more problems of this file are not listed."), "{:?}", problems[100]);
}
