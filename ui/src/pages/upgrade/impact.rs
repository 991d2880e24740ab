//! Who notices an upgrade, and what does the new version no longer serve?

use api::{
    Fault,
    changes::ClusterAt,
    impact::{AskImpact, Impact, Notice, NoticeWhy, Removed},
};
use yew::prelude::*;

use crate::{
    feeds::use_call,
    model::{change::listed, clock::count},
    widgets::{Glyph, State},
};

/// Asks the cluster itself whenever another version is chosen.
#[hook]
pub(super) fn use_impact(at: &ClusterAt, version: Option<String>) -> Option<Result<Impact, Fault>> {
    let ask = use_call::<AskImpact>();
    {
        let (ask, at) = (ask.clone(), at.clone());
        use_effect_with(version, move |version| {
            if let Some(to) = version.clone() {
                ask.ask(AskImpact { at, to });
            }
        });
    }
    let state = ask.state();
    state.answer().cloned().map(Ok).or_else(|| state.fault().cloned().map(Err))
}

/// Pods that are missed while they move; why KOS cannot say, where it cannot.
pub(super) fn notices(impact: Option<&Result<Impact, Fault>>) -> Html {
    let (note, inside) = match impact {
        None => return Html::default(),
        Some(Err(fault)) => (String::new(), html! { <p class="t3 s12">{ &fault.sentence }</p> }),
        Some(Ok(impact)) => {
            let note = format!("{} move, {} have a second copy", count(impact.moves.into(), "pod"), impact.doubled);
            let rest = impact.notices.len().saturating_sub(MOST_ROWS);
            let none = impact.notices.is_empty().then(|| html! { <p class="t3 s12">{ "Nobody: whatever moves has a second copy that runs meanwhile." }</p> });
            (
                note,
                html! { <>{ none }{ for impact.notices.iter().take(MOST_ROWS).map(row) }if rest > 0 { <p class="t3 s12">{ format!("and {rest} more") }</p> }</> },
            )
        }
    };
    html! {
        <>
            <div class="subhead" style="margin-top:8px"><h2>{ "Who notices" }</h2><span class="t3 s12">{ note }</span></div>
            <div style="padding:0 20px 16px">{ inside }</div>
        </>
    }
}

/// A screen of them; whoever has more looks into the cluster.
const MOST_ROWS: usize = 20;

fn row(notice: &Notice) -> Html {
    let (state, why, what) = match &notice.why {
        NoticeWhy::Held { .. } => (State::Warning, "a budget that lets none of its kind go now", "the drain waits"),
        NoticeWhy::Alone => (State::Warning, "no owner makes it again", "gone for good"),
        NoticeWhy::OnlyCopy => (State::Progress, "one copy, starts again on another machine", "away for a moment"),
    };
    html! {
        <div class="minirow" style="grid-template-columns:16px 200px minmax(0,1fr) auto;min-height:28px">
            <Glyph {state} /><span class="mono ell" style="color:var(--text-1)" title={notice.pod.clone()}>{ &notice.pod }</span><span class="t3">{ why }</span><span class="t2">{ what }</span>
        </div>
    }
}

/// The same among the checks, and what the new version no longer serves.
pub(super) fn checks(impact: Option<&Result<Impact, Fault>>) -> Html {
    let Some(Ok(impact)) = impact else { return Html::default() };
    let held: Vec<String> = impact
        .notices
        .iter()
        .filter_map(|notice| match &notice.why {
            NoticeWhy::Held { budget } => Some(budget.clone()),
            NoticeWhy::Alone | NoticeWhy::OnlyCopy => None,
        })
        .collect();
    let budgets = match held.len() {
        0 => Html::default(),
        n => check(
            State::Warning,
            &format!("{} by a budget", if n == 1 { "One pod is held".to_owned() } else { format!("{n} pods are held") }),
            html! {
                <><span class="mono">{ listed(&held) }</span>{ " allows 0 evictions now. Cluster API waits at that machine until it does." }</>
            },
        ),
    };
    let removed = match &impact.removed {
        Removed::Nothing => check(
            State::Healthy,
            "Nothing uses a removed API",
            html! { { format!("Since its API server started, nobody asked {} for what {} removes.", impact.name, impact.to) } },
        ),
        Removed::Used(apis) => {
            let names: Vec<String> = apis.iter().map(|api| format!("{} {}", api.resource, api.version)).collect();
            check(
                State::Warning,
                "A removed API is used",
                html! { <><span class="mono">{ listed(&names) }</span>{ format!(": {} does not serve it. Whoever asks for it fails afterwards.", impact.to) }</> },
            )
        }
        Removed::Untold => check(State::Unknown, "KOS cannot tell which APIs are used", html! { { "The API server does not show its metrics to this user." } }),
    };
    let untold = impact.untold.iter().map(|sentence| check(State::Unknown, "KOS could not read everything", html! { { sentence } }));
    html! { <>{ budgets }{ removed }{ for untold }</> }
}

fn check(state: State, head: &str, says: Html) -> Html {
    html! { <div class="chk"><Glyph {state} /><span class="unseen">{ state.word() }</span><div class="hd">{ head.to_owned() }</div><p>{ says }</p></div> }
}
