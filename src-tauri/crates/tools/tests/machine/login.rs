//! Is the PATH that of the user's terminal?

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use testkit::{Act, FakePrograms, Scenario, Side, act};
use tools::{Environment, FoundBy, Machine, PathSource, Places, Program, Programs};

fn machine(shell: &Path, home: &Path) -> Machine {
    Machine::new(Places::default(), Environment::from([("SHELL".into(), shell.into()), ("HOME".into(), home.into()), ("PATH".into(), "/usr/bin:/bin".into())]))
}

#[tokio::test]
async fn a_path_set_in_a_profile_is_used() {
    let home = tempfile::tempdir().expect("a home");
    fs::write(home.path().join(".profile"), "echo Welcome\nPATH=\"$HOME/tools:/usr/bin:/bin\"\nexport PATH\n").expect("a profile");
    let machine = machine(Path::new("/bin/sh"), home.path());
    let report = machine.path_report().await;
    assert_eq!(report.source, PathSource::LoginShell { shell: "/bin/sh".into() });
    assert_eq!(report.folders, [home.path().join("tools"), "/usr/bin".into(), "/bin".into()]);
}

#[tokio::test]
async fn what_a_profile_sets_for_kos_itself_is_known_once_the_shell_was_asked() {
    let home = tempfile::tempdir().expect("a home");
    fs::write(home.path().join(".profile"), "export KUBECONFIG=/a:/b HTTPS_PROXY=http://proxy:1 SECRET=canary\n").expect("a profile");
    let machine = machine(Path::new("/bin/sh"), home.path());
    assert_eq!(machine.login_variables(), Environment::new());
    machine.path_report().await;
    let told = machine.login_variables();
    let told = ["KUBECONFIG", "HTTPS_PROXY", "SECRET", "PATH"].map(|name| told.get(OsStr::new(name)).and_then(|value| value.to_str()));
    assert_eq!(told, [Some("/a:/b"), Some("http://proxy:1"), None, None]);
}

#[tokio::test]
async fn the_shell_is_asked_once_and_only_when_needed() {
    let fakes = FakePrograms::new().expect("a folder for fakes");
    let mark = "_KOS_ENVIRONMENT_MARK_";
    let printed = format!("{mark}PATH={}\0{mark}", fakes.folder().display()).into_bytes();
    let zsh =
        fakes.install("zsh", &Scenario::new().on(["-l", "-i", "-c"], [act::out("hi"), Act::Bytes { side: Side::Out, bytes: printed }])).expect("a fake shell");
    let kind = fakes.install("kind", &Scenario::new()).expect("a fake kind");
    let machine = machine(&zsh.path, fakes.folder());
    machine.look_in(Places { kind: Some(kind.path.clone()), ..Places::default() });
    assert_eq!(machine.find(&Program::Kind).await.expect("kind was chosen").by, FoundBy::Chosen);
    assert!(zsh.calls().is_empty());
    machine.look_in(Places::default());
    let (one, two) = tokio::join!(machine.find(&Program::Kind), machine.find(&Program::Kind));
    assert_eq!((one.expect("kind is in PATH").by, two.expect("kind is in PATH").path), (FoundBy::Path, kind.path));
    assert_eq!(zsh.calls().len(), 1);
}

#[tokio::test]
async fn a_shell_that_hangs_is_given_up_and_the_report_says_so() {
    let fakes = FakePrograms::new().expect("a folder for fakes");
    let zsh = fakes.install("zsh", &Scenario::new().otherwise([Act::Hang])).expect("a fake shell");
    let report = machine(&zsh.path, fakes.folder()).path_report().await;
    assert_eq!(report.source, PathSource::Process { shell: zsh.path, why: "it did not answer within 5 s".into() });
    assert_eq!(report.folders, ["/usr/bin", "/bin"].map(PathBuf::from));
}
