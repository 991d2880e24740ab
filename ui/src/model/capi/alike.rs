//! Which machines of a tree look so alike that one row says enough?
//!
//! `clusterctl describe` makes one row of machines that are equally well; so does the page, where there are more of them than
//! are read at a glance. What needs somebody, or is on the way to it, keeps a row of its own.

use std::rc::Rc;

use api::capi::{TreeRow, TreeState};

/// So many machines in one place are still read one by one.
const FEW: usize = 5;
/// So many of their names stand in the row.
const NAMED: usize = 20;

/// A row with what it stands for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Gathered {
    pub(super) row: Rc<TreeRow>,
    pub(super) stands_for: StandsFor,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum StandsFor {
    /// The object that it names.
    Itself,
    /// The machines below it. `owner` stays when one of them goes: their names begin with that of their owner.
    Machines { owner: String },
}

/// The rows of a tree, in their order; those that are well and many hang below a row that counts them.
pub(super) fn gathered(rows: &[Rc<TreeRow>]) -> Vec<Gathered> {
    let mut all = Vec::with_capacity(rows.len());
    gather(rows, &mut all);
    all
}

fn itself(row: Rc<TreeRow>) -> Gathered {
    Gathered { row, stands_for: StandsFor::Itself }
}

/// Rows with what hangs below each of them.
fn gather(rows: &[Rc<TreeRow>], all: &mut Vec<Gathered>) {
    let blocks = blocks(rows);
    let well: Vec<&[Rc<TreeRow>]> = blocks.iter().copied().filter(|block| is_well(block)).collect();
    let is_group = well.len() > FEW;
    for block in blocks.iter().filter(|block| !(is_group && is_well(block))) {
        if let [head, below @ ..] = block {
            all.push(itself(head.clone()));
            gather(below, all);
        }
    }
    if is_group {
        all.extend(head(&well));
        all.extend(well.into_iter().flatten().map(|row| itself(Rc::new(TreeRow { depth: row.depth + 1, ..(**row).clone() }))));
    }
}

fn blocks(rows: &[Rc<TreeRow>]) -> Vec<&[Rc<TreeRow>]> {
    let Some(depth) = rows.first().map(|row| row.depth) else { return vec![] };
    let starts: Vec<usize> = rows.iter().enumerate().filter(|(_, row)| row.depth <= depth).map(|(at, _)| at).collect();
    let ends = starts.iter().skip(1).copied().chain([rows.len()]);
    starts.iter().zip(ends).filter_map(|(start, end)| rows.get(*start..end)).collect()
}

fn is_well(block: &[Rc<TreeRow>]) -> bool {
    block.first().is_some_and(|row| row.kind == "Machine" && row.state == TreeState::Running && !row.on_the_way)
}

fn head(well: &[&[Rc<TreeRow>]]) -> Option<Gathered> {
    let first = well.first()?.first()?;
    let names: Vec<&str> = well.iter().filter_map(|block| block.first()).map(|row| row.name.as_str()).collect();
    let more = names.len().saturating_sub(NAMED);
    let mut name = names.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    if more > 0 {
        name.push_str(&format!(" and {more} more"));
    }
    let count = u32::try_from(names.len()).unwrap_or(u32::MAX);
    let kind = format!("{count} Machines");
    let row = TreeRow { kind, name, state: TreeState::Running, ready: Some((count, count)), since: None, on_the_way: false, ..(**first).clone() };
    let owner = first.name.rsplit_once('-').map_or(first.name.as_str(), |(owner, _)| owner).to_owned();
    Some(Gathered { row: Rc::new(row), stands_for: StandsFor::Machines { owner } })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(order: u32, depth: u16, kind: &str, name: &str, state: TreeState) -> Rc<TreeRow> {
        Rc::new(TreeRow { order, depth, kind: kind.into(), name: name.into(), state, ready: None, since: None, on_the_way: false })
    }

    /// A pool with so many machines that are well and have a part each, and one that is made.
    fn pool(well: u32) -> Vec<Rc<TreeRow>> {
        let mut rows = vec![row(0, 0, "Cluster", "lab", TreeState::Available), row(1, 1, "MachineDeployment", "lab-md", TreeState::ScalingUp)];
        for n in 0..well {
            rows.push(row(2 + 2 * n, 2, "Machine", &format!("lab-md-{n:02}"), TreeState::Running));
            rows.push(row(3 + 2 * n, 3, "DevMachine", &format!("lab-md-{n:02}"), TreeState::Ready));
        }
        rows.push(row(2 + 2 * well, 2, "Machine", "lab-md-zz", TreeState::Provisioning));
        rows
    }

    fn words(row: &TreeRow) -> (u16, String) {
        (row.depth, format!("{} {}", row.kind, row.name))
    }

    fn said(rows: &[Gathered]) -> Vec<(u16, String)> {
        rows.iter().map(|one| words(&one.row)).collect()
    }

    fn one_by_one(rows: &[Rc<TreeRow>]) -> Vec<(u16, String)> {
        rows.iter().map(|row| words(row)).collect()
    }

    fn is_many(one: &Gathered) -> bool {
        matches!(one.stands_for, StandsFor::Machines { .. })
    }

    #[test]
    fn many_machines_that_are_well_hang_below_one_row_with_their_names() {
        let all = gathered(&pool(6));
        let at = all.iter().position(is_many).expect("one row counts them");
        let many = &all[at].row;
        assert_eq!((many.depth, many.kind.as_str(), many.ready), (2, "6 Machines", Some((6, 6))));
        assert_eq!(many.name, "lab-md-00, lab-md-01, lab-md-02, lab-md-03, lab-md-04, lab-md-05");
        assert_eq!(all[at - 1].row.name, "lab-md-zz", "what is not well keeps its row and stands before them");
        assert_eq!(said(&all[at + 1..at + 3]), [(3, "Machine lab-md-00".to_owned()), (4, "DevMachine lab-md-00".to_owned())]);
        assert_eq!(all.len(), pool(6).len() + 1, "none is lost");
    }

    #[test]
    fn few_machines_are_read_one_by_one_and_what_blocks_is_never_hidden() {
        assert_eq!(said(&gathered(&pool(5))), one_by_one(&pool(5)));
        let blocked: Vec<_> = pool(6).iter().map(|row| Rc::new(TreeRow { on_the_way: row.name == "lab-md-03", ..(**row).clone() })).collect();
        assert_eq!(said(&gathered(&blocked)), one_by_one(&blocked));
    }

    #[test]
    fn of_very_many_the_first_are_named_and_the_rest_is_counted() {
        let all = gathered(&pool(31));
        let many = &all.iter().find(|one| is_many(one)).expect("one row counts them").row;
        assert!(many.name.starts_with("lab-md-00, lab-md-01") && many.name.ends_with("lab-md-19 and 11 more"), "{}", many.name);
    }

    #[test]
    fn a_row_that_was_opened_stays_open_when_their_number_changes() {
        let owner_of = |well| gathered(&pool(well)).into_iter().map(|one| one.stands_for).find(|what| *what != StandsFor::Itself);
        assert_eq!(owner_of(6), Some(StandsFor::Machines { owner: "lab-md".to_owned() }));
        assert_eq!(owner_of(6), owner_of(31));
    }
}
