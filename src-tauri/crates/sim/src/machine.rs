//! What does the simulated machine say about itself?

/// Plain values; the engine maps them to what its doctor asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimFacts {
    /// `Ubuntu 24.04`.
    pub system: String,
    /// `6.8.0-45-generic`.
    pub kernel: String,
    pub processors: u32,
    pub memory_total_bytes: u64,
    pub memory_available_bytes: u64,
    pub disk_total_bytes: u64,
    pub disk_available_bytes: u64,
    pub docker_root: String,
    pub inotify_instances: Limit,
    pub inotify_watches: Limit,
    pub open_files_limit: u64,
    pub cgroup: Cgroup,
    pub missing_modules: Vec<String>,
    pub ports_taken: Vec<u16>,
}

/// A limit of the kernel, and how much of it is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    pub used: u64,
    pub most: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cgroup {
    V1,
    V2,
}

impl Default for SimFacts {
    /// A healthy laptop, with room for several clusters.
    fn default() -> Self {
        Self {
            system: "Ubuntu 24.04".into(),
            kernel: "6.8.0-45-generic".into(),
            processors: 8,
            memory_total_bytes: 15_600_000_000,
            memory_available_bytes: 8_500_000_000,
            disk_total_bytes: 240_000_000_000,
            disk_available_bytes: 179_000_000_000,
            docker_root: "/var/lib/docker".into(),
            inotify_instances: Limit { used: 61, most: 8_192 },
            inotify_watches: Limit { used: 40_112, most: 1_048_576 },
            open_files_limit: 1_048_576,
            cgroup: Cgroup::V2,
            missing_modules: Vec::new(),
            ports_taken: Vec::new(),
        }
    }
}

impl SimFacts {
    /// A machine with few inotify instances: a cluster may start on it, or not.
    pub fn tight() -> Self {
        Self { inotify_instances: Limit { used: 430, most: 512 }, inotify_watches: Limit { used: 101_204, most: 192_536 }, ..Self::default() }
    }

    /// The machine of the demo fleet: no inotify instances are left, which is why one machine of lab-b never joins.
    pub fn exhausted() -> Self {
        Self { inotify_instances: Limit { used: 128, most: 128 }, inotify_watches: Limit { used: 101_204, most: 192_536 }, ..Self::default() }
    }
}
