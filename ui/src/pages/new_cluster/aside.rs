//! What will be made, how long does it take, and what speaks against it?

use api::{
    Fix, Millis,
    drawing::{ClusterPlan, DrawnObject, DryRun, FormCheck, FormFix, Level},
};
use yew::prelude::*;

use super::{NewClusterSheetProps, Shown, yaml};
use crate::{
    model::{
        drawing::{counted, hindrance, scale},
        time::clock,
    },
    widgets::{Btn, BtnKind, Glyph, Input, LinkBtn, PlannedRow, Quote, Ready, Skeleton, State},
};

/// More marks than this say nothing; the number is always there for those who do not see them.
const MOST_MARKS: u32 = 9;

pub(super) fn aside(props: &NewClusterSheetProps) -> Html {
    let name = &props.drawn.form.name;
    let why_not = hindrance(&props.drawn, props.plan.as_deref(), &props.typed);
    let ready = if why_not.is_some() { Ready::No } else { props.busy };
    let (words, to) = match props.shown {
        Shown::Objects => ("Show YAML", Shown::Yaml),
        Shown::Yaml => ("Hide YAML", Shown::Objects),
    };
    let body = match (props.plan.as_deref(), props.shown) {
        (_, Shown::Yaml) => html! { <>{ yaml::editor(props) }{ props.plan.as_deref().map(|plan| checks(plan, props)) }</> },
        (Some(plan), Shown::Objects) => html! { <>{ objects(plan) }{ expected(plan) }{ checks(plan, props) }</> },
        (None, Shown::Objects) => html! { <div class="col g8" aria-busy="true"><Skeleton width={240} /><Skeleton width={180} /><Skeleton width={260} /></div> },
    };
    html! {
        <aside class="pane planpane newpane" aria-label="What will be made">
            <div class="pb">{ body }</div>
            <div class="pf">
                if let Some(wanted) = props.plan.as_ref().and_then(|plan| plan.typed.clone()) {
                    <Input class="mono" label={format!("Type {wanted} to create")} placeholder={wanted} value={props.typed.clone()} on_text={props.on_typed.clone()} />
                }
                if let Some(why) = &why_not { <span class="s12 t3" role="status">{ why }</span> }
                <div class="btnrow">
                    <Btn kind={BtnKind::Ghost} onclick={props.on_show.reform(move |_: MouseEvent| to)}>{ words }</Btn><span class="grow"></span>
                    <Btn onclick={props.on_cancel.reform(|_: MouseEvent| ())}>{ "Cancel" }</Btn>
                    { props.hold.button(BtnKind::Primary, ready, props.on_create.reform(|_: MouseEvent| ()), &format!("Create {name}")) }
                </div>
            </div>
        </aside>
    }
}

/// A mark a machine.
pub(super) fn strip(machines: u32) -> Html {
    html! {
        <span class="row g6">
            <span class="strip" aria-hidden="true">{ for (0..machines.min(MOST_MARKS)).map(|_| html! { <i class="idle"></i> }) }</span>
            <span class={if machines > MOST_MARKS { "num t3 s12" } else { "unseen" }}>{ if machines == 1 { "1 machine".to_owned() } else { format!("{machines} machines") } }</span>
        </span>
    }
}

fn objects(plan: &ClusterPlan) -> Html {
    let said = match &plan.dry_run {
        DryRun::Accepted => "the server would take it",
        DryRun::Refused(_) => "the server would refuse it",
        DryRun::NotAsked => "not asked yet",
    };
    let last = plan.objects.len().saturating_sub(1);
    html! {
        <>
            <h2 class="sec" style="margin:2px 0 6px">{ "What will be made" }<span class="grow"></span><span class="t3 s12">{ said }</span></h2>
            if let Some((state, words)) = counted(plan) {
                <p class="row g8 s12 num" title="Control planes and workers" style="margin:0 0 6px"><Glyph {state} /><span class="unseen">{ "Control planes and workers: " }</span>{ words }</p>
            }
            <div class="datatable made" role="table" aria-label="What will be made" style="--cols:minmax(0,1fr) 108px;--pad:0px">{ for plan.objects.iter().enumerate().map(|(at, object)| line(object, at == last)) }</div>
        </>
    }
}

