//! Which conditions does a cluster have, and which of them are not as they should be?

use std::cmp::Reverse;

use api::Timestamp;
use api::machines::{ConditionRow, ConditionTone, Told};

use crate::condition::{Condition, Status};
use crate::explain::is_good;
use crate::graph::{ClusterKey, Graph};
use crate::object::{Object, ObjectId};

/// A machine has some twenty with its parts; those that are well are left out first.
pub const MOST_CONDITIONS: usize = 1_000;

/// One condition of one object, and whether it is as it should be.
type One<'a> = (&'a Object, &'a Condition, ConditionTone);

/// The conditions of all objects of a cluster, what failed first, then what waits, the latest first.
pub(crate) fn rows(graph: &Graph, key: &ClusterKey) -> Vec<ConditionRow> {
    let mut all: Vec<One> = graph.members(key).flat_map(|object| object.conditions.iter().map(move |c| (object, c, tone(c)))).collect();
    if all.len() > MOST_CONDITIONS {
        all.select_nth_unstable_by(MOST_CONDITIONS, |a, b| place(a).cmp(&place(b)));
        all.truncate(MOST_CONDITIONS);
    }
    all.sort_unstable_by(|a, b| place(a).cmp(&place(b)));
    all.into_iter().map(|(object, condition, tone)| row(object, condition, tone)).collect()
}

fn place<'a>((object, condition, tone): &One<'a>) -> (ConditionTone, Reverse<Option<Timestamp>>, &'a ObjectId, &'a str) {
    (*tone, Reverse(condition.since), &object.id, &condition.kind)
}

fn row(object: &Object, condition: &Condition, tone: ConditionTone) -> ConditionRow {
    ConditionRow {
        on: object.id.kind.to_string(),
        name: object.id.name.to_string(),
        kind: condition.kind.clone(),
        status: told(Some(condition)),
        tone,
        reason: condition.reason.clone(),
        message: condition.message.clone(),
        since: condition.since,
    }
}

pub(crate) fn told(condition: Option<&Condition>) -> Told {
    match condition.map(|c| c.status) {
        Some(Status::True) => Told::Yes,
        Some(Status::False) => Told::No,
        Some(Status::Unknown) | None => Told::Unknown,
    }
}

fn tone(condition: &Condition) -> ConditionTone {
    if is_good(condition) {
        ConditionTone::Good
    } else if condition.reason == "Failed" || condition.reason.ends_with("Failed") {
        ConditionTone::Failed
    } else {
        ConditionTone::Waits
    }
}

#[cfg(test)]
mod tests {
    use api::machines::ConditionTone;

    use super::rows;
    use crate::recorded;

    #[test]
    fn what_is_not_as_it_should_be_comes_first_and_paused_false_is_as_it_should_be() {
        let graph = recorded::graph("docker/stuck-missing-node-image.yaml");
        let key = graph.clusters().next().expect("a cluster").clone();
        let rows = rows(&graph, &key);
        let tones: Vec<ConditionTone> = rows.iter().map(|r| r.tone).collect();
        assert!(tones.is_sorted() && tones.contains(&ConditionTone::Waits) && tones.contains(&ConditionTone::Good), "{tones:?}");
        assert!(rows.iter().filter(|r| r.kind == "Paused").all(|r| r.tone == ConditionTone::Good));
        let ids: std::collections::BTreeSet<_> = rows.iter().map(|r| (&r.on, &r.name, &r.kind)).collect();
        assert_eq!(ids.len(), rows.len(), "each stands once");
    }
}
