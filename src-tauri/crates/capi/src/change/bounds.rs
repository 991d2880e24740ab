//! Within which bounds may an autoscaler size a pool?

use api::changes::{Bounds, Follows};
use serde_json::{Value, json};

use super::edit::of_pool;
use super::shape::{Pool, Shape};
use super::{Plan, Planned, follows, no};

/// Source: `api/core/v1beta2/common_types.go` of Cluster API.
const MIN: &str = "cluster.x-k8s.io/cluster-api-autoscaler-node-group-min-size";
const MAX: &str = "cluster.x-k8s.io/cluster-api-autoscaler-node-group-max-size";

/// The bounds that a pool has now.
pub(super) fn of(pool: &Pool) -> Option<(u32, u32)> {
    let read = |name: &str| pool.annotation(name).and_then(|text| text.parse().ok());
    Some((read(MIN)?, read(MAX)?))
}

pub(super) fn set(shape: &Shape, pool: &str, bounds: Option<Bounds>) -> Planned {
    let pool = shape.pool(pool)?;
    if bounds.map(|b| (b.min, b.max)) == of(pool) {
        return no(format!("{} has these bounds already.", pool.name));
    }
    if let Some(Bounds { min, max }) = bounds.filter(|b| b.min > b.max) {
        return no(format!("The fewest ({min}) cannot be more than the most ({max})."));
    }
    let words = |n: u32| Value::from(n.to_string());
    let (min, max) = (bounds.map_or(Value::Null, |b| words(b.min)), bounds.map_or(Value::Null, |b| words(b.max)));
    let alone = json!({ "metadata": { "annotations": { MIN: min, MAX: max } } });
    let counted = pool.entry.is_some_and(|e| !e.value["replicas"].is_null());
    let write = of_pool(
        shape,
        pool,
        |entry| {
            let annotations = pool.entry.map_or(Value::Null, |e| e.value["metadata"]["annotations"].clone());
            let mut annotations = annotations.as_object().cloned().unwrap_or_default();
            for (name, value) in [(MIN, &min), (MAX, &max)] {
                if value.is_null() {
                    annotations.remove(name);
                } else {
                    annotations.insert(name.to_owned(), value.clone());
                }
            }
            super::pools::metadata(entry, pool, "annotations", Value::Object(annotations));
            // A topology that names a number would change the autoscaler's back.
            match bounds {
                Some(_) if counted => entry.drop("replicas"),
                Some(_) => {}
                None => entry.set("replicas", json!(pool.current().unwrap_or(1))),
            }
        },
        alone,
    );
    let name = &pool.name;
    let effects = match bounds {
        Some(Bounds { min, max }) => vec![
            follows(Follows::Risk, format!("An autoscaler may make or remove machines of {name} from now on, between {min} and {max}.")),
            follows(Follows::Unharmed, "Nothing changes while no autoscaler runs."),
        ],
        None => vec![follows(Follows::Unharmed, format!("{name} stays at {} and is sized by hand again.", pool.current().unwrap_or_default()))],
    };
    Ok(Plan { title: format!("Bounds of {name}"), writes: write.into_iter().collect(), effects, replaced: vec![] })
}
