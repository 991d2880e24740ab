use api::local::{ContainerState, Maker};

use super::super::NodeRole;
use super::foreign;

/// Hand-made lines in the form that `docker ps --format '{{json .}}'` has.
fn line(name: &str, image: &str, labels: &str) -> String {
    serde_json::json!({ "ID": format!("id-{name}"), "Names": name, "Image": image, "Labels": labels, "State": "running", "Status": "Up 2 hours",
        "CreatedAt": "2026-11-23 13:04:30 +0000 UTC" })
    .to_string()
}

#[test]
fn containers_of_other_programs_are_told_by_their_labels() {
    for (name, labels, expected) in [
        ("k3d-play-server-0", "app=k3d,k3d.cluster=play,k3d.role=server,k3d.server.init=true", Some((Maker::K3d, "play", NodeRole::ControlPlane))),
        ("k3d-play-agent-0", "app=k3d,k3d.cluster=play,k3d.role=agent", Some((Maker::K3d, "play", NodeRole::Worker))),
        ("k3d-play-serverlb", "app=k3d,k3d.cluster=play,k3d.role=loadbalancer", Some((Maker::K3d, "play", NodeRole::LoadBalancer))),
        ("k3d-registry", "app=k3d,k3d.cluster=play,k3d.role=registry", None),
        ("k3d-play-tools", "app=k3d,k3d.cluster=play,k3d.role=noRole", None),
        ("mine", "k3d.cluster=play,k3d.role=server", None),
        (
            "minikube",
            "created_by.minikube.sigs.k8s.io=true,mode.minikube.sigs.k8s.io=minikube,name.minikube.sigs.k8s.io=minikube,role.minikube.sigs.k8s.io=",
            Some((Maker::Minikube, "minikube", NodeRole::ControlPlane)),
        ),
        (
            "minikube-m02",
            "created_by.minikube.sigs.k8s.io=true,mode.minikube.sigs.k8s.io=minikube-m02,name.minikube.sigs.k8s.io=minikube,role.minikube.sigs.k8s.io=",
            Some((Maker::Minikube, "minikube", NodeRole::Worker)),
        ),
        ("minikube-preload-sidecar", "created_by.minikube.sigs.k8s.io=true,name.minikube.sigs.k8s.io=minikube", None),
        ("mgmt-control-plane", "io.x-k8s.kind.cluster=mgmt,io.x-k8s.kind.role=control-plane,app=k3d,k3d.cluster=x,k3d.role=server", None),
        ("postgres", "com.docker.compose.service=postgres", None),
    ] {
        let found = foreign(&line(name, "x", labels));
        let short = found.first().map(|one| (one.by, one.container.cluster.as_str(), one.container.role.clone()));
        assert_eq!(short, expected, "{name}");
    }
}

#[test]
fn a_token_among_the_labels_is_not_kept() {
    let text = line("k3d-play-server-0", "rancher/k3s:v1.35.4-k3s1", "app=k3d,k3d.cluster=play,k3d.cluster.token=s3cr3t,k3d.role=server");
    let found = foreign(&format!("not JSON\n{text}\n{{}}"));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].container.state, ContainerState::Running);
    assert!(!format!("{found:?}").contains("s3cr3t"));
}
