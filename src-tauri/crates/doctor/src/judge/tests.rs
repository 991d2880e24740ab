use api::computer::{CheckId, CheckRow, DockerState, Remedy, Verdict};
use tools::{PathReport, PathSource};

use super::{judge, judge_all};
use crate::{Asked, DockerFacts, Facts, Limit, PasswordDialog, Platform, Plugin, PluginFact, PluginPlace, PortFact, ToolFact, Wanted, computer, report};

mod elsewhere;

const GB: u64 = 1_000_000_000;

fn answered() -> Asked {
    Asked::Answered {
        version: "28.1.1".into(),
        answer_ms: 3,
        system: "Ubuntu 24.04".into(),
        kernel: Some("6.8.0-41-generic".into()),
        root: "/var/lib/docker".into(),
        cgroup: Some(2),
        rootless: false,
        memory: Some(16 * GB),
    }
}

fn healthy() -> Facts {
    let limit = |limit, used| Limit { limit: Some(limit), used };
    let found = |version: &str| ToolFact::Found { version: version.into(), by_kos: false };
    Facts {
        looked: Some(api::Timestamp(7)),
        system: Some("Ubuntu 24.04".into()),
        kernel: Some("6.8.0-41-generic".into()),
        processors: 8,
        memory_total: Some(16 * GB),
        memory_free: Some(8 * GB + GB / 2),
        disk_total: Some(240 * GB),
        disk_free: Some(179 * GB),
        inotify_instances: limit(8_192, Some(40)),
        inotify_watches: limit(1_048_576, None),
        open_files: limit(1_048_576, None),
        cgroup: Some(2),
        modules_missing: Some(vec![]),
        docker: DockerFacts {
            asked: answered(),
            platform: Platform::Linux,
            context: Some("default".into()),
            host: Some("unix:///var/run/docker.sock".into()),
            socket_there: Some(true),
            network_ipv6: Some(true),
            kind_containers: Some(3),
        },
        password_dialog: PasswordDialog::Missing,
        port: Some(PortFact { port: 6443, free: true }),
        path: Some(PathReport { folders: vec!["/usr/bin".into()], source: PathSource::LoginShell { shell: "/bin/bash".into() } }),
        kind: found("v0.33.0"),
        clusterctl: found("v1.14.2"),
        kubectl: found("v1.36.1"),
        helm: found("v4.3.0"),
        git: found("2.47.3"),
        plugins: Some(vec![there("aws", &["staging-eu"])]),
        places: [(CheckId::Kind, "/usr/bin/kind".into()), (CheckId::Docker, "/usr/bin/docker".into())].into(),
    }
}

fn plugin(command: &str, contexts: &[&str], place: PluginPlace) -> PluginFact {
    let contexts = contexts.iter().map(|name| (*name).to_owned()).collect();
    PluginFact { plugin: Plugin { command: command.into(), contexts, hint: String::new() }, place }
}

fn there(command: &str, contexts: &[&str]) -> PluginFact {
    plugin(command, contexts, PluginPlace::Found(format!("/usr/bin/{command}").into()))
}

fn gone(command: &str, contexts: &[&str]) -> PluginFact {
    plugin(command, contexts, PluginPlace::Missing { searched: 14 })
}

/// Judges one check after one change to a healthy machine.
fn row(id: CheckId, change: impl FnOnce(&mut Facts)) -> CheckRow {
    let mut facts = healthy();
    change(&mut facts);
    judge(id, &facts, &Wanted { kubernetes: "v1.36.1".into(), api_port: None })
}

fn check(id: CheckId, change: impl FnOnce(&mut Facts), verdict: Verdict, found: &str, fix: Option<&str>) {
    let row = row(id, change);
    let command = row.fixes.first().map(|fix| fix.command.as_str());
    assert_eq!((row.verdict, row.found.as_str(), command), (verdict, found, fix), "{row:?}");
    assert_eq!(row.checked, Some(api::Timestamp(7)));
    assert!(verdict == Verdict::Passed || verdict == Verdict::NotChecked || !row.explanation.is_empty(), "{row:?}");
}

#[test]
fn a_healthy_machine_passes_every_check() {
    let rows = judge_all(&healthy(), &Wanted::default());
    assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<_>>(), CheckId::ALL);
    assert!(rows.iter().all(|row| row.verdict == Verdict::Passed && row.fixes.is_empty()), "{rows:?}");
}

