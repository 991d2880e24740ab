//! Which jobs can be found by their titles?

use std::{cmp::Reverse, rc::Rc};

use api::jobs::JobRow;

use super::{Act, Entry, Form, List, Mark};
use crate::{
    model::{jobs::list::detail, route::Route},
    widgets::Pic,
};

/// The newest first: of jobs with one title, that is the one that is meant.
pub fn jobs(rows: &[Rc<JobRow>]) -> Vec<Entry> {
    let mut rows: Vec<&Rc<JobRow>> = rows.iter().collect();
    rows.sort_by_key(|row| Reverse(row.ended.unwrap_or(row.started)));
    let entry = |row: &JobRow| Entry {
        list: List::Jobs,
        mark: Mark::Icon(Pic::ListChecks),
        words: row.title.plain(),
        form: Form::Said,
        sub: detail(row).plain(),
        key: None,
        act: Act::Go(Route::Job(row.id.clone())),
    };
    rows.into_iter().map(|row| entry(row)).collect()
}

#[cfg(test)]
mod tests {
    use api::{
        Fault, FaultCode, Timestamp,
        jobs::{JobState, Words},
    };

    use super::*;
    use crate::model::palette::find;

    fn row(id: &str, title: &str, started: u64, state: JobState) -> Rc<JobRow> {
        Rc::new(JobRow {
            id: id.into(),
            title: Words::said(title),
            detail: Words::said("Nodes are Ready"),
            state,
            marks: vec![],
            place: String::new(),
            started: Timestamp(started),
            ended: None,
        })
    }

    #[test]
    fn a_job_is_found_by_letters_of_its_title_and_the_newest_comes_first() {
        let failed = JobState::Failed { step: 3, why: Fault::new(FaultCode::Step, "The image is missing.") };
        let rows = [
            row("old", "Create the management cluster kos-mgmt", 1, JobState::Undone),
            row("new", "Create the management cluster kos-mgmt", 2, failed),
            row("other", "Stop the cluster lab", 3, JobState::Running),
        ];
        let all = jobs(&rows);
        let found: Vec<(Act, String)> = find(&all, "mgmt").into_iter().map(|found| (found.entry.act, found.entry.sub)).collect();
        let to = |id: &str| Act::Go(Route::Job(id.into()));
        assert_eq!(found.iter().map(|(act, _)| act.clone()).collect::<Vec<_>>(), [to("new"), to("old")]);
        assert!(found[0].1.contains("the image is missing"), "what stopped it stands beside it: {}", found[0].1);
        assert_eq!(find(&all, ""), [], "without letters the list of jobs is a page of its own");
    }
}
