use super::*;

/// 24 November 2026, 14:04:02.114 in Berlin.
const AT: Timestamp = Timestamp(1_795_525_442_114);

fn clock() -> Clock {
    Clock { now: AT, zone_minutes: 60 }
}

#[test]
fn a_moment_is_told_in_the_zone_of_the_user() {
    assert_eq!(clock().precise(AT), "14:04:02.114");
    assert_eq!(Clock { now: AT, zone_minutes: -300 }.seconds(AT), "08:04:02");
    assert_eq!(clock().date(AT), "24 Nov");
    let minute = Timestamp(AT.0 - AT.0 % MINUTE);
    assert_eq!((clock().tick(minute), clock().tick(Timestamp(minute.0 + 30_000))), ("14:04".into(), "14:04:30".into()));
}

#[test]
fn dates_know_leap_years() {
    let utc = Clock::default();
    assert_eq!(utc.date(Timestamp(951_782_400_000)), "29 Feb");
    assert_eq!(utc.date(Timestamp(951_868_800_000)), "1 Mar");
    assert_eq!(utc.date(Timestamp(0)), "1 Jan");
    assert_eq!(utc.date(Timestamp(1_798_675_200_000)), "31 Dec");
}

#[test]
fn an_age_becomes_an_exact_time_after_an_hour() {
    let ago = |ms: u64| clock().ago(Timestamp(AT.0 - ms));
    assert_eq!(ago(12_400), "12 s ago");
    assert_eq!(ago(59 * MINUTE), "59 min ago");
    assert_eq!(ago(2 * HOUR), "at 12:04");
    assert_eq!(ago(DAY), "at 23 Nov 14:04");
}

#[test]
fn a_clock_that_went_back_says_now() {
    assert_eq!(clock().ago(Timestamp(AT.0 + 5_000)), "0 s ago");
}

#[test]
fn a_moment_of_another_day_is_told_with_its_day() {
    let later = |days: u64| Clock { now: Timestamp(AT.0 + days * DAY), ..clock() };
    assert_eq!((later(0).moment(AT), later(0).exact(AT)), ("14:04".into(), "14:04:02".into()));
    assert_eq!((later(3).moment(AT), later(3).exact(AT)), ("24 Nov 14:04".into(), "24 Nov 14:04:02".into()));
}

#[test]
fn days_are_counted_from_midnight() {
    assert_eq!(clock().days_ago(Timestamp(AT.0 - 14 * HOUR)), 0);
    assert_eq!(clock().days_ago(Timestamp(AT.0 - 15 * HOUR)), 1);
}

#[test]
fn spans_have_hours_only_when_needed() {
    assert_eq!(span(Millis(21_900)), "0:21");
    assert_eq!(span(Millis::seconds(725)), "12:05");
    assert_eq!(span(Millis::seconds(3_723)), "1:02:03");
}

#[test]
fn a_guess_does_not_pretend_to_the_second() {
    assert_eq!(about(Millis(7_200)), "about 0:08");
    assert_eq!(about(Millis::seconds(106)), "about 1:50");
    assert_eq!(about(Millis::seconds(700)), "about 12 min");
}

#[test]
fn amounts_share_the_unit_of_the_whole() {
    assert_eq!(of_bytes(7_100_000_000, 15_600_000_000), "7.1 of 15.6 GB");
    assert_eq!(of_bytes(61_000_000_000, 240_000_000_000), "61 of 240 GB");
    assert_eq!(bytes(412_300_000), "412 MB");
    assert_eq!(bytes(12), "12 B");
    assert_eq!((count(1, "line"), count(8_192, "line")), ("1 line".to_owned(), "8,192 lines".to_owned()));
}

#[test]
fn time_is_looked_at_each_second_only_while_something_shown_is_told_in_seconds() {
    let pace = |moments: &[u64]| Pace::of(AT, moments.iter().map(|ms| Timestamp(*ms)));
    assert_eq!(pace(&[]), Pace::Minutes);
    assert_eq!(pace(&[AT.0 - MINUTE, AT.0 - DAY]), Pace::Minutes);
    assert_eq!(pace(&[AT.0 - DAY, AT.0 - 59_000]), Pace::Seconds);
    assert_eq!(pace(&[AT.0 + 220_000]), Pace::Seconds, "the countdown to the next try");
}

#[test]
fn a_hidden_page_does_not_look_at_the_time() {
    assert_eq!(Pace::Seconds.period(Seen::Hidden), None);
    assert!(Pace::Minutes.period(Seen::Shown) > Pace::Seconds.period(Seen::Shown));
}
