//! What is wanted of the pools of a cluster?

use std::collections::BTreeMap;

use api::changes::{Bounds, ClusterChange, ClusterOffers, NewPool, PoolFrom, PoolOffer};

use super::drawing;

/// A new pool as far as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PoolDraft {
    pub name: String,
    /// Its place among [`sources`].
    pub from: usize,
    pub replicas: u8,
    pub labels: String,
    pub taints: String,
}

impl PoolDraft {
    /// A free name and one machine of what comes first.
    pub fn of(offers: &ClusterOffers) -> Self {
        let taken = |name: &str| offers.pools.iter().any(|pool| pool.pool == name);
        let name = (0..).map(|n| format!("md-{n}")).find(|name| !taken(name)).unwrap_or_default();
        Self { name, replicas: 1, ..Self::default() }
    }

    /// What has to be planned, or what is not typed right.
    pub fn change(&self, offers: &ClusterOffers) -> Result<ClusterChange, String> {
        let from = sources(offers).into_iter().nth(self.from).ok_or("There is nothing that a pool could be made like.")?;
        let pool = NewPool {
            name: self.name.trim().to_owned(),
            from,
            replicas: self.replicas.into(),
            labels: labels(&self.labels),
            taints: drawing::taints(&self.taints)?,
        };
        Ok(ClusterChange::AddPool(pool))
    }
}

/// What a new pool can be like: the classes of workers first.
pub fn sources(offers: &ClusterOffers) -> Vec<PoolFrom> {
    let classes = offers.classes.iter().cloned().map(PoolFrom::Class);
    classes.chain(offers.pools.iter().map(|pool| PoolFrom::Like(pool.pool.clone()))).collect()
}

/// `default-worker`, `like md-0`.
pub fn source_words(from: &PoolFrom) -> String {
    match from {
        PoolFrom::Class(class) => class.clone(),
        PoolFrom::Like(pool) => format!("like {pool}"),
    }
}

fn labels(text: &str) -> BTreeMap<String, String> {
    drawing::labels(text).into_iter().map(|label| (label.key, label.value)).collect()
}

/// What marks the machines of a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marks {
    Labels,
    Taints,
}

impl Marks {
    pub fn word(self) -> &'static str {
        match self {
            Self::Labels => "labels",
            Self::Taints => "taints",
        }
    }

    /// As it is typed.
    pub fn looks_like(self) -> &'static str {
        match self {
            Self::Labels => "node-role.kubernetes.io/gpu, tier=gpu",
            Self::Taints => "gpu=yes:NoSchedule",
        }
    }

    /// As they are now.
    pub fn of(self, pool: &PoolOffer) -> String {
        let label = |(key, value): (&String, &String)| if value.is_empty() { key.clone() } else { format!("{key}={value}") };
        match self {
            Self::Labels => pool.labels.iter().map(label).collect::<Vec<_>>().join(", "),
            Self::Taints => drawing::taint_words(&pool.taints),
        }
    }

    /// What has to be planned for a text, or what is not typed right.
    pub fn change(self, pool: &str, text: &str) -> Result<ClusterChange, String> {
        let pool = pool.to_owned();
        Ok(match self {
            Self::Labels => ClusterChange::SetLabels { pool, labels: labels(text) },
            Self::Taints => ClusterChange::SetTaints { pool, taints: drawing::taints(text)? },
        })
    }
}

/// A pool by its name or by that of its object, which trees and lanes show.
pub fn pool_of<'o>(offers: &'o ClusterOffers, name: &str) -> Option<&'o PoolOffer> {
    offers.pools.iter().find(|pool| pool.pool == name || pool.object == name)
}

/// The bounds to begin with: around what is there.
pub fn bounds_of(pool: &PoolOffer) -> Bounds {
    let now = pool.replicas.unwrap_or(1);
    pool.bounds.unwrap_or(Bounds { min: now.min(1), max: now.max(1).saturating_mul(2) })
}

#[cfg(test)]
mod tests;
