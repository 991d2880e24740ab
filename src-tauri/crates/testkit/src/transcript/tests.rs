use super::{Spoken, Transcript};
use crate::Side;

#[test]
fn a_recording_keeps_text_time_stream_and_code() {
    let text = "# 2026-11-23T13:02:31Z $ kind create cluster\n   0.212 err| Creating cluster \"t1\" ...\n   1.709 err|  ✓ Preparing nodes 📦 \n  23.217 out| \n  23.221 rc=1\n";
    let spoken = |at_milliseconds, side, text: &str| Spoken { at_milliseconds, side, text: text.to_owned() };
    let expected =
        vec![spoken(212, Side::Err, "Creating cluster \"t1\" ..."), spoken(1_709, Side::Err, " ✓ Preparing nodes 📦 "), spoken(23_217, Side::Out, "")];
    assert_eq!(Transcript::parse(text), Transcript { spoken: expected, code: 1 });
}

#[test]
fn a_line_without_a_time_belongs_to_the_one_before() {
    let all = Transcript::parse("   0.100 out| one\ntwo | three\n   0.200 rc=0\n");
    assert_eq!(all.spoken.len(), 1);
    assert_eq!(all.spoken[0].text, "one\ntwo | three");
}
