//! How is a command written so that it can be read and pasted?

use std::borrow::Cow;

use crate::Invocation;

/// Parts of a flag's name after which a value is not shown.
const SECRET_FLAGS: [&str; 3] = ["token", "secret", "password"];
const MASK: &str = "…";

/// Writes one run as a line for a shell: the program by its name, every argument quoted where it must be.
///
/// Never shown: variables, which may be secrets, and the value of a flag whose name says that it is one.
pub fn shown(invocation: &Invocation) -> String {
    let mut words = vec![quoted(&invocation.program.name()).into_owned()];
    let mut hide_next = false;
    for arg in &invocation.args {
        let word = match (hide_next, arg.split_once('=')) {
            (true, _) => MASK.to_owned(),
            (false, Some((flag, _))) if is_secret(flag) => format!("{}={MASK}", quoted(flag)),
            // Only the value, as a person would write it.
            (false, Some((flag, value))) if flag.starts_with('-') => format!("{}={}", quoted(flag), quoted(value)),
            (false, _) => quoted(arg).into_owned(),
        };
        hide_next = !hide_next && !arg.contains('=') && is_secret(arg);
        words.push(word);
    }
    words.join(" ")
}

fn is_secret(flag: &str) -> bool {
    let flag = flag.to_ascii_lowercase();
    flag.starts_with('-') && SECRET_FLAGS.iter().any(|secret| flag.contains(secret))
}

/// One word of a shell.
pub fn quoted(word: &str) -> Cow<'_, str> {
    // A NUL cannot stand in any argument; such a run never starts, but it may still be shown.
    shlex::try_quote(word).unwrap_or(Cow::Borrowed(MASK))
}

#[cfg(test)]
mod tests;