#[test]
fn a_machine_that_nobody_looked_at_passes_and_fails_nothing() {
    for row in judge_all(&Facts::default(), &Wanted::default()) {
        let idle = matches!(row.verdict, Verdict::NotChecked | Verdict::Unknown);
        assert!(idle || row.id == CheckId::Ports, "{row:?}");
    }
}

#[test]
fn inotify_limits_are_judged_by_what_is_free_too() {
    let set = |limit, used| move |facts: &mut Facts| facts.inotify_instances = Limit { limit: Some(limit), used };
    let fix = Some("sudo sysctl -w fs.inotify.max_user_instances=8192");
    check(CheckId::InotifyInstances, set(128, Some(128)), Verdict::Failed, "128", fix);
    check(CheckId::InotifyInstances, set(128, Some(95)), Verdict::Warning, "128", fix);
    check(CheckId::InotifyInstances, set(128, Some(96)), Verdict::Failed, "128", fix);
    check(CheckId::InotifyInstances, set(128, None), Verdict::Warning, "128", fix);
    check(CheckId::InotifyInstances, set(512, Some(10)), Verdict::Warning, "512", fix);
    check(CheckId::InotifyInstances, set(512, Some(500)), Verdict::Failed, "512", fix);
    check(CheckId::InotifyInstances, set(8_192, None), Verdict::Passed, "8,192", None);
    check(CheckId::InotifyInstances, set(8_192, Some(8_190)), Verdict::Failed, "8,192", Some("sudo sysctl -w fs.inotify.max_user_instances=16384"));
    check(CheckId::InotifyInstances, |facts| facts.inotify_instances.limit = None, Verdict::Unknown, "cannot be told", None);
    let watches = |limit| move |facts: &mut Facts| facts.inotify_watches.limit = Some(limit);
    check(CheckId::InotifyWatches, watches(192_536), Verdict::Warning, "192,536", Some("sudo sysctl -w fs.inotify.max_user_watches=1048576"));
}

#[test]
fn what_takes_a_password_is_offered_where_the_system_can_ask_for_it() {
    let stopped = Asked::Failed { said: "Cannot connect to the Docker daemon at unix:///var/run/docker.sock.".into() };
    for (id, remedy) in [
        (CheckId::InotifyInstances, Remedy::RaiseInotifyInstances),
        (CheckId::InotifyWatches, Remedy::RaiseInotifyWatches),
        (CheckId::Docker, Remedy::StartDocker),
    ] {
        for (dialog, offered) in [(PasswordDialog::There, Some(remedy)), (PasswordDialog::Missing, None)] {
            let row = row(id, |facts| {
                facts.inotify_instances = Limit { limit: Some(128), used: Some(128) };
                facts.inotify_watches.limit = Some(192_536);
                facts.docker.asked = stopped.clone();
                facts.password_dialog = dialog;
            });
            assert_eq!(row.fixes.first().map(|fix| fix.remedy), Some(offered), "{row:?}");
            // A terminal has its own way to ask.
            assert!(row.fixes[0].command.starts_with("sudo "), "{row:?}");
        }
    }
    let beyond = row(CheckId::InotifyInstances, |facts| {
        facts.inotify_instances = Limit { limit: Some(8_192), used: Some(8_190) };
        facts.password_dialog = PasswordDialog::There;
    });
    assert_eq!(beyond.fixes[0].remedy, None, "the one value that KOS sets is reached");
}

#[test]
fn cgroup_version_1_is_refused_only_by_newer_kubernetes() {
    let v1 = |facts: &mut Facts| {
        facts.cgroup = Some(1);
        facts.docker.asked = Asked::NotAsked;
    };
    for (kubernetes, verdict) in [("v1.34.2", Verdict::Warning), ("v1.35.0", Verdict::Failed), ("v1.36.1", Verdict::Failed), ("", Verdict::Failed)] {
        let mut facts = healthy();
        v1(&mut facts);
        assert_eq!(judge(CheckId::CgroupVersion, &facts, &Wanted { kubernetes: kubernetes.into(), api_port: None }).verdict, verdict, "{kubernetes}");
    }
    // Nodes run where Docker runs, whatever this machine has.
    check(CheckId::CgroupVersion, |facts| facts.cgroup = Some(1), Verdict::Passed, "v2", None);
}

