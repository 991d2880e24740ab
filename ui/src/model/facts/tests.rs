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
    let all = facts(&ComputerView::default(), &[check_row(CheckId::Kind, "kind", Verdict::Failed, "not found")]);
    assert_eq!(all[1], fact(State::Idle, "kind is not on PATH", "KOS offers to download the pinned release when it is needed"));
}

#[test]
fn little_memory_is_said() {
    let computer = ComputerView { memory_total: 8_000_000_000, memory_free: 2_000_000_000, ..ComputerView::default() };
    let all = facts(&computer, &[]);
    assert_eq!((all[1].state, all[1].head.as_str()), (State::Warning, "2 GB memory free"));
}

#[test]
fn what_docker_said_is_kept_word_for_word() {
    let stopped = DockerState::Stopped { said: "Cannot connect to the Docker daemon".into() };
    assert_eq!(docker_said(&stopped), Some("Cannot connect to the Docker daemon"));
    assert_eq!(docker_said(&DockerState::NotInstalled), None);
}
