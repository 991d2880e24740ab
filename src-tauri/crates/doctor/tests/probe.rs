//! Are facts gathered from programs, each failing on its own?

use api::computer::CheckId;
use doctor::{Asked, Plugin, PluginPlace, ToolFact, Wanted, probe};
use testkit::{Act, FakePrograms, Scenario, act};
use tools::{Environment, Machine, Places};

#[tokio::test]
async fn one_program_that_hangs_or_lacks_does_not_hide_the_others() {
    let fakes = FakePrograms::new().expect("a folder for fakes");
    let info = r#"{"ServerVersion":"28.1.1","OperatingSystem":"Ubuntu","DockerRootDir":"/","CgroupVersion":"2","SecurityOptions":[],"MemTotal":1}"#;
    let docker = Scenario::new()
        .on(["info"], [act::out(info)])
        .on(["network"], [act::out("true")])
        .on(["ps"], [act::out("a"), act::out("b")])
        .on(["context", "inspect"], [act::out("default unix:///nowhere/docker.sock")]);
    fakes.install("docker", &docker).expect("a fake docker");
    fakes.install("kind", &Scenario::new().on(["version"], [act::out("kind v0.33.0 go1.26.1 linux/amd64")])).expect("a fake kind");
    fakes.install("clusterctl", &Scenario::new().otherwise([Act::Hang])).expect("a fake clusterctl");
    fakes.install("kubectl", &Scenario::new().otherwise([act::err("exec format error"), act::exit(1)])).expect("a fake kubectl");
    fakes.install("git", &Scenario::new().on(["--version"], [act::out("git version 2.47.3")])).expect("a fake git");
    let machine = Machine::new(
        Places { fetched: Some(fakes.folder().to_owned()), ..Places::default() },
        Environment::from([("SHELL".into(), "/nowhere/sh".into()), ("PATH".into(), "/nowhere".into())]),
    );
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let port = taken.local_addr().expect("an address").port();
    let wanted = Wanted { kubernetes: "v1.36.1".into(), api_port: Some(port) };
    let facts = probe(&machine, Some(machine.path_report().await), None, &wanted, api::Timestamp(1)).await;
    assert!(matches!(&facts.docker.asked, Asked::Answered { version, cgroup: Some(2), .. } if version == "28.1.1"), "{:?}", facts.docker);
    assert_eq!((facts.docker.network_ipv6, facts.docker.kind_containers, facts.docker.socket_there), (Some(true), Some(2), Some(false)));
    assert_eq!(facts.kind, ToolFact::Found { version: "v0.33.0".into(), by_kos: true });
    assert_eq!(facts.clusterctl, ToolFact::Failed { said: "clusterctl did not end within 5 s and was stopped".into() });
    assert_eq!(facts.kubectl, ToolFact::Failed { said: "exec format error".into() });
    assert!(matches!(facts.helm, ToolFact::Missing { .. }));
    assert_eq!(facts.git, ToolFact::Found { version: "2.47.3".into(), by_kos: true });
    let here = |names: &[(CheckId, &str)]| names.iter().map(|(id, name)| (*id, fakes.folder().join(name))).collect();
    let found =
        [(CheckId::Docker, "docker"), (CheckId::Kind, "kind"), (CheckId::Clusterctl, "clusterctl"), (CheckId::Kubectl, "kubectl"), (CheckId::Git, "git")];
    assert_eq!(facts.places, here(&found));
    assert_eq!(facts.port.map(|fact| fact.free), Some(false));
    assert!(facts.memory_total.is_some() && facts.disk_total.is_some() && facts.processors > 0 && facts.kernel.is_some());
}

#[tokio::test]
async fn a_docker_that_does_not_answer_is_quoted_without_the_empty_answer_beside_it() {
    let refused = "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?";
    let fakes = FakePrograms::new().expect("a folder for fakes");
    // Docker 28.2.2, shortened: older ones have the error in their answer.
    let info = r#"{"ID":"","Containers":0,"MemTotal":0,"ServerVersion":"","Runtimes":null,"ClientInfo":{"Version":"28.2.2","Context":"default"}}"#;
    let docker = Scenario::new().on(["info"], [act::err(refused), act::out(info), act::exit(1)]).otherwise([act::exit(1)]);
    fakes.install("docker", &docker).expect("a fake docker");
    let machine = Machine::new(
        Places { fetched: Some(fakes.folder().to_owned()), ..Places::default() },
        Environment::from([("SHELL".into(), "/nowhere/sh".into()), ("PATH".into(), "/nowhere".into())]),
    );
    let facts = probe(&machine, None, None, &Wanted::default(), api::Timestamp(1)).await;
    assert_eq!(facts.docker.asked, Asked::Failed { said: refused.to_owned() });
}

#[tokio::test]
async fn the_disk_of_a_docker_elsewhere_is_not_looked_for_on_this_machine() {
    let socket = "unix:///nowhere/docker.sock";
    for (host, system, is_seen) in [(socket, "Ubuntu", true), (socket, "Docker Desktop", false), ("ssh://jo@big-server", "Ubuntu", false)] {
        let fakes = FakePrograms::new().expect("a folder for fakes");
        let info = format!(r#"{{"ServerVersion":"28.1.1","OperatingSystem":"{system}","DockerRootDir":"/"}}"#);
        let docker = Scenario::new().on(["info"], [act::out(&info)]).on(["context", "inspect"], [act::out(&format!("default {host}"))]);
        fakes.install("docker", &docker.otherwise([act::exit(1)])).expect("a fake docker");
        let machine = Machine::new(
            Places { fetched: Some(fakes.folder().to_owned()), ..Places::default() },
            Environment::from([("SHELL".into(), "/nowhere/sh".into()), ("PATH".into(), "/nowhere".into())]),
        );
        let facts = probe(&machine, None, None, &Wanted::default(), api::Timestamp(1)).await;
        assert_eq!((facts.disk_total.is_some(), facts.memory_total.is_some()), (is_seen, true), "{system} at {host}");
    }
}

#[tokio::test]
async fn a_sign_in_plugin_is_looked_for_and_never_run() {
    let fakes = FakePrograms::new().expect("a folder for fakes");
    let login = fakes.install("login", &Scenario::new().otherwise([act::out("{}")])).expect("a fake plugin");
    let machine = Machine::new(
        Places { extra: vec![fakes.folder().to_owned()], ..Places::default() },
        Environment::from([("SHELL".into(), "/nowhere/sh".into()), ("PATH".into(), "/nowhere".into())]),
    );
    let named = |command: &str| Plugin { command: command.into(), contexts: vec!["dev".into()], hint: String::new() };
    let whole = login.path.to_string_lossy().into_owned();
    let plugins = vec![named("login"), named(&whole), named("absent"), named("/nowhere/login")];
    let facts = probe(&machine, None, Some(plugins), &Wanted::default(), api::Timestamp(1)).await;
    let places: Vec<_> = facts.plugins.expect("they were looked for").into_iter().map(|fact| fact.place).collect();
    let found = || PluginPlace::Found(login.path.clone());
    assert_eq!(places, [found(), found(), PluginPlace::Missing { searched: 2 }, PluginPlace::Missing { searched: 1 }]);
    assert_eq!(login.calls(), []);
}
