//! What does the page of a cluster show, and which of its rows does a change alter?
//!
//! A cluster has some ten conditions an object, and most changes touch one object: those of the others are not drawn
//! again, nor is what was written while nobody wrote more. The rest is a few rows an object. Start at: [`Page::draw`].

use std::collections::HashMap;

use api::capi::{ClusterPart, ClusterRow, Explanation};
use api::{Row as _, RowId};

use crate::conditions::Conditions;
use crate::explain::Facts;
use crate::graph::{ClusterKey, Graph};
use crate::view;

/// Rows of a page that are new or differ, and rows that are no longer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageChange {
    pub set: Vec<ClusterPart>,
    pub gone: Vec<RowId>,
}

/// The page of one cluster as it was drawn last; a new one draws all of it.
#[derive(Debug, Default)]
pub struct Page {
    rows: Rows,
    conditions: Conditions,
    written: Rows,
    /// How much was written by then.
    written_by: Option<u64>,
}

impl Page {
    /// Draws what the objects say; `beside` is what the caller drew of the same cluster.
    pub fn draw(&mut self, graph: &Graph, key: &ClusterKey, facts: &Facts, head: (ClusterRow, Explanation), beside: Vec<ClusterPart>) -> PageChange {
        let mut change = PageChange::default();
        let mut rows = view::rows(graph, key, facts, head);
        rows.extend(beside);
        self.rows.become_these(rows, &mut change);
        self.conditions.draw(graph, key, &mut change);
        change
    }

    /// Draws what controllers and containers wrote, if that is more than the last time; `by_now` counts all that ever was.
    pub fn draw_written(&mut self, by_now: u64, rows: impl FnOnce() -> Vec<ClusterPart>, change: &mut PageChange) {
        if self.written_by.replace(by_now) != Some(by_now) {
            self.written.become_these(rows(), change);
        }
    }

    /// The cluster is gone, and nothing is left on its page.
    pub fn clear(&mut self) -> PageChange {
        let Self { rows, conditions, written, .. } = std::mem::take(self);
        let mut gone = conditions.ids();
        gone.extend(rows.0.into_keys().chain(written.0.into_keys()));
        PageChange { set: vec![], gone }
    }
}

/// Rows that are always drawn together.
#[derive(Debug, Default)]
struct Rows(HashMap<RowId, ClusterPart>);

impl Rows {
    fn become_these(&mut self, rows: Vec<ClusterPart>, change: &mut PageChange) {
        let mut before = std::mem::take(&mut self.0);
        for row in rows {
            let id = row.id();
            if before.remove(&id).as_ref() != Some(&row) {
                change.set.push(row.clone());
            }
            self.0.insert(id, row);
        }
        change.gone.extend(before.into_keys());
    }
}

#[cfg(test)]
mod tests;
