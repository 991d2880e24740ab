use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use api::contexts::{Mood, Sign};
use rstest::rstest;

use super::place::{self, Is, Place, look_at, narrowed, place};
use super::policy::Says;
use super::signs::{Evidence, signs};
use super::token_file::{Lies, lies};
use super::*;
use kubeconfig::sources::Part;
use kubeconfig::target::{ClusterInfo, Compression, Identity, Interactive, Proxy, Tls};
use secret::Secret;

fn entry() -> Plugin {
    Plugin {
        api_version: PluginApi::V1,
        command: "aws".into(),
        args: vec!["eks".into(), "get-token".into()],
        env: vec![("AWS_PROFILE".into(), Secret::new("dev"))],
        interactive: Interactive::Never,
        provide_cluster_info: ClusterInfo::Withheld,
        install_hint: String::new(),
        file: api::FileId("/home/jo/.kube/config".into()),
        line: 82,
    }
}

fn going_to(server: &str) -> Target {
    Target {
        context: "#lab".into(),
        name: "lab".into(),
        file: "/home/jo/.kube/config".into(),
        server: server.into(),
        tls: Tls::Verified { ca: None, server_name: None },
        proxy: Proxy::FromEnvironment,
        compression: Compression::Allowed,
        identity: Identity { certificate: None, header: Header::Plugin(entry()) },
        impersonate: None,
        namespace: "default".into(),
    }
}

fn said(change: impl FnOnce(&mut Plugin), program: &str, place: Place, changed: bool, policy: Says) -> Vec<Sign> {
    let mut plugin = entry();
    change(&mut plugin);
    signs(&Evidence { plugin: &plugin, program: Path::new(program), found: true, place, changed, policy, home: Path::new("/home/jo") })
}

fn titles(change: impl FnOnce(&mut Plugin), program: &str, place: Place, changed: bool, policy: Says) -> Vec<(Mood, String)> {
    said(change, program, place, changed, policy).into_iter().map(|sign| (sign.mood, sign.title)).collect()
}

#[test]
fn an_ordinary_program_has_only_good_signs() {
    let policy = Says::Allows { file: "~/.kube/kuberc".into(), command: "aws".into() };
    let all = titles(|_| {}, "/usr/bin/aws", Place::System, false, policy);
    assert_eq!(all.len(), 3);
    assert!(all.iter().all(|(mood, _)| *mood == Mood::Good));
}

#[rstest]
#[case::replaced("/usr/bin/aws", Place::System, true, Says::Nothing, "The program changed since you allowed it")]
#[case::open_to_others("/opt/aws", Place::Open { path: "/opt".into(), narrowed: None }, false, Says::Nothing, "Others can replace the program")]
#[case::policy("/usr/bin/aws", Place::System, false, Says::Denies { file: "kuberc".into() }, "Your kubectl policy does not allow it")]
#[case::shell("/bin/bash", Place::System, false, Says::Nothing, "It is a shell")]
fn each_reason_to_doubt_is_said(#[case] program: &str, #[case] place: Place, #[case] changed: bool, #[case] policy: Says, #[case] title: &str) {
    assert_eq!(titles(|_| {}, program, place, changed, policy)[0], (Mood::Doubt, title.to_owned()));
}

#[test]
fn arguments_that_are_not_seen_at_once_are_a_doubt_however_they_are_cut() {
    for args in [vec!["x".repeat(1_000)], vec![String::new(); 1_001]] {
        let all = titles(|plugin| plugin.args = args, "/usr/bin/aws", Place::System, false, Says::Nothing);
        assert_eq!(all[0], (Mood::Doubt, "Its arguments are long".to_owned()));
    }
}

#[test]
fn what_others_can_write_comes_with_the_command_that_stops_it() {
    let place = |path: &str, narrowed| Place::Open { path: path.into(), narrowed };
    for (place, command) in [
        (place("/home/jo/.local/bin", Some(0o755)), Some("chmod 0755 /home/jo/.local/bin")),
        (place("/home/jo/it's mine", Some(0o2750)), Some(r"chmod 2750 '/home/jo/it'\''s mine'")),
        (place("/opt", None), None),
    ] {
        let all = said(|_| {}, "/opt/aws", place, false, Says::Nothing);
        let commands: Vec<_> = all.iter().map(|sign| sign.command.as_deref()).collect();
        assert_eq!((commands[0], commands[1..].iter().flatten().count()), (command, 0), "{all:?}");
    }
}

