//! What does a screen reader say by itself, and how often?

use std::path::Path;

/// What makes a reader speak as soon as the words of an element change.
const SPEAKS: [&str; 4] = ["role=\"alert\"", "role=\"status\"", "aria-live=\"polite\"", "aria-live=\"assertive\""];
/// Words that are others a second later.
const COUNTS: [&str; 3] = ["Next try in ", "next try in ", " s ago"];
/// Elements without an end.
const ALONE: [&str; 4] = ["br", "hr", "img", "input"];

/// The words of each live region, in the order of the document.
pub(crate) fn spoken(html: &str) -> Vec<String> {
    let (mut regions, mut open) = (Vec::<String>::new(), Vec::<Option<usize>>::new());
    for piece in html.split('<').skip(1) {
        let Some((tag, text)) = piece.split_once('>') else { continue };
        let name = tag.split([' ', '\n']).next().unwrap_or_default();
        if name.starts_with('/') {
            open.pop();
        } else if SPEAKS.iter().any(|mark| tag.contains(mark)) {
            regions.push(String::new());
            open.push(Some(regions.len() - 1));
        } else if !ALONE.contains(&name) {
            open.push(open.last().copied().flatten());
        }
        if let Some(region) = open.last().copied().flatten() {
            regions[region].push_str(text);
        }
    }
    regions.iter().map(|words| words.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn the_words_of_a_live_region_are_told_from_those_beside_it() {
    let html = "<div><div role=\"alert\" class=\"col\"><b>It</b> does\n<i class=\"x\">not <br></i><p>answer.</p></div><span>Next try in 0:05</span></div>";
    assert_eq!(spoken(html), ["It does not answer."]);
}

#[test]
fn what_counts_by_the_second_is_never_spoken_by_itself() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages/snapshots");
    let mut found = vec![];
    let mut regions = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        // A snapshot says first where it comes from.
        let html = text.splitn(3, "---\n").last().unwrap();
        let said = spoken(html);
        regions += said.len();
        let counting = said.into_iter().filter(|words| COUNTS.iter().any(|count| words.contains(count)));
        found.extend(counting.map(|words| format!("{}: {words}", path.display())));
    }
    assert!(regions > 0, "no snapshot has a live region");
    assert_eq!(found, Vec::<String>::new());
}
