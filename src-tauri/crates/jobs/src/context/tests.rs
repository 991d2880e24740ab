use api::jobs::{Tone, Words};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::{Certainty, Thing, Transcript, What};

fn context(transcript: &Transcript) -> crate::ActContext<&'static str> {
    transcript.context(&["start", "wait"], CancellationToken::new())
}

#[tokio::test]
async fn the_same_thing_twice_is_one_note() {
    let transcript = Transcript::new();
    let mut cx = context(&transcript);
    let first = cx.intent(Thing::new("Toy", "a")).await.unwrap();
    assert_eq!(cx.intent(Thing::new("Toy", "a").with(json!(1))).await.unwrap(), first);
    cx.made(first).await.unwrap();
    cx.made(first).await.unwrap();
    cx.made_also(Thing::new("Toy", "a"));
    assert_eq!(transcript.events().len(), 2);
    assert_eq!(cx.noted()[0].certainty, Certainty::Made);
}

#[tokio::test]
async fn a_later_attempt_knows_the_notes_and_takes_no_number_twice() {
    let transcript = Transcript::new();
    let mut cx = context(&transcript);
    let known = cx.intent(Thing::new("Toy", "a")).await.unwrap();
    let again = Transcript::new();
    let mut cx = again.context_after(&["start"], cx.noted().to_vec(), vec![], CancellationToken::new());
    assert_eq!((cx.attempt(), cx.intent(Thing::new("Toy", "a")).await.unwrap()), (2, known));
    assert_ne!(cx.intent(Thing::new("Toy", "b")).await.unwrap(), known);
}

#[test]
fn what_is_said_belongs_to_the_step_that_runs() {
    let transcript = Transcript::new();
    let mut cx = context(&transcript);
    cx.output(Tone::Plain, "one\ntwo");
    cx.step_started(&"wait");
    cx.step_started(&"wait");
    cx.step_started(&"unknown");
    cx.step_detail(Words::said("waiting"));
    cx.share(4_000);
    assert_eq!(transcript.output(), [(0, Tone::Plain, "one".into()), (0, Tone::Plain, "two".into())]);
    let expected = [What::StepStarted { step: 1 }, What::StepDetail { step: 1, words: Words::said("waiting") }, What::StepShare { step: 1, thousandths: 1000 }];
    assert_eq!(transcript.events(), expected);
}
