//! What does a plan show before it starts, and what stands in its way?

use api::files::Severity;
use api::jobs::Amount;
use api::local::ImageIs;
use api::{FaultCode, Fix, Millis};

use super::job::{Job, spec};
use crate::imagined::Machine;
use crate::management::{Ground, Places, order, plan, suggestion, survey, view};
use crate::node_images::NodeImages;
use crate::versions::Repository;

#[tokio::test(start_paused = true)]
async fn a_plan_shows_every_step_command_and_file_and_names_itself() {
    let machine = Machine::new();
    let job = Job::new(&machine).await;
    let ground = survey(&machine.world(), &spec(), &job.places()).await;
    let shown = view(&spec(), &ground, &job.places(), 6);
    assert_eq!(shown.obstacles, []);
    assert_eq!(shown.sentence, "kind with one node in Docker, Kubernetes v1.36.4, Cluster API v1.14.2.");
    let titles: Vec<_> = shown.steps.iter().map(|s| s.title.plain()).collect();
    assert_eq!(
        titles,
        [
            "Check this machine",
            "Pull the node image",
            "Start the node container",
            "Start the control plane",
            "Add the network",
            "Save a kubeconfig",
            "Install cert-manager",
            "Install Cluster API v1.14.2",
            "Wait for webhooks"
        ]
    );
    assert!(shown.commands[2].starts_with("CLUSTERCTL_DISABLE_VERSIONCHECK=true CLUSTER_TOPOLOGY=true EXP_MACHINE_POOL=true clusterctl init "));
    assert_eq!(view(&spec(), &ground, &job.places(), 7).seen, shown.seen);
    let other = api::local::ManagementSpec { workers: 1, ..spec() };
    assert_ne!(view(&other, &ground, &job.places(), 6).seen, shown.seen);
}

#[tokio::test]
async fn a_plan_says_how_large_the_node_image_is_and_how_many_providers_are_installed() {
    let machine = Machine::new();
    let job = Job::new(&machine).await;
    let amounts = async |spec: &api::local::ManagementSpec| {
        let ground = survey(&machine.world(), spec, &job.places()).await;
        view(spec, &ground, &job.places(), 0).steps.into_iter().filter_map(|step| step.amount.map(|of| (of, step.expected))).collect::<Vec<_>>()
    };
    let providers = |count| (Amount::Providers { count }, Millis::seconds(58));
    let pulled = |bytes| (Amount::Image(ImageIs::ToBePulled { bytes }), Millis::seconds(72));
    assert_eq!(amounts(&spec()).await, [pulled(Some(400_000_000)), providers(4)]);
    let mut without_docker = spec();
    without_docker.providers.docker = None;
    assert_eq!(amounts(&without_docker).await[1], providers(3));
    let unknown = api::local::ManagementSpec { kubernetes: "v1.36.99".to_owned(), ..spec() };
    assert_eq!(amounts(&unknown).await, [pulled(None), providers(4)], "of an image that nobody lists no size is known");
    machine.state().images.insert(job.order.image.clone());
    let here = Amount::Image(ImageIs::Here { bytes: Some(1_084_000_000) });
    assert_eq!(amounts(&spec()).await, [(here, Millis(0)), providers(4)], "what is here takes no time");
}

#[test]
fn several_nodes_have_the_steps_that_kind_shows_for_them() {
    let ground = Ground {
        containers: Ok(vec![]),
        images: NodeImages::new(Repository::Kind, vec![]),
        networks: vec![],
        ports: vec![],
        missing: vec![],
        lacking: vec![],
        taken: vec![],
        docker: String::new(),
    };
    let places = Places { jobs: "/j".into(), kubeconfigs: "/k".into(), source: crate::programs::clusterctl::Source::Releases, images: Repository::Kind };
    let several = api::local::ManagementSpec { control_planes: 3, workers: 2, ..spec() };
    let plan = plan(&order(&several, &ground, &places).unwrap());
    let titles: Vec<_> = plan.steps().map(|(_, s)| s.title.plain()).collect();
    assert_eq!(titles[2..7], ["Start 6 containers", "Set up the load balancer", "Start the control plane", "Add the network", "Join 4 nodes"]);
}

#[tokio::test]
async fn what_stands_in_the_way_is_named_at_its_field() {
    let machine = Machine::new();
    machine.state().containers.push(("kos-mgmt-control-plane".to_owned(), "kos-mgmt".to_owned()));
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let job = Job::new(&machine).await;
    let bad = api::local::ManagementSpec { api_port: Some(port), kubernetes: "v1.36.99".to_owned(), control_planes: 2, ..spec() };
    let ground = survey(&machine.world(), &bad, &job.places()).await;
    let found: Vec<_> = view(&bad, &ground, &job.places(), 0).obstacles.into_iter().map(|o| (o.field, o.severity)).collect();
    let wanted = [("name", Severity::Unusable), ("api_port", Severity::Unusable), ("kubernetes", Severity::Risk), ("control_planes", Severity::Risk)];
    assert_eq!(found, wanted.map(|(f, s)| (f.to_owned(), s)));
    let unnamed = api::local::ManagementSpec { name: "--kubeconfig=/x".to_owned(), ..spec() };
    let view = view(&unnamed, &ground, &job.places(), 0);
    assert_eq!((view.obstacles[0].field.as_str(), view.commands.len()), ("name", 0));
    // A container has the first name, and somebody else knows others.
    let names = |taken: &[&str]| {
        let suggested = suggestion(&ground, |name| taken.contains(&name));
        (suggested.spec.name, suggested.workload.name)
    };
    assert_eq!(names(&[]), ("kos-mgmt-2".to_owned(), "lab-a".to_owned()));
    assert_eq!(names(&["kos-mgmt-2", "kos-mgmt-3", "lab-a"]), ("kos-mgmt-4".to_owned(), "lab-b".to_owned()));
}

