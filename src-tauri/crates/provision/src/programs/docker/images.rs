//! Which images does docker have, by which names, and how large are they?

use serde::Deserialize;

use super::{with_names, words};

/// An image that is here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Tags and digests by which docker knows it.
    pub names: Vec<String>,
    /// What it takes on disk, as far as docker says it.
    pub bytes: Option<u64>,
}

/// Lists the tags of a repository that are here, whoever loaded or built what they name.
pub fn image_tags(repository: &str) -> Vec<String> {
    words(&["image", "ls", familiar(repository), "--format", "{{.Repository}}:{{.Tag}}"])
}

/// Reads the answer to [`image_tags`]; what has no tag cannot be asked for by one.
pub fn tags(out: &str) -> impl Iterator<Item = &str> {
    out.lines().map(str::trim).filter(|line| line.contains(':') && !line.ends_with(":<none>"))
}

/// Asks about images by their names. Where some are missing docker ends with an error, and tells of the others all the same.
pub fn inspect_images<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    with_names(&["image", "inspect", "--format", "{{json .}}"], names)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ImageLine {
    repo_tags: Option<Vec<String>>,
    repo_digests: Option<Vec<String>>,
    size: Option<u64>,
}

/// Reads the answer to [`inspect_images`], one JSON object a line.
pub fn images(out: &str) -> Vec<Image> {
    let lines = out.lines().filter_map(|line| serde_json::from_str::<ImageLine>(line).ok());
    lines.map(|line| Image { names: line.repo_tags.into_iter().chain(line.repo_digests).flatten().collect(), bytes: line.size }).collect()
}

/// Whether `docker image inspect` said that there is no such image, as opposed to: it could not be asked.
pub fn no_such_image(stderr: &str) -> bool {
    stderr.contains("No such image")
}

impl Image {
    /// Whether a name means this image.
    pub fn is_called(&self, name: &str) -> bool {
        self.names.iter().any(|known| Name::of(known) == Name::of(name))
    }

    /// The tags that it has in a repository.
    pub fn tags<'a>(&'a self, repository: &'a str) -> impl Iterator<Item = &'a str> {
        let names = self.names.iter().map(|name| Name::of(name)).filter(move |name| name.repository == familiar(repository));
        names.filter_map(|name| match name.build {
            Build::Tag(tag) => Some(tag),
            Build::Digest(_) => None,
        })
    }
}

/// A name as docker understands it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Name<'a> {
    repository: &'a str,
    build: Build<'a>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Build<'a> {
    Tag(&'a str),
    /// Where a name has one docker looks at nothing else, whatever tag stands before it.
    Digest(&'a str),
}

impl<'a> Name<'a> {
    fn of(name: &'a str) -> Self {
        let (named, digest) = name.split_once('@').map_or((name, None), |(named, digest)| (named, Some(digest)));
        // A colon before the last slash is that of a port.
        let (repository, tag) = named.rsplit_once(':').filter(|(_, tag)| !tag.contains('/')).unwrap_or((named, "latest"));
        Self { repository: familiar(repository), build: digest.map_or(Build::Tag(tag), Build::Digest) }
    }
}

/// Docker's own hub goes without saying: docker lists `docker.io/kindest/node` as `kindest/node`, and finds it by that alone.
fn familiar(repository: &str) -> &str {
    let named = ["docker.io/", "index.docker.io/"].into_iter().find_map(|hub| repository.strip_prefix(hub)).unwrap_or(repository);
    named.strip_prefix("library/").filter(|name| !name.contains('/')).unwrap_or(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    const INSPECTED: &str = r#"{"Id":"sha256:1f","RepoTags":["kindest/node:v1.36.4","localhost:5000/node:mine"],"RepoDigests":["kindest/node@sha256:aa"],"Size":1084000000}
[]
{"Id":"sha256:2f","RepoTags":[],"RepoDigests":["kindest/node@sha256:bb"],"Size":1071000000}
{"Id":"sha256:3f","RepoTags":["kindest/node:v1.35.8"],"RepoDigests":null}
Error: No such image: x
"#;

    #[test]
    fn images_are_read_with_their_names_and_sizes_and_an_odd_line_hides_no_other() {
        let read: Vec<(usize, Option<u64>)> = images(INSPECTED).into_iter().map(|image| (image.names.len(), image.bytes)).collect();
        assert_eq!(read, [(3, Some(1_084_000_000)), (1, Some(1_071_000_000)), (1, None)]);
        assert_eq!(images("sha256:1"), []);
    }

    #[test]
    fn an_image_is_called_by_its_digest_where_the_name_has_one_and_by_its_tag_where_not() {
        let read = images(INSPECTED);
        let found = |name: &str| read.iter().position(|image| image.is_called(name));
        for (name, at) in [
            ("kindest/node:v1.36.4", Some(0)),
            ("kindest/node:v1.36.4@sha256:aa", Some(0)),
            ("kindest/node:v1.36.4@sha256:bb", Some(1)),
            ("kindest/node:v1.36.4@sha256:cc", None),
            ("kindest/node@sha256:bb", Some(1)),
            ("kindest/node:v1.35.8", Some(2)),
            ("kindest/node", None),
            ("localhost:5000/node:mine", Some(0)),
            ("localhost:5000/node:v1.36.4", None),
            ("mirror.example/kindest/node:v1.36.4", None),
        ] {
            assert_eq!(found(name), at, "{name}");
        }
        assert_eq!(read[0].tags("localhost:5000/node").collect::<Vec<_>>(), ["mine"]);
        assert_eq!(read[1].tags("kindest/node").count(), 0);
    }

    #[test]
    fn a_repository_of_dockers_own_hub_is_known_by_its_short_name() {
        let here = Image { names: vec!["kindest/node:v1.36.4".to_owned(), "my-node:v1.36.4".to_owned()], bytes: None };
        for name in ["docker.io/kindest/node", "index.docker.io/kindest/node", "docker.io/library/my-node", "library/my-node", "docker.io/my-node"] {
            assert!(here.is_called(&format!("{name}:v1.36.4")), "{name}");
            assert_eq!(here.tags(name).collect::<Vec<_>>(), ["v1.36.4"], "{name}");
            assert!(["kindest/node", "my-node"].contains(&image_tags(name)[2].as_str()), "{name}");
        }
        for name in ["mirror.example/kindest/node", "library/kindest/node", "docker.io.example/kindest/node"] {
            assert!(!here.is_called(&format!("{name}:v1.36.4")), "{name}");
        }
    }

    #[test]
    fn a_tag_that_was_lost_is_none() {
        assert_eq!(tags("kindest/node:v1.36.4\nkindest/node:<none>\n\n").collect::<Vec<_>>(), ["kindest/node:v1.36.4"]);
    }
}
