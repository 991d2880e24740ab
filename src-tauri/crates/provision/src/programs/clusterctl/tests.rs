use std::path::Path;

use api::local::ProviderVersions;

use super::{ClusterctlLine, Source, init, read};
use crate::recorded::lines;

fn versions() -> ProviderVersions {
    let v = || "v1.14.2".to_owned();
    ProviderVersions { core: v(), kubeadm_bootstrap: v(), kubeadm_control_plane: v(), docker: Some(v()) }
}

#[test]
fn an_init_is_read_provider_by_provider() {
    let said: Vec<_> = lines("clusterctl/docker-clusterctl-init.txt").iter().map(|l| read(l)).filter(|l| *l != ClusterctlLine::Other).collect();
    let provider = |name: &str, namespace: &str| ClusterctlLine::InstallingProvider {
        provider: name.to_owned(),
        version: "v1.14.2".to_owned(),
        namespace: namespace.to_owned(),
    };
    assert_eq!(
        said,
        [
            ClusterctlLine::FetchingProviders,
            ClusterctlLine::InstallingCertManager { version: "v1.21.2".to_owned() },
            ClusterctlLine::WaitingForCertManager,
            provider("cluster-api", "capi-system"),
            provider("bootstrap-kubeadm", "capi-kubeadm-bootstrap-system"),
            provider("control-plane-kubeadm", "capi-kubeadm-control-plane-system"),
            provider("infrastructure-docker", "capd-system"),
            ClusterctlLine::WaitingForProviders,
        ]
    );
}

#[test]
fn an_older_release_is_read_too() {
    assert_eq!(
        read("Installing Provider=\"cluster-api\" Version=\"v1.6.0\" TargetNamespace=\"capi-system\""),
        ClusterctlLine::InstallingProvider { provider: "cluster-api".to_owned(), version: "v1.6.0".to_owned(), namespace: "capi-system".to_owned() }
    );
}

#[test]
fn a_second_init_skips_what_is_there() {
    let said: Vec<_> = lines("clusterctl/clusterctl-09-init-again.txt").iter().map(|l| read(l)).collect();
    assert_eq!(said, [ClusterctlLine::FetchingProviders, ClusterctlLine::SkippingCertManager]);
}

#[test]
fn garbage_is_other() {
    for line in ["", "Installing", "Installing provider=\"", "Installing cert", "installing everything", "\u{0}", "Creating Issuer=\"x\""] {
        assert_eq!(read(line), ClusterctlLine::Other, "{line:?}");
    }
}

#[test]
fn every_provider_is_pinned_and_the_offline_configuration_is_used() {
    let args = init(&versions(), &Source::Config("/home/u/clusterctl.yaml".into()), Path::new("/k"));
    assert_eq!(
        args.join(" "),
        "init --kubeconfig /k --core cluster-api:v1.14.2 --bootstrap kubeadm:v1.14.2 --control-plane kubeadm:v1.14.2 \
         --infrastructure docker:v1.14.2 --config /home/u/clusterctl.yaml"
    );
}

#[test]
fn a_management_cluster_for_other_machines_has_no_docker_provider() {
    let args = init(&ProviderVersions { docker: None, ..versions() }, &Source::Releases, Path::new("/k"));
    assert!(!args.iter().any(|a| a == "--infrastructure" || a == "--config"));
}