#[tokio::test]
async fn a_name_that_makes_a_host_name_too_long_is_refused_with_the_most_that_fits() {
    use api::local::ManagementSpec;
    let machine = Machine::new();
    let job = Job::new(&machine).await;
    let ground = survey(&machine.world(), &spec(), &job.places()).await;
    let told = |control_planes: u8, workers: u8, length: usize| {
        let named = ManagementSpec { name: "a".repeat(length), control_planes, workers, ..spec() };
        let found = view(&named, &ground, &job.places(), 0).obstacles.into_iter().filter(|o| o.field == "name");
        found.map(|o| (o.severity, o.why.sentence)).collect::<Vec<_>>()
    };
    let refused = |most: usize, length: usize, suffix: &str| {
        let why = format!("A name has at most {most} characters here, this one has {length}: kind adds {suffix} to it, and a host name has at most 63.");
        vec![(Severity::Unusable, why)]
    };
    for (control_planes, workers, most, suffix) in
        [(1, 0, 49, "-control-plane"), (1, 255, 49, "-control-plane"), (2, 0, 40, "-external-load-balancer"), (255, 255, 40, "-external-load-balancer")]
    {
        assert!(told(control_planes, workers, most).is_empty(), "{most}");
        for length in [most + 1, 63, 64, 300] {
            assert_eq!(told(control_planes, workers, length), refused(most, length, suffix));
        }
        // As kind names them: the first of a role has no number.
        let all = |role: &str, count: u8| (1..=count).map(|n| if n == 1 { format!("-{role}") } else { format!("-{role}{n}") }).collect::<Vec<_>>();
        let balancer = all("external-load-balancer", u8::from(control_planes > 1));
        let suffixes = [all("control-plane", control_planes), all("worker", workers), balancer].concat();
        assert_eq!(suffixes.iter().map(|suffix| most + suffix.len()).max(), Some(63), "the longest container just fits");
    }
}

