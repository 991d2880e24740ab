//! How far may the lists of a management cluster be read: everywhere, or in the namespaces that the user typed?
//!
//! A kind that may not be listed in all namespaces is listed in those that were typed by hand. Pure: what the tables say of
//! themselves comes in. Start at: [`Reach::hear`].

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use api::watched::WatchedRow;
use api::{Fault, Status};
use capi::ObjectId;
use cluster::objects::Objects;

pub(super) const CORE: &str = "cluster.x-k8s.io";
/// Read of those that were typed, the newest: each takes a watch a kind.
const MOST_NEAR: usize = 8;

/// Those of the namespaces that are read.
pub(super) fn newest(typed: &[String]) -> &[String] {
    typed.get(typed.len().saturating_sub(MOST_NEAR)..).unwrap_or_default()
}

/// A list that is read: a kind, in one namespace or in all.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Listing {
    pub(super) group: Arc<str>,
    pub(super) kind: Arc<str>,
    /// Empty for all of them.
    pub(super) namespace: Arc<str>,
}

impl Listing {
    pub(super) fn everywhere(kind: &Objects) -> Self {
        Self { group: kind.group.as_str().into(), kind: kind.kind.as_str().into(), namespace: "".into() }
    }

    fn of_core(kind: &str) -> Self {
        Self { group: CORE.into(), kind: kind.into(), namespace: "".into() }
    }

    pub(super) fn clusters() -> Self {
        Self::of_core("Cluster")
    }

    pub(super) fn classes() -> Self {
        Self::of_core("ClusterClass")
    }

    /// The same kind in one namespace.
    fn within(&self, namespace: &Arc<str>) -> Self {
        Self { namespace: namespace.clone(), ..self.clone() }
    }

    /// The same kind in all of them.
    fn whole(&self) -> Self {
        Self { namespace: "".into(), ..self.clone() }
    }

    fn is_everywhere(&self) -> bool {
        self.namespace.is_empty()
    }

    pub(super) fn is_of_kind(&self, kind: &Objects) -> bool {
        *self.group == *kind.group && *self.kind == *kind.kind
    }

    pub(super) fn is_of(&self, other: &Self) -> bool {
        self.group == other.group && self.kind == other.kind
    }

    /// Whether the object would stand in it.
    pub(super) fn holds(&self, id: &ObjectId) -> bool {
        id.group == self.group && id.kind == self.kind && (self.is_everywhere() || id.namespace == self.namespace)
    }

    /// Classes and what controllers tell stand beside the graph: without them the rest is as true.
    fn is_waited_for(&self) -> bool {
        !self.group.is_empty() && !self.is_of(&Self::classes())
    }
}

/// What whoever reads or waits goes by.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Stand {
    /// Lists in single namespaces that are wanted.
    pub(super) near: BTreeSet<Listing>,
    /// Every list came once.
    pub(super) is_whole: bool,
    /// Every list said something.
    pub(super) has_answered: bool,
}

/// What is known of a group that does not say which kinds it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Held {
    AsBefore,
    Unknown,
}

/// What the lists said of themselves.
#[derive(Debug, Default)]
pub(super) struct Reach {
    /// Namespaces that the user typed for this context.
    typed: Vec<Arc<str>>,
    /// Kinds that may not be listed everywhere.
    refused: BTreeMap<Listing, Fault>,
    said: BTreeMap<Listing, Status>,
    /// Not listed yet; what is refused counts as listed.
    unlisted: BTreeSet<Listing>,
    /// Said nothing yet. One whose list fails has spoken: nobody waits for it.
    unanswered: BTreeSet<Listing>,
    /// Groups that did not say which kinds they hold when the server was asked last.
    silent: BTreeMap<String, Held>,
}

impl Reach {
    /// These groups are there and did not say which kinds they hold, all others did.
    pub(super) fn miss(&mut self, silent: BTreeMap<String, Held>) {
        self.silent = silent;
    }

    /// Whether this group did not say which kinds it holds.
    pub(super) fn is_silent(&self, group: &str) -> bool {
        self.silent.contains_key(group)
    }

    /// Whether the server said if it holds clusters.
    pub(super) fn knows_core(&self) -> bool {
        !self.silent.contains_key(CORE)
    }

    /// A list that is new has to come before everything is known.
    pub(super) fn expect(&mut self, listing: Listing) {
        self.unlisted.insert(listing.clone());
        self.unanswered.insert(listing);
    }

