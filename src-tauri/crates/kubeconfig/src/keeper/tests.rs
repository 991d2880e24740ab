use std::sync::Arc;

use api::{FileId, Timestamp};

use super::{Decision, Keeper, Lock};
use crate::{merge::Loaded, parse::parse};

const GOOD: &str = "contexts:\n- name: x\n  context: {cluster: c}\n";

fn text(text: &str) -> Loaded {
    Loaded::Parsed { parsed: Arc::new(parse(text.as_bytes())), mode: 0o600, folder_mode: 0o700 }
}

/// After a good sight at 0, what is decided at each time? `None`: shown.
fn check(sights: &[(Loaded, Lock, u64, Option<u64>)]) {
    let (mut keeper, file) = (Keeper::default(), FileId::from("/a"));
    assert_eq!(keeper.saw(&file, &text(GOOD), Lock::Free, Timestamp(0)), Decision::Show);
    for (loaded, lock, now, again) in sights {
        let expected = again.map_or(Decision::Show, |at| Decision::Keep { again_at: Timestamp(at) });
        let decision = keeper.saw(&file, loaded, *lock, Timestamp(*now));
        assert_eq!(decision, expected, "at {now}");
        let kept = matches!(keeper.shown(&file, loaded.clone(), decision), Loaded::Kept(_));
        assert_eq!(kept, again.is_some(), "at {now}");
        assert_eq!(keeper.due(Timestamp(again.unwrap_or(u64::MAX))), if kept { vec![file.clone()] } else { vec![] });
    }
}

#[test]
fn reload_truncate_then_write() {
    check(&[(text(""), Lock::Free, 100, Some(400)), (text("contexts: ["), Lock::Free, 250, Some(400)), (text(GOOD), Lock::Free, 400, None)]);
}

#[test]
fn a_file_that_stays_broken_is_shown_as_broken_after_three_retries() {
    let broken = || text("contexts: [");
    check(&[
        (broken(), Lock::Free, 0, Some(300)),
        (broken(), Lock::Free, 300, Some(1_000)),
        (broken(), Lock::Free, 1_000, Some(3_000)),
        (broken(), Lock::Free, 3_000, None),
    ]);
}

#[test]
fn a_removed_file_leaves_within_a_second_and_a_moved_one_never() {
    check(&[(Loaded::Missing, Lock::Free, 10, Some(310)), (Loaded::Missing, Lock::Free, 310, Some(710)), (Loaded::Missing, Lock::Free, 710, None)]);
    check(&[(Loaded::Missing, Lock::Free, 10, Some(310)), (text(GOOD), Lock::Free, 50, None)]);
}

#[test]
fn a_file_that_is_deleted_and_made_again_after_half_a_second_never_leaves() {
    check(&[(Loaded::Missing, Lock::Free, 10, Some(310)), (Loaded::Missing, Lock::Free, 310, Some(710)), (text(GOOD), Lock::Free, 520, None)]);
    // Who holds its lock has longer.
    check(&[(Loaded::Missing, Lock::Held, 0, Some(300)), (Loaded::Missing, Lock::Held, 700, Some(2_000)), (text(GOOD), Lock::Free, 1_900, None)]);
}

#[test]
fn a_lock_is_believed_for_two_seconds() {
    let other = || text("contexts:\n- name: other\n");
    check(&[(other(), Lock::Held, 0, Some(300)), (other(), Lock::Held, 1_000, Some(3_000)), (other(), Lock::Held, 2_000, None)]);
}

#[test]
fn a_clean_removal_of_a_context_counts_at_once() {
    check(&[(text("contexts:\n- name: y\n"), Lock::Free, 5, None)]);
}

#[test]
fn half_a_file_cut_between_two_entries_keeps_its_contexts_while_its_writer_holds_the_lock() {
    let whole = "contexts:\n- name: x\n  context: {cluster: c}\n- name: y\n  context: {cluster: c}\n";
    let (mut keeper, file) = (Keeper::default(), FileId::from("/a"));
    keeper.saw(&file, &text(whole), Lock::Free, Timestamp(0));
    let decision = keeper.saw(&file, &text(GOOD), Lock::Held, Timestamp(10));
    let Loaded::Kept(kept) = keeper.shown(&file, text(GOOD), decision) else { panic!("{decision:?}") };
    assert_eq!(kept.contexts.len(), 2);
    assert_eq!(keeper.saw(&file, &text(whole), Lock::Free, Timestamp(200)), Decision::Show);
}
