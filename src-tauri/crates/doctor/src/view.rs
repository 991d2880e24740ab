//! What is this machine?

use api::computer::{ComputerView, DockerState, Mode};

use crate::judge::{Silence, silence};
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
    ComputerView {
        system: facts.system.iter().cloned().chain(kernel).collect::<Vec<_>>().join(", "),
        processors: facts.processors,
        memory_total: facts.memory_total.unwrap_or_default(),
        memory_free: facts.memory_free.unwrap_or_default(),
        disk_total: facts.disk_total.unwrap_or_default(),
        disk_free: facts.disk_free.unwrap_or_default(),
        docker_root: root.to_owned(),
        docker: state,
        containers: docker.kind_containers.unwrap_or_default(),
        inotify_used: facts.inotify_instances.used.unwrap_or_default(),
        inotify_limit: facts.inotify_instances.limit.unwrap_or_default(),
        looked: facts.looked,
        mode: Mode::Real,
    }
}
