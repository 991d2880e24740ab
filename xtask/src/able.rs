//! What does this machine have already, and what must it get or lack for the lab?

use crate::lab::Part;
use crate::programs::output;

/// Root is needed to start an engine; a machine that has one of its own needs nothing for that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Answers,
    /// Installed, by whichever package, and not started.
    Silent,
    Absent,
}

impl Engine {
    pub(crate) fn of_this_machine() -> Self {
        if output("docker", &["info", "--format", "{{.ServerVersion}}"]).is_some() {
            Self::Answers
        } else if output("dockerd", &["--version"]).is_some() {
            Self::Silent
        } else {
            Self::Absent
        }
    }
}

/// The system packages that the recipes of a part call. Of Docker's own packages only where there is no engine: Debian's would
/// take the place of another one.
pub(crate) fn packages(part: Part, engine: Engine) -> Vec<&'static str> {
    const CALLED: [&str; 5] = ["iproute2", "procps", "debootstrap", "unzip", "jq"];
    match (part, engine) {
        (Part::Kubernetes | Part::Capi, Engine::Answers | Engine::Silent | Engine::Absent) => vec!["openssl", "curl"],
        (Part::Docker, Engine::Answers) => CALLED.to_vec(),
        (Part::Docker, Engine::Silent) => [CALLED.as_slice(), &["iptables"]].concat(),
        (Part::Docker, Engine::Absent) => [CALLED.as_slice(), &["iptables", "docker.io"]].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_that_is_there_stays_and_what_the_recipes_call_comes_anyway() {
        for (engine, docker, fence) in [(Engine::Answers, false, false), (Engine::Silent, false, true), (Engine::Absent, true, true)] {
            let wanted = packages(Part::Docker, engine);
            assert_eq!((wanted.contains(&"docker.io"), wanted.contains(&"iptables")), (docker, fence), "{engine:?}");
            assert!(["debootstrap", "unzip", "jq"].iter().all(|called| wanted.contains(called)), "{engine:?}: {wanted:?}");
            assert_eq!(packages(Part::Capi, engine), ["openssl", "curl"], "{engine:?}");
        }
    }
}
