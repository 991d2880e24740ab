use api::{FaultCode, Fix};

use super::{About, Doing, Said, diagnose};
use crate::programs::kind::{KindLine, KindStep, read};
use crate::recorded::lines;

fn about() -> About {
    let image = "kindest/node:v1.34.11".to_owned();
    About { name: "kos-mgmt".to_owned(), kubernetes: "v1.34.11".to_owned(), image }
}

/// The place where a recorded run of kind stood when it stopped.
fn doing(lines: &[String]) -> Doing {
    let began = |line: &String| if let KindLine::Began(step) = read(line) { Some(step) } else { None };
    Doing::Create(lines.iter().filter_map(began).next_back())
}

fn check(doing: Doing, lines: &[&str], code: FaultCode, sentence: &str, quoted: &str) {
    let fault = diagnose(doing, &Said::numbered("kind", lines.iter().copied()), &about());
    assert_eq!((fault.code, fault.sentence.as_str()), (code, sentence));
    assert!(fault.cause.iter().any(|q| q.text.contains(quoted)), "{:?} lacks {quoted:?}", fault.cause);
    assert!(!fault.unharmed.is_empty());
}

fn check_recorded(file: &str, code: FaultCode, sentence: &str, quoted: &str) {
    let lines = lines(file);
    check(doing(&lines), &lines.iter().map(String::as_str).collect::<Vec<_>>(), code, sentence, quoted);
}

/// Not recorded: the words are those of clusterctl's source, since no pair of releases that differ stands here.
#[test]
fn a_clusterctl_of_another_contract_is_named_with_the_contract_that_it_knows() {
    for (said, reason) in [
        (
            "Error: this version of clusterctl could be used only with \"v1beta2\" management clusters, \"v1beta1\" detected",
            "this clusterctl knows the contract v1beta2 alone, and the cluster holds another",
        ),
        (
            "Error: current version of clusterctl is only compatible with v1beta1 providers, detected v1beta2 for provider infrastructure-docker",
            "this clusterctl knows the contract v1beta1 alone, and a provider has another",
        ),
    ] {
        check(Doing::Providers, &[said], FaultCode::Program, &format!("Cluster API was not installed on kos-mgmt: {reason}."), "detected");
    }
}

#[test]
fn every_recorded_failure_of_kind_is_known() {
    let not_made = |why: &str| format!("The cluster kos-mgmt was not made: {why}.");
    check_recorded("kind/docker-kind-create-port-taken.txt", FaultCode::Step, &not_made("port 18999 of this machine is taken"), "address already in use");
    check_recorded("kind/kind-06-fail-run.txt", FaultCode::Step, &not_made("port 17200 of this machine is taken"), "port is already allocated");
    check_recorded("kind/docker-kind-create-dup.txt", FaultCode::Changed, &not_made("there is another cluster named kos-mgmt on this machine"), "\"t1\"");
    check_recorded("kind/docker-kind-create-no-docker.txt", FaultCode::Docker, &not_made("Docker does not answer"), "unix:///nonexistent.sock");
    check_recorded("kind/kind-11-docker-daemon-down.txt", FaultCode::Docker, &not_made("Docker does not answer"), "unix:///srv/kind/none.sock");
    check_recorded("kind/kind-01-no-docker-binary.txt", FaultCode::Program, &not_made("the program docker was not found"), "$PATH");
    check_recorded("kind/docker-kind-create-bad-config.txt", FaultCode::Invalid, &not_made("kind does not accept the configuration"), "bogus");
    check_recorded(
        "kind/docker-kind-create-wrong-image.txt",
        FaultCode::Unreachable,
        &not_made("the name registry-1.docker.io was not found in DNS"),
        "no such host",
    );
    check_recorded(
        "kind/docker-kind-create-kubeadm-fails.txt",
        FaultCode::Step,
        &not_made("kubeadm could not start the control plane"),
        "networking.dnsDomain: Invalid value",
    );
    check_recorded(
        "kind/docker-kind-create-busy-machine.txt",
        FaultCode::Step,
        &not_made("kubeadm could not start the control plane"),
        "error execution phase upload-config/kubelet",
    );
    check_recorded("kind/kind-08-fail-kubeadm-retain.txt", FaultCode::Step, &not_made("the kubelet did not start"), "not healthy after 4m0");
}