#[rstest]
#[case::folder(0o040_775, 1000, Some(0o755))]
#[case::read_by_the_group_alone(0o100_770, 1000, Some(0o750))]
#[case::kept_for_its_group(0o042_777, 1000, Some(0o2755))]
#[case::of_root(0o040_777, 0, None)]
#[case::for_everybody_s_files(0o041_777, 1000, None)]
fn a_mode_is_narrowed_only_where_it_is_ours_and_lets_nobody_read_more(#[case] mode: u32, #[case] owner: u32, #[case] wanted: Option<u32>) {
    assert_eq!(narrowed(mode, owner, 1000), wanted);
}

#[rstest]
#[case::of_root("/usr/bin/aws", &[(0o100_755, 0), (0o040_755, 0), (0o040_755, 0)], Place::System)]
#[case::ours_below_what_is_root_s("/home/jo/aws", &[(0o100_755, 1000), (0o040_700, 1000), (0o040_755, 0)], Place::Own)]
#[case::in_a_folder_of_ours_for_everybody_s_files("/tmp/jo/aws", &[(0o100_755, 1000), (0o040_700, 1000), (0o041_777, 0)], Place::Own)]
#[case::file_of_another("/opt/x/aws", &[(0o100_755, 1001), (0o040_755, 0), (0o040_755, 0)], open("/opt/x/aws", None))]
#[case::folder_of_another("/opt/x/aws", &[(0o100_755, 0), (0o040_755, 1001), (0o040_755, 0)], open("/opt/x", None))]
#[case::far_folder_of_another("/opt/x/aws", &[(0o100_755, 0), (0o040_755, 0), (0o040_700, 1001)], open("/opt", None))]
#[case::far_folder_that_all_can_write("/opt/x/aws", &[(0o100_755, 0), (0o040_755, 0), (0o040_777, 0)], open("/opt", None))]
#[case::far_folder_of_ours_that_the_group_can_write("/home/jo/aws", &[(0o100_755, 0), (0o040_755, 0), (0o040_775, 1000)], open("/home", Some(0o755)))]
#[case::among_everybody_s_files("/tmp/aws", &[(0o100_755, 1000), (0o041_777, 0)], open("/tmp", None))]
#[case::by_a_link_of_another("/tmp/link/aws", &[(0o100_755, 0), (0, 1001), (0o041_777, 0)], open("/tmp/link", None))]
fn a_program_is_as_safe_as_the_least_safe_part_of_its_path(#[case] program: &str, #[case] parts: &[(u32, u32)], #[case] wanted: Place) {
    let levels = [Is::Program, Is::Folder, Is::Above].into_iter().zip(Path::new(program).ancestors());
    let parts: Vec<place::Part> =
        levels.zip(parts).map(|((is, path), (mode, owner))| place::Part { is, path: path.to_owned(), mode: *mode, owner: *owner }).collect();
    assert_eq!(place(&parts, 1000), wanted);
}

fn open(path: &str, narrowed: Option<u32>) -> Place {
    Place::Open { path: path.into(), narrowed }
}

#[tokio::test]
async fn a_folder_that_others_can_write_is_named_with_the_mode_that_stops_it() {
    let folder = tempfile::tempdir().unwrap();
    let (bin, program) = (folder.path().join("bin"), folder.path().join("bin/aws"));
    std::fs::create_dir(&bin).unwrap();
    std::fs::write(&program, "").unwrap();
    let set = |path: &Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    set(&program, 0o755);
    set(&bin, 0o775);
    assert_eq!(look_at(&program).await, Place::Open { path: bin.clone(), narrowed: Some(0o755) });
    // Also by a link that stands in a folder of which that cannot be said.
    let link = folder.path().join("link");
    std::os::unix::fs::symlink(&program, &link).unwrap();
    assert_eq!(look_at(&link).await, Place::Open { path: bin.canonicalize().unwrap(), narrowed: Some(0o755) });
    set(&bin, 0o755);
    for program in [&program, &link] {
        assert!(matches!(look_at(program).await, Place::Own | Place::System));
    }
}

