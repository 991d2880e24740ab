use http::StatusCode;
use rstest::rstest;

use super::ask::read_version;
use crate::failure::LinkError;

#[rstest]
#[case::a_version(200, r#"{"gitVersion":"v1.36.3","major":"1"}"#, Ok("v1.36.3"))]
#[case::kept_to_itself(403, "{}", Ok(""))]
#[case::a_web_page(200, "<html>", Err("not kubernetes"))]
#[case::another_server(404, "no", Err("not kubernetes"))]
#[case::refused(401, r#"{"message":"Unauthorized"}"#, Err("not signed in"))]
#[case::starting(503, "", Err("server"))]
#[case::too_many(429, "", Err("server"))]
fn an_answer_to_the_first_question_says_what_answers(#[case] status: u16, #[case] body: &str, #[case] wanted: Result<&str, &str>) {
    let read = read_version("https://a", StatusCode::from_u16(status).unwrap(), body.as_bytes());
    let said = read.as_ref().map(String::as_str).map_err(|error| match error {
        LinkError::NotKubernetes { .. } => "not kubernetes",
        LinkError::NotSignedIn { said, .. } if said == "Unauthorized" => "not signed in",
        LinkError::Server { .. } => "server",
        other => panic!("{other:?}"),
    });
    assert_eq!(said, wanted);
}
