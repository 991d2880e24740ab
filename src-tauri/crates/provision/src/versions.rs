//! Which versions does KOS install when nobody asks for others?
//!
//! A node image fits the kind release that it was built for; its tag alone does not say which build it is, hence the digests.
//! They are those of the release notes of kind v0.33.0, and the same ones stand in Cluster API's own table of node images.

use api::local::ProviderVersions;
use api::settings::is_repository;

/// The release of kind whose node images are listed here.
pub const KIND: &str = "v0.33.0";

/// Newest first.
const NODE_IMAGES: [(&str, &str); 4] = [
    ("v1.37.0", "sha256:a1ed56cfb0e7b93589bdf97c8cd566405a265939e3620fc4f5de89adff580ae5"),
    ("v1.36.4", "sha256:099e049362a1526b2db71494e1947aae99bd16290d7c895f2b7ea312e3cbfaed"),
    ("v1.35.8", "sha256:07b2536e30b803ed61d1677a79df6115f798ce64c80f9e22f6ed45afd09323c0"),
    ("v1.34.11", "sha256:44e222ee2132dab25ff87301682f89eb82c7880ea3a1bf543bfe9708fd08d67d"),
];

/// What the form starts with: the newest Kubernetes that Cluster API v1.14 names for its management clusters.
pub const DEFAULT_KUBERNETES: &str = "v1.36.4";

/// The newest release of which core, both kubeadm providers and Docker were published together.
const CLUSTER_API: &str = "v1.14.2";

/// Whether a node image is one that kind's release notes name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Tested {
    Listed,
    NotListed,
}

/// The versions that are listed, newest first.
pub fn kubernetes() -> impl Iterator<Item = &'static str> {
    NODE_IMAGES.iter().map(|(version, _)| *version)
}

/// Where node images come from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Repository {
    /// `kindest/node`.
    #[default]
    Kind,
    /// A mirror, or images of one's own: `mirror.example/kindest/node`.
    Other(String),
}

impl Repository {
    /// As a person sets it; nothing means kind's own.
    ///
    /// Errors: a text that would be another thing to docker than the name of a repository.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text {
            "" | "kindest/node" => Ok(Self::Kind),
            name if is_repository(name) => Ok(Self::Other(name.to_owned())),
            name => Err(format!("“{name}” is not the name of a repository of images, like mirror.example/kindest/node.")),
        }
    }

    /// What a pull of this version's image downloads, in whole hundreds of MB; known of the images that are listed here.
    pub fn pulled_bytes(&self, kubernetes: &str) -> Option<u64> {
        match self.image(kubernetes) {
            (_, Tested::Listed) => Some(400_000_000),
            (_, Tested::NotListed) => None,
        }
    }

    pub fn name(&self) -> &str {
        match self {
            Self::Kind => "kindest/node",
            Self::Other(name) => name,
        }
    }

    /// The image of a Kubernetes version: with its digest when kind's release names it, by its tag when not. What stands in
    /// another repository may be a build of its own, which no digest of kind's fits.
    pub fn image(&self, kubernetes: &str) -> (String, Tested) {
        match (self, NODE_IMAGES.iter().find(|(version, _)| *version == kubernetes)) {
            (Self::Kind, Some((version, digest))) => (format!("kindest/node:{version}@{digest}"), Tested::Listed),
            (Self::Kind, None) | (Self::Other(_), _) => (format!("{}:{kubernetes}", self.name()), Tested::NotListed),
        }
    }
}

/// The providers of a management cluster that makes machines in Docker.
pub fn providers() -> ProviderVersions {
    let pinned = || CLUSTER_API.to_owned();
    ProviderVersions { core: pinned(), kubeadm_bootstrap: pinned(), kubeadm_control_plane: pinned(), docker: Some(pinned()) }
}

