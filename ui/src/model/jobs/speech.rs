//! What do a job's dialogs and its report say?

use api::{
    Fault, Fix,
    computer::CheckRow,
    jobs::{JobView, Made, StepMark, Word, Words},
};

use crate::model::clock::{self, Clock};

/// One line of what an undo removes: `1`, `Container`, `kos-mgmt-control-plane`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    pub count: usize,
    pub kind: String,
    pub names: String,
}

/// What the undo of a job removes, the newest first, as the undo goes.
pub fn removals(made: &[Made]) -> Vec<Removal> {
    let mut removals: Vec<Removal> = vec![];
    for thing in made.iter().rev() {
        match removals.iter_mut().find(|r| r.kind == thing.kind) {
            Some(known) if known.count < 3 => {
                known.count += 1;
                known.names = format!("{}, {}", known.names, thing.name);
            }
            Some(known) => {
                if known.count == 3 {
                    known.names.push_str(", …");
                }
                known.count += 1;
            }
            None => removals.push(Removal { count: 1, kind: thing.kind.clone(), names: thing.name.clone() }),
        }
    }
    removals
}

/// A fault's sentence as what did not happen and why: `The cluster a was not made: Docker stopped.`
pub fn parted(sentence: &str) -> (Option<&str>, &str) {
    match sentence.split_once(": ") {
        Some((what, why)) if what.contains(" not ") || what.starts_with("Nothing ") => (Some(what), why),
        Some(_) | None => (None, sentence),
    }
}

/// What a failure leaves behind, after what did not happen where the heading does not say that.
pub fn left(fault: &Fault) -> String {
    let what = parted(&fault.sentence).0.map(|what| format!("{what}."));
    what.into_iter().chain((!fault.unharmed.is_empty()).then(|| fault.unharmed.clone())).collect::<Vec<_>>().join(" ")
}

/// `Step 3 stopped: this machine has no inotify instances left`: a heading says why, and has one colon.
pub fn stopped(step: impl std::fmt::Display, sentence: &str) -> String {
    format!("Step {step} stopped: {}", within(parted(sentence).1))
}

/// The same in the list of jobs.
pub fn stopped_at(step: impl std::fmt::Display, sentence: &str) -> String {
    format!("Stopped at step {step}: {}.", within(parted(sentence).1))
}

/// A sentence as the end of another.
fn within(sentence: &str) -> String {
    let sentence = sentence.trim_end_matches('.');
    // Only words that are no names begin small within a sentence.
    let small = ["The ", "This ", "That ", "These ", "A ", "An ", "No ", "Not ", "There ", "It ", "Its ", "Your "];
    let mut chars = sentence.chars();
    match (chars.next(), small.iter().any(|word| sentence.starts_with(word))) {
        (Some(first), true) => format!("{}{}", first.to_lowercase(), chars.as_str()),
        (Some(_) | None, _) => sentence.to_owned(),
    }
}

/// A title without what kind of cluster it is about, for narrow places: `Create kos-mgmt`.
pub fn brief(title: &Words) -> Words {
    match title.0.as_slice() {
        [Word::Said(deed), Word::Mono(name)] if deed.trim_end().ends_with(" cluster") => {
            let verb = deed.split(' ').next().unwrap_or_default();
            Words::said(format!("{verb} ")).mono(name)
        }
        _ => title.clone(),
    }
}

/// The fix of a fault that carries a command, if any.
pub fn commands(fault: &Fault) -> Vec<(&str, &str)> {
    fault.fixes.iter().filter_map(|fix| if let Fix::Copy { label, command } = fix { Some((label.as_str(), command.as_str())) } else { None }).collect()
}

/// Whether a check is about what stopped the step: both give the same command.
pub fn helps(fault: &Fault, check: &CheckRow) -> bool {
    commands(fault).iter().any(|(_, command)| check.fixes.iter().any(|fix| command.contains(&fix.command) || fix.command.contains(command)))
}

/// Everything an issue needs, as text.
pub fn report(job: &JobView, fault: Option<&Fault>, clock: Clock) -> String {
    let mut text = format!("{}\n{}\n\n", job.row.title.plain(), job.sentence);
    for (at, step) in job.steps.iter().enumerate() {
        let took = step.took.map(clock::span).unwrap_or_default();
        text.push_str(&format!("{}. {} [{}] {took}\n", at + 1, step.title.plain(), mark(step.mark)));
    }
    if let Some(fault) = fault {
        text.push_str(&format!("\n{}\n", fault.sentence));
        for quote in &fault.cause {
            text.push_str(&format!("\n{}:\n  {}\n", quote.source, quote.text.replace('\n', "\n  ")));
        }
        if !fault.unharmed.is_empty() {
            text.push_str(&format!("\n{}\n", fault.unharmed));
        }
    }
    text.push_str("\nCommands:\n");
    for run in &job.commands {
        text.push_str(&format!("{} $ {}  ({})\n", clock.seconds(run.at), run.line, run.exit.as_deref().unwrap_or("running")));
    }
    text
}

/// A step's mark as a word.
pub fn mark(mark: StepMark) -> &'static str {
    match mark {
        StepMark::Waiting => "waiting",
        StepMark::Running => "running",
        StepMark::Done => "done",
        StepMark::Failed => "failed",
        StepMark::Skipped => "skipped",
        StepMark::Undone => "undone",
        StepMark::Interrupted => "interrupted",
    }
}
