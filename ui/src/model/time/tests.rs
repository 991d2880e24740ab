use super::*;
use crate::model::samples;

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
    for (zone, hour) in [(Zone(0), "12:00"), (Zone(120), "14:00"), (Zone(-690), "00:30")] {
        assert_eq!(zone.at(noon).moment(noon), hour);
    }
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

#[test]
fn who_one_is_is_said_with_the_count_of_groups_and_how_long_the_credential_lasts() {
    let identity = |groups: &[&str]| Identity { user: "kubernetes-admin".into(), groups: groups.iter().map(|g| (*g).to_owned()).collect() };
    let three = ["kubeadm:cluster-admins", "system:authenticated", "dev"];
    for (groups, left, words, title) in [
        (&[] as &[&str], None, "kubernetes-admin", "kubernetes-admin"),
        (&three[..1], None, "kubernetes-admin, 1 group", "kubernetes-admin\nGroups: kubeadm:cluster-admins"),
        (
            &three,
            Some("364 d"),
            "kubernetes-admin, 3 groups, 364 d",
            "kubernetes-admin\nGroups: kubeadm:cluster-admins, system:authenticated, dev\nIts credential is good for 364 d",
        ),
        (&[], Some("expired"), "kubernetes-admin, expired", "kubernetes-admin\nIts credential is expired"),
    ] {
        assert_eq!(identity_words(&identity(groups), left), words);
        assert_eq!(identity_title(&identity(groups), left), title);
    }
}

#[test]
fn how_long_a_credential_lasts_is_said_wherever_it_is_known() {
    let ends = |at: Option<u64>| {
        let mut row = samples::context("dev");
        row.sign_in.expires = at.map(Timestamp);
        identity_left(&row, Timestamp(DAY))
    };
    for (at, left) in [(None, None), (Some(DAY - 1), Some("expired")), (Some(DAY + 42 * MINUTE), Some("42 min")), (Some(365 * DAY), Some("364 d"))] {
        assert_eq!(ends(at).as_deref(), left, "{at:?}");
    }
}