#[test]
fn each_way_docker_can_be_silent_has_its_own_fix() {
    let says = |said: &'static str, host: &'static str, context: &'static str| {
        move |facts: &mut Facts| {
            facts.docker =
                DockerFacts { asked: Asked::Failed { said: said.into() }, host: Some(host.into()), context: Some(context.into()), ..DockerFacts::default() };
        }
    };
    let socket = "unix:///var/run/docker.sock";
    let down = "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?";
    let denied = "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock";
    check(CheckId::Docker, says(down, socket, "default"), Verdict::Failed, "not running", Some("sudo systemctl start docker"));
    check(CheckId::Docker, says(denied, socket, "default"), Verdict::Failed, "no permission", Some("sudo usermod -aG docker \"$USER\""));
    check(CheckId::Docker, says(down, "unix:///run/user/1000/docker.sock", "rootless"), Verdict::Failed, "not running", Some("systemctl --user start docker"));
    let desktop = Some("systemctl --user start docker-desktop");
    check(CheckId::Docker, says(down, "unix:///x/.docker/desktop/docker.sock", "desktop-linux"), Verdict::Failed, "not running", desktop);
    let on_a_mac = |facts: &mut Facts| {
        says(down, "unix:///x/.docker/run/docker.sock", "desktop-linux")(facts);
        facts.docker.platform = Platform::Mac;
    };
    check(CheckId::Docker, on_a_mac, Verdict::Failed, "not running", Some("open -a Docker"));
    check(CheckId::Docker, says("i/o timeout", "tcp://10.0.0.9:2376", "far"), Verdict::Failed, "not reached", Some("docker context ls"));
    check(CheckId::Docker, says("panic", socket, "default"), Verdict::Failed, "no answer", Some("docker info"));
    let missing = |facts: &mut Facts| facts.docker.asked = Asked::NotInstalled { searched: 4 };
    check(CheckId::Docker, missing, Verdict::Failed, "not installed", Some("sudo apt install docker.io"));
    for id in [CheckId::DockerSocket, CheckId::DockerKind, CheckId::DockerNetwork] {
        check(id, missing, Verdict::Unknown, "cannot be told", None);
    }
    assert_eq!(row(CheckId::Docker, says(down, socket, "default")).evidence[0].text, down);
    let mut facts = healthy();
    says("i/o timeout", "tcp://10.0.0.9:2376", "far")(&mut facts);
    assert_eq!(computer(&facts).docker, DockerState::Unreachable { host: "tcp://10.0.0.9:2376".into(), said: "i/o timeout".into() });
}

#[test]
fn the_kind_of_docker_is_told() {
    let docker = |system_is: &'static str, root_less: bool, version: u8| {
        move |facts: &mut Facts| {
            if let Asked::Answered { system, rootless, cgroup, .. } = &mut facts.docker.asked {
                (*system, *rootless, *cgroup) = (system_is.into(), root_less, Some(version));
            }
        }
    };
    check(CheckId::DockerKind, docker("Docker Desktop", false, 2), Verdict::Passed, "Docker Desktop", None);
    check(
        CheckId::DockerKind,
        docker("Ubuntu", true, 1),
        Verdict::Failed,
        "without root",
        Some("sudo grubby --update-kernel=ALL --args=systemd.unified_cgroup_hierarchy=1"),
    );
    check(CheckId::DockerKind, docker("Ubuntu", true, 2), Verdict::Warning, "without root", Some("systemctl show user@$(id -u).service -p Delegate"));
    let at = |host: &'static str| move |facts: &mut Facts| facts.docker.host = Some(host.into());
    check(CheckId::DockerKind, at("tcp://127.0.0.1:2375"), Verdict::Passed, "of this machine", None);
    let remote = at("ssh://me@far");
    check(CheckId::DockerKind, remote, Verdict::Failed, "another machine", Some("docker context use default"));
    check(CheckId::DockerSocket, remote, Verdict::Warning, "on another machine", Some("docker context use default"));
    check(CheckId::DockerSocket, |facts| facts.docker.socket_there = Some(false), Verdict::Failed, "no", Some("docker context ls"));
}

