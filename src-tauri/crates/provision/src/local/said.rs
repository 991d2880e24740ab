//! What did a container write, and when?

use api::Timestamp;
use api::machines::SaidLine;
use tools::{Program, Programs};

use crate::programs::docker;
use crate::run::ask;

/// What a container wrote last, on either of its streams; empty when Docker cannot say.
pub async fn last_lines(programs: &dyn Programs, container: &str, lines: u32) -> Vec<SaidLine> {
    let asked = ask(programs, Program::Docker, docker::logs(container, lines), Default::default()).await;
    let Ok(exit) = asked else { return vec![] };
    if !exit.succeeded() {
        return vec![];
    }
    in_order(&String::from_utf8_lossy(&exit.out), &String::from_utf8_lossy(&exit.err))
}

/// Docker gives the two streams apart: only its times tell which line came first. A line without one stays behind the one
/// before it.
fn in_order(out: &str, err: &str) -> Vec<SaidLine> {
    let mut all = vec![];
    for stream in [out, err] {
        let mut before = None;
        for line in stream.lines().map(stamped) {
            before = line.at.or(before);
            all.push((before, line));
        }
    }
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, line)| line).collect()
}

/// `2026-11-23T14:06:36.618666123Z Starting the kubelet`. What runs in a container writes what it likes.
fn stamped(line: &str) -> SaidLine {
    let (head, rest) = line.split_once(' ').unwrap_or((line, ""));
    match head.parse::<jiff::Timestamp>().ok().and_then(|at| u64::try_from(at.as_millisecond()).ok()) {
        Some(at) => SaidLine { at: Some(Timestamp(at)), text: tools::clean(rest.as_bytes()) },
        None => SaidLine { at: None, text: tools::clean(line.as_bytes()) },
    }
}

#[cfg(test)]
mod tests {
    use super::in_order;

    #[test]
    fn lines_of_both_streams_stand_in_the_order_in_which_they_were_written() {
        let out = "2026-11-23T14:23:18.000000001Z [kubelet-start] Starting the kubelet\n2026-11-23T14:23:21.5Z [kubelet-check] Waiting\n  for it\n";
        let err = "2026-11-23T14:23:20Z Failed to start cAdvisor\n2026-11-23T14:23:22Z\n";
        let said: Vec<(Option<u64>, String)> = in_order(out, err).into_iter().map(|line| (line.at.map(|at| at.0 % 100_000), line.text)).collect();
        let wanted = [
            (Some(98_000), "[kubelet-start] Starting the kubelet"),
            (Some(0), "Failed to start cAdvisor"),
            (Some(1_500), "[kubelet-check] Waiting"),
            (None, "  for it"),
            (Some(2_000), ""),
        ];
        assert_eq!(said, wanted.map(|(at, text)| (at, text.to_owned())));
    }

    #[test]
    fn a_container_turns_no_line_round_and_colours_none() {
        let said = in_order("2026-11-23T14:23:18Z \u{1b}[0;32m  OK  \u{1b}[0m user\u{202e}nimda\u{7}\n", "ad\u{200b}min\n");
        let text: Vec<&str> = said.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(text, ["ad\u{fffd}min", "  OK   user\u{fffd}nimda\u{fffd}"]);
    }
}
