use super::lower_first;

#[test]
fn a_title_in_a_sentence_keeps_its_abbreviations() {
    for (title, said) in [("Join machines", "join machines"), ("API server", "API server"), ("", ""), ("X", "X")] {
        assert_eq!(lower_first(title), said);
    }
}
