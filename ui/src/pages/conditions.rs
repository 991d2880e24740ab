//! Which conditions are not as they should be, and what do the others say?

use std::rc::Rc;

use api::{
    Timestamp,
    machines::{ConditionRow, ConditionTone},
};
use yew::prelude::*;

use crate::{
    model::time::{age, clock},
    widgets::{EmptyState, Glyph, LinkBtn, State},
    words::conditions::in_words,
};

/// Shown before somebody asks for all of them.
const FIRST: usize = 10;

#[derive(Properties, PartialEq)]
pub struct ConditionsProps {
    pub label: AttrValue,
    /// What is not as it should be first.
    pub rows: Vec<Rc<ConditionRow>>,
    pub now: Timestamp,
    /// Which object each is of stands beside its kind: a cluster has many of one kind.
    #[prop_or_default]
    pub names: Names,
    #[prop_or_default]
    pub shows: Shows,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Names {
    #[default]
    Hidden,
    Shown,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Shows {
    /// Ten, and all that is not as it should be; the others when somebody asks.
    First,
    #[default]
    All,
}

/// A row a condition; the words are those of KOS where it has some.
#[component]
pub fn Conditions(props: &ConditionsProps) -> Html {
    let all = use_state(|| false);
    if props.rows.is_empty() {
        return html! { <EmptyState head="No conditions">{ "Nothing is reported yet." }</EmptyState> };
    }
    let bad = props.rows.iter().filter(|row| row.tone != ConditionTone::Good).count();
    let shown = if props.shows == Shows::All || *all { props.rows.len() } else { FIRST.max(bad) };
    // A row takes less room than the words that would offer it.
    let shown = if props.rows.len() == shown + 1 { shown + 1 } else { shown };
    let hidden = props.rows.len().saturating_sub(shown);
    let columns = match props.names {
        Names::Hidden => "--cols:16px 188px 112px minmax(0,1fr) 52px;--pad:20px",
        Names::Shown => "--cols:16px 200px 300px minmax(0,1fr) 52px;--pad:20px",
    };
    let onclick = {
        let all = all.setter();
        Callback::from(move |_: MouseEvent| all.set(true))
    };
    html! {
        <>
            <div class="datatable t-conditions" role="table" aria-label={props.label.clone()} style={columns}>
                <div class="th" role="row">
                    <div role="columnheader"><span class="unseen">{ "State" }</span></div><div role="columnheader">{ "Condition" }</div><div role="columnheader">{ "On" }</div>
                    <div role="columnheader">{ "In words" }</div><div role="columnheader" class="right">{ "Since" }</div>
                </div>
                { for props.rows.iter().take(shown).enumerate().map(|(at, row)| line(at, row, props)) }
            </div>
            if hidden > 0 { <div style="padding:8px 20px" class="s12"><LinkBtn {onclick}>{ format!("Show the other {hidden}, all fine") }</LinkBtn></div> }
        </>
    }
}

fn line(at: usize, row: &ConditionRow, props: &ConditionsProps) -> Html {
    let state = match row.tone {
        ConditionTone::Failed => State::Failed,
        ConditionTone::Waits => State::Warning,
        ConditionTone::Good => State::Healthy,
    };
    let is_good = row.tone == ConditionTone::Good;
    let words = in_words(row);
    let quoted = if row.message.is_empty() { row.reason.clone() } else { format!("{}: {}", row.reason, row.message) };
    html! {
        <div key={format!("{}/{}/{}", row.on, row.name, row.kind)} class={classes!("tr", (at == 0 && row.tone == ConditionTone::Failed).then_some("on"))} role="row" style="height:28px">
            <div role="cell"><Glyph {state} /><span class="unseen">{ state.word() }</span></div>
            <div class="s12 ell" role="cell"><span class={classes!("mono", if is_good { "t2" } else { "t1" })}>{ &row.kind }</span></div>
            <div class="s12 t3 ell" role="cell" title={row.name.clone()}>
                { &row.on }if props.names == Names::Shown { <span class="mono">{ format!(" {}", row.name) }</span> }
            </div>
            <div class={classes!("s12", "ell", is_good.then_some("t3"))} role="cell" title={quoted}>{ words }</div>
            <div class="num t3 s12 right" role="cell">{ row.since.map(|since| span(props.now, since)) }</div>
        </div>
    }
}

/// Seconds matter while something is made, not in what stands for days.
fn span(now: Timestamp, since: Timestamp) -> String {
    let span = now.since(since);
    if span < api::Millis::seconds(3_600) { clock(span) } else { age(span) }
}
