use api::{Fault, FaultCode, Fix, JobId, Millis, Quote, jobs::StepMark};
use ui::{
    model::toasts::{Toast, Toasts as List},
    widgets::*,
};
use yew::prelude::*;

use super::render;

#[component]
fn Controls() -> Html {
    html! {
        <>
            <BtnRow>
                <Btn kind={BtnKind::Primary} icon={Pic::Plus}>{ "Create" }</Btn>
                <Btn ready={Ready::No}>{ "Off" }</Btn>
                <Btn kind={BtnKind::Ghost} size={BtnSize::Small} icon={Pic::X} label="Close" />
            </BtnRow>
            <Segmented label="Theme" segments={vec![Segment::from("Light"), Segment::from("Dark")]} chosen=1 on_choose={Callback::noop()} />
            <Switch on={true} label="Protect" on_turn={Callback::noop()} />
            <Field label="Name" error={Some(html! { "The name is taken." })}><Input label="Name" value="kos-mgmt" valid={Valid::No} /></Field>
            <Tabs label="Sides" tabs={vec![Tab { words: "Overview".into(), count: None }, Tab { words: "Events".into(), count: Some("14".into()) }]} chosen=0 on_choose={Callback::noop()} />
            <MachineStrip marks={vec![State::Healthy, State::Failed]} ready=1 />
            <Meter share=460 label="Memory" />
            <MiniSegs marks={vec![StepMark::Done, StepMark::Running, StepMark::Failed, StepMark::Waiting]} />
            <SegBar segs={vec![Seg { mark: StepMark::Done, expected: Millis(2_000), share: 0 }, Seg { mark: StepMark::Running, expected: Millis(72_000), share: 500 }]} left="Step 2 of 2" right="0:40 left" />
        </>
    }
}

#[tokio::test]
async fn controls_have_real_roles_and_names() {
    insta::assert_snapshot!(render::<Controls>(|| ()).await);
}

fn fault() -> Fault {
    Fault {
        code: FaultCode::Step,
        sentence: "kind could not start the node kos-mgmt-control-plane.".into(),
        cause: vec![Quote { source: "kind, line 12".into(), text: "too many open files".into() }],
        unharmed: "Nothing outside this cluster was changed.".into(),
        fixes: vec![Fix::OpenDoctor, Fix::RetryJob(JobId::from("7"))],
    }
}

#[tokio::test]
async fn a_fault_shows_its_sentence_its_source_and_its_next_steps() {
    insta::assert_snapshot!(render::<FixCard>(|| yew::props!(fix_card::FixCardProps { fault: fault(), on_fix: Callback::noop() })).await);
}

#[tokio::test]
async fn a_fault_in_passing_is_an_alert_that_stays() {
    let html = render::<Toasts>(|| {
        let mut list = List::default();
        list.say(Toast::Fault(fault()));
        yew::props!(toast::ToastsProps { list, on_close: Callback::noop(), on_fix: Callback::noop() })
    })
    .await;
    assert!(html.contains("role=\"alert\"") && html.contains("too many open files") && html.contains("Open Doctor"));
}

#[tokio::test]
async fn a_dialog_names_itself_and_is_modal() {
    let html = render::<Dialog>(|| {
        yew::props!(dialog::DialogProps {
            title: "Delete lab-b?",
            children: html! { <p>{ "4 containers go." }</p> },
            footer: html! { <Btn>{ "Keep it" }</Btn> },
            on_close: Callback::noop()
        })
    })
    .await;
    assert!(html.contains("aria-modal=\"true\"") && html.contains("aria-label=\"Delete lab-b?\""));
}

#[test]
fn every_icon_and_glyph_stands_in_the_sprite() {
    let hrefs = Pic::ALL.iter().map(|p| p.href()).chain(State::ALL.iter().map(|s| s.href()));
    let missing: Vec<&str> = hrefs.filter(|href| !sprite::SPRITE.contains(&format!("id=\"{}\"", &href[1..]))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
