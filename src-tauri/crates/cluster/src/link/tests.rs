use super::*;
use crate::credentials::CredentialError;
use api::Timestamp;

fn at(ms: u64) -> Now {
    Now { awake: Millis(ms), boot: Millis(ms), wall: Timestamp(1_000_000 + ms) }
}

fn refused() -> LinkError {
    LinkError::Refused { address: "a:1".into(), said: "Connection refused".into() }
}

fn not_signed_in() -> LinkError {
    LinkError::NotSignedIn { address: "a:1".into(), said: "Unauthorized".into() }
}

fn plugin_failed(stderr: &str) -> LinkError {
    let error = CredentialError::PluginFailed { program: "aws".into(), end: "code 255".into(), stderr: stderr.into() };
    LinkError::Credentials(std::sync::Arc::new(error))
}

fn tick(heard: u64) -> Event {
    Event::Tick { heard: at(heard), slept: Millis(0) }
}

/// Plays events with full waits and writes the state's name and the effects after each.
fn play(events: &[(u64, Event)]) -> Vec<String> {
    let mut state = State::Unopened;
    events
        .iter()
        .map(|(ms, event)| {
            let (after, effects) = next(state.clone(), event.clone(), at(*ms), 1.0);
            state = after;
            let name = match &state {
                State::Unopened => "unopened".to_owned(),
                State::Opening { .. } => "opening".to_owned(),
                State::Live(live) => format!("live since {}", live.since.awake.0),
                State::Waiting(w) => format!("waiting since {} until {}", w.since.awake.0, w.retry_at.awake.0),
                State::Retrying(_) => "retrying".to_owned(),
                State::NeedsYou { .. } => "needs you".to_owned(),
            };
            format!("{name} {effects:?}")
        })
        .collect()
}

fn check(events: &[(u64, Event)], wanted: &[&str]) {
    assert_eq!(play(events), wanted);
}

#[test]
fn opening_dials_once_and_an_answer_makes_it_live() {
    let answer = Event::Answered { latency: Millis(18) };
    check(&[(0, Event::Open), (5, Event::Open), (20, answer)], &["opening [Dial]", "opening []", "live since 20 []"]);
}

#[test]
fn nothing_happens_before_it_is_opened() {
    check(&[(0, tick(0)), (9, Event::TryNow), (9, Event::Failed(refused())), (10, Event::Close)], &["unopened []"; 4]);
}

#[test]
fn failures_wait_longer_each_time_up_to_thirty_seconds() {
    let waits: Vec<u64> = (0..8).map(|n| back_off(n).0).collect();
    assert_eq!(waits, [800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000]);
    assert_eq!(back_off(u32::MAX), LONGEST_WAIT);
    check(
        &[(0, Event::Open), (10, Event::Failed(refused())), (500, tick(0)), (810, tick(0)), (900, Event::Failed(refused()))],
        &["opening [Dial]", "waiting since 0 until 810 [Drop]", "waiting since 0 until 810 []", "retrying [Dial]", "waiting since 0 until 2500 [Drop]"],
    );
}

#[test]
fn the_dice_shorten_the_wait_and_never_lengthen_it() {
    let opening = State::Opening { since: at(0) };
    for (chance, until) in [(0.0, 100), (0.5, 500), (1.0, 900), (7.0, 900)] {
        let (state, _) = next(opening.clone(), Event::Failed(refused()), at(100), chance);
        assert_eq!(wake(&state), Some(Millis(until)));
    }
}

#[test]
fn two_minutes_of_health_forget_earlier_failures() {
    let lost = |live_for: u64| {
        let mut events = vec![(0, Event::Open), (0, Event::Failed(refused())), (800, tick(0)), (800, Event::Failed(refused())), (2_400, tick(0))];
        events.push((2_500, Event::Answered { latency: Millis(1) }));
        events.push((2_500 + live_for, Event::Failed(refused())));
        play(&events).pop()
    };
    assert_eq!(lost(119_999).as_deref(), Some("waiting since 122499 until 125699 [Drop]"));
    assert_eq!(lost(120_000).as_deref(), Some("waiting since 122500 until 123300 [Drop]"));
}

