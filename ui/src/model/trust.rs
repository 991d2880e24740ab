//! How is a program described that nobody has run?

use api::{
    Millis,
    contexts::{Mood, TrustQuestion},
};

/// The program's folder, with its slash, and its name.
pub fn program(path: &str) -> (&str, &str) {
    match path.rfind('/') {
        Some(at) => path.split_at(at + 1),
        None => ("", path),
    }
}

/// `2 doubts, 1 good sign`; empty when there is neither.
pub fn signs(question: &TrustQuestion) -> String {
    let count = |mood| question.signs.iter().filter(|sign| sign.mood == mood).count();
    let say = |n: usize, one: &str, many: &str| match n {
        0 => None,
        1 => Some(format!("1 {one}")),
        n => Some(format!("{n} {many}")),
    };
    [say(count(Mood::Doubt), "doubt", "doubts"), say(count(Mood::Good), "good sign", "good signs")].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// `no shell, no input, killed after 60 s`.
pub fn limits(limit: Millis) -> String {
    format!("no shell, no input, killed after {} s", limit.0 / 1_000)
}

#[cfg(test)]
mod tests;
