//! How is a program described that nobody has run, or a file that nobody has read?

use api::{
    Millis,
    contexts::{Mood, Sign, TrustQuestion},
};

/// The program's folder, with its slash, and its name.
pub fn program(path: &str) -> (&str, &str) {
    match path.rfind('/') {
        Some(at) => path.split_at(at + 1),
        None => ("", path),
    }
}

/// `2 doubts, 1 good sign`; empty when there is neither.
pub fn signs(all: &[Sign]) -> String {
    let count = |mood| all.iter().filter(|sign| sign.mood == mood).count();
    let say = |n: usize, one: &str, many: &str| match n {
        0 => None,
        1 => Some(format!("1 {one}")),
        n => Some(format!("{n} {many}")),
    };
    [say(count(Mood::Doubt), "doubt", "doubts"), say(count(Mood::Good), "good sign", "good signs")].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// What a question begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum First {
    Program,
    /// Why KOS asks: below so many words nobody would see it beside the buttons.
    Signs,
}

/// As many letters stand above the signs in the smallest window.
const IN_VIEW: usize = 400;
/// What stands between two arguments is as wide as two letters.
const GAP: usize = 2;

/// Signs come first where what would run pushes them out of view.
pub fn first(question: &TrustQuestion) -> First {
    let several = |all: &[String]| all.iter().map(|one| one.chars().count() + GAP).sum::<usize>();
    let one = |text: &str| text.chars().count();
    let letters = one(&question.program) + several(&question.args) + several(&question.sets) + one(&question.server) + one(&question.asked_by);
    if letters > IN_VIEW { First::Signs } else { First::Program }
}

/// `no shell, no input, killed after 60 s`.
pub fn limits(limit: Millis) -> String {
    format!("no shell, no input, killed after {} s", limit.0 / 1_000)
}

#[cfg(test)]
mod tests;
