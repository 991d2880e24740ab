//! Which words stand in the memory of a process?

use std::collections::BTreeSet;
use std::fs::File;
use std::ops::Range;
use std::os::unix::fs::FileExt;

use anyhow::Context;

use crate::Process;

const PAGE: u64 = 4096;
/// Entries of the page map that are read at once.
const ENTRIES: usize = 64 * 1024;
const PIECE: u64 = 4 * 1024 * 1024;
/// What is told of a word that is found, itself included.
const TOLD: usize = 40;

/// What begins with one of these and stands in the memory that a process writes, as bytes or as two bytes a letter.
///
/// Pages that were never touched are left out: browsers reserve much more than any machine has.
pub fn beginning_with(process: &Process, words: &[&str]) -> anyhow::Result<BTreeSet<String>> {
    let file = |name: &str| format!("/proc/{}/{name}", process.id());
    let maps = std::fs::read_to_string(file("maps")).context("a process of ours is looked into")?;
    let (memory, pages) = (File::open(file("mem"))?, File::open(file("pagemap"))?);
    let mut found = BTreeSet::new();
    for region in maps.lines().filter_map(written) {
        for run in touched(&pages, &region) {
            search(&memory, &run, words, &mut found);
        }
    }
    Ok(found)
}

/// The addresses of a line of `maps`, when the process writes there and no device does.
fn written(line: &str) -> Option<Range<u64>> {
    let mut words = line.split_whitespace();
    let (start, end) = words.next()?.split_once('-')?;
    let (rights, name) = (words.next()?, words.nth(3).unwrap_or_default());
    let address = |text: &str| u64::from_str_radix(text, 16).ok();
    (rights.starts_with("rw") && !name.starts_with("/dev/")).then_some(address(start)?..address(end)?)
}

/// Runs of pages that are in memory or swapped out.
fn touched(pages: &File, region: &Range<u64>) -> Vec<Range<u64>> {
    let mut runs: Vec<Range<u64>> = vec![];
    let mut entries = vec![0; ENTRIES * 8];
    let mut at = region.start;
    while at < region.end {
        let wanted = usize::try_from((region.end - at) / PAGE).unwrap_or(ENTRIES).min(ENTRIES);
        let Ok(read) = pages.read_at(&mut entries[..wanted * 8], at / PAGE * 8) else { break };
        if read < 8 {
            break;
        }
        for entry in entries[..read].chunks_exact(8) {
            // The two highest bits of the eight bytes, the lowest byte first.
            if entry[7] & 0b1100_0000 != 0 {
                match runs.last_mut() {
                    Some(run) if run.end == at => run.end += PAGE,
                    Some(_) | None => runs.push(at..at + PAGE),
                }
            }
            at += PAGE;
        }
    }
    runs
}

fn search(memory: &File, run: &Range<u64>, words: &[&str], found: &mut BTreeSet<String>) {
    let over = TOLD as u64 * 2;
    let mut at = run.start;
    while at < run.end {
        let mut piece = vec![0; usize::try_from((run.end - at).min(PIECE + over)).unwrap_or_default()];
        // What is given back meanwhile cannot be read, and holds nothing any more.
        let read = memory.read_at(&mut piece, at).unwrap_or_default();
        for word in words {
            told(&piece[..read], word, found);
        }
        at += PIECE;
    }
}

fn told(bytes: &[u8], word: &str, found: &mut BTreeSet<String>) {
    let wide: Vec<u8> = word.bytes().flat_map(|letter| [letter, 0]).collect();
    let first = word.as_bytes()[0];
    for (at, _) in bytes.iter().enumerate().filter(|(_, byte)| **byte == first) {
        let rest = &bytes[at..];
        let letters: Vec<u8> = if rest.starts_with(word.as_bytes()) {
            rest.iter().take(TOLD).copied().collect()
        } else if rest.starts_with(&wide) {
            rest.iter().step_by(2).take(TOLD).copied().collect()
        } else {
            continue;
        };
        let end = letters.iter().position(|letter| !letter.is_ascii_graphic()).unwrap_or(letters.len());
        found.insert(String::from_utf8_lossy(&letters[..end]).into_owned());
    }
}