#[test]
fn a_refused_credential_needs_a_person_and_is_not_tried_again() {
    check(
        &[(0, Event::Open), (10, Event::Failed(not_signed_in())), (900_000, tick(0)), (900_001, Event::TryNow)],
        &["opening [Dial]", "needs you [Drop]", "needs you []", "opening [Dial]"],
    );
}

#[test]
fn a_plugin_that_failed_rests_and_is_tried_again_by_itself() {
    let fail = || Event::Failed(plugin_failed("lookup sts.eu-west-1.amazonaws.com: no such host"));
    check(
        &[(0, Event::Open), (10, fail()), (10_809, tick(0)), (10_810, tick(0)), (10_900, fail()), (11_000, Event::TryNow)],
        &[
            "opening [Dial]",
            "waiting since 0 until 10810 [Drop]",
            "waiting since 0 until 10810 []",
            "retrying [Dial]",
            "waiting since 0 until 22500 [Drop]",
            "retrying [Dial]",
        ],
    );
    let (state, _) = next(State::Opening { since: at(0) }, fail(), at(10), 0.0);
    assert_eq!(wake(&state), Some(Millis(10_010)), "no dice shorten the rest");
}

#[test]
fn a_login_that_ended_is_tried_once_after_a_sleep_and_in_no_loop() {
    let (fail, woke) = (|| Event::Failed(plugin_failed("Token has expired and refresh failed")), Event::Woke { slept: Millis(3_600_000) });
    check(
        &[(0, Event::Open), (10, fail()), (900_000, tick(0)), (900_001, woke), (900_002, fail()), (1_800_000, tick(0))],
        &["opening [Dial]", "needs you [Drop]", "needs you []", "opening [Dial]", "needs you [Drop]", "needs you []"],
    );
    // Where the system tells nothing the clocks do, some seconds late.
    let asleep = Event::Tick { heard: at(0), slept: Millis(28_800_000) };
    check(
        &[(0, Event::Open), (10, fail()), (20, asleep), (2_020, tick(0)), (2_030, fail())],
        &["opening [Dial]", "needs you [Drop]", "waiting since 10 until 2020 []", "retrying [Dial]", "needs you [Drop]"],
    );
}

#[test]
fn try_now_cuts_a_wait_short() {
    check(
        &[(0, Event::Open), (0, Event::Failed(refused())), (1, Event::TryNow), (2, Event::TryNow)],
        &["opening [Dial]", "waiting since 0 until 800 [Drop]", "retrying [Dial]", "retrying []"],
    );
}

#[test]
fn ten_quiet_seconds_ask_for_one_heartbeat() {
    let answer = || Event::Answered { latency: Millis(1) };
    check(
        &[(0, Event::Open), (0, answer()), (9_999, tick(0)), (10_000, tick(0)), (10_500, tick(0)), (10_600, answer()), (20_000, tick(15_000))],
        &["opening [Dial]", "live since 0 []", "live since 0 []", "live since 0 [Beat]", "live since 0 []", "live since 0 []", "live since 0 []"],
    );
}

#[test]
fn a_closed_lid_makes_it_stale_at_once_and_spreads_the_return() {
    let slept = |ms| Event::Tick { heard: at(0), slept: Millis(ms) };
    check(
        &[(0, Event::Open), (0, Event::Answered { latency: Millis(1) }), (5_000, slept(30_000)), (6_000, slept(28_800_000)), (8_000, tick(0))],
        &["opening [Dial]", "live since 0 []", "live since 0 []", "waiting since 6000 until 8000 [Drop]", "retrying [Dial]"],
    );
}

#[test]
fn when_the_system_tells_of_the_wake_what_waits_tries_at_once_and_forgets_its_failures() {
    let woke = Event::Woke { slept: Millis(28_800_000) };
    check(
        &[(0, Event::Open), (0, Event::Failed(refused())), (800, tick(0)), (800, Event::Failed(refused())), (900, woke.clone()), (901, woke.clone())],
        &["opening [Dial]", "waiting since 0 until 800 [Drop]", "retrying [Dial]", "waiting since 0 until 2400 [Drop]", "retrying [Dial]", "retrying []"],
    );
    let after = next(State::Retrying(waiting_at(5, 7)), Event::Failed(refused()), at(10), 1.0).0;
    assert_eq!(wake(&after), Some(Millis(10 + LONGEST_WAIT.0)), "seven failures wait the longest");
    let (tries, _) = next(State::Waiting(waiting_at(5, 7)), woke, at(10), 1.0);
    assert_eq!(wake(&next(tries, Event::Failed(refused()), at(20), 1.0).0), Some(Millis(20 + FIRST_WAIT.0)), "the network is another one");
}

