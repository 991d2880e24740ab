//! Does Docker answer, and is it the right one?

use api::computer::{CheckId, CheckRow, Remedy, Verdict};

use super::kernel::UNIFIED;
use super::row::check;
use crate::{Asked, DockerFacts, PasswordDialog, Platform, parse};

const OLDEST: (u64, u64) = (20, 10);
const AFTER_DOCKER: &str = "Known once Docker answers.";

/// Why Docker does not answer, from its own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Silence {
    NoPermission,
    Stopped,
    Unreachable,
    Other,
}

pub(crate) fn silence(docker: &DockerFacts, said: &str) -> Silence {
    let words = said.to_lowercase();
    if words.contains("permission denied") {
        Silence::NoPermission
    } else if docker.remote().is_some() {
        Silence::Unreachable
    } else if words.contains("cannot connect to the docker daemon") || words.contains("no such file") || words.contains("connection refused") {
        Silence::Stopped
    } else {
        Silence::Other
    }
}

pub(super) fn answers(docker: &DockerFacts, dialog: PasswordDialog) -> CheckRow {
    let row = check(CheckId::Docker, "Docker answers", "nodes of local clusters are its containers", "20.10 or newer");
    match &docker.asked {
        Asked::NotAsked => row.done(),
        Asked::NotInstalled { searched } => row
            .is(Verdict::Failed, "not installed", format!("No docker in {searched} folders. Local clusters cannot be made; remote ones work."))
            .fix("Debian, Ubuntu", "sudo apt install docker.io")
            .fix("Fedora", "sudo dnf install moby-engine")
            .done(),
        Asked::Answered { version, answer_ms, .. } => {
            let found = format!("{version}, {answer_ms} ms");
            match parse::version(version) {
                Some(number) if number < OLDEST => row
                    .is(Verdict::Failed, found, "kind needs private cgroup namespaces, which this version does not have.")
                    .fix("Debian, Ubuntu", "sudo apt install --only-upgrade docker.io")
                    .fix("Fedora", "sudo dnf upgrade moby-engine")
                    .done(),
                Some(_) => row.passed(found),
                None => row.is(Verdict::Passed, found, "Its version is not a release.").done(),
            }
        }
        Asked::Failed { said } => {
            let row = row.quote("docker", said);
            match silence(docker, said) {
                Silence::NoPermission => row
                    .is(
                        Verdict::Failed,
                        "no permission",
                        "Your user may not use the socket. Members of the group docker can do anything on this machine that root can.",
                    )
                    .fix("Then log in again", "sudo usermod -aG docker \"$USER\"")
                    .done(),
                Silence::Stopped if docker.context.as_deref().is_some_and(|context| context.starts_with("desktop")) => row
                    .is(Verdict::Failed, "not running", "Docker Desktop is installed and does not run.")
                    .remedy(
                        "Now",
                        match docker.platform {
                            Platform::Linux => Remedy::StartDockerDesktop,
                            Platform::Mac => Remedy::OpenDockerDesktop,
                        },
                    )
                    .done(),
                Silence::Stopped if docker.host.as_deref().is_some_and(|host| host.contains("/run/user/")) => row
                    .is(Verdict::Failed, "not running", "Docker without root is set up and does not run.")
                    .remedy("Now", Remedy::StartUserDocker)
                    .fix("After restarts", "systemctl --user enable docker")
                    .done(),
                Silence::Stopped => row
                    .is(Verdict::Failed, "not running", "Docker is installed and does not run.")
                    .fix_as_root("Now", "sudo systemctl start docker", Remedy::StartDocker, dialog)
                    .fix("After restarts", "sudo systemctl enable docker")
                    .done(),
                Silence::Unreachable => row
                    .is(Verdict::Failed, "not reached", "DOCKER_HOST or the Docker context points to another machine, which does not answer.")
                    .fix("Look", "docker context ls")
                    .fix("Use this machine", "docker context use default")
                    .done(),
                Silence::Other => row.is(Verdict::Failed, "no answer", "Docker said something else than an answer.").fix("Look", "docker info").done(),
            }
        }
    }
}

pub(super) fn socket(docker: &DockerFacts) -> CheckRow {
    let row = check(CheckId::DockerSocket, "Socket can be mounted", "Cluster API makes machines through it", "yes");
    let Asked::Answered { system, rootless, .. } = &docker.asked else { return row.unknown(AFTER_DOCKER) };
    match (docker.remote(), system.as_str(), docker.socket_there) {
        (Some(_), _, _) => row
            .is(Verdict::Warning, "on another machine", "The socket of that machine is mounted; addresses of containers are not reached from here.")
            .fix("Use this machine", "docker context use default")
            .done(),
        (None, "Docker Desktop", _) => row.passed("yes, the one of its virtual machine"),
        (None, _, Some(true)) if *rootless => row.passed("yes, the one of your user"),
        (None, _, Some(true)) => row.passed("yes"),
        (None, _, Some(false)) => row.is(Verdict::Failed, "no", "Docker answers, but its socket is not where it says.").fix("Look", "docker context ls").done(),
        (None, _, None) => row.unknown("Docker does not tell where its socket is."),
    }
}

pub(super) fn kind_of(docker: &DockerFacts) -> CheckRow {
    let row = check(CheckId::DockerKind, "Kind of Docker", "otherwise KOS rewrites addresses and limits differ", "either");
    let Asked::Answered { system, rootless, cgroup, .. } = &docker.asked else { return row.unknown(AFTER_DOCKER) };
    if docker.remote().is_some() {
        return row
            .is(Verdict::Failed, "another machine", "The API server of a cluster made there listens on that machine alone, so KOS makes none in it.")
            .fix("Use this machine", "docker context use default")
            .done();
    }
    match (system.as_str(), rootless, cgroup) {
        ("Docker Desktop", _, _) => row.is(Verdict::Passed, "Docker Desktop", "Nodes share the memory and the limits of its virtual machine.").done(),
        (_, true, Some(2)) => row
            .is(Verdict::Warning, "without root", "kind also needs cgroups to be delegated to your user.")
            .fix("Look", "systemctl show user@$(id -u).service -p Delegate")
            .done(),
        (_, true, _) => row.is(Verdict::Failed, "without root", "kind without root needs cgroup version 2.").fix("After restarts", UNIFIED).done(),
        (_, false, _) => row.passed("of this machine"),
    }
}

pub(super) fn network(docker: &DockerFacts) -> CheckRow {
    let row = check(CheckId::DockerNetwork, "IPv6 in the network kind", "dual-stack clusters need it", "only for dual-stack");
    match (&docker.asked, docker.network_ipv6) {
        (Asked::Answered { .. }, Some(true)) => row.passed("yes"),
        (Asked::Answered { .. }, Some(false)) => row
            .is(Verdict::Passed, "no", "Clusters get IPv4 only. kind makes the network anew, with IPv6, when it is removed while no cluster uses it.")
            .fix("Remove it", "docker network rm kind")
            .done(),
        (Asked::Answered { .. }, None) => row.passed("made with the first cluster"),
        (Asked::NotAsked | Asked::NotInstalled { .. } | Asked::Failed { .. }, _) => row.unknown(AFTER_DOCKER),
    }
}
