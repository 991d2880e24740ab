//! Which node images are on this machine, and how large are they?
//!
//! Knows: docker is asked twice, for the tags of one repository and then about all of them at once, with those beside them that
//! kind's release names: what was pulled by its digest has no tag. Does not know: whether a registry has the others.
//! Start at: [`NodeImages::ask`].

use std::collections::BTreeSet;

use api::local::{ImageIs, NodeImage};
use tokio_util::sync::CancellationToken;
use tools::Program;

use crate::World;
use crate::diagnose::{Doing, Said};
use crate::programs::docker::{self, Image};
use crate::run::{answer, ask};
use crate::versions::{self, Repository, Tested};

/// What is here of the repository that node images come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeImages {
    repository: Repository,
    here: Vec<Image>,
}

impl NodeImages {
    pub(crate) fn new(repository: Repository, here: Vec<Image>) -> Self {
        Self { repository, here }
    }

    /// Asks docker; nothing is here when it does not say.
    pub async fn ask(world: &World, repository: Repository) -> Self {
        let listed = crate::run::docker(world.programs.as_ref(), docker::image_tags(repository.name()), Doing::Ask, "").await;
        let Ok(listed) = listed else { return Self::new(repository, vec![]) };
        let pinned = pinned(&repository);
        let names: Vec<&str> = docker::tags(&listed).chain(pinned.iter().map(String::as_str)).collect();
        if names.is_empty() {
            return Self::new(repository, vec![]);
        }
        let here = docker::images(&answer(world, docker::inspect_images(names)).await);
        Self::new(repository, here)
    }

    pub fn repository(&self) -> &Repository {
        &self.repository
    }

    /// Where the image is that kind is told to take: by its digest, where kind's release names one. A tag may be another build.
    pub fn of_kind(&self, kubernetes: &str) -> ImageIs {
        let (image, _) = self.repository.image(kubernetes);
        self.is(kubernetes, &[image.as_str()])
    }

    /// Where the image is that Cluster API's Docker provider takes: by a digest or by the tag, as its own release knows the version.
    pub fn of_machines(&self, kubernetes: &str) -> ImageIs {
        let (tag, (image, _)) = (format!("{}:{kubernetes}", self.repository.name()), self.repository.image(kubernetes));
        self.is(kubernetes, &[tag.as_str(), image.as_str()])
    }

    /// What a form can choose from: every version that is here first, then those that would be pulled; each newest first.
    pub fn offered(&self) -> Vec<NodeImage> {
        let mut known: BTreeSet<&str> = versions::kubernetes().collect();
        known.extend(self.here.iter().flat_map(|image| image.tags(self.repository.name())).filter(|tag| versions::is_version(tag)));
        let offer =
            |kubernetes: &str| NodeImage { kubernetes: kubernetes.to_owned(), image: self.repository.image(kubernetes).0, is: self.of_kind(kubernetes) };
        let mut all: Vec<NodeImage> = known.into_iter().map(offer).collect();
        let numbers = |image: &NodeImage| -> Vec<u32> { image.kubernetes.trim_start_matches('v').split(['.', '-']).map(|n| n.parse().unwrap_or(0)).collect() };
        all.sort_by(|a, b| b.is.here().cmp(&a.is.here()).then_with(|| numbers(b).cmp(&numbers(a))));
        all
    }

    /// The first name counts before the second.
    fn is(&self, kubernetes: &str, names: &[&str]) -> ImageIs {
        match names.iter().find_map(|name| self.here.iter().find(|image| image.is_called(name))) {
            Some(image) => ImageIs::Here { bytes: image.bytes },
            None => ImageIs::ToBePulled { bytes: self.repository.pulled_bytes(kubernetes) },
        }
    }
}

/// What kind's release names of a repository.
fn pinned(repository: &Repository) -> Vec<String> {
    let listed = versions::kubernetes().map(|kubernetes| repository.image(kubernetes));
    listed.filter(|(_, tested)| *tested == Tested::Listed).map(|(image, _)| image).collect()
}

