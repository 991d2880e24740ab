use api::{Millis, jobs::Words};

use super::*;

fn running() -> DockerState {
    DockerState::Running { version: "28.1.1".into(), answer_ms: 3 }
}

fn check(contexts: usize, local: usize, docker: DockerState, expected: First) {
    assert_eq!(first((contexts, &Status::Live), (local, &Status::Live), 0, &docker, Visit::First), expected);
}

#[test]
fn a_machine_with_docker_and_nothing_else_is_one_click_from_a_cluster() {
    check(0, 0, running(), First::Welcome);
}

#[test]
fn a_machine_without_docker_is_told_so() {
    check(0, 0, DockerState::NotInstalled, First::NoDocker);
    check(0, 0, DockerState::Stopped { said: "Cannot connect".into() }, First::NoDocker);
}

#[test]
fn one_context_is_a_fleet() {
    check(1, 0, DockerState::NotInstalled, First::Fleet);
    check(0, 1, running(), First::Fleet);
}

#[test]
fn a_broken_file_is_shown_and_not_welcomed() {
    assert_eq!(first((0, &Status::Live), (0, &Status::Live), 1, &running(), Visit::First), First::Fleet);
}

#[test]
fn what_is_still_loading_is_not_empty() {
    assert_eq!(first((0, &Status::Loading), (0, &Status::Live), 0, &running(), Visit::First), First::Wait);
    check(0, 0, DockerState::NotAsked, First::Wait);
}

#[test]
fn one_who_was_here_before_is_not_welcomed_again() {
    assert_eq!(first((0, &Status::Live), (0, &Status::Live), 0, &running(), Visit::Returning), First::Empty);
}

#[test]
fn a_first_cluster_says_what_is_downloaded_and_no_size_that_is_not_known() {
    let step = |seconds, amount| PlannedStep { title: Words::said("Step"), detail: Words::default(), expected: Millis::seconds(seconds), amount };
    let providers = || step(170, Some(Amount::Providers { count: 4 }));
    let images = "the images of cert-manager and 4 providers";
    let pull = |seconds, image| vec![step(seconds, Some(Amount::Image(image))), providers()];
    for (steps, begins) in [
        (pull(72, ImageIs::ToBePulled { bytes: Some(412_000_000) }), format!("About 4 minutes. Downloads the node image, 412 MB, and {images}.")),
        (pull(0, ImageIs::Here { bytes: Some(1_084_000_000) }), format!("About 3 minutes. The node image is here. Downloads {images}.")),
        (pull(72, ImageIs::ToBePulled { bytes: None }), format!("About 4 minutes. Downloads the node image and {images}.")),
        (vec![], "Downloads the images that are not here.".to_owned()),
    ] {
        assert_eq!(cost(&steps), format!("{begins} One click removes all of it again."));
    }
}

#[test]
fn times_that_nobody_measured_are_called_a_guess() {
    for (runs, said) in [(0, "times are a first guess"), (1, "times from 1 earlier run here"), (6, "times from 6 earlier runs here")] {
        assert_eq!(times(runs), said);
    }
}