#[test]
fn every_recorded_failure_of_clusterctl_is_known() {
    let check = |file: &str, doing, code, sentence: &str, quoted| {
        let lines = lines(&format!("clusterctl/{file}.txt"));
        check(doing, &lines.iter().map(String::as_str).collect::<Vec<_>>(), code, sentence, quoted);
    };
    let not_installed = |why: &str| format!("Cluster API was not installed on kos-mgmt: {why}.");
    check(
        "docker-clusterctl-init-certmanager-timeout",
        Doing::CertManager,
        FaultCode::Step,
        "cert-manager was not installed on kos-mgmt: its webhook did not answer in time.",
        "context deadline exceeded",
    );
    check(
        "clusterctl-13-init-again-other-version",
        Doing::Providers,
        FaultCode::Changed,
        &not_installed("another version of infrastructure-docker is installed"),
        "capd-system",
    );
    check(
        "clusterctl-03-init-unreachable",
        Doing::Providers,
        FaultCode::Unreachable,
        &not_installed("the API server of kos-mgmt does not answer"),
        "127.0.0.1:1",
    );
    check(
        "docker-clusterctl-init-unknown-infra",
        Doing::Providers,
        FaultCode::NotFound,
        &not_installed("there is no such provider or version where clusterctl looks for them"),
        "nosuch",
    );
}

#[test]
fn each_documented_failure_is_known_by_its_words() {
    let at = Doing::Create(Some(KindStep::PrepareNodes));
    let long = "kos-mgmt is too long a name, because containers are called after it and a host name has at most 63 characters";
    let cases: [(&str, &str); 19] = [
        ("Failed to create control group inotify object: Too many open files", "this machine has no inotify instances left"),
        ("Failed to allocate manager object: Too many open files", "this machine has no inotify instances left"),
        ("permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock", "this user may not talk to Docker"),
        ("write /var/lib/docker/tmp/x: no space left on device", "the disk that Docker uses is full"),
        ("eviction manager: must evict pod(s) to reclaim ephemeral-storage", "the disk that Docker uses is full"),
        (
            "docker: Error response from daemon: failed to create task for container: failed to create shim task: OCI runtime create failed: \
             runc create failed: unable to start container process: error during container init: sethostname: invalid argument: unknown.",
            long,
        ),
        ("docker: Error response from daemon: hostname \"x-control-plane\" is too long (maximum 64 bytes)", long),
        ("toomanyrequests: You have reached your pull rate limit.", "the registry allows no more pulls from this address for now"),
        ("manifest unknown: manifest unknown", "the registry has no image kindest/node:v1.34.11"),
        ("Get \"https://registry-1.docker.io/v2/\": x509: certificate signed by unknown authority", "a certificate on the way was not accepted"),
        ("could not find a log line that matches \"Reached target .*Multi-User System.*|detected cgroup v1\"", "systemd inside the container did not start"),
        ("running kind with rootless provider requires cgroup v2", "Docker without root needs cgroup v2 and delegated controllers"),
        ("Your kernel does not support cgroup namespaces", "the kernel of this machine is too old for kind"),
        ("kubelet is configured to not run on a host using cgroup v1", "the kubelet of Kubernetes v1.34.11 refuses cgroup v1, which this machine uses"),
        ("failed to get kubernetes version from node: x is not running", "the node container ended right after its start"),
        ("open /dev/dma_heap: permission denied", "SELinux forbids the node a device"),
        ("failed to update kubeconfig: failed to lock config file: open x.lock: file exists", "the kubeconfig file was locked or could not be written"),
        (
            "rate limit for github api has been reached. Please wait one hour",
            "GitHub answers no more questions from this address for up to an hour; a token in Settings, Local clusters, raises the limit",
        ),
        (
            "Internal error occurred: failed calling webhook \"default.cluster.cluster.x-k8s.io\": connect: no route",
            "the webhook default.cluster.cluster.x-k8s.io does not answer",
        ),
    ];
    for (line, reason) in cases {
        let fault = diagnose(at, &[Said::new("kind, line 9", line)], &about());
        assert_eq!(fault.sentence, format!("The cluster kos-mgmt was not made: {reason}."));
        assert_eq!((fault.cause[0].source.as_str(), fault.cause[0].text.as_str()), ("kind, line 9", line));
    }
}

#[test]
fn the_limit_of_a_release_page_leads_to_the_field_for_a_token() {
    let said = [Said::new("clusterctl, line 4", "rate limit for github api has been reached. Please wait one hour or get a personal API token")];
    let fault = diagnose(Doing::Create(Some(KindStep::PrepareNodes)), &said, &about());
    assert_eq!(fault.fixes, [Fix::GiveToken]);
}

