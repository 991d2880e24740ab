//! What does `docker inspect` say of the place that a container has on this machine?

use std::collections::BTreeMap;

use api::Timestamp;
use api::local::ContainerState;
use serde::Deserialize;

use super::moment;

/// A container as its host sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    pub id: String,
    pub image: String,
    pub state: ContainerState,
    /// When it was started last; when it ended, for one that does not run.
    pub since: Option<Timestamp>,
    pub addresses: Vec<String>,
    /// `127.0.0.1:55001 to 6443/tcp`.
    pub ports: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Item {
    id: String,
    #[serde(default)]
    config: Config,
    #[serde(default)]
    state: State,
    #[serde(default)]
    network_settings: NetworkSettings,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Config {
    image: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct State {
    status: String,
    running: bool,
    paused: bool,
    exit_code: i32,
    started_at: String,
    finished_at: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct NetworkSettings {
    /// A port that is not published has nothing.
    ports: Option<BTreeMap<String, Option<Vec<Binding>>>>,
    networks: Option<BTreeMap<String, Network>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Binding {
    #[serde(default)]
    host_ip: String,
    host_port: String,
}

#[derive(Deserialize)]
struct Network {
    #[serde(rename = "IPAddress", default)]
    v4: String,
    #[serde(rename = "GlobalIPv6Address", default)]
    v6: String,
}

/// Reads `docker inspect`; what cannot be read is left out.
pub fn hosts(out: &str) -> Vec<Host> {
    let items: Vec<serde_json::Value> = serde_json::from_str(out).unwrap_or_default();
    items.into_iter().filter_map(|item| serde_json::from_value::<Item>(item).ok()).map(host).collect()
}

fn host(item: Item) -> Host {
    let state = match item.state {
        State { paused: true, .. } => ContainerState::Paused,
        State { running: true, .. } => ContainerState::Running,
        State { ref status, exit_code, .. } if status == "exited" => ContainerState::Exited { code: exit_code },
        State { ref status, .. } => ContainerState::Other(status.clone()),
    };
    let since = match state {
        ContainerState::Running | ContainerState::Paused => moment(&item.state.started_at),
        ContainerState::Exited { .. } | ContainerState::Other(_) => moment(&item.state.finished_at),
    };
    let networks = item.network_settings.networks.unwrap_or_default();
    let addresses = networks.into_values().flat_map(|network| [network.v4, network.v6]).filter(|address| !address.is_empty()).collect();
    let ports = item.network_settings.ports.unwrap_or_default();
    let published = ports.into_iter().flat_map(|(inside, bound)| bound.unwrap_or_default().into_iter().map(move |one| said(&inside, &one))).collect();
    Host { id: item.id, image: item.config.image, state, since, addresses, ports: published }
}

/// An address of all of them is said as `*`.
fn said(inside: &str, bound: &Binding) -> String {
    let host = match bound.host_ip.as_str() {
        "" | "0.0.0.0" | "::" => "*",
        other => other,
    };
    format!("{host}:{} to {inside}", bound.host_port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_says_where_it_stands_on_this_machine() {
        let out = r#"[{"Id":"aa11","Config":{"Image":"kindest/node:v1.36.4"},
            "State":{"Status":"running","Running":true,"Paused":false,"ExitCode":0,"StartedAt":"2026-11-23T13:04:30.5Z","FinishedAt":"0001-01-01T00:00:00Z"},
            "NetworkSettings":{"Ports":{"6443/tcp":[{"HostIp":"127.0.0.1","HostPort":"55001"}],"8404/tcp":[{"HostIp":"0.0.0.0","HostPort":"55002"}],"80/tcp":null},
            "Networks":{"kind":{"IPAddress":"172.18.0.4","GlobalIPv6Address":"fc00:f853:ccd:e793::4"}}}},
            {"Id":"bb22","State":{"Status":"exited","Running":false,"ExitCode":137,"FinishedAt":"2026-11-23T14:00:00Z"},"NetworkSettings":{"Ports":{},"Networks":{"kind":{"IPAddress":""}}}}, 7]"#;
        let read = hosts(out);
        assert_eq!(
            read[0],
            Host {
                id: "aa11".into(),
                image: "kindest/node:v1.36.4".into(),
                state: ContainerState::Running,
                since: Some(Timestamp(1_795_439_070_500)),
                addresses: vec!["172.18.0.4".into(), "fc00:f853:ccd:e793::4".into()],
                ports: vec!["127.0.0.1:55001 to 6443/tcp".into(), "*:55002 to 8404/tcp".into()],
            }
        );
        assert_eq!((&read[1].state, read[1].since, read[1].addresses.len()), (&ContainerState::Exited { code: 137 }, Some(Timestamp(1_795_442_400_000)), 0));
        assert_eq!(read.len(), 2);
    }

    #[test]
    fn any_answer_is_read() {
        for out in ["", "[]", "{}", "[{}]", "Error: No such object", "[{\"Id\":\"x\",\"NetworkSettings\":{\"Ports\":null,\"Networks\":null}}]"] {
            assert!(hosts(out).iter().all(|host| host.ports.is_empty() && host.addresses.is_empty()), "{out}");
        }
    }
}
