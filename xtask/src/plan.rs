//! Which tests of a program can run here, and which are left out: why?

use crate::lab::Part;
use crate::layers::{Lanes, Need, TestProgram};

/// Something that did not run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LeftOut {
    pub(crate) what: String,
    pub(crate) why: Why,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Why {
    NotAsked,
    /// This machine cannot have it; a finding about the machine.
    Cannot(String),
    /// It was tried.
    Failed(String),
}

/// What of a program runs.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) runs: Option<Run>,
    pub(crate) left_out: Vec<LeftOut>,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) stands_on: Vec<Part>,
    /// Words for the test harness: tests whose name contains one are not run.
    pub(crate) without: Vec<&'static str>,
    /// And which run beside the others, by the same kind of words.
    pub(crate) beside: Vec<&'static str>,
}

impl Run {
    /// The words for each run of the harness, all at once; a filter leaves one.
    pub(crate) fn lanes(&self, filter: Option<&str>) -> Vec<Vec<String>> {
        let skip = |tests: &[&str]| tests.iter().flat_map(|test| ["--skip".to_owned(), (*test).to_owned()]).collect::<Vec<_>>();
        let without = skip(&self.without);
        match filter {
            Some(filter) => vec![[without, vec![filter.to_owned()]].concat()],
            None if self.beside.is_empty() => vec![without],
            None => vec![[without.clone(), skip(&self.beside)].concat(), [without, self.beside.iter().map(|test| (*test).to_owned()).collect()].concat()],
        }
    }
}

impl Plan {
    /// By what the machine does not have.
    pub(crate) fn of(name: &str, program: TestProgram, missing: impl Fn(Need) -> Option<Why>) -> Self {
        if let Some(why) = program.needs.iter().find_map(|part| missing(Need::Lab(*part))) {
            return Self { runs: None, left_out: vec![LeftOut { what: name.to_owned(), why }] };
        }
        let mut run = Run { stands_on: program.needs.to_vec(), without: vec![], beside: vec![] };
        let mut left_out = vec![];
        for (need, tests) in program.some {
            match (missing(*need), need) {
                (Some(why), _) => {
                    run.without.extend(*tests);
                    let tests: Vec<&str> = tests.iter().map(|test| test.trim_end_matches("::")).collect();
                    left_out.push(LeftOut { what: format!("{name}, of it {}", tests.join(", ")), why });
                }
                (None, Need::Lab(part)) => {
                    run.stands_on.push(*part);
                    match program.lanes {
                        Lanes::One => {}
                        Lanes::Two => run.beside.extend(*tests),
                    }
                }
                (None, Need::OwnUser | Need::OwnWorld) => {}
            }
        }
        Self { runs: Some(run), left_out }
    }
}

/// How a run takes it when this machine cannot have something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strictness {
    /// It is told.
    Tells,
    /// In CI nothing is left out.
    Refuses,
}

/// What makes a run fail besides its tests.
pub(crate) fn faults(left_out: &[LeftOut], strictness: Strictness) -> Vec<String> {
    let fault = |out: &LeftOut| match (&out.why, strictness) {
        (Why::NotAsked, _) | (Why::Cannot(_), Strictness::Tells) => None,
        (Why::Failed(why), _) | (Why::Cannot(why), Strictness::Refuses) => Some(format!("{}: {why}", out.what)),
    };
    left_out.iter().filter_map(fault).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn planned(target: &str, lacks: &[Need]) -> Plan {
        Plan::of(target, TestProgram::of("tests", target), |need| lacks.contains(&need).then(|| Why::Cannot("it is not here".into())))
    }

    #[test]
    fn what_can_run_runs_and_only_the_tests_that_need_more_are_left_out() {
        let (kubernetes, docker) = (Need::Lab(Part::Kubernetes), Need::Lab(Part::Docker));
        let all = [Part::Kubernetes, Part::Capi, Part::Docker];
        type Row<'a> = (&'a str, &'a [Need], Option<&'a [Part]>, &'a [&'a str]);
        let rows: [Row<'_>; 9] = [
            ("live", &[], Some(&all), &[]),
            ("live", &[docker], Some(&all[..2]), &["live, of it docker, left, management, stops, upkeep, whole"]),
            ("live", &[kubernetes, docker], None, &["live"]),
            ("journeys_real", &[docker], Some(&all[..1]), &["journeys_real, of it management, neighbours, whole"]),
            ("journeys_real", &[kubernetes], None, &["journeys_real"]),
            ("journeys", &[kubernetes, docker], Some(&[]), &[]),
            ("contract", &[kubernetes, docker, Need::OwnUser, Need::OwnWorld], Some(&[]), &[]),
            ("faults", &[], Some(&[]), &[]),
            ("faults", &[Need::OwnUser], Some(&[]), &["faults, of it input::a_file_that_may_not_be_read_and_a_pipe_say_so_and_hide_no_other"]),
        ];
        for (target, lacks, stands_on, left_out) in rows {
            let plan = planned(target, lacks);
            assert_eq!(plan.runs.as_ref().map(|run| run.stands_on.as_slice()), stands_on, "{target} without {lacks:?}");
            assert_eq!(plan.left_out.iter().map(|out| out.what.as_str()).collect::<Vec<_>>(), left_out, "{target} without {lacks:?}");
        }
        let without = planned("live", &[docker]).runs.map(|run| run.without);
        assert_eq!(without, Some(vec!["docker::", "left::", "management::", "stops::", "upkeep::", "whole::"]));
    }

    #[test]
    fn tests_on_docker_run_beside_those_that_do_not_need_it() {
        let docker = Need::Lab(Part::Docker);
        let of = |target: &str, lacks: &[Need], filter: Option<&str>| -> Vec<String> {
            let run = planned(target, lacks).runs.unwrap();
            run.lanes(filter).iter().map(|words| words.join(" ")).collect()
        };
        let skipped = "--skip docker:: --skip left:: --skip management:: --skip stops:: --skip upkeep:: --skip whole::";
        assert_eq!(of("live", &[], None), [skipped, "docker:: left:: management:: stops:: upkeep:: whole::"]);
        assert_eq!(of("live", &[docker], None), [skipped], "without Docker there is nothing beside");
        assert_eq!(of("live", &[], Some("whole::")), ["whole::"], "what is asked for runs alone");
        assert_eq!(of("journeys_real", &[], None), [""], "journeys share a screen and run one after the other");
    }

    #[test]
    fn what_was_tried_fails_a_run_and_what_cannot_be_had_only_in_ci() {
        let out = |what: &str, why| LeftOut { what: what.into(), why };
        let all = [out("views", Why::NotAsked), out("live", Why::Cannot("no Go".into())), out("journeys_real", Why::Failed("up.sh ended".into()))];
        assert_eq!(faults(&all, Strictness::Tells), ["journeys_real: up.sh ended"]);
        assert_eq!(faults(&all, Strictness::Refuses), ["live: no Go", "journeys_real: up.sh ended"]);
        assert_eq!(faults(&[], Strictness::Refuses), Vec::<String>::new());
    }
}
