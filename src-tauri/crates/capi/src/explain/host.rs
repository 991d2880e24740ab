//! Does the machine of the user lack something that its containers need?

use super::case::{Case, Finding, replace, replacement};

/// Each node takes about a dozen inotify instances of the user that runs Docker; Linux allows 128 by default.
pub(super) fn inotify(case: &Case) -> Option<Finding> {
    let seen = case.anywhere(&["Too many open files", "too many open files", "inotify_init"]);
    if seen.is_empty() {
        return None;
    }
    let finding = Finding::stuck("This computer has run out of inotify instances, so a kubelet cannot start. More tries end the same way.", seen).remedy(
        "Raise the inotify limit of this machine",
        "The next try then works",
        Some("sudo sysctl fs.inotify.max_user_watches=1048576 fs.inotify.max_user_instances=8192".to_owned()),
    );
    Some(match case.machine() {
        Some(machine) => finding
            .remedy("Replace the machine", "Its owner makes a new one; it fails too until the limit is raised", Some(replace(machine)))
            .by(replacement(machine)),
        None => finding,
    })
}

/// What tells that a disk is full. A kubelet that is new or silent, and one that has room again, name DiskPressure too.
const FULL: [&str; 6] = [
    "no space left on device",
    "kubelet has disk pressure",
    "Node.DiskPressure: Condition is True",
    "Node condition DiskPressure is True",
    "HasDiskPressure",
    "low on resource: ephemeral-storage",
];

pub(super) fn disk_pressure(case: &Case) -> Option<Finding> {
    let seen = case.anywhere(&FULL);
    (!seen.is_empty()).then(|| {
        Finding::stuck("The disk below Docker is full.", seen).remedy(
            "See what Docker keeps",
            "Shows sizes, removes nothing",
            Some("docker system df".to_owned()),
        )
    })
}

/// An image for another processor.
pub(super) fn architecture(case: &Case) -> Option<Finding> {
    let seen = case.anywhere(&["exec format error"]);
    (!seen.is_empty()).then(|| Finding::stuck("The node image is made for another processor than this machine has.", seen))
}

/// Seen in no condition and no event: `ContainerProvisioned` stays at WaitingForBootstrapData, only the controller tells.
pub(super) fn image_pull(case: &Case) -> Option<Finding> {
    let words = ["error pulling container image", "failure pulling container image", "manifest unknown", "toomanyrequests", "pull access denied"];
    let seen = case.anywhere(&words);
    let text = seen.first()?.text.clone();
    let image = text.split_whitespace().find(|w| w.contains("kindest/")).map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()).to_owned());
    let what = image.clone().unwrap_or_else(|| "a node image".to_owned());
    let why = if text.contains("toomanyrequests") {
        "the registry limits how often this address may ask"
    } else if text.contains("no such host") || text.contains("dial tcp") {
        "the registry cannot be reached from here"
    } else {
        "the registry has no such image"
    };
    let sentence = format!("Docker cannot get {what}: {why}. The machine waits for as long as that is so.");
    let finding = Finding::stuck(sentence, seen);
    Some(match image {
        Some(image) => finding.remedy("Bring the image here", "The next try finds it", Some(format!("docker pull {image}"))),
        None => finding,
    })
}

/// Docker's provider does not start a stopped container again.
pub(super) fn container_gone(case: &Case) -> Option<Finding> {
    let machine = case.machine()?;
    if machine.container_names().any(|name| case.runs(name)) {
        return None;
    }
    let mut seen = case.anywhere(&["is not running anymore"]);
    seen.extend(case.exit_of(&machine.id.name));
    if seen.is_empty() {
        return None;
    }
    let name = &machine.id.name;
    let finding = Finding::stuck(format!("The container of {name} has stopped, and nobody starts it again."), seen).remedy(
        "Start the container",
        "The node comes back as it was",
        Some(format!("docker start {name}")),
    );
    Some(finding.remedy("Replace the machine", "Its owner makes a new one", Some(replace(machine))).by(replacement(machine)))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::FULL;
    use crate::explain::case::has;

    /// As the Machine controller and kubelets write it.
    #[rstest]
    #[case::a_node_that_is_full("* Node.DiskPressure: kubelet has disk pressure", true)]
    #[case::in_few_words("* Node.Ready: x\n* Node.DiskPressure: Condition is True", true)]
    #[case::in_the_old_condition("Node condition DiskPressure is True", true)]
    #[case::an_event("Node w1-md-0 status is now: NodeHasDiskPressure", true)]
    #[case::an_eviction("The node was low on resource: ephemeral-storage.", true)]
    #[case::the_kernel("write /var/lib/containerd/x: no space left on device", true)]
    #[case::a_node_that_is_new("* Node.DiskPressure: Condition not yet reported", false)]
    #[case::a_silent_kubelet("Node condition MemoryPressure is Unknown. Node condition DiskPressure is Unknown", false)]
    #[case::a_silent_kubelet_anew("* Node.AllConditions: Kubelet stopped posting node status.", false)]
    #[case::room_again("Node w1-md-0 status is now: NodeHasNoDiskPressure", false)]
    #[case::what_is_left_over("* Node.DiskPressure: Kubelet stopped posting node status.", false)]
    fn a_full_disk_is_told_from_a_kubelet_that_only_names_the_condition(#[case] text: &str, #[case] is_full: bool) {
        assert_eq!(has(text, &FULL), is_full);
    }
}
