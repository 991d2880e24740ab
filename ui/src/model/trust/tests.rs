use api::contexts::Sign;

use super::*;

fn question(moods: &[Mood]) -> TrustQuestion {
    TrustQuestion {
        context: "x".into(),
        context_name: "x".into(),
        program: String::new(),
        args: vec![],
        sets: vec![],
        inherits: vec![],
        server: String::new(),
        asked_by: String::new(),
        line: 1,
        signs: moods.iter().map(|mood| Sign { mood: *mood, title: String::new(), text: String::new(), command: None }).collect(),
        seen: String::new(),
        limit: Millis::seconds(60),
    }
}

#[test]
fn a_program_has_a_folder_only_when_it_was_found() {
    assert_eq!(program("/home/jo/.local/bin/aws"), ("/home/jo/.local/bin/", "aws"));
    assert_eq!(program("aws"), ("", "aws"));
}

#[test]
fn doubts_are_counted_before_good_signs() {
    assert_eq!(signs(&question(&[Mood::Good, Mood::Doubt, Mood::Doubt])), "2 doubts, 1 good sign");
    assert_eq!(signs(&question(&[Mood::Good])), "1 good sign");
    assert_eq!(signs(&question(&[])), "");
}

#[test]
fn the_limit_is_told_in_seconds() {
    assert_eq!(limits(Millis::seconds(60)), "no shell, no input, killed after 60 s");
}
