//! In which order do the clusters of a management cluster stand?

use std::cmp::{Ordering, Reverse};

use api::capi::{ClusterRow, Counts};

/// Tells equals apart.
pub fn by_name(a: &ClusterRow, b: &ClusterRow) -> Ordering {
    (&a.name, &a.namespace).cmp(&(&b.name, &b.namespace))
}

/// What needs somebody first; of those, the one that misses most.
pub fn by_state(a: &ClusterRow, b: &ClusterRow) -> Ordering {
    let place = |row: &ClusterRow| (row.state, Reverse(row.missing()));
    place(a).cmp(&place(b))
}

/// The one that lacks most of its control plane first, then the smallest.
pub fn by_planes(a: &ClusterRow, b: &ClusterRow) -> Ordering {
    by_counts(&a.planes, &b.planes)
}

pub fn by_workers(a: &ClusterRow, b: &ClusterRow) -> Ordering {
    by_counts(&a.workers, &b.workers)
}

fn by_counts(a: &Counts, b: &Counts) -> Ordering {
    let place = |of: &Counts| (Reverse(of.asked.unwrap_or(0).saturating_sub(of.ready.unwrap_or(0))), of.asked);
    place(a).cmp(&place(b))
}

/// What lasts longest first; where nobody tells how long comes last.
pub fn by_since(a: &ClusterRow, b: &ClusterRow) -> Ordering {
    let place = |row: &ClusterRow| (row.since.is_none(), row.since);
    place(a).cmp(&place(b))
}

/// `2 / 3`: ready, of those that were asked for. A cluster that counts nothing shows a dash, not a zero.
pub fn counted(of: &Counts) -> String {
    of.asked.map_or_else(|| "–".to_owned(), |asked| format!("{} / {asked}", of.ready.unwrap_or(0)))
}

/// All that a cluster counts of a part: `3 asked, 4 made, 3 ready, 3 available, 1 up to date`.
pub fn counted_whole(of: &Counts) -> String {
    let words = [(of.asked, "asked"), (of.made, "made"), (of.ready, "ready"), (of.available, "available"), (of.up_to_date, "up to date")];
    let told: Vec<String> = words.into_iter().filter_map(|(count, what)| Some(format!("{} {what}", count?))).collect();
    if told.is_empty() { "The cluster does not count them.".to_owned() } else { told.join(", ") }
}

/// The one that misses most first, then the smallest.
pub fn by_machines(a: &ClusterRow, b: &ClusterRow) -> Ordering {
    let place = |row: &ClusterRow| (Reverse(row.missing()), row.machines.len());
    place(a).cmp(&place(b))
}

/// By its numbers: `v1.9.0` is older than `v1.36.1`.
pub fn by_version(a: &ClusterRow, b: &ClusterRow) -> Ordering {
    let numbers = |row: &ClusterRow| row.version.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse::<u64>().ok()).collect::<Vec<_>>();
    numbers(a).cmp(&numbers(b)).then_with(|| a.version.cmp(&b.version))
}

/// The newest first; one whose age nobody tells comes last.
pub fn by_age(a: &ClusterRow, b: &ClusterRow) -> Ordering {
    b.created.cmp(&a.created)
}

/// Whether a cluster has these letters, which are small, in its name or in what it is made of.
pub fn has(row: &ClusterRow, letters: &str) -> bool {
    [&row.name, &row.namespace, &row.class, &row.version].into_iter().any(|text| text.to_lowercase().contains(letters))
}

#[cfg(test)]
mod tests {
    use api::{
        Timestamp,
        capi::{ClusterState, MachineMark},
    };

    use super::*;

    fn row(name: &str, state: ClusterState, version: &str, ready: usize, wanted: u32, created: Option<u64>) -> ClusterRow {
        let (class, endpoint, why) = ("quick-start".into(), String::new(), String::new());
        let (namespace, machines, created) = ("default".into(), vec![MachineMark::Ready; ready], created.map(Timestamp));
        let count = |n: u32| Counts { asked: Some(n), ready: Some(n), ..Counts::default() };
        let (planes, workers) = (count(1), Counts { ready: u32::try_from(ready).ok().map(|n| n - 1), ..count(wanted - 1) });
        let since = created.map(|at| Timestamp(100 - at.0));
        ClusterRow { namespace, name: name.into(), state, version: version.into(), class, machines, wanted, planes, workers, endpoint, created, since, why }
    }

    #[test]
    fn clusters_are_sorted_by_each_of_their_heads() {
        let rows = [
            row("b", ClusterState::Available, "v1.36.1", 4, 4, Some(30)),
            row("c", ClusterState::Stuck, "v1.9.0", 1, 4, Some(20)),
            row("a", ClusterState::Paused, "v1.35.10", 1, 1, None),
            row("d", ClusterState::Provisioning, "v1.35.9", 2, 3, Some(40)),
        ];
        let sorted = |order: fn(&ClusterRow, &ClusterRow) -> Ordering| {
            let mut rows = rows.to_vec();
            rows.sort_by(|a, b| order(a, b).then_with(|| by_name(a, b)));
            rows.into_iter().map(|row| row.name).collect::<String>()
        };
        type Order = fn(&ClusterRow, &ClusterRow) -> Ordering;
        let orders: [(Order, &str, &str); 8] = [
            (by_name, "abcd", "name"),
            (by_state, "cdab", "what needs somebody first"),
            (by_machines, "cdab", "what misses most first"),
            (by_version, "cdab", "numbers are no words"),
            (by_age, "dbca", "the newest first"),
            (by_planes, "abcd", "each has all of it"),
            (by_workers, "cdab", "what lacks most first, then the smallest"),
            (by_since, "dbca", "what lasts longest first, what nobody tells last"),
        ];
        for (order, wanted, why) in orders {
            assert_eq!(sorted(order), wanted, "{why}");
        }
    }

    #[test]
    fn of_two_clusters_in_one_state_the_one_that_misses_more_stands_first() {
        let of = |name: &str, ready| row(name, ClusterState::Provisioning, "v1.36.1", ready, 4, None);
        let mut rows = [of("a", 3), of("b", 1), of("c", 2), row("d", ClusterState::Stuck, "v1.36.1", 4, 4, None)];
        rows.sort_by(by_state);
        assert_eq!(rows.map(|row| row.name).concat(), "dbca");
    }

    #[test]
    fn machines_are_counted_as_the_cluster_tells_them_and_a_silent_one_shows_no_zero() {
        let upgrading = Counts { asked: Some(3), made: Some(4), ready: Some(3), available: Some(3), up_to_date: Some(1) };
        let before = Counts { asked: Some(3), ..Counts::default() };
        for (counts, short, whole) in [
            (upgrading, "3 / 3", "3 asked, 4 made, 3 ready, 3 available, 1 up to date"),
            (before, "0 / 3", "3 asked"),
            (Counts::default(), "–", "The cluster does not count them."),
        ] {
            assert_eq!((counted(&counts).as_str(), counted_whole(&counts).as_str()), (short, whole));
        }
    }

    #[test]
    fn a_cluster_is_found_by_its_name_its_namespace_its_class_and_its_version() {
        let one = row("Lab-B", ClusterState::Available, "v1.36.1", 1, 1, None);
        for (letters, found) in [("lab", true), ("default", true), ("quick", true), ("1.36", true), ("prod", false)] {
            assert_eq!(has(&one, letters), found, "{letters}");
        }
    }
}