#[tokio::test]
async fn only_a_regular_file_is_read_for_its_digest() {
    let folder = tempfile::tempdir().unwrap();
    let (pipe, program) = (folder.path().join("pipe"), folder.path().join("aws"));
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR, 0).unwrap();
    std::fs::write(&program, "").unwrap();
    assert!(digest(&program).await.is_some());
    for other in [pipe, folder.path().to_owned(), "/dev/zero".into()] {
        assert_eq!(digest(&other).await, None, "{}", other.display());
    }
}

#[test]
fn a_file_from_elsewhere_and_a_variable_that_loads_code_are_doubts() {
    let hostile = |plugin: &mut Plugin| {
        plugin.file = api::FileId("/tmp/x.yaml".into());
        plugin.env.push(("LD_PRELOAD".into(), Secret::new("/tmp/x.so")));
        plugin.command = "bin/aws".into();
    };
    let all = titles(hostile, "/tmp/bin/aws", Place::Own, false, Says::Nothing);
    assert_eq!(all.iter().filter(|(mood, _)| *mood == Mood::Doubt).count(), 3);
}

#[rstest]
#[case::loader("LD_AUDIT", true)]
#[case::loader_of_a_mac("DYLD_INSERT_LIBRARIES", true)]
#[case::function("BASH_FUNC_aws%%", true)]
#[case::shell("ENV", true)]
#[case::language("PERL5OPT", true)]
#[case::client_that_names_programs("AWS_CONFIG_FILE", true)]
#[case::interpreter("CLOUDSDK_PYTHON", true)]
#[case::profile("AWS_PROFILE", false)]
#[case::region("AWS_REGION", false)]
#[case::words("LANG", false)]
fn a_variable_that_decides_what_runs_is_a_doubt_and_one_that_says_for_whom_is_not(#[case] variable: &str, #[case] doubted: bool) {
    let all = titles(|plugin| plugin.env = vec![(variable.into(), Secret::new("x"))], "/usr/bin/aws", Place::System, false, Says::Nothing);
    assert_eq!(all[0].0 == Mood::Doubt, doubted, "{all:?}");
}

#[test]
fn the_fingerprint_changes_with_anything_that_runs_and_not_with_the_line() {
    let base = fingerprint(&entry(), Path::new("/usr/bin/aws"), Some("aa"));
    let moved = Plugin { line: 90, ..entry() };
    assert_eq!(fingerprint(&moved, Path::new("/usr/bin/aws"), Some("aa")), base);
    let others = [
        fingerprint(&entry(), Path::new("/usr/bin/aws"), Some("bb")),
        fingerprint(&entry(), Path::new("/opt/aws"), Some("aa")),
        fingerprint(&Plugin { args: vec!["eksget-token".into()], ..entry() }, Path::new("/usr/bin/aws"), Some("aa")),
        fingerprint(&Plugin { env: vec![("AWS_PROFILE".into(), Secret::new("prod"))], ..entry() }, Path::new("/usr/bin/aws"), Some("aa")),
        fingerprint(&Plugin { file: api::FileId("/x".into()), ..entry() }, Path::new("/usr/bin/aws"), Some("aa")),
        fingerprint(&Plugin { api_version: PluginApi::V1Beta1, ..entry() }, Path::new("/usr/bin/aws"), Some("aa")),
    ];
    assert!(others.iter().all(|other| *other != base));
}

fn of_profile(name: &str) -> Plugin {
    Plugin { env: vec![("AWS_PROFILE".into(), Secret::new(name))], ..entry() }
}

fn print(plugin: &Plugin, bytes: &str) -> String {
    fingerprint(plugin, Path::new("/usr/bin/aws"), Some(bytes))
}

