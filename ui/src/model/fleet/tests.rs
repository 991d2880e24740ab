use api::{
    Fault, Millis,
    changes::ClusterAt,
    connect::{Life, Workload},
    contexts::{SignIn, Way},
    files::{Origin, Problem},
    local::{Maker, NodeMark},
};

use super::*;
use crate::{model::samples, widgets::Voice};

pub(super) const NOW: Timestamp = Timestamp(100 * 86_400_000);
pub(super) const CLOCK: Clock = Clock { now: NOW, zone_minutes: 0 };

pub(super) fn cluster(order: u32, name: &str, role: Role, state: LocalState, nodes: &[ContainerState]) -> Rc<LocalRow> {
    let node = |state: &ContainerState| NodeMark { container: String::new(), role: String::new(), state: state.clone(), since: None };
    Rc::new(LocalRow { order, nodes: nodes.iter().map(node).collect(), context: Some(name.into()), ..samples::local(name, role, state) })
}

pub(super) fn context(name: &str, file: &str, link: Link) -> ContextRow {
    ContextRow { id: format!("{file}#{name}").into(), file: file.into(), server: format!("https://{name}.example"), link, ..samples::context(name) }
}

fn file(order: u32, path: &str, state: FileState, problems: Vec<Problem>) -> Rc<FileRow> {
    Rc::new(FileRow { id: path.into(), shown: path.into(), order, origin: Origin::Default, state, current_context: String::new(), contexts: 1, problems })
}

fn needs_you(code: FaultCode) -> Link {
    Link::NeedsYou { since: NOW, why: Fault::new(code, "It did not connect.") }
}

#[test]
fn managed_clusters_hang_below_their_manager() {
    let managed = || Role::Workload { of: Some("mgmt".into()) };
    let rows = [
        cluster(0, "lab-a", managed(), LocalState::Running, &[]),
        cluster(1, "plain", Role::Plain, LocalState::Running, &[]),
        cluster(2, "mgmt", Role::Management, LocalState::Running, &[]),
        cluster(3, "lab-b", managed(), LocalState::Running, &[]),
    ];
    let lines: Vec<(String, Branch)> = locals(&rows, &[], CLOCK).into_iter().map(|l| (l.row.name.clone(), l.branch)).collect();
    let expected = [("plain", Branch::None), ("mgmt", Branch::None), ("lab-a", Branch::Middle), ("lab-b", Branch::Last)];
    assert_eq!(lines, expected.map(|(n, b)| (n.to_owned(), b)));
}

#[test]
fn a_managed_cluster_without_its_manager_still_shows() {
    let rows = [cluster(0, "lab-a", Role::Workload { of: Some("gone".into()) }, LocalState::Running, &[])];
    assert_eq!(locals(&rows, &[], CLOCK).first().map(|l| l.branch), Some(Branch::None));
}

#[test]
fn a_stopped_machine_stands_out_only_when_others_run() {
    let exited = ContainerState::Exited { code: 137 };
    let mixed = cluster(0, "a", Role::Plain, LocalState::Mixed { running: 1, of: 2 }, &[ContainerState::Running, exited.clone()]);
    let stopped = cluster(1, "b", Role::Plain, LocalState::Stopped { since: None }, &[exited]);
    let lines = locals(&[mixed, stopped], &[], CLOCK);
    assert_eq!((lines[0].marks.clone(), lines[0].ready), (vec![State::Healthy, State::Failed], 1));
    assert_eq!((lines[1].marks.clone(), lines[1].ready), (vec![State::Idle], 0));
    assert_eq!((lines[0].told.voice, lines[1].told.voice), (Voice::Filled, Voice::Quiet));
}

#[test]
fn machines_of_a_managed_cluster_are_not_started_from_here() {
    let rows = [cluster(0, "lab", Role::Workload { of: None }, LocalState::Stopped { since: None }, &[])];
    assert_eq!(locals(&rows, &[], CLOCK)[0].action, LocalAction::Open("lab".into()));
}