#[test]
fn room_is_judged_by_what_is_free() {
    for (free, verdict, found) in [(GB, Verdict::Failed, "1.0 GB free"), (3 * GB, Verdict::Warning, "3.0 GB free"), (9 * GB, Verdict::Passed, "9.0 GB free")] {
        let look = (verdict != Verdict::Passed).then_some("ps -eo rss,comm --sort=-rss | head");
        check(CheckId::Memory, |facts| facts.memory_free = Some(free), verdict, found, look);
    }
    let small = |facts: &mut Facts| {
        if let Asked::Answered { memory, .. } = &mut facts.docker.asked {
            *memory = Some(2 * GB);
        }
    };
    check(CheckId::Memory, small, Verdict::Warning, "2.0 GB free", Some("ps -eo rss,comm --sort=-rss | head"));
    check(CheckId::Disk, |facts| facts.disk_free = Some(4 * GB), Verdict::Failed, "4.0 GB free", Some("docker system df"));
    check(CheckId::Disk, |facts| facts.disk_free = Some(19 * GB), Verdict::Warning, "19.0 GB free", Some("docker system df"));
    check(
        CheckId::Ports,
        |facts| facts.port = Some(PortFact { port: 6443, free: false }),
        Verdict::Failed,
        "6443, taken",
        Some("sudo ss -ltnp 'sport = :6443'"),
    );
}

#[test]
fn a_missing_program_is_a_warning_only_when_kos_needs_it() {
    let missing = ToolFact::Missing { searched: 3 };
    check(CheckId::Kind, |facts| facts.kind = missing.clone(), Verdict::Warning, "not found", None);
    check(CheckId::Helm, |facts| facts.helm = missing.clone(), Verdict::Passed, "not found", None);
    check(
        CheckId::Kubectl,
        |facts| facts.kubectl = ToolFact::Failed { said: "exec format error".into() },
        Verdict::Warning,
        "does not answer",
        Some("kubectl version --client"),
    );
    check(CheckId::Kind, |facts| facts.kind = ToolFact::Found { version: "v0.33.0".into(), by_kos: true }, Verdict::Passed, "v0.33.0, fetched by KOS", None);
    let own = PathSource::Process { shell: "/bin/bash".into(), why: "it did not answer within 5 s".into() };
    check(
        CheckId::Path,
        |facts| facts.path = Some(PathReport { folders: vec![], source: own }),
        Verdict::Warning,
        "0 folders",
        Some("time \"$SHELL\" -lic exit"),
    );
    check(
        CheckId::KernelModules,
        |facts| facts.modules_missing = Some(vec!["ip_tables or nf_tables".into()]),
        Verdict::Warning,
        "1 missing",
        Some("sudo modprobe -a nf_tables"),
    );
    check(
        CheckId::OpenFiles,
        |facts| facts.open_files.limit = Some(1_024),
        Verdict::Warning,
        "1,024",
        Some("echo \"$USER hard nofile 65536\" | sudo tee /etc/security/limits.d/90-kos.conf"),
    );
}

#[test]
fn every_program_says_what_is_needed_and_an_older_one_is_a_warning() {
    let old = |version: &str| ToolFact::Found { version: version.into(), by_kos: false };
    check(CheckId::Kind, |facts| facts.kind = old("v0.26.0"), Verdict::Warning, "v0.26.0", Some("which -a kind"));
    check(CheckId::Kind, |facts| facts.kind = old("v0.27.0"), Verdict::Passed, "v0.27.0", None);
    check(CheckId::Clusterctl, |facts| facts.clusterctl = old("v1.10.9"), Verdict::Warning, "v1.10.9", Some("which -a clusterctl"));
    check(CheckId::Kubectl, |facts| facts.kubectl = old("v1.21.14"), Verdict::Warning, "v1.21.14", Some("which -a kubectl"));
    check(CheckId::Git, |facts| facts.git = old("2.34.1"), Verdict::Warning, "2.34.1", Some("which -a git"));
    check(CheckId::Git, |facts| facts.git = old("of my own"), Verdict::Passed, "of my own", None);
    let needed = |id| row(id, |_| ()).needed;
    let all = [CheckId::Docker, CheckId::Kind, CheckId::Clusterctl, CheckId::Kubectl, CheckId::Helm, CheckId::Git].map(needed);
    assert_eq!(all, ["20.10 or newer", "0.27 or newer", "1.11 or newer", "1.22 or newer", "nothing", "2.38 or newer"]);
}

