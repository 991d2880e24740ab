//! Which containers and images does the simulated Docker have?

use std::collections::BTreeMap;

use api::Timestamp;

/// What a node image takes on disk, in bytes; a third of it is downloaded.
pub(crate) const NODE_IMAGE: u64 = 1_084_000_000;

#[derive(Debug, Clone, Default)]
pub(crate) struct Docker {
    pub(crate) daemon: Daemon,
    pub(crate) containers: BTreeMap<String, Container>,
    /// With their size in bytes.
    pub(crate) images: BTreeMap<String, u64>,
    made: u64,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Daemon {
    #[default]
    Running,
    Stopped,
}

#[derive(Debug, Clone)]
pub(crate) struct Container {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) maker: Maker,
    pub(crate) image: String,
    pub(crate) cluster: String,
    pub(crate) role: String,
    pub(crate) state: State,
    pub(crate) created: Timestamp,
    pub(crate) started: Timestamp,
    pub(crate) finished: Option<Timestamp>,
    /// The last time, also of one that went on since.
    pub(crate) paused: Option<Timestamp>,
    pub(crate) host_port: Option<u16>,
    pub(crate) address: String,
    /// Paths of the machine that are mounted into it.
    pub(crate) host_paths: Vec<String>,
    pub(crate) log: String,
}

/// Which program made a container, and labelled it so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Maker {
    Kind,
    K3d,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Running,
    Paused,
    Exited(i32),
}

impl State {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Exited(_) => "exited",
        }
    }
}

/// Why there is not the one container that is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unfound {
    Nobody,
    /// The ids of several begin so.
    Several,
}

impl Docker {
    /// A new running node container of a cluster.
    pub(crate) fn add(&mut self, name: &str, cluster: &str, role: &str, image: &str, host_port: Option<u16>, now: Timestamp) {
        self.made += 1;
        let seed = name.bytes().fold(self.made, |sum, byte| sum.wrapping_mul(0x0100_0000_01b3) ^ u64::from(byte));
        let id = [seed, seed.rotate_left(17), seed.rotate_left(31), seed.rotate_left(47)].map(|part| format!("{part:016x}")).concat();
        let container = Container {
            id,
            name: name.into(),
            maker: Maker::Kind,
            image: image.into(),
            cluster: cluster.into(),
            role: role.into(),
            state: State::Running,
            created: now,
            started: now,
            finished: None,
            paused: None,
            host_port,
            address: format!("172.18.0.{}", self.made + 1),
            host_paths: vec![],
            log: "systemd 257 running in system mode\n[  OK  ] Reached target Multi-User System.\n".into(),
        };
        self.containers.insert(name.into(), container);
    }

    /// A running node container of a cluster of k3d's.
    pub(crate) fn add_k3d(&mut self, name: &str, cluster: &str, role: &str, image: &str, now: Timestamp) {
        self.add(name, cluster, role, image, None, now);
        if let Some(container) = self.containers.get_mut(name) {
            container.maker = Maker::K3d;
        }
    }

    /// The containers that kind made.
    pub(crate) fn of_kind(&self) -> impl Iterator<Item = &Container> {
        self.containers.values().filter(|one| one.maker == Maker::Kind)
    }

    pub(crate) fn of_cluster<'a>(&'a self, cluster: &'a str) -> impl Iterator<Item = &'a Container> + use<'a> {
        self.of_kind().filter(move |one| one.cluster == cluster)
    }

    /// By its whole id, its name or the beginning of its id, in the order in which the real one looks.
    pub(crate) fn find(&self, wanted: &str) -> Result<&Container, Unfound> {
        let by_name = || self.containers.get(wanted.strip_prefix('/').unwrap_or(wanted));
        if let Some(one) = self.containers.values().find(|one| one.id == wanted).or_else(by_name) {
            return Ok(one);
        }
        let mut begin_so = self.containers.values().filter(|one| !wanted.is_empty() && one.id.starts_with(wanted));
        match (begin_so.next(), begin_so.next()) {
            (Some(one), None) => Ok(one),
            (Some(_), Some(_)) => Err(Unfound::Several),
            (None, _) => Err(Unfound::Nobody),
        }
    }

    /// Whether this is the container that is meant.
    pub(crate) fn means(&self, wanted: &str, one: &Container) -> bool {
        self.find(wanted).is_ok_and(|found| found.id == one.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_is_found_by_its_name_its_id_or_what_only_its_id_begins_with() {
        let mut docker = Docker::default();
        for (name, id) in [("one", "aa11"), ("two", "aa22"), ("bb", "cc33"), ("three", "bb44"), ("cc33", "dd55")] {
            docker.add(name, "t", "worker", "kindest/node", None, Timestamp(0));
            if let Some(made) = docker.containers.get_mut(name) {
                made.id = id.into();
            }
        }
        for (wanted, found) in [
            ("one", Ok("one")),
            ("/one", Ok("one")),
            ("aa11", Ok("one")),
            ("aa2", Ok("two")),
            ("aa", Err(Unfound::Several)),
            // A name goes before the beginning of an id, a whole id before a name.
            ("bb", Ok("bb")),
            ("bb4", Ok("three")),
            ("cc33", Ok("bb")),
            ("on", Err(Unfound::Nobody)),
            ("/aa11", Err(Unfound::Nobody)),
            ("", Err(Unfound::Nobody)),
        ] {
            assert_eq!(docker.find(wanted).map(|one| one.name.as_str()), found, "{wanted:?}");
        }
    }
}
