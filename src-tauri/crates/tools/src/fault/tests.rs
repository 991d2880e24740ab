use std::io;
use std::time::Duration;

use api::{Fault, FaultCode, Fix};

use crate::ProgramError;

fn check(error: ProgramError, sentence: &str, cause: Option<(&str, &str)>) -> Fault {
    let fault = Fault::from(&error);
    let quoted = fault.cause.first().map(|quote| (quote.source.as_str(), quote.text.as_str()));
    assert_eq!((fault.code, fault.sentence.as_str(), quoted), (FaultCode::Program, sentence, cause));
    fault
}

#[test]
fn a_fault_says_what_did_not_run_and_quotes_why() {
    let program = || "kind".to_owned();
    let missing = ProgramError::NotFound { program: program(), searched: vec!["/usr/bin".into(), "/bin".into()] };
    let fault = check(missing, "kind was not found.", Some(("searched", "/usr/bin\n/bin")));
    assert_eq!(fault.fixes, [Fix::ChoosePath, Fix::OpenDoctor]);
    let cause = io::Error::other("exec format error");
    check(ProgramError::NotStarted { program: program(), cause }, "kind could not be started.", Some(("operating system", "exec format error")));
    let tail: Vec<String> = (1..=12).map(|n| n.to_string()).collect();
    let limit = Duration::from_secs(5);
    let sentence = "kind did not end within 5 s and was stopped.";
    check(ProgramError::TooLong { program: program(), limit, tail }, sentence, Some(("kind", "3\n4\n5\n6\n7\n8\n9\n10\n11\n12")));
    check(ProgramError::TooLong { program: program(), limit, tail: vec![] }, sentence, None);
    check(ProgramError::Stopped { program: program() }, "kind was stopped.", None);
}