#[tokio::test]
async fn ports_with_an_owner_and_mounts_that_are_missing_are_named_at_their_field() {
    use api::local::{Access, ExtraMount, Listen, ManagementSpec, NetworkPlugin, PortMapping, Protocol};
    let machine = Machine::new();
    let job = Job::new(&machine).await;
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken_udp = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let here = tempfile::tempdir().unwrap();
    let port = |host_port, protocol| PortMapping { host_port, node_port: 80, protocol, listen: Listen::Loopback };
    let mount = |host: &str, node: &str| ExtraMount { host_path: host.to_owned(), node_path: node.to_owned(), access: Access::ReadOnly };
    let (tcp, udp) = (taken.local_addr().unwrap().port(), taken_udp.local_addr().unwrap().port());
    let here = here.path().to_str().unwrap();
    type Named = Vec<(&'static str, Severity, String)>;
    let cases: [(ManagementSpec, Named); 9] = [
        (
            ManagementSpec { ports: vec![port(tcp, Protocol::Tcp)], ..spec() },
            vec![("ports", Severity::Unusable, format!("Port {tcp} of this machine is taken"))],
        ),
        (
            ManagementSpec { ports: vec![port(udp, Protocol::Udp)], ..spec() },
            vec![("ports", Severity::Unusable, format!("Port {udp} of this machine is taken"))],
        ),
        (
            ManagementSpec { ports: vec![port(7, Protocol::Sctp), port(7, Protocol::Sctp), port(7, Protocol::Udp)], ..spec() },
            vec![("ports", Severity::Unusable, "Port 7 of this machine is mapped twice.".to_owned())],
        ),
        (
            ManagementSpec { mounts: vec![mount("/nonexistent/charts", "/charts")], ..spec() },
            vec![("mounts", Severity::Risk, "/nonexistent/charts is not on this machine; Docker makes it as an empty folder of root’s.".to_owned())],
        ),
        (ManagementSpec { mounts: vec![mount(here, "/charts")], ..spec() }, vec![]),
        (
            ManagementSpec { mounts: vec![mount("charts", "/charts")], ..spec() },
            vec![("mounts", Severity::Unusable, "A mount is named by two whole paths.".to_owned())],
        ),
        (
            ManagementSpec { mounts: vec![mount(here, "/var/")], ..spec() },
            vec![("mounts", Severity::Unusable, "kind needs /var/ of its nodes for itself.".to_owned())],
        ),
        (
            ManagementSpec { mounts: vec![mount(here, "/var/run/docker.sock")], ..spec() },
            vec![("mounts", Severity::Unusable, "Something else is mounted at /var/run/docker.sock already.".to_owned())],
        ),
        (
            ManagementSpec { network: NetworkPlugin::NotInstalled, ..spec() },
            vec![(
                "network",
                Severity::Risk,
                "No pod starts before you install a network plug-in, so Cluster API is left out: install it afterwards with clusterctl init.".to_owned(),
            )],
        ),
    ];
    for (spec, wanted) in cases {
        let ground = survey(&machine.world(), &spec, &job.places()).await;
        // Who has a port and which one is free is another test's.
        let begun = |said: String| said.split_once(" is taken by ").map_or(said.clone(), |(port, _)| format!("{port} is taken"));
        let found: Vec<_> = view(&spec, &ground, &job.places(), 0).obstacles.into_iter().map(|o| (o.field, o.severity, begun(o.why.sentence))).collect();
        let wanted: Vec<_> = wanted.into_iter().map(|(field, severity, said)| (field.to_owned(), severity, said)).collect();
        assert_eq!(found, wanted);
    }
}

#[tokio::test]
async fn versions_that_no_release_names_together_are_a_risk_at_their_field() {
    use api::local::{ManagementSpec, ProviderVersions, Purpose};
    let machine = Machine::new();
    let job = Job::new(&machine).await;
    let all = |core: &str, docker: &str| ProviderVersions {
        core: core.to_owned(),
        kubeadm_bootstrap: core.to_owned(),
        kubeadm_control_plane: core.to_owned(),
        docker: Some(docker.to_owned()),
    };
    let apart = ("providers", "Core v1.14.2 and Docker v1.13.6 were not released together; only versions of one release are tested together.");
    let newer = ("kubernetes", "Cluster API v1.12.9 names Kubernetes v1.31 to v1.35 for its management clusters, not v1.36.4.");
    for (spec, wanted) in [
        (spec(), vec![]),
        (ManagementSpec { providers: all("v1.14.2", "v1.13.6"), ..spec() }, vec![apart]),
        (ManagementSpec { providers: all("v1.12.9", "v1.12.9"), ..spec() }, vec![newer]),
        (ManagementSpec { providers: all("v1.99.0", "v1.99.0"), ..spec() }, vec![]),
        (ManagementSpec { providers: all("v1.12.9", "v1.13.6"), purpose: Purpose::Plain, ..spec() }, vec![]),
    ] {
        let ground = survey(&machine.world(), &spec, &job.places()).await;
        let shown = view(&spec, &ground, &job.places(), 0).obstacles;
        let told: Vec<_> = shown.iter().map(|o| (o.field.as_str(), o.why.sentence.as_str())).collect();
        assert_eq!(told, wanted);
        assert!(shown.iter().all(|o| o.severity == Severity::Risk), "it can be made all the same");
    }
}

#[tokio::test]
async fn a_docker_that_is_down_stands_in_the_way_of_every_plan() {
    let machine = Machine::new();
    machine.state().docker = false;
    let job = Job::new(&machine).await;
    let ground = survey(&machine.world(), &spec(), &job.places()).await;
    let obstacles = view(&spec(), &ground, &job.places(), 0).obstacles;
    assert_eq!((obstacles[0].severity, obstacles[0].why.code), (Severity::Unusable, FaultCode::Docker));
}

#[tokio::test]
async fn a_docker_of_another_machine_is_refused_and_every_one_of_this_machine_is_not() {
    let machine = Machine::new();
    let job = Job::new(&machine).await;
    let ground = survey(&machine.world(), &spec(), &job.places()).await;
    let shown = |docker: &str| view(&spec(), &Ground { docker: docker.to_owned(), ..ground.clone() }, &job.places(), 0);
    for here in ["unix:///var/run/docker.sock", "unix:///home/jo/.docker/desktop/docker.sock", "npipe:////./pipe/docker_engine", "tcp://localhost:2375", ""] {
        assert_eq!(shown(here).obstacles, [], "{here}");
    }
    for there in ["ssh://jo@big-server", "tcp://10.0.0.9:2376"] {
        let plan = shown(there);
        let [obstacle] = plan.obstacles.as_slice() else { panic!("{:?}", plan.obstacles) };
        assert_eq!((obstacle.severity, obstacle.field.as_str(), obstacle.why.code), (Severity::Unusable, "", FaultCode::Docker));
        let (said, command) = (&obstacle.why.sentence, "docker context use default");
        assert!(said.starts_with(&format!("Docker runs on another machine, {there}: the API server ")) && said.contains(command), "{said}");
        assert!(matches!(obstacle.why.fixes.as_slice(), [Fix::Copy { command: fix, .. }] if fix == command), "{:?}", obstacle.why.fixes);
        assert_eq!(plan.docker, there, "it is shown all the same");
    }
}
