//! Which ranges of addresses are free for pods and services?

use api::drawing::{FormCheck, FormField};
use ipnet::IpNet;

use super::{stops, with_value};

/// A network of Docker with its ranges.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DockerNetwork {
    pub name: String,
    pub ranges: Vec<String>,
}

/// In the order in which they are proposed; the first is what Cluster API's own templates take.
const FOR_PODS: [&str; 4] = ["192.168.0.0/16", "10.244.0.0/16", "10.32.0.0/13", "100.64.0.0/12"];
const FOR_SERVICES: [&str; 3] = ["10.128.0.0/12", "10.96.0.0/12", "100.80.0.0/12"];
/// The controllers give every node so much of an IPv4 range.
const OF_A_NODE: u8 = 24;

/// The first usual range that overlaps nothing, for the field.
pub fn free_range(field: &FormField, networks: &[DockerNetwork], other: &str) -> Option<String> {
    let usual: &[&str] = if *field == FormField::ServiceRange { &FOR_SERVICES } else { &FOR_PODS };
    let taken: Vec<IpNet> = networks.iter().flat_map(|n| &n.ranges).filter_map(|r| r.parse().ok()).chain(read(other).unwrap_or_default()).collect();
    let free = |range: &&str| range.parse::<IpNet>().is_ok_and(|range| !taken.iter().any(|other| overlap(&range, other)));
    usual.iter().find(|range| free(range)).map(|range| (*range).to_owned())
}

/// What is wrong with both ranges; `networks` are those that machines can reach.
pub(super) fn checks(pods: &str, services: &str, networks: &[DockerNetwork], machines: u32) -> Vec<FormCheck> {
    let mut found = vec![];
    let mut judge = |field: FormField, text: &str, other: &str| {
        let what = if field == FormField::PodRange { "pod" } else { "service" };
        let instead = || free_range(&field, networks, other);
        match read(text) {
            Err(why) => found.push(with_value(stops(field.clone(), &format!("The {what} range cannot be read"), why), instead())),
            Ok(ranges) => {
                let taken =
                    networks.iter().find(|n| n.ranges.iter().filter_map(|r| r.parse().ok()).any(|taken: IpNet| ranges.iter().any(|r| overlap(r, &taken))));
                if let Some(network) = taken {
                    let says = if network.ranges.iter().any(|range| range == text.trim()) {
                        format!("This is the Docker network {}.", network.name)
                    } else {
                        format!("{text} overlaps {}, the Docker network {} of this machine.", network.ranges.join(", "), network.name)
                    };
                    found.push(with_value(stops(field.clone(), &format!("The {what} range is taken"), says), instead()));
                }
            }
        }
    };
    judge(FormField::PodRange, pods, services);
    judge(FormField::ServiceRange, services, pods);
    if let (Ok(pods_are), Ok(services_are)) = (read(pods), read(services)) {
        if pods_are.iter().any(|p| services_are.iter().any(|s| overlap(p, s))) {
            let check = stops(FormField::ServiceRange, "Pods and services share addresses", format!("{services} and {pods} overlap."));
            found.push(with_value(check, free_range(&FormField::ServiceRange, networks, pods)));
        }
        if let Some(small) = pods_are.iter().find(|range| holds(range) < machines) {
            let says = format!("{small} has room for {} nodes, a /{OF_A_NODE} each; {machines} are asked for.", holds(small));
            found.push(with_value(stops(FormField::PodRange, "The pod range is too small", says), free_range(&FormField::PodRange, networks, services)));
        }
    }
    found
}

/// One range, or two with a comma: one of each family.
fn read(text: &str) -> Result<Vec<IpNet>, String> {
    let ranges: Vec<IpNet> = text.split(',').map(|part| one(part.trim())).collect::<Result<_, _>>()?;
    match ranges.as_slice() {
        [_] => Ok(ranges),
        [a, b] if a.addr().is_ipv4() != b.addr().is_ipv4() => Ok(ranges),
        _ => Err("One range, or one of IPv4 and one of IPv6 with a comma between them.".to_owned()),
    }
}

fn one(text: &str) -> Result<IpNet, String> {
    let range: IpNet = text.parse().map_err(|_| format!("“{text}” is no range; one looks like 192.168.0.0/16."))?;
    if range.addr() != range.network() {
        return Err(format!("{text} begins in the middle of a range; {} is meant.", range.trunc()));
    }
    Ok(range)
}

/// As many nodes as an IPv4 range has room for; one of IPv6 has no end that matters.
fn holds(range: &IpNet) -> u32 {
    match range {
        IpNet::V4(range) if range.prefix_len() > OF_A_NODE => 0,
        IpNet::V4(range) => 1_u32.checked_shl(u32::from(OF_A_NODE - range.prefix_len())).unwrap_or(u32::MAX),
        IpNet::V6(_) => u32::MAX,
    }
}

fn overlap(a: &IpNet, b: &IpNet) -> bool {
    a.contains(b) || b.contains(a)
}
