//! What do containers and volumes take on disk?

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{bytes, words};

/// Bytes by the names of containers and of volumes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DiskUse {
    pub containers: BTreeMap<String, u64>,
    pub volumes: BTreeMap<String, u64>,
}

pub fn disk() -> Vec<String> {
    words(&["system", "df", "-v", "--format", "{{json .}}"])
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Told {
    containers: Vec<ToldContainer>,
    volumes: Vec<ToldVolume>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct ToldContainer {
    names: String,
    size: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct ToldVolume {
    name: String,
    size: String,
}

/// Reads the answer to [`disk`]; sizes that docker does not know are left out.
pub fn disk_use(out: &str) -> DiskUse {
    let told: Told = serde_json::from_str(out.trim()).unwrap_or_default();
    // `63B (virtual 1.02GB)`: the image is not the container's own.
    let own = |size: &str| bytes(size.split(' ').next().unwrap_or_default());
    DiskUse {
        containers: told.containers.into_iter().filter_map(|one| Some((one.names, own(&one.size)?))).collect(),
        volumes: told.volumes.into_iter().filter_map(|one| Some((one.name, own(&one.size)?))).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::disk_use;

    #[test]
    fn sizes_are_those_of_containers_and_volumes_without_their_images() {
        let out = r#"{"Images":[{"Repository":"kindest/node","Size":"1.02GB"}],
            "Containers":[{"ID":"ab","Names":"w1-lb","Size":"63B (virtual 21.1MB)","LocalVolumes":"0"},{"ID":"cd","Names":"w1-cp","Size":"2.1MB","LocalVolumes":"1"}],
            "Volumes":[{"Name":"3f0c","Size":"1.25GB","Links":"1"},{"Name":"far","Size":"N/A","Links":"0"}],"BuildCache":[]}"#;
        let used = disk_use(out);
        assert_eq!(used.containers.into_iter().collect::<Vec<_>>(), [("w1-cp".to_owned(), 2_100_000), ("w1-lb".to_owned(), 63)]);
        assert_eq!(used.volumes.into_iter().collect::<Vec<_>>(), [("3f0c".to_owned(), 1_250_000_000)]);
        assert_eq!(disk_use("unknown flag: --format"), super::DiskUse::default());
    }
}
