use super::{LONGEST, Splitter, clean};

fn lines(pieces: &[&[u8]]) -> Vec<String> {
    let mut splitter = Splitter::default();
    let mut all = vec![];
    for piece in pieces {
        splitter.take(piece, |line| all.push(line));
    }
    all.extend(splitter.finish());
    all
}

#[test]
fn lines_are_the_same_whatever_pieces_they_arrive_in() {
    let text = "one\n\n • Preparing nodes 📦  ...\nlast without end".as_bytes();
    let whole = lines(&[text]);
    assert_eq!(whole, ["one", "", " • Preparing nodes 📦  ...", "last without end"]);
    for at in 0..text.len() {
        assert_eq!(lines(&[&text[..at], &text[at..]]), whole, "cut at {at}");
    }
}

#[test]
fn a_line_without_end_does_not_grow_without_end() {
    let long = vec![b'x'; LONGEST];
    let all = lines(&[&long, &long, b"\nnext\n"]);
    assert_eq!(all.len(), 2);
    assert_eq!(all[0].len(), LONGEST + "…".len());
    assert_eq!(all[1], "next");
}

#[test]
fn what_a_terminal_would_not_show_is_not_in_a_line() {
    for (raw, shown) in [
        (&b"plain"[..], "plain"),
        (b"with\ttab", "with\ttab"),
        (b"windows\r", "windows"),
        (b"10 %\r50 %\r100 %", "100 %"),
        (b"\x1b[33mNew clusterctl version\x1b[0m available", "New clusterctl version available"),
        (b"\x1b]8;;http://x\x07link\x1b]8;;\x07", "link"),
        (b"\x1b]0;title\x1b\\words", "words"),
        (b"\x1b(Bset", "set"),
        (b"cut \x1b[3", "cut "),
        (b"nul\0bell\x07", "nul\u{fffd}bell\u{fffd}"),
        (b"not \xff utf-8", "not \u{fffd} utf-8"),
        ("pod user\u{202e}nimda in ad\u{200b}min\u{feff}".as_bytes(), "pod user\u{fffd}nimda in ad\u{fffd}min\u{fffd}"),
        (" • Starting control-plane 🕹️  ... مرحبا".as_bytes(), " • Starting control-plane 🕹️  ... مرحبا"),
        (b"", ""),
        (b"\r\r", ""),
    ] {
        assert_eq!(clean(raw), shown);
    }
}
