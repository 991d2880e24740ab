use std::path::{Path, PathBuf};

use super::{Places, find};
use crate::{FoundBy, Program, ProgramError};

fn places() -> Places {
    Places { kind: Some("/chosen/kind".into()), extra: vec!["/extra".into(), "not/absolute".into()], fetched: Some("/fetched".into()), ..Places::default() }
}

/// Looks for a program on a machine that has just these files.
fn check(program: Program, files: &[&str], expected: Result<(&str, FoundBy), &[&str]>) {
    let path = ["/usr/local/bin", ".", "/usr/bin"].map(PathBuf::from);
    let found = find(&program, &places(), &path, |file| files.iter().any(|there| Path::new(there) == file));
    match (found, expected) {
        (Ok(found), Ok((path, by))) => assert_eq!((found.path.as_path(), found.by), (Path::new(path), by)),
        (Err(ProgramError::NotFound { searched, .. }), Err(places)) => assert_eq!(searched, places.iter().map(PathBuf::from).collect::<Vec<_>>()),
        (found, expected) => panic!("found {found:?}, expected {expected:?}"),
    }
}

#[test]
fn a_chosen_path_wins_and_is_never_replaced() {
    check(Program::Kind, &["/chosen/kind", "/usr/bin/kind"], Ok(("/chosen/kind", FoundBy::Chosen)));
    check(Program::Kind, &["/usr/bin/kind"], Err(&["/chosen/kind"]));
}

#[test]
fn folders_are_searched_in_the_order_extra_fetched_path() {
    let everywhere = ["/usr/bin/helm", "/usr/local/bin/helm", "/fetched/helm", "/extra/helm"];
    check(Program::Helm, &everywhere, Ok(("/extra/helm", FoundBy::Path)));
    check(Program::Helm, &everywhere[..3], Ok(("/fetched/helm", FoundBy::Fetched)));
    check(Program::Helm, &everywhere[..2], Ok(("/usr/local/bin/helm", FoundBy::Path)));
    check(Program::Helm, &[], Err(&["/extra", "/fetched", "/usr/local/bin", "/usr/bin"]));
}

#[test]
fn a_plugin_is_searched_only_by_a_bare_name() {
    check(Program::Plugin("kubelogin".into()), &["/usr/bin/kubelogin"], Ok(("/usr/bin/kubelogin", FoundBy::Path)));
    check(Program::Plugin("/opt/kubelogin".into()), &["/opt/kubelogin"], Ok(("/opt/kubelogin", FoundBy::Chosen)));
    check(Program::Plugin("bin/kubelogin".into()), &["bin/kubelogin", "/usr/bin/kubelogin"], Err(&["bin/kubelogin"]));
}

#[test]
fn a_folder_and_a_file_without_the_right_to_run_are_no_programs() {
    assert!(super::is_program(Path::new("/proc/self/exe")));
    assert!(!super::is_program(Path::new("/proc/self/stat")));
    assert!(!super::is_program(Path::new("/")));
    assert!(!super::is_program(Path::new("/nothing/there")));
}