    /// Forgets what was said of kinds that are served no longer.
    pub(super) fn keep(&mut self, is_served: impl Fn(&Listing) -> bool) {
        self.forget(|one| !is_served(one));
        self.refused.retain(|one, _| is_served(one));
    }

    /// Takes in what a list says of itself.
    pub(super) fn hear(&mut self, listing: &Listing, status: &Status) {
        if !listing.is_everywhere() && !self.reads(listing) {
            // Its namespace is not typed any more, or all of them may be read by now.
            return;
        }
        if listing.is_everywhere() {
            match status {
                Status::Denied { why } => self.refuse(listing, why),
                Status::Live => self.allow(listing),
                // It is tried again from time to time; what single namespaces show goes on meanwhile.
                Status::Loading if self.refused.contains_key(listing) => return,
                Status::Loading | Status::Stale { .. } | Status::Closed => {}
            }
        }
        if listing.is_waited_for() {
            if matches!(status, Status::Live | Status::Denied { .. }) {
                self.unlisted.remove(listing);
            }
            if *status == Status::Loading {
                self.unanswered.insert(listing.clone());
            } else {
                self.unanswered.remove(listing);
            }
        }
        self.said.insert(listing.clone(), status.clone());
    }

    /// Whether these namespaces are typed already.
    pub(super) fn is_typed(&self, typed: &[String]) -> bool {
        self.typed.iter().map(|name| &**name).eq(newest(typed).iter().map(String::as_str))
    }

    /// These namespaces were typed; gives those that were and are not any more.
    pub(super) fn type_in(&mut self, typed: &[String]) -> Vec<Arc<str>> {
        let typed: Vec<Arc<str>> = newest(typed).iter().map(|name| name.as_str().into()).collect();
        let before = std::mem::replace(&mut self.typed, typed.clone());
        self.forget(|one| !one.is_everywhere() && !typed.contains(&one.namespace));
        let new: Vec<&Arc<str>> = typed.iter().filter(|name| !before.contains(name)).collect();
        let begun: Vec<Listing> = self.refused.keys().flat_map(|kind| new.iter().map(move |name| kind.within(name))).collect();
        begun.into_iter().for_each(|near| self.begin(near));
        before.into_iter().filter(|name| !typed.contains(name)).collect()
    }

    pub(super) fn stand(&self) -> Stand {
        let near = self.refused.keys().flat_map(|kind| self.typed.iter().map(move |name| kind.within(name))).collect();
        // A list of a kind that nobody knows cannot have come.
        let is_whole = self.unlisted.is_empty() && self.silent.values().all(|held| *held == Held::AsBefore);
        Stand { near, is_whole, has_answered: self.unanswered.is_empty() }
    }

    /// Whether this kind may not be listed everywhere.
    pub(super) fn is_refused(&self, group: &str, kind: &str) -> bool {
        self.refused.keys().any(|one| *one.group == *group && *one.kind == *kind)
    }

    /// What a kind is shown to be: where it is read in namespaces, the worst of those that may be read.
    pub(super) fn status(&self, kind: &Listing) -> Option<Status> {
        let near = self.said.iter().filter(|(one, _)| !one.is_everywhere() && one.is_of(kind));
        match near.map(|(_, status)| status).min_by_key(|status| place(status)) {
            None | Some(Status::Denied { .. }) => self.said.get(&kind.whole()).cloned(),
            Some(status) => Some(status.clone()),
        }
    }

    /// Whether all objects of the kind and the namespace of this one were listed: what is not known of them is not there.
    pub(super) fn reads_whole(&self, id: &ObjectId) -> bool {
        let kind = Listing { group: id.group.clone(), kind: id.kind.clone(), namespace: "".into() };
        let near = kind.within(&id.namespace);
        let list = if self.refused.contains_key(&kind) { near } else { kind };
        self.said.contains_key(&list) && !self.unlisted.contains(&list) && (list.is_everywhere() || self.is_near(&list))
    }

    /// Whether what is not there of the clusters of a namespace is gone, and not only out of sight.
    pub(super) fn sees(&self, namespace: &Arc<str>) -> bool {
        self.refused.is_empty()
            || [Listing::clusters(), Listing::of_core("Machine")].iter().all(|kind| !self.refused.contains_key(kind) || self.is_near(&kind.within(namespace)))
    }

