//! Which releases can the providers follow, and how does an upgrade go on?

use super::{At, Source, command};

/// Arguments of `clusterctl upgrade plan`; it asks where the releases are published.
pub fn plan(at: &At, source: &Source) -> Vec<String> {
    command(&["upgrade", "plan"], at, source)
}

/// Arguments of `clusterctl upgrade apply`. Without `--wait-providers`, as with an init.
pub fn apply(at: &At, contract: &str, source: &Source) -> Vec<String> {
    command(&["upgrade", "apply", "--contract", contract], at, source)
}

/// What `clusterctl upgrade plan` says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Read {
    pub cert_manager: String,
    /// In clusterctl's order: the oldest contract first.
    pub contracts: Vec<Contract>,
}

/// The newest releases that follow a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contract {
    pub name: String,
    pub providers: Vec<Provider>,
    pub allowed: Allowed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allowed {
    Yes,
    /// This clusterctl cannot lead to that contract.
    No,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    pub name: String,
    pub namespace: String,
    pub now: String,
    /// Nothing when it is the newest already.
    pub next: Option<String>,
}

/// Reads the standard output; a line that it does not know says nothing.
pub fn read(out: &str) -> Read {
    let mut read = Read::default();
    for line in out.lines().map(str::trim) {
        if line.starts_with("Cert-Manager ") || line.starts_with("Cert-manager ") {
            line.clone_into(&mut read.cert_manager);
        } else if let Some(name) = line.strip_prefix("Latest release available for the ").and_then(|rest| rest.split_once(' ')).map(|(name, _)| name) {
            read.contracts.push(Contract { name: name.to_owned(), providers: vec![], allowed: Allowed::Yes });
        } else if let Some(contract) = read.contracts.last_mut() {
            if line.contains("could not upgrade to") {
                contract.allowed = Allowed::No;
            }
            contract.providers.extend(provider(line));
        }
    }
    read
}

/// `bootstrap-kubeadm   capi-kubeadm-bootstrap-system   BootstrapProvider   v1.14.2   Already up to date`.
fn provider(line: &str) -> Option<Provider> {
    let mut words = line.split_whitespace();
    let (name, namespace, kind, now) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let next = words.next()?;
    if !kind.ends_with("Provider") || !now.starts_with('v') {
        return None;
    }
    let next = Some(next).filter(|next| next.starts_with('v') && *next != now).map(str::to_owned);
    Some(Provider { name: name.to_owned(), namespace: namespace.to_owned(), now: now.to_owned(), next })
}

/// One line of `clusterctl upgrade apply`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    ScalingDown(String),
    Deleting(String),
    Installing { provider: String, version: String },
    Other,
}

