//! What would the next releases change, and which images do they need?

use std::collections::BTreeSet;

use api::providers::{ImageNeed, ImagePresence, KindChange, ProviderChanges, ProviderPick, ProviderRole};
use api::{Fault, FaultCode};

use super::question;
use crate::World;
use crate::look::{Inside, LookError};
use crate::programs::clusterctl::catalogue::{definitions, images};
use crate::programs::clusterctl::{At, Source};

/// A release of a provider by its name in the inventory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    pub name: String,
    pub version: String,
}

impl Next {
    /// The same as clusterctl is asked for it.
    pub fn pick(&self) -> ProviderPick {
        let role = ProviderRole::of_name(&self.name);
        let name = self.name.strip_prefix(role.prefix()).unwrap_or(&self.name).to_owned();
        ProviderPick { role, name, version: self.version.clone() }
    }
}

/// Reads the text of each release and holds it against what the cluster has.
///
/// # Errors
/// When clusterctl cannot read a release, or the cluster does not answer.
pub async fn changes(world: &World, at: &At, name: &str, source: &Source, next: &[Next]) -> Result<Vec<ProviderChanges>, Fault> {
    let inside = Inside::new(world.clients.client(&at.kubeconfig, &at.context).await?);
    let unread = |error: &LookError| {
        Fault::new(FaultCode::Unreachable, format!("KOS could not read which kinds {name} has.")).because(name, error.said()).unharmed("Nothing was changed.")
    };
    let there = inside.definitions().await.map_err(|error| unread(&error))?;
    // Who may not read nodes is told less, not nothing.
    let here = inside.images().await.ok();
    let mut all = vec![];
    for one in next {
        let text = question::text(world, &one.pick(), name, source).await?;
        let before: Vec<serde_json::Value> =
            there.iter().filter(|definition| definition["metadata"]["labels"][capi::providers::LABEL] == one.name.as_str()).cloned().collect();
        // Megabytes of text: other work goes on meanwhile.
        let read =
            tokio::task::spawn_blocking(move || -> (Vec<KindChange>, Vec<String>) { (capi::providers::changes(&before, &definitions(&text)), images(&text)) });
        let (kinds, images) = read.await.map_err(|why| Fault::new(FaultCode::Bug, "A release could not be read.").because("KOS", why.to_string()))?;
        all.push(ProviderChanges { name: one.name.clone(), version: one.version.clone(), kinds, images: needs(images, here.as_ref()) });
    }
    Ok(all)
}

/// Which images a node of the cluster has already; who may not read nodes is told less.
pub async fn image_needs(world: &World, at: &At, images: Vec<String>) -> Vec<ImageNeed> {
    let here = match world.clients.client(&at.kubeconfig, &at.context).await {
        Ok(client) => Inside::new(client).images().await.ok(),
        Err(_) => None,
    };
    needs(images, here.as_ref())
}

fn needs(images: Vec<String>, here: Option<&BTreeSet<String>>) -> Vec<ImageNeed> {
    let presence = |image: &str| match here {
        None => ImagePresence::Untold,
        Some(here) if here.contains(plain(image)) || here.contains(image) => ImagePresence::Here,
        Some(_) => ImagePresence::Pulled,
    };
    images.into_iter().map(|image| ImageNeed { presence: presence(&image), image }).collect()
}

/// Without its digest: nodes list both apart.
fn plain(image: &str) -> &str {
    match image.split_once('@') {
        Some((name, _)) if name.rsplit('/').next().is_some_and(|last| last.contains(':')) => name,
        Some(_) | None => image,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_that_a_node_has_is_not_pulled() {
        let here: BTreeSet<String> = ["registry.k8s.io/capi/core:v1.14.3", "registry.k8s.io/x@sha256:00"].map(str::to_owned).into();
        for (image, presence) in [
            ("registry.k8s.io/capi/core:v1.14.3", ImagePresence::Here),
            ("registry.k8s.io/capi/core:v1.14.3@sha256:11", ImagePresence::Here),
            ("registry.k8s.io/x@sha256:00", ImagePresence::Here),
            ("registry.k8s.io/capi/core:v1.14.4", ImagePresence::Pulled),
            ("localhost:5000/x@sha256:22", ImagePresence::Pulled),
        ] {
            assert_eq!(needs(vec![image.to_owned()], Some(&here))[0].presence, presence, "{image}");
            assert_eq!(needs(vec![image.to_owned()], None)[0].presence, ImagePresence::Untold);
        }
    }

    #[test]
    fn a_name_of_the_inventory_is_what_clusterctl_is_asked_for() {
        for (name, asked) in
            [("cluster-api", "cluster-api"), ("bootstrap-kubeadm", "kubeadm"), ("infrastructure-docker", "docker"), ("ipam-in-cluster", "in-cluster")]
        {
            let next = Next { name: name.into(), version: "v1.14.3".into() };
            assert_eq!((next.pick().name.as_str(), next.pick().version.as_str()), (asked, "v1.14.3"));
        }
    }
}