fn line(drawn: &DrawnObject, last: bool) -> Html {
    let limb = (drawn.depth > 0).then(|| html! { <span class={classes!("bx", if last { "e" } else { "t" })}></span> });
    let right = match (drawn.machines, drawn.note.as_str(), !drawn.object.before.is_empty()) {
        (0, "", true) => html! { <span class="t3 s12">{ "already here" }</span> },
        (0, note, _) => html! { <span class="t3 s12">{ note }</span> },
        (n, _, _) => strip(n),
    };
    html! { <PlannedRow object={drawn.object.clone()} {limb}>{ right }</PlannedRow> }
}

/// The parts of the work on one time line, with a tick every minute or so.
fn expected(plan: &ClusterPlan) -> Html {
    if plan.expected.is_empty() {
        return Html::default();
    }
    let (whole, places) = scale(plan);
    let from = match plan.learned_from {
        0 => "a first guess".to_owned(),
        1 => "from 1 machine made here".to_owned(),
        n => format!("from {n} machines made here"),
    };
    let percent = |thousandths: u64| format!("{}.{}%", thousandths / 10, thousandths % 10);
    let bars = plan.expected.iter().zip(places).map(|(bar, (left, width))| {
        let style = format!("left:{};width:{}", percent(left), percent(width));
        html! { <div class="lane" title={format!("{} to {}", clock(bar.from), clock(bar.to))}><span class="lb s12 ell">{ &bar.words }</span><div class="trk"><span class="ghost" {style}></span></div></div> }
    });
    let every = tick(whole);
    let ticks = (0..=whole.0 / every)
        .map(|n| n * every)
        .map(|at| html! { <span style={format!("left:{}", percent(at * 1_000 / whole.0))}>{ clock(Millis(at)) }</span> });
    html! {
        <>
            <h2 class="sec" style="margin:16px 0 8px">{ format!("About {}, {from}", clock(whole)) }</h2>
            <div class="lanes mini">{ for bars }<div class="axis"><div></div><div class="trk">{ for ticks }</div></div></div>
        </>
    }
}

/// Two to four ticks, at whole minutes where there are some.
fn tick(whole: Millis) -> u64 {
    [15_000, 30_000, 60_000, 120_000, 300_000, 600_000].into_iter().find(|every| whole.0 / every < 4).unwrap_or(whole.0.max(1))
}

fn checks(plan: &ClusterPlan, props: &NewClusterSheetProps) -> Html {
    let refused = match &plan.dry_run {
        DryRun::Refused(fault) => {
            html! { <div class="chk"><Glyph state={State::Failed} /><div class="hd">{ &fault.sentence }</div><div class="said">{ for fault.cause.iter().map(|quote| html! { <Quote quote={quote.clone()} /> }) }</div></div> }
        }
        DryRun::Accepted | DryRun::NotAsked => Html::default(),
    };
    if plan.checks.is_empty() && refused == Html::default() {
        return Html::default();
    }
    html! { <><h2 class="sec" style="margin:14px 0 4px">{ "Checks" }</h2>{ refused }{ for plan.checks.iter().map(|one| check(one, props)) }</> }
}

fn check(check: &FormCheck, props: &NewClusterSheetProps) -> Html {
    let state = match check.level {
        Level::Stops | Level::Fails => State::Failed,
        Level::Risks => State::Warning,
        Level::Well => State::Healthy,
    };
    let fix = match &check.fix {
        Some(FormFix::Go(fix)) => {
            let (go, fix) = (props.on_fix.clone(), fix.clone());
            let words = if fix == Fix::OpenDoctor { "Open Doctor".to_owned() } else { crate::words::fault::label(&fix) };
            html! { <>{ " " }<LinkBtn onclick={Callback::from(move |_: MouseEvent| go.emit(fix.clone()))}>{ words }</LinkBtn></> }
        }
        Some(FormFix::Use(_)) | None => Html::default(),
    };
    html! { <div class="chk"><Glyph {state} /><div class="hd">{ &check.title }</div><p>{ &check.says }{ fix }</p></div> }
}
