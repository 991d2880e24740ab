//! Which networks does docker have, with which addresses, and who is on them?

use std::collections::BTreeSet;

use serde::Deserialize;

use super::{PsLine, with_names, words};

/// The network that all local clusters share; kind makes it and never removes it.
pub const NETWORK: &str = "kind";

pub fn network_names() -> Vec<String> {
    words(&["network", "ls", "--format", "{{.Name}}"])
}

/// A network with its ranges of addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    pub name: String,
    pub ranges: Vec<String>,
}

pub fn inspect_networks<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    with_names(&["network", "inspect", "--format", "{{json .}}"], names)
}

/// Docker refuses while a container that runs is on it.
pub fn remove_network() -> Vec<String> {
    words(&["network", "rm", NETWORK])
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct NetworkLine {
    name: String,
    #[serde(rename = "IPAM")]
    ipam: Option<Ipam>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Ipam {
    config: Option<Vec<IpamConfig>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct IpamConfig {
    #[serde(default)]
    subnet: String,
}

/// Reads the answer to [`inspect_networks`], one JSON object a line; networks without addresses are left out.
pub fn networks(out: &str) -> Vec<Network> {
    let lines = out.lines().filter_map(|line| serde_json::from_str::<NetworkLine>(line).ok());
    lines
        .map(|line| {
            let config = line.ipam.and_then(|ipam| ipam.config).unwrap_or_default();
            Network { name: line.name, ranges: config.into_iter().map(|one| one.subnet).filter(|range| !range.is_empty()).collect() }
        })
        .filter(|network| !network.ranges.is_empty())
        .collect()
}

/// Reads `docker ps`: the names of all networks that a container is on, also one that does not run.
pub fn on_networks(out: &str) -> BTreeSet<String> {
    let lines = out.lines().filter_map(|line| serde_json::from_str::<PsLine>(line).ok());
    lines.flat_map(|line| line.networks.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect::<Vec<_>>()).collect()
}

#[cfg(test)]
mod tests {
    use super::on_networks;

    #[test]
    fn a_container_that_was_stopped_is_still_on_its_networks() {
        let out = r#"{"ID":"a","Names":"one","Image":"x","Labels":"","State":"exited","Networks":"kind,bridge"}
{"ID":"b","Names":"two","Image":"x","Labels":"","State":"running","Networks":"host"}
{"ID":"c","Names":"three","Image":"x","Labels":"","State":"created","Networks":""}
not a line of docker"#;
        assert_eq!(on_networks(out).into_iter().collect::<Vec<_>>(), ["bridge", "host", "kind"]);
    }
}
