use api::contexts::TrustQuestion;

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
    assert_eq!(signs(&question(&[Mood::Good, Mood::Doubt, Mood::Doubt]).signs), "2 doubts, 1 good sign");
    assert_eq!(signs(&question(&[Mood::Good]).signs), "1 good sign");
    assert_eq!(signs(&question(&[]).signs), "");
}

#[test]
fn doubts_come_first_where_any_part_of_what_would_run_pushes_them_out_of_view() {
    let plain = question(&[Mood::Doubt]);
    let usual = ["eks", "get-token", "--cluster-name", "staging-eu", "--region", "eu-west-1"].map(str::to_owned).to_vec();
    assert_eq!(first(&TrustQuestion { program: "/usr/bin/aws".into(), args: usual, ..plain.clone() }), First::Program);
    let long = || "x".repeat(401);
    for pushed in [
        TrustQuestion { program: long(), ..plain.clone() },
        TrustQuestion { args: vec![long()], ..plain.clone() },
        TrustQuestion { args: vec![String::new(); 201], ..plain.clone() },
        TrustQuestion { sets: vec!["A".into(); 200], ..plain.clone() },
        TrustQuestion { server: long(), ..plain.clone() },
        TrustQuestion { asked_by: long(), ..plain.clone() },
    ] {
        assert_eq!(first(&pushed), First::Signs, "{pushed:?}");
    }
}

#[test]
fn the_limit_is_told_in_seconds() {
    assert_eq!(limits(Millis::seconds(60)), "no shell, no input, killed after 60 s");
}
