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

    /// By name, id or the beginning of an id.
    pub(crate) fn find(&self, wanted: &str) -> Option<&Container> {
        self.containers.get(wanted).or_else(|| self.containers.values().find(|one| !wanted.is_empty() && one.id.starts_with(wanted)))
    }
}
