//! What is this machine?

use api::computer::{ComputerView, DockerState, Mode};

use crate::judge::{Silence, silence};
use crate::seat::Seat;
use crate::{Asked, Facts};

pub fn computer(facts: &Facts) -> ComputerView {
    let docker = &facts.docker;
    let (state, root) = match &docker.asked {
        Asked::NotAsked => (DockerState::NotAsked, ""),
        Asked::NotInstalled { .. } => (DockerState::NotInstalled, ""),
        Asked::Answered { version, answer_ms, root, .. } => (DockerState::Running { version: version.clone(), answer_ms: *answer_ms }, root.as_str()),
        Asked::Failed { said } => {
            let said = said.clone();
            let state = match silence(docker, &said) {
                Silence::NoPermission => DockerState::NoPermission { said },
                Silence::Unreachable => DockerState::Unreachable { host: docker.host.clone().unwrap_or_default(), said },
                Silence::Stopped | Silence::Other => DockerState::Stopped { said },
            };
            (state, "")
        }
    };
    let kernel = facts.kernel.as_ref().map(|kernel| format!("Linux {}", kernel.split('.').take(2).collect::<Vec<_>>().join(".")));
    // Nodes take it where they run: of another machine nothing is told, rather than what this one has.
    let for_nodes = |own: Option<u64>| match facts.seat() {
        Seat::Here => own.unwrap_or_default(),
        Seat::Virtual { .. } | Seat::Elsewhere { .. } => 0,
    };
    let root = match facts.seat() {
        Seat::Here => root,
        Seat::Virtual { .. } | Seat::Elsewhere { .. } => "",
    };
    ComputerView {
        system: facts.system.iter().cloned().chain(kernel).collect::<Vec<_>>().join(", "),
        processors: facts.processors,
        memory_total: for_nodes(facts.memory_total),
        memory_free: for_nodes(facts.memory_free),
        disk_total: for_nodes(facts.disk_total),
        disk_free: for_nodes(facts.disk_free),
        docker_root: root.to_owned(),
        docker: state,
        containers: docker.kind_containers.unwrap_or_default(),
        inotify_used: for_nodes(facts.inotify_instances.used),
        inotify_limit: for_nodes(facts.inotify_instances.limit),
        looked: facts.looked,
        mode: Mode::Real,
    }
}
