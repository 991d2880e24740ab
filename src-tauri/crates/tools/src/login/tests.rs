use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Login, PathSource, judge, shell};
use crate::{Environment, ProgramError};

const OWN: &str = "/usr/bin:/bin";

fn judged(answer: Result<&[u8], ProgramError>) -> Login {
    judge("/bin/bash".into(), answer.map(<[u8]>::to_vec), &Environment::from([("PATH".into(), OWN.into())]))
}

#[test]
fn greetings_around_the_marks_do_not_matter() {
    let printed =
        b"Welcome, PATH=/wrong\n_KOS_ENVIRONMENT_MARK_HOME=/home/a\0PATH=/home/a/bin:/usr/bin::/usr/bin\0MULTI=a\nPATH=b\0_KOS_ENVIRONMENT_MARK_bye\n";
    let login = judged(Ok(printed));
    assert_eq!(login.report.source, PathSource::LoginShell { shell: "/bin/bash".into() });
    // `/bin` is only in the PATH that KOS was started with.
    assert_eq!(login.report.folders, ["/home/a/bin", "/usr/bin", "/bin"].map(PathBuf::from));
    assert_eq!(login.env.get(Path::new("MULTI").as_os_str()), Some(&"a\nPATH=b".into()));
}

#[test]
fn a_mark_that_a_shell_keeps_as_its_last_word_ends_nothing() {
    let printed = b"_KOS_ENVIRONMENT_MARK_HOME=/home/a\0_=_KOS_ENVIRONMENT_MARK_\0PATH=/home/a/bin\0_KOS_ENVIRONMENT_MARK_";
    let login = judged(Ok(printed));
    assert_eq!(login.report.source, PathSource::LoginShell { shell: "/bin/bash".into() });
    assert_eq!(login.report.folders, ["/home/a/bin", "/usr/bin", "/bin"].map(PathBuf::from));
}

#[test]
fn without_an_answer_the_own_path_is_used_and_the_reason_kept() {
    let program = || "bash".to_owned();
    let not_started = ProgramError::NotStarted { program: program(), cause: io::Error::other("no such file") };
    let too_long = ProgramError::TooLong { program: program(), limit: Duration::from_secs(5), tail: vec![] };
    for (answer, reason) in [
        (Ok(&b"nothing"[..]), "it did not print its environment"),
        (Ok(b"_KOS_ENVIRONMENT_MARK_PATH=/half"), "it did not print its environment"),
        (Ok(b"_KOS_ENVIRONMENT_MARK_HOME=/\0_KOS_ENVIRONMENT_MARK_"), "it has no PATH"),
        (Ok(b"_KOS_ENVIRONMENT_MARK_PATH=\0_KOS_ENVIRONMENT_MARK_"), "it has no PATH"),
        (Err(too_long), "it did not answer within 5 s"),
        (Err(not_started), "it could not be started (no such file)"),
    ] {
        let login = judged(answer);
        assert_eq!(login.report.source, PathSource::Process { shell: "/bin/bash".into(), why: reason.into() });
        assert_eq!(login.report.folders, ["/usr/bin", "/bin"].map(PathBuf::from));
        assert!(login.env.is_empty());
    }
}

#[test]
fn an_unset_shell_is_the_plain_one() {
    assert_eq!(shell(&Environment::new()), Path::new("/bin/sh"));
    assert_eq!(shell(&Environment::from([("SHELL".into(), "".into())])), Path::new("/bin/sh"));
    assert_eq!(shell(&Environment::from([("SHELL".into(), "/usr/bin/fish".into())])), Path::new("/usr/bin/fish"));
}