#[test]
fn a_cluster_of_another_program_is_opened_and_never_switched() {
    let foreign = |by| Role::Foreign { by };
    let open = || LocalAction::Open("lab".into());
    for (role, state, action, words, runs_on) in [
        (foreign(Maker::K3d), LocalState::Stopped { since: None }, open(), "Stopped", "k3d, Docker"),
        (foreign(Maker::Minikube), LocalState::Mixed { running: 1, of: 2 }, open(), "1 of 2 containers run", "minikube, Docker"),
        (foreign(Maker::DockerDesktop), LocalState::NotAsked, open(), "Set up, not asked whether it runs", "Docker Desktop"),
    ] {
        let nodes = if state == LocalState::NotAsked { vec![] } else { vec![ContainerState::Running; 2] };
        let line = locals(&[cluster(0, "lab", role, state, &nodes)], &[], CLOCK).remove(0);
        assert_eq!((line.action, line.told.words.as_str(), line.runs_on.as_str()), (action, words, runs_on));
        assert_eq!(may_not_restart(&line.row), None);
    }
}

#[test]
fn a_sign_in_that_failed_and_is_tried_again_is_not_put_down_to_the_server() {
    let told = |code| {
        let link = Link::Unreachable { since: NOW, why: Fault::new(code, "It did not connect."), retry_at: NOW };
        connection(&context("a", "f", link), CLOCK).words
    };
    let all = [FaultCode::Unreachable, FaultCode::Plugin, FaultCode::SignIn].map(told);
    assert_eq!(all, ["Unreachable, trying now", "Plugin failed, trying now", "Sign-in failed, trying now"]);
}

#[test]
fn every_connection_has_one_verb_that_leads_on() {
    let away = Fault::new(FaultCode::Unreachable, "It does not answer.");
    let cases = [
        (Link::Unopened, ContextAction::Connect),
        (Link::Opening { since: NOW }, ContextAction::Open),
        (Link::Live { since: NOW, latency: Millis(4) }, ContextAction::Open),
        (Link::Stale { since: NOW, why: away.clone(), retry_at: NOW }, ContextAction::TryNow),
        (Link::Unreachable { since: NOW, why: away, retry_at: NOW }, ContextAction::TryNow),
        (needs_you(FaultCode::SignIn), ContextAction::SignIn),
        (needs_you(FaultCode::Trust), ContextAction::Review),
        (needs_you(FaultCode::TrustFile), ContextAction::Review),
        (needs_you(FaultCode::Plugin), ContextAction::Explain),
    ];
    for (link, expected) in cases {
        assert_eq!(action(&context("a", "f", link.clone())), expected, "{link:?}");
    }
}

#[test]
fn an_entry_that_cannot_be_used_is_explained_and_not_connected() {
    let mut row = context("a", "f", Link::Unopened);
    row.problems.push(Problem {
        rule: "KC05".into(),
        severity: Severity::Unusable,
        line: 3,
        entry: "context a".into(),
        sentence: "Its cluster does not exist.".into(),
    });
    assert_eq!(action(&row), ContextAction::Explain);
}

#[test]
fn a_broken_file_keeps_its_row_beside_the_good_ones() {
    let twice = Problem { rule: "KC02".into(), severity: Severity::Unusable, line: 14, entry: String::new(), sentence: "The key user appears twice.".into() };
    let files = [file(1, "old.yaml", FileState::Unreadable, vec![twice]), file(0, "config", FileState::Good, vec![])];
    let groups = groups(&files, &[Rc::new(context("a", "config", Link::Unopened))], "", CLOCK);
    let told: Vec<_> = groups.iter().map(|g| (g.file.shown.as_str(), g.contexts.len(), g.line, g.trouble.as_ref().map(|t| t.words.as_str()))).collect();
    assert_eq!(told, [("config", 1, 0, None), ("old.yaml", 0, 14, Some("Line 14: The key user appears twice."))]);
}

#[test]
fn a_line_is_named_once() {
    let told = |sentence: &str| Problem { rule: "KC01".into(), severity: Severity::Unusable, line: 6, entry: String::new(), sentence: sentence.into() };
    let of = |sentence: &str| file_trouble(&file(0, "a", FileState::Unreadable, vec![told(sentence)])).map(|told| told.words);
    assert_eq!(of("Line 6: it ends in a list."), Some("Line 6: it ends in a list.".into()));
    assert_eq!(of("It ends in a list."), Some("Line 6: It ends in a list.".into()));
}

