//! What does the page of a cluster show, by what it is and in its order?

use std::{cmp::Reverse, rc::Rc};

use api::{
    Timestamp,
    capi::{ClusterPart, ClusterRow, EventRow, Explanation, Lane, LogRow, TreeRow},
    machines::{AddOnRow, ConditionRow, HealthCheckRow, MachineRow},
    shared::SharedLane,
    upgrading::UpgradeRun,
};

/// The rows of the stream by what they are, each in the order in which it is shown.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parts {
    pub head: Option<Rc<ClusterRow>>,
    pub tree: Vec<Rc<TreeRow>>,
    pub lanes: Vec<Rc<Lane>>,
    pub shared: Vec<Rc<SharedLane>>,
    pub why: Option<Rc<Explanation>>,
    pub machines: Vec<Rc<MachineRow>>,
    pub conditions: Vec<Rc<ConditionRow>>,
    pub checks: Vec<Rc<HealthCheckRow>>,
    pub add_ons: Vec<Rc<AddOnRow>>,
    pub run: Option<Rc<UpgradeRun>>,
    pub events: Vec<Rc<EventRow>>,
    pub log: Vec<Rc<LogRow>>,
    /// As many kinds are watched; 0 before that is told.
    pub watched: u32,
}

impl Parts {
    /// Rows come in the order in which they changed.
    pub fn sorted(rows: &[Rc<ClusterPart>]) -> Self {
        let mut parts = Self::default();
        for row in rows {
            match &**row {
                ClusterPart::Head(head) => parts.head = Some(Rc::new(head.clone())),
                ClusterPart::Tree(row) => parts.tree.push(Rc::new(row.clone())),
                ClusterPart::Lane(lane) => parts.lanes.push(Rc::new(lane.clone())),
                ClusterPart::Shared(lane) => parts.shared.push(Rc::new(lane.clone())),
                ClusterPart::Why(why) => parts.why = Some(Rc::new(why.clone())),
                ClusterPart::Machine(machine) => parts.machines.push(Rc::new(machine.clone())),
                ClusterPart::Condition(condition) => parts.conditions.push(Rc::new(condition.clone())),
                ClusterPart::Check(check) => parts.checks.push(Rc::new(check.clone())),
                ClusterPart::AddOn(add_on) => parts.add_ons.push(Rc::new(add_on.clone())),
                ClusterPart::Upgrade(run) => parts.run = Some(Rc::new(run.clone())),
                ClusterPart::Event(event) => parts.events.push(Rc::new(event.clone())),
                ClusterPart::Log(line) => parts.log.push(Rc::new(line.clone())),
                ClusterPart::Watched(kinds) => parts.watched = *kinds,
            }
        }
        parts.tree.sort_by_key(|row| row.order);
        parts.lanes.sort_by(|a, b| (&a.group, a.created, &a.machine).cmp(&(&b.group, b.created, &b.machine)));
        parts.shared.sort_by(|a, b| (&a.what, a.asked).cmp(&(&b.what, b.asked)));
        parts.machines.sort_by(|a, b| (&a.group, a.created, &a.name).cmp(&(&b.group, b.created, &b.name)));
        parts.conditions.sort_by(|a, b| {
            let place = |row: &ConditionRow| (row.tone, Reverse(row.since));
            place(a).cmp(&place(b)).then_with(|| (&a.on, &a.name, &a.kind).cmp(&(&b.on, &b.name, &b.kind)))
        });
        parts.checks.sort_by(|a, b| a.name.cmp(&b.name));
        parts.add_ons.sort_by(|a, b| (&a.by, &a.name, &a.what).cmp(&(&b.by, &b.name, &b.what)));
        parts.events.sort_by(|a, b| (b.at, &b.id).cmp(&(a.at, &a.id)));
        parts.log.sort_by_key(|line| line.number);
        parts
    }

    /// When something of the cluster last changed, as far as its objects and events tell.
    pub fn changed(&self) -> Option<Timestamp> {
        let objects = self.tree.iter().filter_map(|row| row.since).chain(self.conditions.iter().filter_map(|row| row.since));
        let machines = self.lanes.iter().flat_map(|lane| lane.leaving.bars.last().map(|bar| bar.from).into_iter().chain([lane.created]));
        objects.chain(machines).chain(self.events.iter().map(|event| event.at)).max()
    }
}

#[cfg(test)]
mod tests {
    use api::machines::{ConditionTone, Told};

    use super::*;

    fn condition(name: &str, tone: ConditionTone, since: u64) -> ConditionRow {
        let text = |words: &str| words.to_owned();
        ConditionRow {
            on: text("Machine"),
            name: text(name),
            kind: text("Ready"),
            status: Told::No,
            tone,
            reason: text(""),
            message: text(""),
            since: Some(Timestamp(since)),
        }
    }

    #[test]
    fn what_failed_stands_before_what_waits_and_the_latest_first_in_whichever_order_they_come() {
        let wanted = [
            condition("a", ConditionTone::Failed, 3),
            condition("b", ConditionTone::Failed, 2),
            condition("c", ConditionTone::Waits, 9),
            condition("d", ConditionTone::Good, 10),
            condition("e", ConditionTone::Good, 10),
        ];
        for turn in 0..wanted.len() {
            let mut rows: Vec<Rc<ClusterPart>> = wanted.iter().cloned().map(|row| Rc::new(ClusterPart::Condition(row))).collect();
            rows.rotate_left(turn);
            let shown: Vec<ConditionRow> = Parts::sorted(&rows).conditions.iter().map(|row| (**row).clone()).collect();
            assert_eq!(shown, wanted, "turned by {turn}");
        }
    }

    #[test]
    fn the_newest_event_is_first_and_the_newest_line_last() {
        let line = |number| Rc::new(ClusterPart::Log(LogRow { number, at: None, source: String::new(), text: String::new() }));
        let event = |id: &str, at| {
            let text = String::new;
            let tone = api::capi::EventTone::Normal;
            let row =
                EventRow { id: id.into(), at: Timestamp(at), kind: text(), name: text(), reason: text(), message: text(), tone, count: 1, source: text() };
            Rc::new(ClusterPart::Event(row))
        };
        let parts = Parts::sorted(&[line(2), event("a", 1), line(1), event("c", 2), event("b", 2)]);
        assert_eq!(parts.log.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(parts.events.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["c", "b", "a"]);
    }
}
