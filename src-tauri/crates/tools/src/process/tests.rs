use super::{Stat, alive, identify, parse_stat};
use crate::ProcessId;

#[test]
fn a_name_with_brackets_and_spaces_does_not_shift_the_fields() {
    let line = "812 (a) b (c)) S 1 700 700 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 98765 2 3";
    assert_eq!(parse_stat(line), Some(Stat { state: 'S', group: 700, started: 98765 }));
}

#[test]
fn a_cut_line_is_no_process() {
    for line in ["", "812", "812 (kind) S 1 700", "812 (kind) S 1 x 700 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 98765"] {
        assert_eq!(parse_stat(line), None, "{line}");
    }
}

#[test]
fn a_number_used_again_is_another_process() {
    let me = identify(std::process::id()).expect("this process is in /proc");
    assert!(alive(me));
    assert!(!alive(ProcessId { started: me.started + 1, ..me }));
}
