//! Which images does the simulated docker tell of, and by which names?

use serde_json::{Value, json};

use crate::containers::Docker;
use crate::programs::format::print;
use crate::programs::run::Run;

/// What an image is called: one that was pulled by its digest has no tag.
struct Called<'a> {
    repository: &'a str,
    tag: Option<&'a str>,
    digest: Option<&'a str>,
}

impl<'a> Called<'a> {
    fn of(image: &'a str) -> Self {
        let (name, digest) = image.split_once('@').map_or((image, None), |(name, digest)| (name, Some(digest)));
        // A colon before the last slash is that of a port.
        let (repository, tag) = name.rsplit_once(':').filter(|(_, tag)| !tag.contains('/')).unwrap_or((name, "latest"));
        Self { repository, tag: digest.is_none().then_some(tag), digest }
    }
}

/// `docker image ls`: those of one repository, or all.
pub(super) fn list(run: &mut Run<'_>, docker: &Docker, repository: &str, format: Option<&str>) {
    for called in docker.images.keys().map(|image| Called::of(image)).filter(|called| repository.is_empty() || called.repository == repository) {
        let row = json!({ "Repository": called.repository, "Tag": called.tag.unwrap_or("<none>"), "Digest": called.digest.unwrap_or("<none>") });
        run.out(&print(format.unwrap_or("{{.Repository}}:{{.Tag}}"), &row));
    }
}

/// `docker image inspect`: of several images those that are here are told, whatever becomes of the others.
pub(super) fn inspect(run: &mut Run<'_>, docker: &Docker, names: &[String], format: Option<&str>) -> i32 {
    let mut found = Vec::new();
    let mut code = 0;
    for name in names {
        match docker.images.get(name) {
            Some(size) => found.push(details(&Called::of(name), *size)),
            None => {
                run.err(&format!("Error response from daemon: No such image: {name}"));
                code = 1;
            }
        }
    }
    match format {
        Some(format) if format != "json" => found.iter().for_each(|one| run.out(&print(format, one))),
        _ => run.out(&Value::Array(found).to_string()),
    }
    code
}

fn details(called: &Called<'_>, size: u64) -> Value {
    let named = |mark: char, build: Option<&str>| build.map(|build| format!("{}{mark}{build}", called.repository)).into_iter().collect::<Vec<_>>();
    let (tags, digests) = (named(':', called.tag), named('@', called.digest));
    json!({ "Id": "sha256:5eed", "RepoTags": tags, "RepoDigests": digests, "Size": size, "Os": "linux", "Architecture": "amd64" })
}
