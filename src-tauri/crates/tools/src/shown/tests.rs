use std::time::Duration;

use super::shown;
use crate::{Capture, Invocation, Program, Secret};

fn check(program: Program, args: &[&str], line: &str) {
    let invocation = Invocation {
        program,
        args: args.iter().map(|arg| (*arg).to_owned()).collect(),
        env: vec![("GITHUB_TOKEN".into(), Secret::new("canary"))],
        cwd: "/".into(),
        limit: Duration::from_secs(1),
        capture: Capture::Memory { most: 0 },
    };
    assert_eq!(shown(&invocation), line);
}

#[test]
fn a_command_can_be_pasted() {
    check(Program::Kind, &["create", "cluster", "--name", "lab-a"], "kind create cluster --name lab-a");
    check(Program::Docker, &["info", "--format", "{{json .}}"], "docker info --format '{{json .}}'");
    check(Program::Plugin("/opt/my tools/kubelogin".into()), &["get-token"], "kubelogin get-token");
    check(Program::Kind, &["--x=$(id)", "", "it's"], r#"kind --x='$(id)' '' "it's""#);
}

#[test]
fn a_secret_is_not_shown() {
    let plugin = || Program::Plugin("kubelogin".into());
    check(plugin(), &["--oidc-client-secret=canary", "--x=y"], "kubelogin --oidc-client-secret=… --x=y");
    check(plugin(), &["--token", "canary", "--x"], "kubelogin --token … --x");
    check(plugin(), &["--password", "--token", "get-token"], "kubelogin --password … get-token");
    check(Program::Kind, &["nul\0"], "kind …");
}