#[test]
fn entries_that_differ_only_in_a_variable_keep_their_own_answers() {
    let (store, lab) = (InMemory::default(), going_to("https://lab:6443"));
    let answer = |plugin: &Plugin, answer| store.keep(&sent(&subject(plugin), &lab), Kept { fingerprint: sent(&print(plugin, "aa"), &lab), answer }).unwrap();
    let (dev, prod, test) = (of_profile("dev"), of_profile("prod"), of_profile("test"));
    answer(&dev, Answer::Always);
    answer(&test, Answer::Never);
    assert_eq!(kept(&store, &prod, &lab, &print(&prod, "aa")), None, "nobody was asked about it");
    assert!(!changed(&store, &prod, &lab, &print(&prod, "aa")), "no program changed");
    answer(&prod, Answer::Always);
    let all = [&dev, &prod, &test].map(|plugin| kept(&store, plugin, &lab, &print(plugin, "aa")));
    assert_eq!(all, [Some(Answer::Always), Some(Answer::Always), Some(Answer::Never)]);
    let of_others = [&dev, &prod, &test].map(|plugin| (kept(&store, plugin, &lab, &print(plugin, "bb")), changed(&store, plugin, &lab, &print(plugin, "bb"))));
    assert_eq!(of_others, [(None, true), (None, true), (None, false)], "another program is asked about, and said to be one where one was allowed");
}

#[test]
fn an_answer_of_an_older_kos_holds_for_what_it_was_given_until_there_is_a_new_one() {
    let (store, lab) = (InMemory::default(), going_to("https://lab:6443"));
    let print = |plugin: &Plugin| print(plugin, "aa");
    let (dev, prod) = (of_profile("dev"), of_profile("prod"));
    store.keep(&subject_of_old(&dev), Kept { fingerprint: print(&dev), answer: Answer::Always }).unwrap();
    assert_eq!((kept(&store, &dev, &lab, &print(&dev)), kept(&store, &prod, &lab, &print(&prod))), (Some(Answer::Always), None));
    assert!(!changed(&store, &prod, &lab, &print(&prod)), "it was not for this entry");
    store.keep(&sent(&subject(&dev), &lab), Kept { fingerprint: sent(&print(&dev), &lab), answer: Answer::Never }).unwrap();
    assert_eq!(kept(&store, &dev, &lab, &print(&dev)), Some(Answer::Never));
}

#[rstest]
#[case::of_the_first_kos(subject_of_old)]
#[case::of_one_that_told_variables_apart(subject)]
fn a_permission_that_says_not_where_to_serves_one_destination_and_a_refusal_all(#[case] before: fn(&Plugin) -> String) {
    let (plugin, servers) = (entry(), ["https://lab:6443", "https://else.example:6443", "https://LAB:7443"].map(going_to));
    let runs = print(&plugin, "aa");
    for (answer, wanted) in [(Answer::Always, [Some(Answer::Always), None, Some(Answer::Always)]), (Answer::Never, [Some(Answer::Never); 3])] {
        let store = InMemory::default();
        store.keep(&before(&plugin), Kept { fingerprint: runs.clone(), answer }).unwrap();
        assert_eq!(servers.each_ref().map(|server| kept(&store, &plugin, server, &runs)), wanted);
    }
}

#[test]
fn a_destination_is_a_host_by_a_way_and_not_a_port() {
    let base = going_to("https://lab:6443");
    let same = [
        going_to("https://LAB:7443/k8s/clusters/c-1"),
        Target { tls: Tls::Verified { ca: None, server_name: Some("api.lab".into()) }, namespace: "shop".into(), ..base.clone() },
    ];
    assert!(same.iter().all(|other| destination(other) == destination(&base)));
    let others = [
        going_to("https://lab.example:6443"),
        going_to("https://lab@else.example:6443"),
        Target { proxy: Proxy::Explicit("http://else.example:3128".into()), ..base.clone() },
        Target { tls: Tls::NotVerified { server_name: None }, ..base.clone() },
    ];
    assert!(others.iter().all(|other| destination(other) != destination(&base)));
}

