use api::computer::DockerState;
use ui::{
    model::facts::facts,
    pages::welcome::view::{EmptyView, EmptyViewProps, WelcomeView, WelcomeViewProps},
};

use super::{render, sample};

fn props(docker: DockerState) -> WelcomeViewProps {
    let computer = sample::computer(docker);
    yew::props!(WelcomeViewProps {
        facts: facts(&computer, &sample::checks(), 0),
        computer,
        looked_at: sample::looked_at(),
        fix: Some("sudo systemctl start docker".to_owned()),
        now: sample::NOW
    })
}

#[tokio::test]
async fn a_stopped_docker_is_quoted_and_can_be_asked_again() {
    insta::assert_snapshot!(render::<WelcomeView>(|| props(DockerState::Stopped { said: "Cannot connect to the Docker daemon".into() })).await);
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
