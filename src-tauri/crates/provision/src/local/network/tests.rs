use std::collections::BTreeSet;

use api::FaultCode;
use jobs::{Transcript, Work};
use tokio_util::sync::CancellationToken;

use super::{Removal, Unused, unused};
use crate::imagined::Machine;
use crate::local::Survey;
use crate::programs::docker::{NETWORK, Network, containers};

/// What docker tells of a container of that cluster, on that network.
fn surveyed(cluster: &str, network: &str) -> Survey {
    let line = format!(r#"{{"ID":"a","Names":"{cluster}-x","Image":"x","Labels":"io.x-k8s.kind.cluster={cluster}","State":"exited"}}"#);
    let on_networks: BTreeSet<String> = [network].into_iter().filter(|name| !name.is_empty()).map(str::to_owned).collect();
    Survey { containers: if cluster.is_empty() { vec![] } else { containers(&line) }, on_networks, ..Survey::default() }
}

#[test]
fn the_network_of_kind_is_left_over_only_when_nobody_is_on_it_and_no_job_works() {
    let network = |name: &str| Network { name: name.to_owned(), ranges: vec!["172.18.0.0/16".to_owned()] };
    let (all, none) = ([network("bridge"), network(NETWORK), network("k3d-lab")], [network("bridge")]);
    let job = ["kos-mgmt".to_owned()];
    for (networks, survey, jobs, left) in [
        (all.as_slice(), surveyed("", ""), [].as_slice(), &[NETWORK] as &[&str]),
        (&all, surveyed("", "bridge"), &[], &[NETWORK]),
        // Somebody put a container of their own on it.
        (&all, surveyed("", NETWORK), &[], &[]),
        // A cluster that is stopped comes back to it.
        (&all, surveyed("lab", ""), &[], &[]),
        (&all, surveyed("", ""), &job, &[]),
        (&none, surveyed("", ""), &[], &[]),
    ] {
        let found: Vec<String> = unused(networks, &survey, jobs).into_iter().map(|one| one.name).collect();
        assert_eq!(found, left, "{survey:?} {jobs:?}");
    }
    let shown = unused(&all, &surveyed("", ""), &[]);
    assert_eq!((shown[0].command.as_str(), shown[0].ranges.as_slice()), ("docker network rm kind", ["172.18.0.0/16".to_owned()].as_slice()));
}

async fn run(machine: &Machine) -> Result<(), api::Fault> {
    let folder = tempfile::tempdir().unwrap();
    let transcript = Transcript::new().in_folder(folder.path());
    let mut cx = transcript.context(&[Removal::Network], CancellationToken::new());
    Unused::new(machine.world()).run(&Removal::Network, &mut cx).await
}

#[tokio::test(start_paused = true)]
async fn the_network_is_removed_once_and_never_below_a_container() {
    let machine = Machine::new();
    let work = Unused::new(machine.world());
    assert!(work.done_already(&Removal::Network).await.unwrap().is_some());
    machine.state().networks.insert(NETWORK.to_owned());
    machine.state().containers.push(("late-control-plane".to_owned(), "late".to_owned()));
    let refused = run(&machine).await.unwrap_err();
    assert_eq!((refused.code, refused.sentence.as_str()), (FaultCode::Changed, "The network kind was not removed."));
    assert!(machine.state().networks.contains(NETWORK));
    machine.state().containers.clear();
    run(&machine).await.unwrap();
    assert!(!machine.state().networks.contains(NETWORK) && work.done_already(&Removal::Network).await.unwrap().is_some());
}