#[rstest]
#[case::kubectl_reads_it_too(Part::OfKubectl, "/home/jo/.kube", "/home/jo/.git-credentials", Lies::WhereExpected)]
#[case::beside_a_received_one(Part::Alone, "/home/jo/Downloads", "/home/jo/Downloads/token", Lies::WhereExpected)]
#[case::below_its_folder(Part::Alone, "/srv/team", "/srv/team/pki/token", Lies::WhereExpected)]
#[case::a_secret_of_the_reader(Part::Alone, "/home/jo/Downloads", "/home/jo/.git-credentials", Lies::Elsewhere)]
#[case::a_folder_of_a_like_name(Part::Alone, "/home/jo/Down", "/home/jo/Downloads/token", Lies::Elsewhere)]
#[case::a_token_for_another_server(Part::Alone, "/home/jo/Downloads", "/home/jo/.kube/cache/oidc-login/1", Lies::Elsewhere)]
#[case::a_token_of_this_machine(Part::Alone, "/home/jo/Downloads", "/run/secrets/kubernetes.io/serviceaccount/token", Lies::Elsewhere)]
#[case::everything_lies_beside_it(Part::Alone, "/home/jo", "/home/jo/.git-credentials", Lies::Elsewhere)]
#[case::everything_lies_below_it(Part::Alone, "/", "/etc/machine-id", Lies::Elsewhere)]
#[case::saved_among_those_of_kubectl(Part::Alone, "/home/jo/.kube", "/home/jo/.kube/cache/oidc-login/1", Lies::Elsewhere)]
#[case::in_a_folder_of_its_own_there(Part::Alone, "/home/jo/.kube/partner", "/home/jo/.kube/partner/token", Lies::WhereExpected)]
fn a_token_file_is_asked_about_where_it_did_not_come_with_its_kubeconfig(#[case] part: Part, #[case] folder: &str, #[case] token: &str, #[case] wanted: Lies) {
    let shared = ["/home/jo", "/home/jo/.kube"].map(PathBuf::from);
    assert_eq!(lies(part, Path::new(folder), Path::new(token), &shared), wanted);
}

#[test]
fn a_way_on_which_others_may_listen_is_a_doubt_without_the_login_of_its_proxy() {
    assert_eq!(destination::doubts(&going_to("https://lab:6443")), []);
    let proxy = Proxy::Explicit("http://jo:hunter2@corp.example:3128".into());
    let all = destination::doubts(&Target { tls: Tls::NotVerified { server_name: None }, proxy, ..going_to("https://lab:6443") });
    let said: Vec<_> = all.iter().map(|sign| (sign.mood, sign.text.as_str())).collect();
    let wanted = [
        (Mood::Doubt, "Whoever answers in place of https://lab:6443 gets what is sent there."),
        (Mood::Doubt, "What is sent to the server goes through http://corp.example:3128."),
    ];
    assert_eq!(said, wanted);
}

#[rstest]
#[case::none("", Policy::AllowAll)]
#[case::comments("# nothing\n", Policy::AllowAll)]
#[case::other_settings("kind: Preference\naliases: []\n", Policy::AllowAll)]
#[case::all("credentialPluginPolicy: AllowAll\n", Policy::AllowAll)]
#[case::deny("credentialPluginPolicy: DenyAll\n", Policy::DenyAll { file: "f".into() })]
#[case::list("credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist:\n- command: aws\n", Policy::Allowlist { file: "f".into(), commands: vec!["aws".into()] })]
#[case::empty_list("credentialPluginPolicy: Allowlist\n", Policy::Malformed { file: "f".into() })]
#[case::unknown("credentialPluginPolicy: Perhaps\n", Policy::Malformed { file: "f".into() })]
#[case::not_yaml("a: [", Policy::Malformed { file: "f".into() })]
fn kubectl_s_policy_is_read_as_kubectl_reads_it(#[case] text: &str, #[case] wanted: Policy) {
    assert_eq!(Policy::read("f", text), wanted);
}

#[test]
fn answers_survive_in_a_file_that_only_the_user_can_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kos/trust.json");
    let kept = Kept { fingerprint: "f".into(), answer: Answer::Always };
    InFile::open(path.clone()).keep("s", kept.clone()).unwrap();
    assert_eq!(InFile::open(path.clone()).kept("s"), Some(kept));
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    std::fs::write(&path, b"{ half").unwrap();
    assert_eq!(InFile::open(path).kept("s"), None);
}

#[test]
fn a_policy_that_is_a_bomb_refuses_every_plugin() {
    let aliases = (1..12).fold("credentialPluginPolicy: AllowAll\nx: &a0 [x, x]\n".to_owned(), |text, n| {
        let nine = vec![format!("*a{}", n - 1); 9].join(", ");
        text + &format!("b{n}: &a{n} [{nine}]\n")
    });
    let deep = format!("credentialPluginPolicy: AllowAll\nx: {}{}\n", "[".repeat(10_000), "]".repeat(10_000));
    for text in [aliases, deep] {
        assert_eq!(Policy::read("kuberc", &text), Policy::Malformed { file: "kuberc".into() });
    }
}