fn waiting_at(since: u64, failures: u32) -> Waiting {
    Waiting { since: at(since), was: Was::NeverLive, why: refused(), retry_at: at(since + 30_000), failures }
}

#[test]
fn when_the_system_tells_of_the_wake_a_live_connection_is_asked_or_made_anew_by_the_length_of_the_sleep() {
    let (answer, woke) = (|| Event::Answered { latency: Millis(1) }, |ms| Event::Woke { slept: Millis(ms) });
    check(
        &[(0, Event::Open), (0, answer()), (5_000, woke(2_000)), (5_001, woke(0)), (5_100, answer()), (6_000, woke(30_001)), (6_100, answer())],
        &["opening [Dial]", "live since 0 []", "live since 0 [Beat]", "live since 0 []", "live since 0 []", "retrying [Drop, Dial]", "live since 6100 []"],
    );
    let (after, _) = next(State::Live(Live { since: at(0), latency: Millis(1), heard: at(0), asked: Asked::No, failures: 0 }), woke(3_600_000), at(9), 1.0);
    match after {
        State::Retrying(waiting) => {
            assert_eq!((waiting.was, waiting.why, waiting.since), (Was::Slept, LinkError::Slept { slept_ms: 3_600_000 }, at(9)));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_wake_of_this_computer_opens_nothing_and_asks_nobody_who_waits_for_a_person() {
    let woke = || Event::Woke { slept: Millis(3_600_000) };
    check(&[(0, woke()), (1, Event::Open), (2, woke())], &["unopened []", "opening [Dial]", "opening []"]);
    check(&[(0, Event::Open), (10, Event::Failed(not_signed_in())), (20, woke())], &["opening [Dial]", "needs you [Drop]", "needs you []"]);
}

#[test]
fn answers_of_a_connection_that_was_given_up_change_nothing() {
    let answer = Event::Answered { latency: Millis(1) };
    check(
        &[(0, Event::Open), (0, Event::Failed(refused())), (1, answer.clone()), (2, Event::Close), (3, answer)],
        &["opening [Dial]", "waiting since 0 until 800 [Drop]", "waiting since 0 until 800 []", "unopened [Drop]", "unopened []"],
    );
}

/// Plays events with full waits and tells which times the server was away.
fn away(events: &[(Now, Event)]) -> Vec<(u64, u64)> {
    let mut state = State::Unopened;
    let mut all = vec![];
    for (now, event) in events {
        let since = away_since(&state);
        state = next(state, event.clone(), *now, 1.0).0;
        all.extend(came_back(since, &state).map(|away| (away.from.0 - 1_000_000, away.to.0 - 1_000_000)));
    }
    all
}

#[test]
fn a_server_that_comes_back_was_away_from_its_first_failure_on_unless_this_computer_slept() {
    let (answer, fail) = (|| Event::Answered { latency: Millis(1) }, || Event::Failed(refused()));
    let opened = [(at(0), Event::Open), (at(10), answer())];
    let play = |rest: &[(Now, Event)]| away(&[&opened[..], rest].concat());
    let twice = [(at(5_000), fail()), (at(5_800), tick(0)), (at(5_900), fail()), (at(9_000), tick(0)), (at(13_000), answer())];
    assert_eq!(play(&twice), [(5_000, 13_000)], "a second failure is of the same time");
    assert_eq!(play(&twice[..4]), [], "it is still away");
    let asleep = [(at(5_000), Event::Woke { slept: Millis(3_600_000) }), (at(5_100), fail()), (at(8_000), tick(0)), (at(9_000), answer())];
    assert_eq!(play(&asleep), [], "the network of a computer that woke is late, not the server");
    let after = Now { boot: Millis(3_609_000), ..at(9_000) };
    assert_eq!(play(&[(at(5_000), fail()), (at(5_800), tick(0)), (after, answer())]), [], "it slept meanwhile");
    assert_eq!(away(&[(at(0), Event::Open), (at(10), fail()), (at(900), tick(0)), (at(1_000), answer())]), [], "it had never answered");
}
