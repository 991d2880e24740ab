use super::*;

fn check_row(id: CheckId, title: &str, verdict: Verdict, found: &str) -> Rc<CheckRow> {
    Rc::new(CheckRow {
        id,
        title: title.into(),
        verdict,
        matters: String::new(),
        found: found.into(),
        needed: String::new(),
        explanation: String::new(),
        fixes: vec![],
        evidence: vec![],
        checked: None,
    })
}

#[test]
fn a_missing_program_is_an_offer_and_not_a_failure() {
    let told = |kind, clusterctl| {
        let rows = [check_row(CheckId::Kind, "kind", kind, ""), check_row(CheckId::Clusterctl, "clusterctl", clusterctl, "")];
        let all = facts(&ComputerView::default(), &rows, 1);
        (all[1].state, all[1].head.clone())
    };
    assert_eq!(told(Verdict::Failed, Verdict::Passed), (State::Idle, "kind is not on PATH".into()));
    assert_eq!(told(Verdict::Failed, Verdict::Failed), (State::Idle, "kind and clusterctl are not on PATH".into()));
    assert_eq!(told(Verdict::Passed, Verdict::Passed), (State::Healthy, "Nothing to install".into()));
}

#[test]
fn both_inotify_limits_are_one_line_as_bad_as_the_worse() {
    let of = |watches| {
        let rows = [check_row(CheckId::InotifyInstances, "", Verdict::Passed, "8192"), check_row(CheckId::InotifyWatches, "", watches, "192,536")];
        facts(&ComputerView::default(), &rows, 1).remove(1)
    };
    assert_eq!(of(Verdict::Passed), fact(State::Healthy, "inotify limits are high enough", "8192 instances, 192,536 watches"));
    assert_eq!(of(Verdict::Failed).state, State::Warning);
}

#[test]
fn limits_that_are_not_seen_say_why() {
    let why = "Docker runs in a virtual machine (Docker Desktop); its limits are not seen from here.";
    let unseen = |id| Rc::new(CheckRow { explanation: why.into(), ..Rc::unwrap_or_clone(check_row(id, "", Verdict::Unknown, "cannot be told")) });
    let all = facts(&ComputerView::default(), &[unseen(CheckId::InotifyInstances), unseen(CheckId::InotifyWatches)], 1);
    assert_eq!(all[1], fact(State::Unknown, "inotify limits cannot be read", why));
}

#[test]
fn other_clusters_are_looked_for_only_where_docker_answers() {
    let running = ComputerView { docker: DockerState::Running { version: "28.1.1".into(), answer_ms: 3 }, ..ComputerView::default() };
    let last = |computer: &ComputerView, local| facts(computer, &[], local).last().map(|f| f.head.clone());
    assert_eq!(last(&running, 0).as_deref(), Some("No other clusters found"));
    assert_eq!(last(&running, 2).as_deref(), Some("Docker 28.1.1"));
    assert_eq!(last(&ComputerView::default(), 0).as_deref(), Some("Docker was not asked yet"));
}

#[test]
fn a_docker_that_answers_says_whether_its_socket_can_be_mounted() {
    let said = |docker: DockerState, verdict| {
        let rows = [check_row(CheckId::DockerSocket, "Socket can be mounted", verdict, "")];
        facts(&ComputerView { docker, ..ComputerView::default() }, &rows, 1)[0].text.clone()
    };
    let running = || DockerState::Running { version: "28.1.1".into(), answer_ms: 3 };
    assert_eq!(said(running(), Verdict::Passed), "answers in 3 ms; its socket can be mounted");
    assert_eq!(said(running(), Verdict::Warning), "answers in 3 ms; its socket is on another machine");
    assert_eq!(said(running(), Verdict::Failed), "answers in 3 ms; its socket cannot be mounted");
    assert_eq!(said(running(), Verdict::Unknown), "answers in 3 ms");
    assert!(!said(DockerState::NotInstalled, Verdict::Unknown).contains("socket"));
}

#[test]
fn checks_are_counted_in_one_clause() {
    let rows = |verdicts: &[Verdict]| verdicts.iter().map(|v| check_row(CheckId::Docker, "", *v, "")).collect::<Vec<_>>();
    assert_eq!(verdicts(&rows(&[Verdict::Passed, Verdict::Passed])), "2 checks passed");
    assert_eq!(verdicts(&rows(&[Verdict::Passed, Verdict::Failed, Verdict::NotChecked])), "1 of 2 checks not passed");
    assert_eq!(verdicts(&[]), "All checks");
}

#[test]
fn whether_there_is_room_is_what_the_check_says() {
    let memory = ComputerView { memory_total: 8_000_000_000, memory_free: 2_500_000_000, ..ComputerView::default() };
    let computer = ComputerView { disk_total: 240_000_000_000, disk_free: 9_000_000_000, ..memory };
    let told = |id, at: usize, verdict, explanation: &str| {
        let row = CheckRow { needed: "20 GB".into(), explanation: explanation.into(), ..(*check_row(id, "", verdict, "")).clone() };
        facts(&computer, &[Rc::new(row)], 1).remove(at)
    };
    for (verdict, explanation, state, text) in [
        (Verdict::Passed, "", State::Healthy, "20 GB is enough"),
        (Verdict::Warning, "One small cluster fits.", State::Warning, "One small cluster fits"),
        (Verdict::Failed, "It may be filled.", State::Warning, "It may be filled"),
        (Verdict::NotChecked, "", State::Idle, ""),
    ] {
        assert_eq!(told(CheckId::Memory, 1, verdict, explanation), fact(state, "2.5 GB memory free", text), "{verdict:?}");
        assert_eq!(told(CheckId::Disk, 2, verdict, explanation), fact(state, "9 GB disk free", text), "{verdict:?}");
    }
    let unseen = told(CheckId::Disk, 2, Verdict::Unknown, "The folder of Docker cannot be seen from here.");
    assert_eq!(unseen, fact(State::Unknown, "Free disk cannot be told", "The folder of Docker cannot be seen from here"));
    assert_eq!(facts(&computer, &[], 1)[2], fact(State::Idle, "9 GB disk free", ""), "nobody looked yet");
}

#[test]
fn what_docker_said_is_kept_word_for_word() {
    let stopped = DockerState::Stopped { said: "Cannot connect to the Docker daemon".into() };
    assert_eq!(docker_said(&stopped), Some("Cannot connect to the Docker daemon"));
    assert_eq!(docker_said(&DockerState::NotInstalled), None);
}