    /// How far KOS sees, to be shown.
    pub(super) fn row(&self, kinds: u32) -> WatchedRow {
        let clusters = Listing::clusters();
        let Some(why) = self.refused.get(&clusters) else { return WatchedRow { kinds, ..WatchedRow::default() } };
        let (namespaces, refused): (Vec<_>, Vec<_>) = self.typed.iter().partition(|name| self.is_near(&clusters.within(name)));
        let words = |names: Vec<&Arc<str>>| names.into_iter().map(|name| name.to_string()).collect();
        WatchedRow { kinds, namespaces: words(namespaces), refused: words(refused), denied: Some(why.clone()) }
    }

    /// Whether objects of this kind are seen, everywhere or in a namespace.
    pub(super) fn watches(&self, kind: &Objects) -> bool {
        if self.refused.is_empty() {
            return true;
        }
        let kind = Listing::everywhere(kind);
        !self.refused.contains_key(&kind) || self.typed.iter().any(|name| self.is_near(&kind.within(name)))
    }

    /// Whether this list of a single namespace is wanted.
    fn reads(&self, near: &Listing) -> bool {
        self.refused.contains_key(&near.whole()) && self.typed.contains(&near.namespace)
    }

    fn is_near(&self, near: &Listing) -> bool {
        self.reads(near) && !matches!(self.said.get(near), Some(Status::Denied { .. }))
    }

    fn refuse(&mut self, kind: &Listing, why: &Fault) {
        if self.refused.insert(kind.clone(), why.clone()).is_none() {
            let begun: Vec<Listing> = self.typed.iter().map(|name| kind.within(name)).collect();
            begun.into_iter().for_each(|near| self.begin(near));
        }
    }

    fn allow(&mut self, kind: &Listing) {
        if self.refused.remove(kind).is_some() {
            self.forget(|one| !one.is_everywhere() && one.is_of(kind));
        }
    }

    fn begin(&mut self, near: Listing) {
        if near.is_waited_for() {
            self.expect(near.clone());
        }
        self.said.insert(near, Status::Loading);
    }

    fn forget(&mut self, is_gone: impl Fn(&Listing) -> bool) {
        self.unlisted.retain(|one| !is_gone(one));
        self.unanswered.retain(|one| !is_gone(one));
        self.said.retain(|one, _| !is_gone(one));
    }
}

/// What one namespace says counts before what another says.
fn place(status: &Status) -> u8 {
    match status {
        Status::Closed => 0,
        Status::Stale { .. } => 1,
        Status::Live => 2,
        Status::Loading => 3,
        Status::Denied { .. } => 4,
    }
}

#[cfg(test)]
mod tests {
    use api::{FaultCode, Timestamp};

    use super::*;

    fn denied() -> Status {
        Status::Denied { why: Fault::new(FaultCode::Denied, "no") }
    }

    fn stale() -> Status {
        Status::Stale { since: Timestamp(1), why: Fault::new(FaultCode::Unreachable, "away"), retry_at: None }
    }

    fn near(kind: &Listing, namespace: &str) -> Listing {
        kind.within(&namespace.into())
    }

    fn names(all: &[&str]) -> Vec<String> {
        all.iter().map(|name| (*name).to_owned()).collect()
    }

    /// Clusters and machines may be listed nowhere but in what is typed.
    fn refused(typed: &[&str]) -> Reach {
        let mut reach = Reach::default();
        reach.type_in(&names(typed));
        for kind in [Listing::clusters(), Listing::of_core("Machine")] {
            reach.expect(kind.clone());
            reach.hear(&kind, &Status::Loading);
            reach.hear(&kind, &denied());
        }
        reach
    }