/// Whether this is a version as kind's tags and clusterctl's pins write it: `v1.36.4`, `v1.37.0-rc.1`.
pub fn is_version(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('v') else { return false };
    let (numbers, suffix) = rest.split_once('-').map_or((rest, None), |(n, s)| (n, Some(s)));
    let number = |n: &str| !n.is_empty() && n.len() <= 4 && n.bytes().all(|b| b.is_ascii_digit());
    let suffix_fits = suffix.is_none_or(|s| !s.is_empty() && s.len() <= 40 && s.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-'));
    numbers.split('.').count() == 3 && numbers.split('.').all(number) && suffix_fits
}

/// The minors of Kubernetes that the release notes of a Cluster API v1 minor name for its management clusters: those of
/// v1.12.9, v1.13.6 and v1.14.3. Of other releases nothing is known.
const MANAGEMENT_CLUSTERS: [(u32, std::ops::RangeInclusive<u32>); 3] = [(12, 31..=35), (13, 32..=37), (14, 33..=37)];

/// What Cluster API says of a management cluster of this version: the minors that it names, when this is none of them.
pub fn unnamed(core: &str, kubernetes: &str) -> Option<std::ops::RangeInclusive<u32>> {
    let (of, minor) = (minor(core)?, minor(kubernetes)?);
    let (_, named) = MANAGEMENT_CLUSTERS.into_iter().find(|(known, _)| *known == of)?;
    (!named.contains(&minor)).then_some(named)
}

pub(crate) fn minor(version: &str) -> Option<u32> {
    version.split('.').nth(1)?.parse().ok()
}

/// Whether the kubelet of this version refuses cgroup v1; unreadable versions are taken for new ones.
pub fn needs_cgroup_v2(kubernetes: &str) -> bool {
    minor(kubernetes).is_none_or(|minor| minor >= 35)
}

#[cfg(test)]
mod tests {
    use super::{DEFAULT_KUBERNETES, Repository, Tested, is_version, needs_cgroup_v2};

    #[test]
    fn a_listed_version_is_pinned_by_its_digest() {
        let (image, tested) = Repository::Kind.image(DEFAULT_KUBERNETES);
        assert_eq!(image, "kindest/node:v1.36.4@sha256:099e049362a1526b2db71494e1947aae99bd16290d7c895f2b7ea312e3cbfaed");
        assert_eq!(tested, Tested::Listed);
        assert_eq!(Repository::Kind.image("v1.36.3"), ("kindest/node:v1.36.3".to_owned(), Tested::NotListed));
    }

    #[test]
    fn the_pin_of_the_newest_image_is_the_one_kind_itself_asked_for() {
        let said = crate::recorded::text("kind/kind-03-fake-docker-pull-fails.txt");
        assert!(said.contains(&Repository::Kind.image("v1.37.0").0));
    }

    #[test]
    fn another_repository_of_node_images_is_taken_by_its_tags() {
        for (text, image) in [
            ("mirror.example/kindest/node", "mirror.example/kindest/node:v1.36.4"),
            ("localhost:5000/node", "localhost:5000/node:v1.36.4"),
            ("my-node", "my-node:v1.36.4"),
        ] {
            assert_eq!(Repository::parse(text).unwrap().image("v1.36.4"), (image.to_owned(), Tested::NotListed));
        }
        for text in ["", "kindest/node"] {
            assert_eq!(Repository::parse(text), Ok(Repository::Kind));
        }
        assert!(Repository::parse("--all").is_err());
    }

    #[test]
    fn a_version_cannot_be_a_flag_or_another_image() {
        for good in ["v1.36.4", "v1.37.0-rc.1", "v0.33.0"] {
            assert!(is_version(good), "{good}");
        }
        for bad in ["", "v", "1.36.4", "v1.36", "v1.36.4@sha256:0", "--x", "v1.36.x", "v1..4", "v1.36.4-", "v1.36.4\n", "v99999.1.1"] {
            assert!(!is_version(bad), "{bad}");
        }
    }

    #[test]
    fn kubelets_from_1_35_on_refuse_cgroup_v1() {
        assert!(!needs_cgroup_v2("v1.34.11"));
        assert!(needs_cgroup_v2("v1.35.8"));
        assert!(needs_cgroup_v2("nonsense"));
    }
}
