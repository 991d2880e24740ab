use api::{
    Fault, FaultCode, JobId, Timestamp,
    jobs::{JobRow, Made, Words},
};

use super::*;

const NOW: Timestamp = Timestamp(1_000_000);

fn clock() -> Clock {
    Clock { now: NOW, zone_minutes: 0 }
}

fn step(mark: StepMark, expected: u64, took: Option<u64>) -> StepRow {
    StepRow {
        title: Words::said("Step"),
        detail: Words::default(),
        mark,
        expected: Millis::seconds(expected),
        started: (mark == StepMark::Running).then_some(Timestamp(NOW.0 - 21_000)),
        took: took.map(Millis::seconds),
        attempt: 1,
        share: None,
        parts: vec![],
        lines: 0,
    }
}

fn job(state: JobState, steps: Vec<StepRow>) -> JobView {
    JobView {
        row: JobRow {
            id: JobId::from("j"),
            title: Words::said("Create"),
            detail: Words::default(),
            state,
            marks: steps.iter().map(|s| s.mark).collect(),
            place: String::new(),
            started: Timestamp(0),
            ended: None,
        },
        sentence: String::new(),
        steps,
        commands: vec![],
        made: vec![],
        undo: UndoIs::Removal,
        learned_from: 6,
        found: vec![],
        looked: None,
        restarted: None,
        undo_takes: None,
        log_file: String::new(),
        command: String::new(),
    }
}

/// The drawn run: five steps done, the sixth at 0:21 of 0:44.
fn drawn() -> JobView {
    use StepMark::*;
    let done = [(1, 2), (72, 69), (7, 6), (31, 33), (4, 4)].map(|(expected, took)| step(Done, expected, Some(took)));
    let rest = [58, 24, 1].map(|expected| step(Waiting, expected, None));
    job(JobState::Running, done.into_iter().chain([step(Running, 44, None)]).chain(rest).collect())
}

fn line(caption: &Caption) -> String {
    format!("{}{}{} | {}", caption.before, caption.time, caption.after, caption.right)
}

#[test]
fn a_run_says_where_it_is_and_how_long_it_will_be() {
    assert_eq!(line(&caption(&drawn(), clock())), "Step 6 of 9, 2:15 so far | about 1:50 left, from 6 earlier runs here");
}

#[test]
fn the_bar_shows_a_step_by_its_usual_time_and_never_thinner_than_can_be_seen() {
    let bar = bar(&drawn(), clock());
    assert_eq!(bar.iter().map(|s| s.expected.0 / 1000).collect::<Vec<_>>(), [4, 72, 7, 31, 4, 44, 58, 24, 4]);
    assert_eq!(bar[5].share, 477);
}

#[test]
fn a_late_step_says_by_how_much_and_is_never_drawn_as_done() {
    let mut job = drawn();
    job.steps[5].expected = Millis::seconds(5);
    assert_eq!(bar(&job, clock())[5].share, NEARLY);
    assert_eq!(caption(&job, clock()).right, "0:16 later than usual, about 1:30 left, from 6 earlier runs here");
}

#[test]
fn a_step_that_can_tell_is_believed() {
    let mut job = drawn();
    job.steps[5].share = Some(250);
    assert_eq!(bar(&job, clock())[5].share, 250);
}

#[test]
fn a_first_run_admits_that_it_guesses() {
    let job = JobView { learned_from: 0, ..drawn() };
    assert_eq!(caption(&job, clock()).right, "about 1:50 left, a first guess, this has not run here yet");
    let waiting = step(StepMark::Waiting, 31, None);
    assert_eq!(step_time(&job, &waiting, clock()), StepTime::Guessed("0:31".into()));
    assert_eq!(step_time(&drawn(), &waiting, clock()), StepTime::Usually("0:31".into()));
}

#[test]
fn a_failed_run_says_what_will_not_run_again() {
    use StepMark::*;
    let state = JobState::Failed { step: 2, why: Fault::new(FaultCode::Step, "No.") };
    let job = job(state, vec![step(Done, 2, Some(2)), step(Done, 72, Some(1)), step(Failed, 7, Some(33)), step(Waiting, 31, None)]);
    assert_eq!(line(&caption(&job, clock())), "Stopped at step 3 of 4 after 0:36 | 2 steps are done and will not run again");
    assert_eq!(step_time(&job, &job.steps[3], clock()), StepTime::Usually("0:31".into()));
}

#[test]
fn a_finished_run_says_so() {
    let job = job(JobState::Done, vec![step(StepMark::Done, 2, Some(62))]);
    assert_eq!(line(&caption(&job, clock())), "All 1 steps are done after 1:02 | ");
}