/// Reads one line; a line it does not know is `Other`.
pub fn progress(line: &str) -> Line {
    let line = line.trim();
    // `Scaling down Provider={"name":"cluster-api","namespace":"capi-system"} providerVersion="v1.14.2"`
    let named = |text: &str| {
        let (_, rest) = text.split_once("\"name\":\"")?;
        rest.split_once('"').map(|(name, _)| name.to_owned())
    };
    match super::read(line) {
        super::ClusterctlLine::InstallingProvider { provider, version, .. } => return Line::Installing { provider, version },
        super::ClusterctlLine::FetchingProviders
        | super::ClusterctlLine::InstallingCertManager { .. }
        | super::ClusterctlLine::SkippingCertManager
        | super::ClusterctlLine::WaitingForCertManager
        | super::ClusterctlLine::WaitingForProviders
        | super::ClusterctlLine::Error(_)
        | super::ClusterctlLine::Other => {}
    }
    if let Some(name) = line.strip_prefix("Scaling down ").and_then(named) {
        return Line::ScalingDown(name);
    }
    line.strip_prefix("Deleting ").and_then(named).map_or(Line::Other, Line::Deleting)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::recorded::lines;

    fn recorded(file: &str) -> Read {
        read(&lines(file).join("\n"))
    }

    #[test]
    fn a_real_plan_is_read_with_what_can_follow() {
        let read = recorded("clusterctl/clusterctl-12-upgrade-plan-newer.txt");
        assert_eq!(read.cert_manager, "Cert-Manager is already up to date");
        let [contract] = read.contracts.as_slice() else { panic!("one contract: {read:?}") };
        let shown: Vec<_> = contract.providers.iter().map(|p| (p.name.as_str(), p.now.as_str(), p.next.as_deref())).collect();
        assert_eq!((contract.name.as_str(), contract.allowed), ("v1beta2", Allowed::Yes));
        assert_eq!(
            shown,
            [
                ("bootstrap-kubeadm", "v1.14.2", Some("v1.14.3")),
                ("control-plane-kubeadm", "v1.14.2", Some("v1.14.3")),
                ("cluster-api", "v1.14.2", Some("v1.14.3")),
                ("infrastructure-docker", "v1.14.2", Some("v1.14.3")),
            ]
        );
    }

    #[test]
    fn providers_that_are_up_to_date_have_nothing_next() {
        for file in ["clusterctl/clusterctl-08-upgrade-plan-none.txt", "clusterctl/docker-clusterctl-upgrade-plan.txt"] {
            let read = recorded(file);
            assert!(read.contracts.len() == 1 && read.contracts[0].providers.len() == 4, "{read:?}");
            assert!(read.contracts[0].providers.iter().all(|provider| provider.next.is_none() && provider.now == "v1.14.2"));
        }
    }

    #[test]
    fn a_contract_that_this_clusterctl_cannot_lead_to_is_told_apart() {
        // Hand-made after the words of the program: no release of another contract could be recorded.
        let out = "Latest release available for the v1beta1 Cluster API contract version:\n\nNAME   NAMESPACE   TYPE   CURRENT VERSION   NEXT VERSION\n\
                   cluster-api   capi-system   CoreProvider   v1.10.0   v1.10.9\n\nYou can now apply the upgrade by executing the following command:\n\n\
                   Latest release available for the v1beta9 Cluster API contract version:\n\ncluster-api   capi-system   CoreProvider   v1.10.0   v9.0.0\n\n\
                   The current version of clusterctl could not upgrade to v1beta9 contract (only v1beta2 supported).\n";
        let read = read(out);
        let shown: Vec<_> = read.contracts.iter().map(|c| (c.name.as_str(), c.allowed, c.providers.len())).collect();
        assert_eq!(shown, [("v1beta1", Allowed::Yes, 1), ("v1beta9", Allowed::No, 1)]);
    }

    #[test]
    fn any_output_is_read() {
        for out in ["", "\n\n", "cluster-api", "Latest release available for the ", "a b c d e", "Error: invalid provider metadata"] {
            assert!(read(out).contracts.iter().all(|contract| contract.providers.is_empty()), "{out}");
        }
    }

    #[test]
    fn a_real_upgrade_is_followed_provider_by_provider() {
        let said: Vec<Line> =
            lines("clusterctl/clusterctl-16-upgrade-apply.txt").iter().map(|line| progress(line)).filter(|line| *line != Line::Other).collect();
        assert_eq!(said[0], Line::ScalingDown("cluster-api".into()));
        assert_eq!(said[4], Line::Deleting("cluster-api".into()));
        assert_eq!(said[5], Line::Installing { provider: "cluster-api".into(), version: "v1.14.3".into() });
        assert_eq!((said.len(), said.last()), (12, Some(&Line::Installing { provider: "infrastructure-docker".into(), version: "v1.14.3".into() })));
    }

    #[test]
    fn the_context_and_the_offline_configuration_are_named() {
        let at = At { kubeconfig: "/home/jo/.kube/config".into(), context: "mgmt".into() };
        let args = apply(&at, "v1beta2", &Source::Config(Path::new("/mirror/clusterctl.yaml").into()));
        assert_eq!(
            args.join(" "),
            "upgrade apply --contract v1beta2 --kubeconfig /home/jo/.kube/config --kubeconfig-context mgmt --config /mirror/clusterctl.yaml"
        );
    }
}
