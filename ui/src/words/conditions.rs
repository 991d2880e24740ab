//! What does a condition of Cluster API mean, in words?

use api::machines::{ConditionRow, ConditionTone};

use crate::model::capi::apart;

/// Conditions that are well when they are not so.
const UNWANTED: [&str; 7] = ["Deleting", "Paused", "Remediating", "RollingOut", "ScalingDown", "ScalingUp", "Updating"];

/// A few words; what KOS has no words for is told by the condition itself.
pub fn in_words(row: &ConditionRow) -> String {
    match row.tone {
        ConditionTone::Good => good(&row.kind).to_owned(),
        ConditionTone::Waits | ConditionTone::Failed => bad(row),
    }
}

fn good(kind: &str) -> &'static str {
    match kind {
        kind if UNWANTED.contains(&kind) => "False, as it should be",
        "BootstrapConfigReady" => "the join token and its Secret exist",
        "DataSecretAvailable" => "the join script exists",
        "CertificatesAvailable" => "the certificates of the cluster are known",
        "ContainerProvisioned" => "the container runs",
        "VMProvisioned" => "the machine runs",
        "BootstrapExecSucceeded" | "BootstrapCompleted" => "kubeadm ended well",
        "InfrastructureReady" => "what it runs on is there",
        "LoadBalancerAvailable" => "the load balancer runs",
        "NodeReady" => "the kubelet says Ready",
        "NodeHealthy" => "the node is there and well",
        "HealthCheckSucceeded" => "health checks are content",
        "RemediationAllowed" => "it may replace ill machines",
        "UpToDate" => "matches what was asked for",
        "Ready" => "all of it is ready",
        "Available" => "in service",
        "Initialized" | "ControlPlaneInitialized" => "the first API server answered",
        "ControlPlaneAvailable" => "an API server answers",
        "WorkersAvailable" => "as many workers as asked",
        "RemoteConnectionProbe" => "its API server is reached from here",
        "TopologyReconciled" => "everything is as the topology says",
        "EtcdClusterHealthy" | "EtcdMemberHealthy" | "EtcdPodHealthy" => "etcd is well",
        _ => "True, as it should be",
    }
}

fn bad(row: &ConditionRow) -> String {
    let first = row.message.lines().next().unwrap_or_default().trim_start_matches("* ");
    match row.kind.as_str() {
        "BootstrapExecSucceeded" | "BootstrapCompleted" if row.tone == ConditionTone::Failed => match first {
            "" => "kubeadm failed in the container".to_owned(),
            said => format!("kubeadm failed in the container: {said}"),
        },
        "InfrastructureReady" => waits_for(first).map_or_else(|| "waits for what it runs on".to_owned(), |kind| format!("waits for the {kind}")),
        "BootstrapConfigReady" => waits_for(first).map_or_else(|| "waits for its join script".to_owned(), |kind| format!("waits for the {kind}")),
        "NodeHealthy" | "NodeReady" if first.contains("spec.providerID") => "waits for a Node with this provider ID".to_owned(),
        "Ready" if row.on == "Machine" => "sum of the others".to_owned(),
        "Paused" => "nothing is done to it".to_owned(),
        _ if first.is_empty() => apart(&row.reason).to_lowercase(),
        _ => first.to_owned(),
    }
}

/// `DockerMachine status.initialization.provisioned is false` names a kind first.
fn waits_for(message: &str) -> Option<&str> {
    let word = message.split_whitespace().next()?;
    (word.starts_with(char::is_uppercase) && word.chars().all(char::is_alphanumeric) && message.contains("status.")).then_some(word)
}

#[cfg(test)]
mod tests {
    use api::machines::{ConditionRow, ConditionTone, Told};

    use super::in_words;

    #[test]
    fn a_condition_is_said_in_words_and_what_is_unknown_is_quoted() {
        let not_provisioned = "* DockerMachine status.initialization.provisioned is false";
        for (kind, tone, message, words) in [
            ("Paused", ConditionTone::Good, "", "False, as it should be"),
            ("NodeHealthy", ConditionTone::Good, "", "the node is there and well"),
            ("Whatever", ConditionTone::Good, "", "True, as it should be"),
            ("BootstrapExecSucceeded", ConditionTone::Failed, "Repeating bootstrap", "kubeadm failed in the container: Repeating bootstrap"),
            ("InfrastructureReady", ConditionTone::Waits, not_provisioned, "waits for the DockerMachine"),
            ("InfrastructureReady", ConditionTone::Waits, "no such zone", "waits for what it runs on"),
            ("NodeHealthy", ConditionTone::Waits, "Waiting for a Node with spec.providerID docker:////x to exist", "waits for a Node with this provider ID"),
            ("Ready", ConditionTone::Waits, "* NodeHealthy: no", "sum of the others"),
            ("EtcdClusterHealthy", ConditionTone::Waits, "* first\n* second", "first"),
            ("ScalingUp", ConditionTone::Waits, "", "not provisioned yet"),
        ] {
            let row = ConditionRow {
                on: "Machine".into(),
                name: "m".into(),
                kind: kind.into(),
                status: Told::No,
                tone,
                reason: "NotProvisionedYet".into(),
                message: message.into(),
                since: None,
            };
            assert_eq!(in_words(&row), words, "{kind}");
        }
    }
}
