use api::contexts::{ContextRow, Favourite, Guard, Link, SignIn, Tile, TlsCheck, Way};
use api::local::{ContainerState, LocalState, Maker, Role};

use super::{Trace, host, is_near, others, traces};
use crate::local::Survey;
use crate::programs::docker::{Container, ForeignContainer, NodeRole};

fn container(by: Maker, name: &str, cluster: &str, role: NodeRole, image: &str, state: ContainerState) -> ForeignContainer {
    let container = Container { id: format!("id-{name}"), name: name.into(), cluster: cluster.into(), role, image: image.into(), state, created: None };
    ForeignContainer { by, container }
}

fn context(file: &str, name: &str, server: &str) -> ContextRow {
    ContextRow {
        id: format!("{file}#{name}").into(),
        name: name.into(),
        file: file.into(),
        order: 0,
        tile: Tile { letters: "AB".into(), hue: 1 },
        server: server.into(),
        namespace: String::new(),
        namespaces: vec![],
        workload: None,
        left_at: String::new(),
        sign_in: SignIn { way: Way::Nothing, expires: None },
        tls: TlsCheck::Verified,
        guard: Guard::Open,
        own_guard: Guard::Open,
        favourite: Favourite::No,
        link: Link::Unopened,
        version: String::new(),
        identity: None,
        last_used: None,
        problems: vec![],
        current_for_kubectl: false,
        away: vec![],
    }
}

fn survey() -> Survey {
    use ContainerState::{Exited, Running};
    let foreign = vec![
        container(Maker::K3d, "k3d-play-serverlb", "play", NodeRole::LoadBalancer, "ghcr.io/k3d-io/k3d-proxy:5.8.3", Running),
        container(Maker::K3d, "k3d-play-server-0", "play", NodeRole::ControlPlane, "rancher/k3s:v1.35.4-k3s1", Running),
        container(Maker::Minikube, "minikube", "minikube", NodeRole::ControlPlane, "gcr.io/k8s-minikube/kicbase:v0.0.50", Exited { code: 130 }),
    ];
    Survey { foreign, ..Survey::default() }
}

#[test]
fn clusters_of_other_programs_are_found_and_marked_not_ours() {
    let k3s = || "/etc/rancher/k3s/k3s.yaml";
    let traces = [Trace::Minikube("minikube".into()), Trace::Minikube("vm".into()), Trace::OpenShiftLocal, Trace::K3s { kubeconfig: k3s().into() }];
    let contexts = [
        context("c", "k3d-play", "https://0.0.0.0:41233"),
        context("c", "minikube", "https://192.168.49.2:8443"),
        context("c", "vm", "https://vm.example:8443"),
        context("c", "docker-desktop", "https://kubernetes.docker.internal:6443"),
        context("c", "default/api-crc-testing:6443/kubeadmin", "https://api.crc.testing:6443"),
        context(k3s(), "default", "https://127.0.0.1:6443"),
    ];
    let rows = others(&survey(), &traces, &contexts);
    let short: Vec<_> = rows
        .iter()
        .map(|row| {
            let Role::Foreign { by } = row.role else { panic!("{} is taken for ours", row.name) };
            (by, row.name.as_str(), row.state.clone(), row.version.as_str(), row.nodes.len(), row.context.as_ref().map(|id| id.0.as_str()))
        })
        .collect();
    assert_eq!(
        short,
        [
            (Maker::K3d, "play", LocalState::Running, "v1.35.4+k3s1", 1, Some("c#k3d-play")),
            (Maker::Minikube, "minikube", LocalState::Stopped { since: None }, "", 1, Some("c#minikube")),
            (Maker::Minikube, "vm", LocalState::NotAsked, "", 0, None),
            (Maker::OpenShiftLocal, "crc", LocalState::NotAsked, "", 0, Some("c#default/api-crc-testing:6443/kubeadmin")),
            (Maker::K3s, "k3s", LocalState::NotAsked, "", 0, Some("/etc/rancher/k3s/k3s.yaml#default")),
            (Maker::DockerDesktop, "docker-desktop", LocalState::NotAsked, "", 0, Some("c#docker-desktop")),
        ]
    );
}

#[test]
fn a_context_far_away_is_no_cluster_of_this_machine() {
    let far = [context("c", "docker-desktop", "https://desk.example:6443"), context("c", "k3d-play", "https://10.example:6443")];
    let rows = others(&survey(), &[], &far);
    assert_eq!(rows.iter().map(|row| (row.name.as_str(), row.context.as_ref())).collect::<Vec<_>>(), [("play", None), ("minikube", None)]);
}

#[test]
fn a_server_is_near_by_its_address_or_by_a_name_of_this_machine() {
    for (server, name, near) in [
        ("https://127.0.0.1:6443", "127.0.0.1", true),
        ("https://[::1]:6443/x", "::1", true),
        ("https://192.168.49.2:8443", "192.168.49.2", true),
        ("https://kubernetes.docker.internal:6443", "kubernetes.docker.internal", true),
        ("https://api.crc.testing:6443", "api.crc.testing", true),
        ("https://localhost", "localhost", true),
        ("https://8.8.8.8:6443", "8.8.8.8", false),
        ("https://localhost.example:6443", "localhost.example", false),
        ("", "", false),
    ] {
        assert_eq!((host(server), is_near(server)), (name, near), "{server}");
    }
}

#[test]
fn files_of_other_programs_are_seen_and_not_opened() {
    let home = tempfile::tempdir().unwrap();
    let make = |path: &str| {
        let path = home.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "not read").unwrap();
    };
    assert_eq!(traces(home.path(), &home.path().join("etc")), []);
    make(".minikube/profiles/dev/config.json");
    make(".minikube/profiles/half-deleted/client.crt");
    make(".crc/machines/crc/config.json");
    make("etc/rancher/k3s/k3s.yaml");
    let kubeconfig = home.path().join("etc/rancher/k3s/k3s.yaml");
    assert_eq!(traces(home.path(), &home.path().join("etc")), [Trace::Minikube("dev".into()), Trace::OpenShiftLocal, Trace::K3s { kubeconfig }]);
}
