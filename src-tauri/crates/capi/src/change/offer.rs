//! What can be asked for of a cluster?

use std::collections::BTreeSet;

use api::capi::LaneGroup;
use api::changes::{Allowed, Bounds, ClusterOffers, ControlPlaneOffer, PoolOffer, VersionOffer, WrittenIn};

use super::shape::{Pool, Shape};
use super::{Around, Documents, Refusal, Version, bounds, health, pools, scale, taints, upgrade};
use crate::graph::{ClusterKey, Graph};

/// Sizes, pools and versions of a cluster, each with what may be done with it.
///
/// # Errors
/// When its Cluster is not there any more.
pub fn offers(graph: &Graph, key: &ClusterKey, documents: &Documents, around: &Around) -> Result<ClusterOffers, Refusal> {
    let shape = Shape::read(graph, key, documents)?;
    let control_plane = shape.control_plane.as_ref().and_then(|plane| {
        Some(ControlPlaneOffer {
            name: plane.object.id.name.to_string(),
            replicas: scale::planes_now(&shape)?,
            counts: scale::counts(&shape),
            version: plane.document["spec"]["version"].as_str().unwrap_or_default().to_owned(),
            health: health::of(&shape, &LaneGroup::ControlPlane),
        })
    });
    Ok(ClusterOffers {
        by: if shape.has_topology() { WrittenIn::Topology } else { WrittenIn::Objects },
        control_plane,
        pools: shape.pools.iter().map(|of| pool(&shape, of)).collect(),
        classes: pools::worker_classes(&shape),
        version: shape.version().unwrap_or_default().to_owned(),
        versions: versions(&shape, around),
    })
}

fn pool(shape: &Shape, of: &Pool) -> PoolOffer {
    PoolOffer {
        pool: of.name.clone(),
        object: of.object.map_or_else(String::new, |(o, _)| o.id.name.to_string()),
        replicas: of.replicas(),
        class: of.entry.and_then(|e| e.value["class"].as_str()).unwrap_or_default().to_owned(),
        version: of.version().unwrap_or_default().to_owned(),
        bounds: bounds::of(of).map(|(min, max)| Bounds { min, max }),
        labels: pools::labels(of),
        taints: taints::of(of),
        health: health::of(shape, &LaneGroup::Pool(of.name.clone())),
    }
}

/// Versions that the class names, else those that other clusters here run, of the same builder. The tested images are
/// containers: other machines come from images of which nothing is known here.
fn versions(shape: &Shape, around: &Around) -> Vec<VersionOffer> {
    let own = shape.version().and_then(Version::read);
    let named = upgrade::class_versions(shape);
    let mut all: BTreeSet<Version> = named.into_iter().collect();
    if all.is_empty() {
        if shape.is_of_containers(around) {
            all.extend(around.listed.iter().filter_map(|version| Version::read(version)));
        }
        let others = shape.graph.clusters().filter_map(|key| shape.graph.cluster(key)?.version.as_deref());
        let is_kin = |version: &Version| own.as_ref().is_none_or(|own| own.builder() == version.builder());
        all.extend(others.filter_map(Version::read).filter(is_kin));
    }
    all.extend(own);
    let offered = all.into_iter().rev().map(|version| {
        let words = version.to_string();
        let judged = upgrade::judge(shape, &words);
        let allowed = if judged.is_ok() { Allowed::Yes } else { Allowed::No };
        let why = judged.unwrap_or_else(|why| why);
        VersionOffer { version: words, allowed, why, image: None }
    });
    offered.collect()
}
