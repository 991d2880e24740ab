//! Which conditions does a cluster have, and which of them are not as they should be?

use std::cmp::{Ordering, Reverse};
use std::sync::Arc;

use api::capi::ClusterPart;
use api::machines::{ConditionRow, ConditionTone, Told};
use api::{Row as _, RowId, Timestamp};

use crate::condition::{Condition, Status};
use crate::explain::is_good;
use crate::graph::{ClusterKey, Graph};
use crate::object::{Object, ObjectId};
use crate::page::PageChange;

/// A machine has some twenty with its parts; those that are well are left out first.
pub const MOST_CONDITIONS: usize = 1_000;

/// Where a condition stands: what failed first, then what waits, the latest first.
type Place<'a> = (ConditionTone, Reverse<Option<Timestamp>>, &'a ObjectId, &'a str);

/// The conditions of a cluster as they were drawn last.
#[derive(Debug)]
pub(crate) struct Conditions {
    most: usize,
    /// In the order of their ids.
    objects: Vec<Arc<Object>>,
    end: Option<End>,
}

/// The last condition that is shown, where there are too many.
#[derive(Debug, PartialEq, Eq)]
struct End(ConditionTone, Reverse<Option<Timestamp>>, ObjectId, String);

impl Default for Conditions {
    fn default() -> Self {
        Self::with_most(MOST_CONDITIONS)
    }
}

impl Conditions {
    fn with_most(most: usize) -> Self {
        Self { most, objects: vec![], end: None }
    }

    /// Draws those of objects that changed since, and those that come or go because others did.
    pub(crate) fn draw(&mut self, graph: &Graph, key: &ClusterKey, change: &mut PageChange) {
        let now: Vec<Arc<Object>> = graph.shared(key).cloned().collect();
        let end = end(&now, self.most);
        let is_same_end = end == self.end;
        for (before, after) in paired(&self.objects, &now) {
            if is_same_end && before.zip(after).is_some_and(|(before, after)| Arc::ptr_eq(before, after)) {
                continue;
            }
            let (gone, there) = (shown(before, self.end.as_ref()), shown(after, end.as_ref()));
            change.set.extend(there.iter().filter(|(_, condition)| !gone.iter().any(|(_, before)| before == condition)).map(row));
            change.gone.extend(gone.iter().filter(|(_, condition)| !there.iter().any(|(_, after)| after.kind == condition.kind)).map(|one| row(one).id()));
        }
        (self.objects, self.end) = (now, end);
    }

    /// Of all that are shown.
    pub(crate) fn ids(&self) -> Vec<RowId> {
        self.objects.iter().flat_map(|object| shown(Some(object), self.end.as_ref())).map(|one| row(&one).id()).collect()
    }
}

/// One condition of one object.
type One<'a> = (&'a Object, &'a Condition);

/// Objects of the same id, both lists being in the order of their ids.
fn paired<'a>(before: &'a [Arc<Object>], after: &'a [Arc<Object>]) -> impl Iterator<Item = (Option<&'a Arc<Object>>, Option<&'a Arc<Object>>)> {
    let (mut before, mut after) = (before.iter().peekable(), after.iter().peekable());
    std::iter::from_fn(move || {
        let order = match (before.peek(), after.peek()) {
            (None, None) => return None,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(one), Some(other)) if Arc::ptr_eq(one, other) => Ordering::Equal,
            (Some(one), Some(other)) => one.id.cmp(&other.id),
        };
        Some((before.next_if(|_| order.is_le()), after.next_if(|_| order.is_ge())))
    })
}

fn end(objects: &[Arc<Object>], most: usize) -> Option<End> {
    if objects.iter().map(|object| object.conditions.len()).sum::<usize>() <= most {
        return None;
    }
    let mut all: Vec<Place> = objects.iter().flat_map(of).map(|one| place(&one)).collect();
    let (_, (tone, since, id, kind), _) = all.select_nth_unstable(most.saturating_sub(1));
    Some(End(*tone, *since, (*id).clone(), (*kind).to_owned()))
}

fn of(object: &Arc<Object>) -> impl Iterator<Item = One<'_>> {
    object.conditions.iter().map(|condition| (&**object, condition))
}

fn shown<'a>(object: Option<&'a Arc<Object>>, end: Option<&End>) -> Vec<One<'a>> {
    let all = object.into_iter().flat_map(of);
    all.filter(|one| end.is_none_or(|End(tone, since, id, kind)| place(one) <= (*tone, *since, id, kind.as_str()))).collect()
}

fn place<'a>((object, condition): &One<'a>) -> Place<'a> {
    (tone(condition), Reverse(condition.since), &object.id, &condition.kind)
}

fn row((object, condition): &One<'_>) -> ClusterPart {
    ClusterPart::Condition(ConditionRow {
        on: object.id.kind.to_string(),
        name: object.id.name.to_string(),
        kind: condition.kind.clone(),
        status: told(Some(condition)),
        tone: tone(condition),
        reason: condition.reason.clone(),
        message: condition.message.clone(),
        since: condition.since,
    })
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
mod tests;