    #[test]
    fn a_kind_that_is_refused_is_read_in_the_namespaces_that_were_typed() {
        let clusters = Listing::clusters();
        let mut reach = refused(&["a", "b"]);
        assert_eq!(reach.stand().near.len(), 4);
        assert_eq!((reach.status(&clusters), reach.stand().is_whole), (Some(Status::Loading), false));
        for (namespace, says, shown) in [
            ("a", Status::Live, Status::Live),
            ("b", stale(), stale()),
            ("b", denied(), Status::Live),
            ("a", denied(), denied()),
            // What was never typed says nothing.
            ("c", Status::Live, denied()),
            ("a", Status::Live, Status::Live),
        ] {
            reach.hear(&near(&clusters, namespace), &says);
            assert_eq!(reach.status(&clusters), Some(shown), "{namespace} says {says:?}");
        }
        let row = reach.row(9);
        assert_eq!((row.namespaces, row.refused, row.kinds), (names(&["a"]), names(&["b"]), 9));
        assert!(row.denied.is_some() && !reach.stand().is_whole, "the machines are on their way");
        for namespace in ["a", "b"] {
            reach.hear(&near(&Listing::of_core("Machine"), namespace), &Status::Live);
        }
        assert!(reach.stand().is_whole && reach.stand().has_answered);
        assert_eq!(["a", "b", "c"].map(|name| reach.sees(&name.into())), [true, false, false]);
        let machine = |namespace: &str| ObjectId { group: CORE.into(), kind: "Machine".into(), namespace: namespace.into(), name: "m".into() };
        assert_eq!(["a", "b", "c"].map(|name| reach.reads_whole(&machine(name))), [true, true, false]);
    }

    #[test]
    fn another_try_to_list_everywhere_changes_nothing_until_it_is_allowed() {
        let clusters = Listing::clusters();
        let mut reach = refused(&["a"]);
        reach.hear(&near(&clusters, "a"), &Status::Live);
        for says in [Status::Loading, denied()] {
            reach.hear(&clusters, &says);
            assert_eq!(reach.status(&clusters), Some(Status::Live), "{says:?}");
        }
        reach.hear(&clusters, &Status::Live);
        assert_eq!((reach.status(&clusters), reach.stand().near.len(), reach.row(1).denied), (Some(Status::Live), 1, None));
        assert!(reach.sees(&"a".into()));
    }

    #[test]
    fn a_namespace_that_is_typed_later_is_read_and_one_that_is_not_typed_any_more_is_forgotten() {
        let clusters = Listing::clusters();
        let mut reach = refused(&[]);
        assert!(matches!(reach.status(&clusters), Some(Status::Denied { .. })) && reach.stand().is_whole);
        assert!(!reach.sees(&"a".into()), "what is out of sight is not gone");
        assert!(reach.type_in(&names(&["a"])).is_empty());
        assert_eq!((reach.status(&clusters), reach.stand().is_whole), (Some(Status::Loading), false));
        reach.hear(&near(&clusters, "a"), &Status::Live);
        assert_eq!(reach.type_in(&[]), vec![Arc::<str>::from("a")]);
        assert!(matches!(reach.status(&clusters), Some(Status::Denied { .. })) && reach.stand().is_whole);
        let many: Vec<String> = (0..MOST_NEAR + 5).map(|n| format!("n{n}")).collect();
        reach.type_in(&many);
        let stand = reach.stand();
        assert!(stand.near.len() == 2 * MOST_NEAR && stand.near.contains(&near(&clusters, "n12")), "the newest");
    }

    #[test]
    fn nobody_waits_for_events_and_classes() {
        let events = Listing { group: "".into(), kind: "Event".into(), namespace: "".into() };
        let mut reach = refused(&["a"]);
        for kind in [Listing::clusters(), Listing::of_core("Machine")] {
            reach.hear(&near(&kind, "a"), &Status::Live);
        }
        for kind in [events, Listing::classes()] {
            reach.hear(&kind, &denied());
            assert!(reach.stand().is_whole && reach.stand().near.contains(&near(&kind, "a")), "{kind:?}");
        }
    }

    #[test]
    fn all_is_not_listed_while_a_group_of_which_nothing_is_known_does_not_say_its_kinds() {
        let mut reach = Reach::default();
        for (silent, is_whole, knows_core) in [
            (vec![(CORE, Held::Unknown)], false, false),
            (vec![(CORE, Held::AsBefore)], true, false),
            (vec![("ipam.cluster.x-k8s.io", Held::Unknown), (CORE, Held::AsBefore)], false, false),
            (vec![("ipam.cluster.x-k8s.io", Held::Unknown)], false, true),
            (vec![], true, true),
        ] {
            reach.miss(silent.iter().map(|(group, held)| ((*group).to_owned(), *held)).collect());
            let stand = reach.stand();
            assert_eq!((stand.is_whole, reach.knows_core(), stand.has_answered), (is_whole, knows_core, true), "{silent:?}");
        }
    }
}