/// Asks docker for a single image, as kind itself does before it pulls one.
///
/// Errors: what docker said, when it could not tell.
pub(crate) async fn look(world: &World, image: &str) -> Result<ImageIs, Vec<Said>> {
    let exit = ask(world.programs.as_ref(), Program::Docker, docker::inspect_images([image]), CancellationToken::new()).await;
    let exit = exit.map_err(|e| vec![Said::new("KOS", e.to_string())])?;
    let said = String::from_utf8_lossy(&exit.err);
    if exit.succeeded() {
        Ok(ImageIs::Here { bytes: docker::images(&String::from_utf8_lossy(&exit.out)).first().and_then(|image| image.bytes) })
    } else if docker::no_such_image(&said) {
        Ok(ImageIs::ToBePulled { bytes: None })
    } else {
        Err(Said::numbered("docker", said.lines()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imagined::Machine;

    fn image(name: &str, bytes: Option<u64>) -> Image {
        Image { names: vec![name.to_owned()], bytes }
    }

    #[test]
    fn the_image_of_a_version_is_here_with_its_size_or_is_to_be_pulled_with_that_of_its_download() {
        let here = vec![image("kindest/node:v1.36.4", Some(1_084_000_000)), image("kindest/node:v1.35.8", None)];
        let images = NodeImages::new(Repository::Kind, here);
        for (version, wanted) in [
            ("v1.36.4", ImageIs::Here { bytes: Some(1_084_000_000) }),
            ("v1.35.8", ImageIs::Here { bytes: None }),
            ("v1.37.0", ImageIs::ToBePulled { bytes: Some(400_000_000) }),
            ("v1.36.99", ImageIs::ToBePulled { bytes: None }),
        ] {
            assert_eq!(images.of_machines(version), wanted, "{version}");
        }
    }

    #[test]
    fn a_tag_alone_may_be_another_build_than_the_one_that_kind_is_told_to_take() {
        let images = NodeImages::new(Repository::Kind, vec![image("kindest/node:v1.36.4", Some(7)), image("kindest/node:v1.36.3", Some(8))]);
        assert_eq!(images.of_kind("v1.36.4"), ImageIs::ToBePulled { bytes: Some(400_000_000) });
        assert_eq!(images.of_kind("v1.36.3"), ImageIs::Here { bytes: Some(8) }, "of a version that kind does not name there is only the tag");
        let mirror = Repository::Other("mirror.example/node".to_owned());
        let images = NodeImages::new(mirror, vec![image("mirror.example/node:v1.36.4", Some(9))]);
        assert_eq!(images.of_kind("v1.36.4"), ImageIs::Here { bytes: Some(9) }, "no digest of kind's fits a mirror");
        assert_eq!(images.of_kind("v1.35.8"), ImageIs::ToBePulled { bytes: None });
    }

    #[tokio::test]
    async fn a_node_image_that_was_pulled_by_its_digest_is_here_as_its_version() {
        let machine = Machine::new();
        let (pinned, _) = Repository::Kind.image("v1.36.4");
        machine.state().images.insert(pinned);
        let images = NodeImages::ask(&machine.world(), Repository::Kind).await;
        let here = ImageIs::Here { bytes: Some(1_084_000_000) };
        assert_eq!((images.of_machines("v1.36.4"), images.of_kind("v1.36.4")), (here, here));
        assert_eq!(images.offered().iter().filter(|image| image.is.here()).map(|image| image.kubernetes.as_str()).collect::<Vec<_>>(), ["v1.36.4"]);
        machine.state().docker = false;
        let silent = NodeImages::ask(&machine.world(), Repository::Kind).await;
        assert_eq!(silent.of_machines("v1.36.4"), ImageIs::ToBePulled { bytes: Some(400_000_000) });
    }

    #[tokio::test]
    async fn docker_is_asked_twice_at_most_however_many_images_there_are() {
        let machine = Machine::new();
        let mirror = || Repository::Other("mirror.example/node".to_owned());
        NodeImages::ask(&machine.world(), mirror()).await;
        assert_eq!(machine.ran("docker image"), 1, "there is nothing to ask more about");
        for (n, version) in ["v1.36.1", "v1.36.3", "v1.35.9"].into_iter().enumerate() {
            machine.state().images.extend([format!("kindest/node:{version}"), format!("mirror.example/node:{version}")]);
            for repository in [Repository::Kind, mirror()] {
                machine.state().ran.clear();
                let images = NodeImages::ask(&machine.world(), repository).await;
                assert_eq!(machine.ran("docker image"), 2, "{images:?}");
                assert_eq!(images.offered().iter().filter(|image| image.is == ImageIs::Here { bytes: Some(1_084_000_000) }).count(), n + 1, "{images:?}");
            }
        }
    }
}