#[test]
fn a_cause_in_the_container_wins_over_what_kind_made_of_it() {
    let said = [
        Said::new("kind, line 9", "ERROR: failed to create cluster: could not find a log line that matches \"x\""),
        Said::new("container kos-mgmt-control-plane", "Failed to create control group inotify object: Too many open files"),
    ];
    let fault = diagnose(Doing::Create(Some(KindStep::PrepareNodes)), &said, &about());
    assert_eq!(fault.cause[0].source, "container kos-mgmt-control-plane");
    assert!(matches!(&fault.fixes[0], Fix::Copy { command, .. } if command.starts_with("sudo sysctl -w fs.inotify.max_user_instances=8192")));
}

#[test]
fn cgroup_v1_is_named_only_for_a_kubelet_that_refuses_it() {
    let said = lines("kind/kind-08-fail-kubeadm-retain.txt");
    let mut said = Said::numbered("kind", said.iter().map(String::as_str));
    said.push(Said::new("kind, line 1", "cgroup v1 is deprecated in Kubernetes and will not be supported in a future kind release"));
    let at = Doing::Create(Some(KindStep::StartControlPlane));
    assert!(diagnose(at, &said, &about()).sentence.ends_with("the kubelet did not start."));
    let newer = About { kubernetes: "v1.36.4".to_owned(), ..about() };
    assert!(diagnose(at, &said, &newer).sentence.ends_with("the kubelet of Kubernetes v1.36.4 refuses cgroup v1, which this machine uses."));
}

#[test]
fn docker_that_stops_in_the_middle_is_named_with_the_place() {
    let line = "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?";
    let fault = diagnose(Doing::Create(Some(KindStep::StartControlPlane)), &[Said::new("kind, line 12", line)], &about());
    assert_eq!(fault.sentence, "The cluster kos-mgmt was not made: Docker stopped while it started the control plane.");
}

#[test]
fn docker_that_goes_away_in_its_answer_is_told_from_others_that_hang_up() {
    let gone = |doing: &str| (FaultCode::Docker, format!("{doing}: Docker stopped in the middle of its answer."));
    let other = |sentence: &str| (FaultCode::Step, sentence.to_owned());
    for (doing, line, (code, sentence)) in [
        (Doing::Remove, "unexpected EOF", gone("The cluster kos-mgmt was not removed")),
        (Doing::Remove, "read unix @->/var/run/docker.sock: read: connection reset by peer", gone("The cluster kos-mgmt was not removed")),
        (Doing::Power, "unexpected EOF", gone("The containers of kos-mgmt were not all switched")),
        (Doing::Ask, "unexpected EOF", gone("The clusters of this machine were not read")),
        // The daemon is there, and tells of somebody else.
        (Doing::Remove, "Error response from daemon: unexpected EOF", other("The cluster kos-mgmt was not removed: kind stopped.")),
        // A registry hung up.
        (Doing::Pull, "unexpected EOF", other("The node image was not pulled: Docker gave up.")),
        // So it did below kind, or a node did.
        (Doing::Create(None), "unexpected EOF", other("The cluster kos-mgmt was not made: kind stopped before its first step.")),
        (Doing::Logs, "unexpected EOF", other("The logs of kos-mgmt were not exported: kind stopped.")),
        // A release page did.
        (Doing::Releases, "unexpected EOF", other("clusterctl could not tell what there is for kos-mgmt: it ended with an error.")),
    ] {
        check(doing, &[line], code, &sentence, line);
    }
}

#[test]
fn an_unknown_text_is_quoted_and_not_guessed_at() {
    check(
        Doing::Create(Some(KindStep::InstallNetwork)),
        &[" • Installing CNI 🔌  ...", " ✗ Installing CNI 🔌", "ERROR: failed to create cluster: the moon is full", "", "Command Output: "],
        FaultCode::Step,
        "The cluster kos-mgmt was not made: kind stopped while it added the network.",
        "the moon is full",
    );
}

#[test]
fn marks_that_nobody_sees_are_seen_in_a_quote() {
    let said = [Said::new("docker, line 1", "Error: no container user\u{202e}nimda\u{1b}[2J")];
    let fault = diagnose(Doing::Remove, &said, &about());
    assert_eq!(fault.cause[0].text, "Error: no container user\u{fffd}nimda\u{fffd}[2J");
}

#[test]
fn silence_and_garbage_give_a_sentence_too() {
    let fault = diagnose(Doing::Create(None), &[], &about());
    assert_eq!(fault.sentence, "The cluster kos-mgmt was not made: kind stopped before its first step.");
    assert_eq!(fault.cause, []);
    let flood = "x".repeat(10 << 20);
    let fault = diagnose(Doing::Pull, &[Said::new("docker", &flood)], &about());
    assert_eq!(fault.cause[0].text.len(), 2_000);
}
