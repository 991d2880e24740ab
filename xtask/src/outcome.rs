//! What did a test program say of its tests?

/// The end of one run of one test program.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
    /// The tests that failed, by the names that the program takes as arguments.
    pub(crate) names: Vec<String>,
    pub(crate) ended_well: bool,
}

/// Reads what the test harness of Rust prints: `test NAME ... FAILED` and `test result: ok. 12 passed; 0 failed; …`.
pub(crate) fn read(text: &str, ended_well: bool) -> Outcome {
    let number = |line: &str, word: &str| {
        let before = line.split(word).next().unwrap_or_default();
        before.trim_end().rsplit(|c: char| !c.is_ascii_digit()).next().and_then(|n| n.parse::<u32>().ok()).unwrap_or(0)
    };
    let results = text.lines().filter(|l| l.starts_with("test result:"));
    let (passed, failed) = results.fold((0, 0), |(p, f), line| (p + number(line, " passed"), f + number(line, " failed")));
    Outcome { passed, failed, names: names_of_failures(text), ended_well }
}

/// The names stand once more in the last list before the result; what a test printed may stand between name and verdict.
fn names_of_failures(text: &str) -> Vec<String> {
    let Some((_, list)) = text.rsplit_once("\nfailures:\n") else { return vec![] };
    list.lines().map_while(|line| line.strip_prefix("    ")).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::{Outcome, read};

    const MIXED: &str = "\nrunning 3 tests\ntest jobs::a_stop ... ok\ntest jobs::a_kill ... something printed\nFAILED\ntest starts ... FAILED\n\nfailures:\n\n---- jobs::a_kill stdout ----\n    deep\n\n\nfailures:\n    jobs::a_kill\n    starts\n\ntest result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 3.1s\n";

    #[test]
    fn failures_are_counted_and_named() {
        let expected = Outcome { passed: 1, failed: 2, names: vec!["jobs::a_kill".into(), "starts".into()], ended_well: false };
        assert_eq!(read(MIXED, false), expected);
    }

    #[test]
    fn a_program_that_died_has_no_names_to_run_again() {
        let said = "running 2 tests\ntest one ... ok\n";
        assert_eq!(read(said, false), Outcome { passed: 0, failed: 0, names: vec![], ended_well: false });
    }
}