#[test]
fn sign_in_plugins_are_named_and_a_missing_one_says_which_contexts_it_keeps_out() {
    let named = |plugins: Vec<PluginFact>| move |facts: &mut Facts| facts.plugins = Some(plugins);
    let id = CheckId::SignInPlugins;
    check(id, |facts| facts.plugins = None, Verdict::NotChecked, "", None);
    check(id, named(vec![]), Verdict::Passed, "none named", None);
    check(id, named(vec![there("aws", &["a"]), there("kubelogin", &["b"])]), Verdict::Passed, "aws, kubelogin", None);
    let five = ["a", "b", "c", "d", "e"];
    check(id, named(five.map(|name| there(name, &["x"])).into()), Verdict::Passed, "a, b, c and 2 more", None);
    check(id, named(vec![there("aws", &["a"]), gone("it's", &["b"])]), Verdict::Warning, "1 of 2 not found", Some("command -v \"it's\""));
    check(id, named(vec![gone("/opt/login", &["b"])]), Verdict::Warning, "1 of 1 not found", Some("ls -l /opt/login"));

    let said = |plugins| row(id, named(plugins)).explanation;
    let then = "Install what is missing, or name its folder in the settings.";
    assert_eq!(said(vec![gone("aws", &five)]), format!("aws is in none of 14 folders, so a, b, c and 2 more cannot sign in. {then}"));
    assert_eq!(said(vec![gone("/opt/login", &["b"])]), format!("There is no program at /opt/login, so b cannot sign in. {then}"));
    let all = said(five.map(|name| gone(name, &["x"])).into());
    assert!(all.contains("c is in none of 14 folders") && !all.contains("d is in") && all.contains(" 2 more were not found. "), "{all}");
}

#[test]
fn a_missing_plugin_quotes_its_kubeconfig_and_the_folders_and_hides_no_mark() {
    let evidence = |plugins| row(CheckId::SignInPlugins, |facts| facts.plugins = Some(plugins)).evidence;
    let pairs = |plugins| evidence(plugins).into_iter().map(|quote| (quote.source, quote.text)).collect::<Vec<_>>();
    let quoted = |source: &str, text: &str| (source.to_owned(), text.to_owned());
    let hinted = |mut fact: PluginFact| {
        fact.plugin.hint = "get it\u{202e}there".into();
        fact
    };
    assert_eq!(pairs(vec![there("aws", &["a", "b"])]), [quoted("/usr/bin/aws", "signs in to a, b")]);
    let hint = quoted("kubeconfig, installHint", "get it\u{fffd}there");
    assert_eq!(pairs(vec![hinted(gone("aws", &["a"]))]), [quoted("PATH", "/usr/bin"), hint.clone()]);
    assert_eq!(pairs(vec![hinted(gone("/opt/login", &["a"]))]), [hint], "a whole path is not looked for in PATH");
    let hidden = row(CheckId::SignInPlugins, |facts| facts.plugins = Some(vec![gone("a\u{202e}b", &["c\u{202e}d"])]));
    assert!(!hidden.explanation.contains('\u{202e}') && !hidden.fixes[0].command.contains('\u{202e}'), "{hidden:?}");
}

#[test]
fn a_program_says_where_it_stands() {
    let place = |row: CheckRow| row.evidence.last().map(|quote| (quote.source.clone(), quote.text.clone()));
    assert_eq!(place(row(CheckId::Kind, |_| ())), Some(("/usr/bin/kind".to_owned(), "v0.33.0".to_owned())));
    let stopped = |facts: &mut Facts| facts.docker.asked = Asked::Failed { said: "Cannot connect to the Docker daemon".into() };
    assert_eq!(place(row(CheckId::Docker, stopped)).map(|(source, _)| source).as_deref(), Some("/usr/bin/docker"));
    assert_eq!(place(row(CheckId::Helm, |_| ())), None);
}

fn with_tools(facts: Facts, tool: &dyn Fn(&str) -> ToolFact) -> Facts {
    let (kind, clusterctl, kubectl, helm, git) = (tool("v0.20.0"), tool("v1.0.0"), tool("v1.20.0"), tool("v3.0.0"), tool("2.1.0"));
    Facts { kind, clusterctl, kubectl, helm, git, ..facts }
}

fn with_docker(docker: DockerFacts, asked: Asked) -> Facts {
    Facts { docker: DockerFacts { asked, ..docker }, ..healthy() }
}

