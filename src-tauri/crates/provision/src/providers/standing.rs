//! Where do clusters stand after a move that stopped on its way?

use std::collections::BTreeMap;

use crate::look::clusters::{Pause, Stands};

/// What one of the two management clusters holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Side {
    pub(super) clusters: BTreeMap<String, Stands>,
    pub(super) machines: usize,
}

/// How far a move came. clusterctl pauses, copies everything, then removes everything, then resumes the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// All of it is in the source, nothing in the target.
    Here,
    /// All of it is in the source still, and copies are in the target.
    Copied,
    /// Some of it is gone from the source: only the target can have it all.
    Parted,
    /// All of it is in the target, and some of it paused.
    ThereAsleep,
    There,
}

/// Decides by what both of them hold; pure.
pub(super) fn standing(wanted: &[String], machines: usize, here: &Side, there: &Side) -> Standing {
    let all = |side: &Side| wanted.iter().all(|name| side.clusters.contains_key(name));
    let any = |side: &Side| wanted.iter().any(|name| side.clusters.contains_key(name));
    let asleep = |side: &Side| wanted.iter().any(|name| side.clusters.get(name).is_some_and(|one| one.pause == Pause::Paused));
    if !any(here) && all(there) {
        return if asleep(there) { Standing::ThereAsleep } else { Standing::There };
    }
    if all(here) && here.machines >= machines {
        return if any(there) { Standing::Copied } else { Standing::Here };
    }
    Standing::Parted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::look::clusters::Made;

    fn side(names: &[&str], pause: Pause, machines: usize) -> Side {
        let one = || Stands { pause, made: Made::Whole, endpoint: String::new() };
        Side { clusters: names.iter().map(|name| ((*name).to_owned(), one())).collect(), machines }
    }

    #[test]
    fn where_a_move_stopped_is_read_off_both_sides() {
        let wanted = ["a".to_owned(), "b".to_owned()];
        let nobody = || side(&[], Pause::Runs, 0);
        for (here, there, found) in [
            (side(&["a", "b", "other"], Pause::Runs, 9), nobody(), Standing::Here),
            (side(&["a", "b"], Pause::Paused, 4), nobody(), Standing::Here),
            (side(&["a", "b"], Pause::Paused, 4), side(&["a"], Pause::Paused, 0), Standing::Copied),
            (side(&["a", "b"], Pause::Paused, 4), side(&["a", "b"], Pause::Paused, 4), Standing::Copied),
            (side(&["a", "b"], Pause::Paused, 3), side(&["a", "b"], Pause::Paused, 4), Standing::Parted),
            (side(&["a"], Pause::Paused, 0), side(&["a", "b"], Pause::Paused, 4), Standing::Parted),
            (nobody(), side(&["a"], Pause::Paused, 4), Standing::Parted),
            (nobody(), side(&["a", "b"], Pause::Paused, 4), Standing::ThereAsleep),
            (nobody(), side(&["a", "b", "other"], Pause::Runs, 9), Standing::There),
            (nobody(), nobody(), Standing::Parted),
        ] {
            assert_eq!(standing(&wanted, 4, &here, &there), found, "{here:?} {there:?}");
        }
    }
}
