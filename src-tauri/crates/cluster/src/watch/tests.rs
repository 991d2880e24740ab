use super::lines::cut;

#[test]
fn lines_are_whole_wherever_the_bytes_were_cut() {
    let text = b"{\"a\":1}\n\n{\"b\":\"\xc3\xa9\"}\n{\"c\":";
    for at in 0..text.len() {
        let mut rest = Vec::new();
        let mut lines = cut(&mut rest, &text[..at]);
        lines.extend(cut(&mut rest, &text[at..]));
        assert_eq!(lines, [b"{\"a\":1}\n".to_vec(), b"{\"b\":\"\xc3\xa9\"}\n".to_vec()]);
        assert_eq!(rest, b"{\"c\":");
    }
}