/// Machines on which much is wrong, each in another way.
fn ill() -> [Facts; 4] {
    let old = |version: &str| ToolFact::Found { version: version.into(), by_kos: false };
    let aged = Asked::Answered {
        version: "19.03.1".into(),
        answer_ms: 3,
        system: "Ubuntu 24.04".into(),
        kernel: None,
        root: "/var/lib/docker".into(),
        cgroup: Some(1),
        rootless: true,
        memory: Some(GB),
    };
    let small = Facts {
        memory_free: Some(2 * GB),
        disk_free: Some(GB),
        inotify_instances: Limit { limit: Some(128), used: Some(128) },
        inotify_watches: Limit { limit: Some(8_192), used: None },
        open_files: Limit { limit: Some(1_024), used: None },
        modules_missing: Some(vec!["overlay".into()]),
        port: Some(PortFact { port: 6443, free: false }),
        path: Some(PathReport {
            folders: vec!["/usr/bin".into(), "/bin".into()],
            source: PathSource::Process { shell: "/bin/bash".into(), why: "it did not answer within 5 s".into() },
        }),
        plugins: Some(vec![gone("aws", &["staging-eu"])]),
        ..with_docker(DockerFacts { socket_there: Some(false), ..healthy().docker }, aged)
    };
    [
        with_tools(small, &old),
        with_docker(DockerFacts { host: Some("tcp://10.0.0.9:2376".into()), ..healthy().docker }, answered()),
        with_tools(with_docker(healthy().docker, Asked::NotInstalled { searched: 4 }), &|_| ToolFact::Missing { searched: 4 }),
        with_tools(with_docker(healthy().docker, Asked::Failed { said: "panic".into() }), &|_| ToolFact::Failed { said: "exec format error".into() }),
    ]
}

#[test]
fn every_trouble_has_evidence_and_a_command_or_a_program_to_fetch() {
    let mut troubled = std::collections::BTreeSet::new();
    for facts in ill() {
        for row in judge_all(&facts, &Wanted { kubernetes: "v1.36.1".into(), api_port: Some(6443) }) {
            if matches!(row.verdict, Verdict::Warning | Verdict::Failed) {
                troubled.insert(row.id);
                assert!(!row.evidence.is_empty(), "no evidence: {row:?}");
                let fetched = matches!(row.id, CheckId::Kind | CheckId::Clusterctl);
                assert!(!row.fixes.is_empty() || fetched, "nothing helps: {row:?}");
            }
        }
    }
    let calm: Vec<CheckId> = CheckId::ALL.into_iter().filter(|id| !troubled.contains(id)).collect();
    assert_eq!(calm, [CheckId::DockerNetwork], "IPv4 alone is no trouble");
}

#[test]
fn a_missing_program_names_the_folders_that_were_searched() {
    let missing = |facts: &mut Facts| {
        facts.kind = ToolFact::Missing { searched: 1 };
        facts.places.clear();
    };
    let evidence = row(CheckId::Kind, missing).evidence;
    assert_eq!(evidence.iter().map(|quote| (quote.source.as_str(), quote.text.as_str())).collect::<Vec<_>>(), [("PATH", "/usr/bin")]);
}

#[test]
fn a_report_names_no_user_no_cluster_and_no_folder() {
    let mut facts = healthy();
    facts.docker.asked = Asked::Failed { said: "open /home/alice/.docker/config.json: permission denied".into() };
    facts.kind = ToolFact::Failed { said: "/home/alice/bin/kind: cluster secret-lab".into() };
    facts.places.insert(CheckId::Kind, "/home/alice/bin/kind".into());
    facts.path = Some(PathReport { folders: vec!["/home/alice/bin".into()], source: PathSource::LoginShell { shell: "/home/alice/zsh".into() } });
    let login = "/home/alice/secret-lab-login";
    facts.plugins = Some(vec![plugin(login, &["secret-lab"], PluginPlace::Found(login.into()))]);
    let passed = report(&judge_all(&facts, &Wanted::default()));
    facts.plugins = Some(vec![gone(login, &["secret-lab"])]);
    let text = report(&judge_all(&facts, &Wanted::default()));
    assert!(!passed.contains("alice") && !passed.contains("secret-lab"), "{passed}");
    assert!(!text.contains("alice") && !text.contains("secret-lab") && !text.contains("/home"), "{text}");
    assert!(text.contains("[failed] Docker answers: no permission (needed: 20.10 or newer)"), "{text}");
}

#[test]
fn the_view_says_what_the_machine_is() {
    let view = computer(&healthy());
    assert_eq!((view.system.as_str(), view.processors, view.docker_root.as_str()), ("Ubuntu 24.04, Linux 6.8", 8, "/var/lib/docker"));
    assert_eq!(view.docker, DockerState::Running { version: "28.1.1".into(), answer_ms: 3 });
    assert_eq!((view.inotify_used, view.inotify_limit, view.containers), (40, 8_192, 3));
}
