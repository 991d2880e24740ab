//! Which network has a cluster, as far as it is known already?

use std::rc::Rc;

use api::{
    network::{NetworkFound, NetworksFound, Plugin},
    shared::{Shared, SharedLane, SharedState},
};

/// The plug-ins that are known by a name.
const NAMED: [Plugin; 5] = [Plugin::Kindnet, Plugin::Calico, Plugin::Cilium, Plugin::Flannel, Plugin::Antrea];

/// What the cluster itself told; else a plug-in that was put into it and is called by its name. `None` where neither tells.
pub fn network(told: Option<&NetworksFound>, shared: &[Rc<SharedLane>]) -> Option<String> {
    let mut names: Vec<&str> = told.into_iter().flat_map(|told| &told.found).map(called).collect();
    if names.is_empty() {
        names = shared.iter().filter_map(|lane| put(lane)).collect();
    }
    names.dedup();
    (!names.is_empty()).then(|| names.join(", "))
}

fn called(network: &NetworkFound) -> &str {
    match network.plugin {
        Plugin::Other => network.runs.rsplit('/').next().unwrap_or_default(),
        named @ (Plugin::Kindnet | Plugin::Calico | Plugin::Cilium | Plugin::Flannel | Plugin::Antrea) => named.words(),
    }
}

fn put(lane: &SharedLane) -> Option<&'static str> {
    match (&lane.what, lane.state()) {
        (Shared::AddOn { name }, SharedState::There) => NAMED.map(Plugin::words).into_iter().find(|known| known.eq_ignore_ascii_case(name)),
        (Shared::AddOn { .. } | Shared::LoadBalancer | Shared::Infrastructure { .. }, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use api::Timestamp;

    use super::*;

    fn told(found: &[(Plugin, &str)]) -> NetworksFound {
        let one = |(plugin, runs): &(Plugin, &str)| NetworkFound { plugin: *plugin, runs: (*runs).into(), image: String::new(), ready: 1, wanted: 1 };
        NetworksFound { name: "lab-a".into(), found: found.iter().map(one).collect() }
    }

    fn lane(what: Shared, made: Option<u64>, lost: Option<u64>) -> Rc<SharedLane> {
        Rc::new(SharedLane { what, asked: Timestamp(0), began: None, made: made.map(Timestamp), lost: lost.map(Timestamp) })
    }

    fn add_on(name: &str, made: Option<u64>, lost: Option<u64>) -> Rc<SharedLane> {
        lane(Shared::AddOn { name: name.into() }, made, lost)
    }

    #[test]
    fn the_network_of_a_cluster_is_what_it_tells_else_what_was_put_into_it_by_that_name() {
        let calico = told(&[(Plugin::Calico, "calico-system/calico-node")]);
        let others = told(&[(Plugin::Other, "kube-system/own-net"), (Plugin::Other, "kube-system/their-net")]);
        let twice = told(&[(Plugin::Cilium, "a/cilium"), (Plugin::Cilium, "b/cilium")]);
        let there = || vec![lane(Shared::LoadBalancer, Some(1), None), add_on("dns", Some(1), None), add_on("kindnet", Some(2), None)];
        for (told, shared, wanted) in [
            (Some(&calico), there(), Some("Calico")),
            (Some(&others), vec![], Some("own-net, their-net")),
            (Some(&twice), vec![], Some("Cilium")),
            (Some(&told(&[])), there(), Some("kindnet")),
            (None, there(), Some("kindnet")),
            (None, vec![add_on("calico", Some(2), None)], Some("Calico")),
            (None, vec![add_on("calico-rules", Some(2), None)], None),
            (None, vec![add_on("kindnet", None, None)], None),
            (None, vec![add_on("kindnet", Some(2), Some(3))], None),
            (None, vec![], None),
        ] {
            assert_eq!(network(told, &shared).as_deref(), wanted, "{told:?} {shared:?}");
        }
    }
}