#[test]
fn what_is_risky_about_a_good_file_stands_on_its_row() {
    let told = |entry: &str, severity: Severity| Problem { rule: "KC01".into(), severity, line: 14, entry: entry.into(), sentence: "Line 14: twice.".into() };
    let of = |problem: Problem| groups(&[file(0, "old", FileState::Good, vec![problem])], &[], "", CLOCK).remove(0);
    let risky = of(told("", Severity::Risk));
    assert_eq!((risky.line, risky.trouble.map(|t| (t.voice, t.words))), (14, Some((Voice::Quiet, "Line 14: twice.".into()))));
    assert_eq!(of(told("", Severity::Note)).trouble, None, "a note is no trouble");
    assert_eq!(of(told("context a", Severity::Risk)).trouble, None, "its context tells it");
}

#[test]
fn a_missing_program_is_told_by_its_context_alone() {
    let missing = || Problem { rule: "KC21".into(), severity: Severity::Risk, line: 16, entry: "user a".into(), sentence: "It was not found.".into() };
    let mut row = context("a", "gke", Link::Unopened);
    row.problems = vec![missing()];
    let groups = groups(&[file(0, "gke", FileState::Partly, vec![missing()])], &[Rc::new(row)], "", CLOCK);
    assert_eq!((groups[0].trouble.clone(), groups[0].line), (None, 0));
    let line = &groups[0].contexts[0];
    assert_eq!((line.told.words.as_str(), line.action), ("Plugin not found", ContextAction::Connect), "it may be there by now");
}

#[test]
fn a_filter_finds_names_servers_and_paths() {
    let files = [file(0, "config", FileState::Good, vec![]), file(1, "homelab", FileState::Good, vec![])];
    let contexts = [Rc::new(context("dev-eu", "config", Link::Unopened)), Rc::new(context("pi", "homelab", Link::Unopened))];
    let found = |filter: &str| {
        let groups = groups(&files, &contexts, filter, CLOCK);
        groups.iter().flat_map(|g| g.contexts.iter().map(|c| c.row.name.clone())).collect::<Vec<_>>()
    };
    assert_eq!(found("DEV"), ["dev-eu"]);
    assert_eq!(found("pi.example"), ["pi"]);
    assert_eq!(found("homelab"), ["pi"]);
    assert!(found("nothing").is_empty());
}

#[test]
fn a_credential_that_ends_soon_is_said_loudly() {
    let day = 86_400_000;
    let cases = [(-1_i64, Some("expired")), (12, Some("12 d left")), (204, None)];
    for (days, warning) in cases {
        let mut row = context("a", "f", Link::Unopened);
        row.sign_in = SignIn { way: Way::ClientCertificate, expires: Some(Timestamp((NOW.0 as i64 + days * day) as u64)) };
        assert_eq!(signs_in(&row, NOW).warning.map(|t| t.words).as_deref(), warning, "{days} days");
    }
}

#[test]
fn a_token_is_said_loudly_only_when_it_ends_within_minutes() {
    let of = |minutes: u64| {
        let mut row = context("a", "f", Link::Unopened);
        row.sign_in = SignIn { way: Way::Token, expires: Some(Timestamp(NOW.0 + minutes * 60_000)) };
        let told = signs_in(&row, NOW);
        (told.words, told.warning.map(|t| t.words))
    };
    assert_eq!(of(42), ("Token, 42 min left".into(), None));
    assert_eq!(of(3), ("Token,".into(), Some("3 min left".into())));
}

