use api::computer::{CheckFix, DockerState, Remedy};
use ui::{
    model::facts::facts,
    pages::{
        remedy::{RemedySheet, RemedySheetProps},
        welcome::view::{EmptyView, EmptyViewProps, WelcomeView, WelcomeViewProps},
    },
    widgets::Ready,
};
use yew::Callback;

use super::{render, sample};

fn props(docker: DockerState) -> WelcomeViewProps {
    let computer = sample::computer(docker);
    yew::props!(WelcomeViewProps {
        facts: facts(&computer, &sample::checks(), 0),
        computer,
        looked_at: sample::looked_at(),
        fix: Some(CheckFix { label: "Now".to_owned(), command: "sudo systemctl start docker".to_owned(), remedy: None }),
        now: sample::NOW
    })
}

#[tokio::test]
async fn a_stopped_docker_is_quoted_and_can_be_asked_again() {
    insta::assert_snapshot!(render::<WelcomeView>(|| props(DockerState::Stopped { said: "Cannot connect to the Docker daemon".into() })).await);
}

#[tokio::test]
async fn a_docker_that_needs_no_password_can_be_started_from_here() {
    let stopped = || DockerState::Stopped { said: "Cannot connect to the Docker daemon".into() };
    let of = move |remedy: Option<Remedy>| {
        let command = remedy.map_or("sudo systemctl start docker".to_owned(), Remedy::command);
        WelcomeViewProps { fix: Some(CheckFix { label: "Now".to_owned(), command, remedy }), ..props(stopped()) }
    };
    let with = render::<WelcomeView>(move || of(Some(Remedy::StartUserDocker))).await;
    assert!(with.contains("Start it for me…") && with.contains("systemctl --user start docker"), "{with}");
    let without = render::<WelcomeView>(move || of(None)).await;
    assert!(!without.contains("Start it for me…") && without.contains("sudo systemctl start docker"), "{without}");
}

#[tokio::test]
async fn what_would_be_run_is_shown_before_it_is() {
    let sheet = || yew::props!(RemedySheetProps { remedy: Remedy::StartDockerDesktop, busy: Ready::Yes, on_run: Callback::noop(), on_close: Callback::noop() });
    insta::assert_snapshot!(render::<RemedySheet>(sheet).await);
}

#[tokio::test]
async fn with_docker_a_cluster_is_one_click_away() {
    let html = render::<WelcomeView>(|| props(sample::docker())).await;
    assert!(html.contains("Create it") && !html.contains("Check again") && !html.contains("systemctl"));
}

#[tokio::test]
async fn a_first_cluster_is_shown_as_its_plan() {
    insta::assert_snapshot!(
        render::<EmptyView>(|| {
            let facts = facts(&sample::computer(sample::docker()), &sample::checks(), 0);
            yew::props!(EmptyViewProps { facts, checks: "12 checks passed".to_owned(), looked_at: sample::looked_at(), plan: Some(sample::plan()) })
        })
        .await
    );
}
