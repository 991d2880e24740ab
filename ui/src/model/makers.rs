//! How is a cluster that another program made switched in a terminal?

use api::local::{LocalRow, LocalState, Maker};

/// The commands of its program that fit its state; none where there is only a window, or the name could be more than a name.
pub fn commands(by: Maker, row: &LocalRow) -> Vec<String> {
    let name = &row.name;
    let plain = name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    let verbs: &[&str] = match row.state {
        LocalState::Running => &["stop"],
        LocalState::Stopped { .. } => &["start"],
        LocalState::Mixed { .. } | LocalState::NotAsked => &["start", "stop"],
        // Paused by docker, which minikube and k3d do not do: nothing of theirs undoes it surely.
        LocalState::Paused | LocalState::Creating => &[],
    };
    let command = |verb: &&str| match by {
        Maker::K3d => plain.then(|| format!("k3d cluster {verb} {name}")),
        Maker::Minikube => plain.then(|| format!("minikube {verb} --profile {name}")),
        Maker::OpenShiftLocal => Some(format!("crc {verb}")),
        Maker::K3s => Some(format!("sudo systemctl {verb} k3s")),
        Maker::DockerDesktop => None,
    };
    verbs.iter().filter_map(command).collect()
}

#[cfg(test)]
mod tests {
    use api::local::Role;

    use super::*;
    use crate::model::samples::local;

    #[test]
    fn another_program_s_cluster_is_switched_by_that_program() {
        let stopped = || LocalState::Stopped { since: None };
        for (by, name, state, expected) in [
            (Maker::K3d, "play", LocalState::Running, vec!["k3d cluster stop play"]),
            (Maker::Minikube, "minikube", stopped(), vec!["minikube start --profile minikube"]),
            (Maker::OpenShiftLocal, "crc", LocalState::NotAsked, vec!["crc start", "crc stop"]),
            (Maker::K3s, "k3s", LocalState::NotAsked, vec!["sudo systemctl start k3s", "sudo systemctl stop k3s"]),
            (Maker::DockerDesktop, "docker-desktop", LocalState::NotAsked, vec![]),
            (Maker::K3d, "play", LocalState::Paused, vec![]),
            (Maker::K3d, "play; rm -rf ~", LocalState::Running, vec![]),
            (Maker::Minikube, "--all", stopped(), vec![]),
        ] {
            assert_eq!(commands(by, &local(name, Role::Foreign { by }, state)), expected, "{by:?} {name}");
        }
    }
}
