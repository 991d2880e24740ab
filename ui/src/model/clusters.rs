//! In which order do the clusters of a management cluster stand?

use std::cmp::{Ordering, Reverse};

use api::capi::ClusterRow;

/// So that none moves under the pointer when another one falls ill.
pub fn by_name(a: &ClusterRow, b: &ClusterRow) -> Ordering {
    (&a.name, &a.namespace).cmp(&(&b.name, &b.namespace))
}

/// What needs somebody first.
pub fn by_state(a: &ClusterRow, b: &ClusterRow) -> Ordering {
    a.state.cmp(&b.state)
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
        ClusterRow { namespace, name: name.into(), state, version: version.into(), class, machines, wanted, endpoint, created, why }
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
        let orders: [(Order, &str, &str); 5] = [
            (by_name, "abcd", "name"),
            (by_state, "cdab", "what needs somebody first"),
            (by_machines, "cdab", "what misses most first"),
            (by_version, "cdab", "numbers are no words"),
            (by_age, "dbca", "the newest first"),
        ];
        for (order, wanted, why) in orders {
            assert_eq!(sorted(order), wanted, "{why}");
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
