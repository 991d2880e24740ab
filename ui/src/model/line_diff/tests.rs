use super::*;

fn shown(before: &[&str], after: &[&str]) -> Vec<String> {
    let lines = |l: &[&str]| l.iter().map(|t| (*t).to_owned()).collect();
    let change = FileChange {
        file: "f".into(),
        shown: "f".into(),
        before: lines(before),
        after: lines(after),
        first_line: 7,
        seen: String::new(),
        command: String::new(),
    };
    let (left, right) = sides(&change);
    assert_eq!(left.len(), right.len());
    let say = |side: &Side| match side {
        Side::Same { number, text } => format!("{number} {text}"),
        Side::Gone { number, text } => format!("-{number} {text}"),
        Side::Come { number, text } => format!("+{number} {text}"),
        Side::Gap => "~".into(),
    };
    left.iter().zip(&right).map(|(l, r)| format!("{} | {}", say(l), say(r))).collect()
}

#[test]
fn a_changed_line_stands_beside_its_new_form() {
    assert_eq!(shown(&["a", "b", "c"], &["a", "x", "c"]), ["7 a | 7 a", "-8 b | +8 x", "9 c | 9 c"]);
}

#[test]
fn a_new_line_stands_beside_a_gap() {
    assert_eq!(shown(&["a", "c"], &["a", "b", "c"]), ["7 a | 7 a", "~ | +8 b", "8 c | 9 c"]);
}

#[test]
fn a_repeated_line_is_not_counted_twice() {
    assert_eq!(shown(&["a", "a"], &["a"]), ["7 a | 7 a", "-8 a | ~"]);
}

#[test]
fn an_empty_file_gains_everything() {
    assert_eq!(shown(&[], &["a"]), ["~ | +7 a"]);
}