#[test]
fn pins_stand_in_the_order_they_were_set() {
    let pin = |name: &str, place: Option<u32>| {
        let mut row = context(name, "f", Link::Unopened);
        row.favourite = place.map_or(Favourite::No, |place| Favourite::Pinned { place });
        Rc::new(row)
    };
    let rows = [pin("b", Some(1)), pin("none", None), pin("a", Some(0))];
    assert_eq!(pinned(&rows).iter().map(|r| r.name.clone()).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(next_place(&rows), Favourite::Pinned { place: 2 });
    assert_eq!(next_place(&[]), Favourite::Pinned { place: 0 });
}

#[test]
fn a_cluster_with_several_control_planes_may_not_start_again() {
    let of = |roles: &[&str]| {
        let node = |role: &&str| NodeMark { container: String::new(), role: (*role).into(), state: ContainerState::Running, since: None };
        let nodes = roles.iter().map(node).collect();
        may_not_restart(&LocalRow { nodes, ..(*cluster(0, "a", Role::Plain, LocalState::Running, &[])).clone() })
    };
    assert_eq!(of(&["external-load-balancer", "control-plane", "control-plane", "control-plane", "worker"]), Some(3));
    assert_eq!(of(&["control-plane", "worker", "worker"]), None);
}

#[test]
fn a_context_that_stands_beside_its_cluster_is_not_listed_twice() {
    let made = Rc::new(FileRow { origin: Origin::Made, ..(*file(0, "made", FileState::Good, vec![])).clone() });
    let files = [made, file(1, "mine", FileState::Good, vec![])];
    let contexts = [Rc::new(context("kind-lab", "made", Link::Unopened)), Rc::new(context("kind-lab", "mine", Link::Unopened))];
    let mut row = (*cluster(0, "lab", Role::Plain, LocalState::Running, &[ContainerState::Running])).clone();
    row.context = Some(contexts[0].id.clone());
    let local = [Rc::new(row)];
    let listed = |local: &[Rc<LocalRow>]| {
        let contexts = elsewhere(&contexts, local, &files);
        let files = shown_files(&files, &contexts);
        (contexts.iter().map(|c| c.file.to_string()).collect::<Vec<_>>(), files.len())
    };
    assert_eq!(listed(&local), (vec!["mine".to_owned()], 1), "a user's own file is always listed whole");
    assert_eq!(listed(&[]), (vec!["made".to_owned(), "mine".to_owned()], 2), "a Docker that is silent hides no context");
}

#[test]
fn a_local_cluster_says_how_its_connection_is() {
    let told = |link: Link| {
        let context = Rc::new(context("lab", "f", link));
        let mut row = (*cluster(0, "lab", Role::Plain, LocalState::Running, &[ContainerState::Running])).clone();
        row.context = Some(context.id.clone());
        locals(&[Rc::new(row)], &[context], CLOCK)[0].told.words.clone()
    };
    assert_eq!(told(Link::Unopened), "Running");
    assert_eq!(told(Link::Live { since: NOW, latency: Millis(3) }), "Live, 3 ms");
    assert_eq!(told(Link::Stale { since: NOW, why: Fault::new(FaultCode::Unreachable, "No."), retry_at: NOW }), "Runs, its API does not answer");
}

#[test]
fn what_began_on_another_day_is_told_with_its_day() {
    let since = Timestamp(NOW.0 + 34_860_000);
    let workload = |life| Workload { manager: "m".into(), at: ClusterAt { context: "m".into(), namespace: "default".into(), name: "lab-b".into() }, life };
    for (days, when) in [(0, "09:41"), (3, "11 Apr 09:41")] {
        let clock = Clock { now: Timestamp(since.0 + days * 86_400_000), ..CLOCK };
        let stopped = cluster(0, "a", Role::Plain, LocalState::Stopped { since: Some(since) }, &[]);
        assert_eq!(local_state(&stopped, None, clock).words, format!("Stopped since {when}"));
        let link = |link| connection(&context("a", "f", link), clock).words;
        let why = |code| Fault::new(code, "It did not connect.");
        let stale = Link::Stale { since, why: why(FaultCode::Unreachable), retry_at: since };
        assert_eq!(link(stale), format!("Stale since {when}, trying now"));
        assert_eq!(link(Link::NeedsYou { since, why: why(FaultCode::SignIn) }), format!("Sign in needed since {when}"));
        let kept = |life| connection(&ContextRow { workload: Some(workload(life)), ..context("a", "f", Link::Unopened) }, clock).words;
        assert_eq!(kept(Life::Deleted { at: since }), format!("Its cluster was deleted at {when}"));
        assert_eq!(kept(Life::Remade { at: since }), format!("Its cluster was made again at {when}"));
    }
}

#[test]
fn a_protected_context_is_released_by_its_name_unless_a_rule_protects_it() {
    let context = |guard| ContextRow { guard, ..samples::context("prod-eu") };
    let rule = Choices { protect: vec!["prod-*".into()], ..Choices::default() };
    for (guard, choices, typed) in
        [(Guard::Open, Choices::default(), None), (Guard::Protected, Choices::default(), Some("prod-eu".to_owned())), (Guard::Protected, rule, None)]
    {
        assert_eq!(typed_to_release(&context(guard), &choices), typed, "{guard:?} {:?}", choices.protect);
    }
}
