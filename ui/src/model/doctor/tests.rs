use super::*;

fn row(id: CheckId, verdict: Verdict) -> CheckRow {
    CheckRow {
        id,
        title: format!("{id:?}"),
        verdict,
        matters: String::new(),
        found: String::new(),
        needed: String::new(),
        explanation: if verdict == Verdict::Passed { String::new() } else { "Because.".into() },
        fixes: vec![],
        evidence: vec![],
        checked: Some(Timestamp(id as u64)),
    }
}

#[test]
fn the_worst_check_of_a_group_comes_first() {
    let rows = [row(CheckId::CgroupVersion, Verdict::Passed), row(CheckId::InotifyWatches, Verdict::Warning), row(CheckId::InotifyInstances, Verdict::Failed)];
    let groups = groups(&rows);
    assert_eq!(groups[0].summary, "2 of 3 need attention");
    assert_eq!(groups[0].rows.iter().map(|r| r.id).collect::<Vec<_>>(), [CheckId::InotifyInstances, CheckId::InotifyWatches, CheckId::CgroupVersion]);
    assert_eq!(first_open(&rows), Some(CheckId::InotifyInstances));
}

#[test]
fn a_group_sums_up_what_is_known() {
    let say = |verdicts: &[Verdict]| summary(&verdicts.iter().map(|v| row(CheckId::Docker, *v)).collect::<Vec<_>>());
    assert_eq!(say(&[Verdict::Passed; 4]), "all 4 passed");
    assert_eq!(say(&[Verdict::Passed]), "passed");
    assert_eq!(say(&[Verdict::Passed, Verdict::Warning]), "1 of 2 needs attention");
    assert_eq!(say(&[Verdict::Passed, Verdict::Unknown]), "1 of 2 cannot be told");
    assert_eq!(say(&[Verdict::NotChecked, Verdict::Unknown]), "1 of 2 not checked yet");
}

#[test]
fn the_headline_says_what_follows() {
    assert_eq!(headline(&[]), "Nothing is checked yet.");
    assert_eq!(headline(&[row(CheckId::Docker, Verdict::Passed)]), "1 of 1 checks passed. New clusters can start here.");
    let rows = [row(CheckId::Docker, Verdict::Failed), row(CheckId::Memory, Verdict::Warning)];
    assert_eq!(headline(&rows), "2 of 2 checks need attention. New cluster nodes cannot start here until the one that failed is fixed.");
}

#[test]
fn only_a_missing_program_that_kos_can_fetch_is_offered() {
    assert_eq!(offer(&row(CheckId::Kind, Verdict::Failed)), Some(Tool::Kind));
    assert_eq!(offer(&row(CheckId::Kind, Verdict::Passed)), None);
    assert_eq!(offer(&row(CheckId::Helm, Verdict::Failed)), None);
}

#[test]
fn what_is_not_known_has_no_bar() {
    assert_eq!(gauges(&ComputerView::default()), []);
    let computer = ComputerView { inotify_used: 128, inotify_limit: 128, memory_total: 16_000_000_000, memory_free: 8_000_000_000, ..ComputerView::default() };
    let gauges = gauges(&computer);
    assert_eq!(gauges[0].words, "8 of 16 GB");
    assert_eq!((gauges[1].words.as_str(), gauges[1].share, gauges[1].mood), ("128 of 128", 1000, GaugeMood::Full));
}
