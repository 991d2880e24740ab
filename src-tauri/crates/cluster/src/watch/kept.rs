//! How much do the rows of a table take?

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};

use api::RowId;

use crate::weight::Weighed;

/// What a row takes beside itself: its places in a board, and its line in the log of what changed.
const A_ROW: usize = 256;

/// The weight of each row that was handed on, and of all of them.
#[derive(Default)]
pub(super) struct Kept {
    /// By a hash of the row's name, which may be long. Two that share one only make the sum a little wrong.
    rows: HashMap<u64, usize>,
    hash: RandomState,
    bytes: usize,
}

impl Kept {
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Takes in the rows of a page until there are too many, and gives how many fit. One that is sent twice counts twice: until
    /// the list is whole, both are kept.
    pub(super) fn fill<R: Weighed>(&mut self, rows: &[R], most: usize) -> usize {
        for (place, row) in rows.iter().enumerate() {
            let key = row.key();
            let weight = of(&key, row);
            if self.bytes + weight > most {
                return place;
            }
            self.rows.insert(self.hash.hash_one(&key), weight);
            self.bytes += weight;
        }
        rows.len()
    }

    /// A row came or changed.
    pub(super) fn set(&mut self, id: &RowId, row: &impl Weighed) {
        let weight = of(id, row);
        let before = self.rows.insert(self.hash.hash_one(id), weight).unwrap_or_default();
        self.bytes = self.bytes.saturating_sub(before).saturating_add(weight);
    }

    pub(super) fn gone(&mut self, id: &RowId) {
        let before = self.rows.remove(&self.hash.hash_one(id)).unwrap_or_default();
        self.bytes = self.bytes.saturating_sub(before);
    }
}

fn of(id: &RowId, row: &impl Weighed) -> usize {
    // A board knows a row by its name, and so does its log.
    A_ROW + 2 * id.0.len() + row.weight()
}

#[cfg(test)]
mod tests {
    use api::tables::{Health, PodRow, TableRow};

    use super::Kept;
    use crate::watch::Pace;
    use crate::weight::Weighed as _;

    fn pod(name: String) -> TableRow {
        TableRow::Pod(PodRow {
            namespace: "team-blue-production".into(),
            name,
            ready: 1,
            containers: 1,
            status: "CrashLoopBackOff".into(),
            health: Health::Failed,
            restarts: 12,
            last_restart: None,
            node: "ip-10-12-130-217.eu-central-1.compute.internal".into(),
            ip: "10.12.130.217".into(),
            created: None,
        })
    }

    #[test]
    fn fifty_thousand_ordinary_pods_are_far_from_too_many() {
        let rows: Vec<TableRow> = (0..50_000).map(|n| pod(format!("payments-gateway-7d9c5b6f4d-{n:05}"))).collect();
        let most = Pace::default().kept_bytes;
        let mut kept = Kept::default();
        assert_eq!(kept.fill(&rows, most), 50_000);
        assert!(kept.bytes() < most / 4, "{}", kept.bytes());
    }

    #[test]
    fn a_row_that_changes_or_goes_is_not_counted_for_ever() {
        let mut kept = Kept::default();
        let (short, long) = (pod("a".into()), pod("b".repeat(100)));
        kept.set(&short.key(), &short);
        let one = kept.bytes();
        for _ in 0..100 {
            kept.set(&short.key(), &short);
        }
        assert_eq!(kept.bytes(), one);
        kept.set(&long.key(), &long);
        assert!(kept.bytes() > 2 * one);
        kept.gone(&long.key());
        kept.gone(&long.key());
        assert_eq!(kept.bytes(), one);
    }

    #[test]
    fn of_a_page_that_is_too_much_as_much_is_taken_as_fits() {
        let rows = ["a", "b", "a", "c"].map(|name| pod(name.to_owned()));
        let mut kept = Kept::default();
        kept.set(&rows[0].key(), &rows[0]);
        let three = 3 * kept.bytes();
        assert_eq!(Kept::default().fill(&rows, three), 3, "what is sent twice is no way around it");
        assert_eq!(Kept::default().fill(&rows, three - 1), 2);
    }
}
