//! Which images does the docker in memory tell of?

use serde_json::json;

use super::State;

impl State {
    /// `docker image ls`: what was pulled by its digest is listed without a tag.
    pub(super) fn image_tags(&self, repository: &str) -> String {
        let tag = |image: &String| match image.split_once('@') {
            Some((name, _)) => name.rsplit_once(':').map(|(name, _)| format!("{name}:<none>")),
            None => Some(image.clone()),
        };
        let of_it = |tag: &String| tag.rsplit_once(':').is_some_and(|(name, _)| name == repository);
        self.images.iter().filter_map(tag).filter(of_it).collect::<Vec<_>>().join("\n")
    }

    /// `docker image inspect`: those that are here are told, whatever becomes of the others.
    pub(super) fn inspect_images(&self, names: &[&str]) -> (i32, String, String) {
        let (here, missing): (Vec<&str>, Vec<&str>) = names.iter().copied().partition(|name| self.images.contains(*name));
        let line = |name: &&str| {
            let (tags, digests) = match name.split_once('@') {
                Some((named, digest)) => (vec![], vec![format!("{}@{digest}", named.rsplit_once(':').map_or(named, |(repository, _)| repository))]),
                None => (vec![(*name).to_owned()], vec![]),
            };
            json!({ "RepoTags": tags, "RepoDigests": digests, "Size": 1_084_000_000 }).to_string()
        };
        let out: Vec<String> = here.iter().map(line).collect();
        let err: Vec<String> = missing.iter().map(|name| format!("Error: No such image: {name}")).collect();
        (i32::from(!missing.is_empty()), out.join("\n"), err.join("\n"))
    }
}
