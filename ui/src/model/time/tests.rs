use super::*;

#[test]
fn an_age_is_one_number_with_its_unit() {
    for (seconds, words) in [(0, "0 s"), (59, "59 s"), (60, "1 min"), (3_599, "59 min"), (3_600, "1 h"), (86_399, "23 h"), (86_400 * 31, "31 d")] {
        assert_eq!(age(Millis::seconds(seconds)), words);
    }
}

#[test]
fn a_running_time_is_written_as_a_clock() {
    for (seconds, words) in [(5, "0:05"), (366, "6:06"), (3_731, "1:02:11")] {
        assert_eq!(clock(Millis::seconds(seconds)), words);
    }
}

#[test]
fn an_hour_is_told_in_the_users_zone() {
    let noon = Timestamp(12 * HOUR);
    assert_eq!((hour(noon, Zone(0)), hour(noon, Zone(120)), hour(noon, Zone(-750))), ("12:00".into(), "14:00".into(), "23:30".into()));
}

#[test]
fn counts_are_grouped_by_thousands() {
    for (n, words) in [(7, "7"), (999, "999"), (1_284, "1,284"), (12_418, "12,418"), (1_048_576, "1,048,576")] {
        assert_eq!(thousands(n), words);
    }
}

#[test]
fn sizes_say_their_unit_once() {
    assert_eq!((gigabytes(7_100_000_000), gigabytes(240_000_000_000), gigabytes(8_000_000_000)), ("7.1".into(), "240".into(), "8".into()));
    assert_eq!((binary(256 << 20), binary(31 << 29)), ("256 Mi".into(), "15.5 Gi".into()));
}

#[test]
fn what_is_over_has_expired() {
    assert_eq!(left(Timestamp(0), Timestamp(1)), "expired");
    assert_eq!(left(Timestamp(42 * MINUTE), Timestamp(0)), "42 min left");
}
