use std::fs;

use super::Turn;
use crate::{give_up, part_of};

#[tokio::test(start_paused = true)]
async fn a_part_that_another_fetch_goes_on_with_is_not_removed() {
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("kind");
    let part = part_of(&target);
    fs::write(&part, "half of it").expect("a part");
    let others = Turn::come(&target).await.expect("nobody has it");
    give_up(&target).await.expect("there is nothing to remove");
    assert!(part.exists());
    drop(others);
    give_up(&target).await.expect("it is removed");
    assert!(!part.exists());
}

#[tokio::test]
async fn what_was_never_begun_is_given_up_without_a_trace() {
    let folder = tempfile::tempdir().expect("a folder");
    give_up(&folder.path().join("programs/kind")).await.expect("there is nothing to remove");
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
}
