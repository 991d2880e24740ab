use std::path::Path;

use api::programs::Tool;

use super::{Processor, pinned};
use crate::Digest;

#[test]
fn every_pin_is_a_digest_and_no_two_are_alike() {
    let all = [Tool::Kind, Tool::Clusterctl].map(|tool| [Processor::Amd64, Processor::Arm64].map(|on| pinned(tool, on, Path::new("/kos")))).concat();
    for (at, pin) in all.iter().enumerate() {
        assert_eq!(Digest::parse(pin.sha256.as_str()).as_ref(), Some(&pin.sha256));
        assert!(all[..at].iter().all(|other| other.sha256 != pin.sha256 && other.address != pin.address));
    }
    assert_eq!(all[0].address, "https://github.com/kubernetes-sigs/kind/releases/download/v0.33.0/kind-linux-amd64");
    assert_eq!(all[3].address, "https://github.com/kubernetes-sigs/cluster-api/releases/download/v1.14.2/clusterctl-linux-arm64");
    assert_eq!(all[3].target, Path::new("/kos/clusterctl"));
}
