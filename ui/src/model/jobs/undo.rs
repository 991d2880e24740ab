//! What does the undo of a job do, in words?

use api::jobs::{Made, UndoIs, Words};

/// The button that asks for it.
pub fn button(undo: &UndoIs) -> &'static str {
    match undo {
        UndoIs::Removal => "Remove what was made",
        UndoIs::Resumption { .. } => "Resume the source…",
    }
}

/// The verb of the question and of its button.
pub fn verb(undo: &UndoIs) -> &'static str {
    match undo {
        UndoIs::Removal => "Remove what was made",
        UndoIs::Resumption { .. } => "Resume the source",
    }
}

/// The way out of the question.
pub fn safe(undo: &UndoIs) -> &'static str {
    match undo {
        UndoIs::Removal => "Keep it",
        UndoIs::Resumption { .. } => "Leave it paused",
    }
}

/// What happens, before the list of what it happens to.
pub fn lead(undo: &UndoIs, made: &[Made]) -> String {
    match (undo, made) {
        (UndoIs::Removal, []) => "Nothing was made so far, so nothing has to be removed.".to_owned(),
        (UndoIs::Removal, [..]) => "The program that runs now is ended first. Then this is removed, the newest first:".to_owned(),
        (UndoIs::Resumption { at }, []) => format!("Nothing was on its way so far, so nothing has to be resumed in {at}."),
        (UndoIs::Resumption { at }, [..]) => format!(
            "The program that runs now is ended first. Then what is still whole in {at} goes on there. Copies elsewhere stay paused, and nothing is deleted. These are on their way:"
        ),
    }
}

/// Behind the sentence of a job that goes back.
pub fn goes_on(undo: &UndoIs) -> &'static str {
    match undo {
        UndoIs::Removal => " What was made is being removed.",
        UndoIs::Resumption { .. } => " What was on its way is being resumed where it was.",
    }
}

/// The same while the undo waits for something, which `detail` says.
pub fn waits(detail: &Words) -> String {
    format!(" {} You can keep what is there now, and ask for the undo again later.", detail.plain())
}

/// The button that leaves an undo while it waits.
pub const KEEP: &str = "Keep what is there";

/// Behind the sentence of a job that failed after it noted something.
pub fn kept(undo: &UndoIs) -> &'static str {
    match undo {
        UndoIs::Removal => " What was made and its logs are kept.",
        UndoIs::Resumption { .. } => " Its logs are kept.",
    }
}

/// Where nothing is noted yet.
pub fn empty(undo: &UndoIs) -> (&'static str, &'static str) {
    match undo {
        UndoIs::Removal => ("Nothing is made yet", "Whatever this job makes is listed here; its undo removes exactly that."),
        UndoIs::Resumption { .. } => ("Nothing is on its way yet", "Whatever this job moves is listed here; its undo resumes it where it was."),
    }
}

#[cfg(test)]
mod tests {
    use api::Timestamp;

    use super::*;

    #[test]
    fn an_undo_that_waits_says_what_for_and_that_it_can_be_left() {
        let said = waits(&Words::said("Waiting for Docker: what was made is removed as soon as it answers."));
        assert_eq!(
            said,
            " Waiting for Docker: what was made is removed as soon as it answers. You can keep what is there now, and ask for the undo again later."
        );
    }

    #[test]
    fn the_undo_of_a_move_resumes_its_source_and_removes_nothing() {
        let made = [Made { step: 0, kind: "Cluster".into(), name: "lab-a in kind-two".into(), at: Timestamp(0) }];
        let resumption = UndoIs::Resumption { at: "kind-kos-mgmt".into() };
        let said = |undo: &UndoIs| [button(undo), verb(undo), safe(undo), goes_on(undo), kept(undo), &lead(undo, &made), &lead(undo, &[])].join("\n");
        let (removes, resumes) = (said(&UndoIs::Removal), said(&resumption));
        assert!(removes.contains("Remove what was made") && removes.contains("this is removed, the newest first"), "{removes}");
        assert!(resumes.contains("Resume the source…") && resumes.contains("still whole in kind-kos-mgmt goes on there"), "{resumes}");
        assert!(!resumes.to_lowercase().contains("remove"), "{resumes}");
    }
}
