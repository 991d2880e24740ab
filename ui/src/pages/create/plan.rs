//! What will be made, with which commands?

use api::{
    Millis,
    files::Severity,
    jobs::{Obstacle, PlanView, PlannedStep},
    local::{ManagementSpec, WrongLine},
};
use yew::prelude::*;

use super::{CreateSheetProps, config::Editor};
use crate::{
    model::{
        clock::{about, span},
        create::obstacles_of,
        jobs::amount,
    },
    widgets::{CommandBox, Glyph, MachineStrip, Skeleton, State, said},
};

/// The dry run beside the form.
pub(super) fn summary(props: &CreateSheetProps, spec: &ManagementSpec) -> Html {
    let (plan, wrongs) = (props.plan.as_deref(), &props.wrongs);
    let on_it = spec.workload.as_ref().map_or(0, |form| form.control_planes + form.pools.iter().map(|pool| pool.replicas).sum::<u32>());
    let nodes = vec![State::Idle; usize::from(spec.control_planes) + usize::from(spec.workers) + usize::try_from(on_it).unwrap_or_default()];
    let ready = nodes.len();
    let body = match plan {
        Some(plan) => html! { <>{ obstacles(plan) }{ docker(plan) }{ steps(plan) }{ commands(plan) }{ files(plan, props) }</> },
        None if !wrongs.is_empty() => html! { <p class="s12 t3">{ "The plan follows when each field is right." }</p> },
        None => html! { <div class="col g8" aria-busy="true"><Skeleton width={240} /><Skeleton width={180} /><Skeleton width={260} /></div> },
    };
    html! {
        <>
            <div class="row g8" style="margin:2px 0 8px"><h2 class="sec">{ "What will be made" }</h2><span class="grow"></span><MachineStrip marks={nodes} {ready} /></div>
            { body }
        </>
    }
}

fn obstacles(plan: &PlanView) -> Html {
    obstacles_of(plan, None).into_iter().map(obstacle).collect()
}

fn obstacle(obstacle: &Obstacle) -> Html {
    let state = match obstacle.severity {
        Severity::Unusable => State::Failed,
        Severity::Risk => State::Warning,
        Severity::Note => State::Idle,
    };
    html! { <div class="chk"><Glyph {state} /><div class="hd">{ &obstacle.why.sentence }</div>{ for obstacle.why.cause.iter().map(|q| html! { <p>{ format!("{}: ", q.source) }<span class="mono">{ &q.text }</span></p> }) }</div> }
}

/// Another context than one thinks is the easiest way to work on a foreign machine.
fn docker(plan: &PlanView) -> Html {
    if plan.docker.is_empty() {
        return Html::default();
    }
    html! { <p class="s12 t3">{ "In the Docker at " }<span class="mono">{ &plan.docker }</span></p> }
}

fn steps(plan: &PlanView) -> Html {
    let total = about(Millis(plan.steps.iter().map(|step| step.expected.0).sum()));
    let from = match plan.learned_from {
        0 => "a first guess".to_owned(),
        1 => "from 1 earlier run here".into(),
        n => format!("from {n} earlier runs here"),
    };
    html! {
        <>
            <h2 class="sec" style="margin:12px 0 4px">{ format!("{} steps", plan.steps.len()) }<span class="t3">{ format!("{total}, {from}") }</span></h2>
            { for plan.steps.iter().map(|step| html! {
                <div class="minirow" style="grid-template-columns:minmax(0,1fr) auto"><span class="ell">{ said(&step.title) }</span><span class="t3 num">{ takes(step) }</span></div>
            }) }
        </>
    }
}

/// How long, or that it is here already.
fn takes(step: &PlannedStep) -> String {
    step.amount.filter(|_| step.expected == Millis(0)).and_then(amount).unwrap_or_else(|| span(step.expected))
}

fn commands(plan: &PlanView) -> Html {
    html! { <><h2 class="sec" style="margin-top:16px">{ "Commands" }<span class="t3">{ "exactly these" }</span></h2>{ for plan.commands.iter().map(|command| html! { <CommandBox command={command.clone()} /> }) }</> }
}

/// The first file of the plan is kind’s configuration, which can be edited; the others are what is applied.
fn files(plan: &PlanView, props: &CreateSheetProps) -> Html {
    let editor = |text: &str| html! { <Editor text={text.to_owned()} config={props.config.clone()} on_text={props.on_config.clone()} on_left={props.on_config_left.clone()} /> };
    let head = |path: &str| html! { <h2 class="sec" style="margin:16px 0 6px"><span class="mono ell">{ path }</span></h2> };
    let objects = plan
        .files
        .iter()
        .skip(1)
        .map(|file| html! { <>{ head(&file.path) }<pre class="text" tabindex="0" aria-label={file.path.clone()}>{ &file.text }</pre></> });
    let config = plan.files.iter().take(1).map(|file| html! { <>{ head(&file.path) }{ lines(props) }{ editor(&file.text) }</> });
    html! { <>{ for config }{ for objects }</> }
}

/// What the form cannot take of an edited configuration.
fn lines(props: &CreateSheetProps) -> Html {
    let line = |wrong: &WrongLine| html! { <div class="chk"><Glyph state={State::Failed} /><div class="hd">{ format!("Line {}: {}", wrong.line, wrong.sentence) }</div></div> };
    props.config.lines.iter().map(line).collect()
}
