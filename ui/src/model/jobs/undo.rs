//! What does the undo of a job do, in words?

use api::jobs::{Made, UndoIs, Words};

use super::speech::{self, Removal};

/// The button that asks for it.
pub fn button(undo: &UndoIs) -> &'static str {
    match undo {
        UndoIs::Removal => "Remove what was made",
        UndoIs::Resumption { .. } => "Resume the source…",
        UndoIs::SwitchBack => "Switch it back",
        UndoIs::Nothing => "End it",
    }
}

/// The verb of the question and of its button.
pub fn verb(undo: &UndoIs) -> &'static str {
    match undo {
        UndoIs::Removal => "Remove what was made",
        UndoIs::Resumption { .. } => "Resume the source",
        UndoIs::SwitchBack => "Switch it back",
        UndoIs::Nothing => "End it",
    }
}

/// The way out of the question.
pub fn safe(undo: &UndoIs) -> &'static str {
    match undo {
        UndoIs::Removal => "Keep it",
        UndoIs::Resumption { .. } => "Leave it paused",
        UndoIs::SwitchBack | UndoIs::Nothing => "Leave it",
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
        (UndoIs::SwitchBack, []) => "Nothing was switched so far, so nothing has to be switched back.".to_owned(),
        (UndoIs::SwitchBack, [..]) => "The program that runs now is ended first. Then this is brought back to how it stood:".to_owned(),
        (UndoIs::Nothing, _) => "The program that runs now is ended. What it has done by then stays done: nothing takes it back.".to_owned(),
    }
}

/// What it happens to, counted by kind.
pub fn touched(undo: &UndoIs, made: &[Made]) -> Vec<Removal> {
    match undo {
        UndoIs::Removal | UndoIs::Resumption { .. } | UndoIs::SwitchBack => speech::removals(made),
        UndoIs::Nothing => vec![],
    }
}

/// Behind the sentence of a job that goes back.
pub fn goes_on(undo: &UndoIs) -> &'static str {
    match undo {
        UndoIs::Removal => " What was made is being removed.",
        UndoIs::Resumption { .. } => " What was on its way is being resumed where it was.",
        UndoIs::SwitchBack => " What was switched is being switched back.",
        UndoIs::Nothing => " What of it still runs is being ended.",
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
        UndoIs::Resumption { .. } | UndoIs::Nothing => " Its logs are kept.",
        UndoIs::SwitchBack => " What was switched stays so, and its logs are kept.",
    }
}

/// Where nothing is noted yet.
pub fn empty(undo: &UndoIs) -> (&'static str, &'static str) {
    match undo {
        UndoIs::Removal => ("Nothing is made yet", "Whatever this job makes is listed here; its undo removes exactly that."),
        UndoIs::Resumption { .. } => ("Nothing is on its way yet", "Whatever this job moves is listed here; its undo resumes it where it was."),
        UndoIs::SwitchBack => ("Nothing is switched yet", "Whatever this job switches is listed here; its undo brings exactly that back to how it stood."),
        UndoIs::Nothing => ("Nothing is made", "This job makes nothing. What it does stays done, also when it is stopped."),
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

    #[test]
    fn a_job_that_makes_nothing_is_not_said_to_remove_what_it_made() {
        let made = [Made { step: 0, kind: "Switched container".into(), name: "lab-worker".into(), at: Timestamp(0) }];
        let said = |undo: &UndoIs, made: &[Made]| {
            let (head, says) = empty(undo);
            [button(undo), verb(undo), safe(undo), goes_on(undo), kept(undo), head, says, &lead(undo, made)].join("\n")
        };
        for (undo, made, lead) in [
            (UndoIs::SwitchBack, &made as &[Made], "The program that runs now is ended first. Then this is brought back to how it stood:"),
            (UndoIs::SwitchBack, &[], "Nothing was switched so far, so nothing has to be switched back."),
            (UndoIs::Nothing, &[], "The program that runs now is ended. What it has done by then stays done: nothing takes it back."),
        ] {
            let said = said(&undo, made);
            assert!(said.ends_with(lead), "{said}");
            assert!(!said.to_lowercase().contains("remove") && !said.contains("was made"), "{said}");
        }
    }
}