#[test]
fn a_caption_says_what_became_of_what_a_job_did() {
    let left = || JobState::Interrupted { step: 0, amid: Amid::Undo };
    for (undo, undone, cut_off, kept) in [
        (
            UndoIs::Removal,
            "everything it made is removed again",
            "The removal was cut off after 0:05 | what is left is named below",
            "everything it made is kept",
        ),
        (
            UndoIs::SwitchBack,
            "everything it switched is switched back",
            "The undo was cut off after 0:05 | what is left is named below",
            "everything it switched stays so",
        ),
        (
            UndoIs::Nothing,
            "what it had done by then stays done",
            "The undo was cut off after 0:05 | what stands where is said below",
            "what it had done by then stays done",
        ),
    ] {
        let of = |state| JobView { undo: undo.clone(), ..job(state, vec![step(StepMark::Interrupted, 5, Some(5))]) };
        assert_eq!(caption(&of(JobState::Undone), clock()).right, undone);
        assert_eq!(line(&caption(&of(left()), clock())), cut_off);
        assert_eq!(caption(&of(JobState::Kept), clock()).right, kept);
    }
}

#[test]
fn what_an_undo_removes_is_counted_by_kind_and_the_newest_first() {
    let made = |kind: &str, name: &str| Made { step: 0, kind: kind.into(), name: name.into(), at: NOW };
    let things = [made("Container", "a"), made("File", "f"), made("Container", "b"), made("Container", "c"), made("Container", "d")];
    let removals = speech::removals(&things);
    assert_eq!(removals.iter().map(|r| (r.count, r.kind.as_str(), r.names.as_str())).collect::<Vec<_>>(), [(4, "Container", "d, c, b, …"), (1, "File", "f")]);
}

#[test]
fn a_stopped_step_is_named_by_number_and_cause() {
    assert_eq!(speech::stopped(3, "This machine has no inotify instances left."), "Step 3 stopped: this machine has no inotify instances left");
    assert_eq!(speech::stopped(1, "Docker does not answer."), "Step 1 stopped: Docker does not answer");
    let whole = "The cluster kos-mgmt was not made: this machine has no inotify instances left.";
    assert_eq!(speech::stopped(3, whole), "Step 3 stopped: this machine has no inotify instances left", "a heading has one colon");
    assert_eq!(speech::stopped_at(3, whole), "Stopped at step 3: this machine has no inotify instances left.");
    assert_eq!(speech::stopped(2, "kind said: exit 1."), "Step 2 stopped: kind said: exit 1", "only what did not happen is left out");
    let fault = Fault::new(FaultCode::Step, whole).unharmed("No other cluster was touched.");
    assert_eq!(speech::left(&fault), "The cluster kos-mgmt was not made. No other cluster was touched.");
    assert_eq!(speech::left(&Fault::new(FaultCode::Step, "Docker stopped.").unharmed("It is kept.")), "It is kept.");
}

#[test]
fn a_report_quotes_its_sources() {
    let fault = Fault::new(FaultCode::Step, "The node did not start.").because("kind, line 12", "Too many open files");
    let text = speech::report(&drawn(), Some(&fault), clock());
    assert!(text.contains("kind, line 12:\n  Too many open files"), "{text}");
    assert!(text.contains("6. Step [running]"), "{text}");
}

#[test]
fn a_node_image_is_here_or_to_be_downloaded_with_its_size_where_that_is_known() {
    for (image, words, beside_its_time) in [
        (ImageIs::Here { bytes: Some(1_084_000_000) }, "here, 1.1 GB", Some("here, 1.1 GB")),
        (ImageIs::Here { bytes: None }, "here", Some("here")),
        (ImageIs::ToBePulled { bytes: Some(400_000_000) }, "400 MB to download", Some("400 MB")),
        (ImageIs::ToBePulled { bytes: None }, "to be pulled", None),
    ] {
        assert_eq!((node_image(image).as_str(), amount(Amount::Image(image)).as_deref()), (words, beside_its_time), "{image:?}");
    }
}

#[test]
fn a_narrow_place_names_a_cluster_without_its_kind() {
    for (title, brief) in [
        (Words::said("Create management cluster ").mono("kos-mgmt"), "Create kos-mgmt"),
        (Words::said("Delete cluster ").mono("old-lab"), "Delete old-lab"),
        (Words::said("Export logs of ").mono("lab-a"), "Export logs of lab-a"),
        (Words::said("Upgrade ").mono("lab-a").then(" to ").mono("v1.37.0"), "Upgrade lab-a to v1.37.0"),
    ] {
        assert_eq!(speech::brief(&title).plain(), brief);
    }
}
