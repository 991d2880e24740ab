//! How is a plan shown: what follows, the text, the command?

use std::ops::Range;

use api::{
    changes::{ChangePlan, Consequence},
    planned::PlannedObject,
};
use yew::prelude::*;

use crate::{
    model::{
        change::{headed, listed, mark, write_words},
        clock::count,
        text_diff::{Line, changed, unified, words},
    },
    widgets::{CommandBox, Glyph},
};

/// What goes, what comes, what stays, the worst first as the plan has it.
pub fn effects(plan: &ChangePlan) -> Html {
    html! { <div class="follows">{ for plan.effects.iter().map(effect) }</div> }
}

/// One consequence with the names that it is about.
pub fn effect(of: &Consequence) -> Html {
    let (state, word) = mark(of.weight);
    html! {
        <div class="chk">
            <Glyph {state} />
            <div><span class="unseen">{ word }</span>{ &of.sentence }</div>
            if !of.names.is_empty() { <p class="mono s12" title={of.names.join(", ")}>{ listed(&of.names) }</p> }
        </div>
    }
}

/// The same in two parts, where there is room for a head of its own.
pub fn check(of: &Consequence) -> Html {
    let (state, word) = mark(of.weight);
    let (head, rest) = headed(&of.sentence);
    html! {
        <div class="chk">
            <Glyph {state} />
            <div class="hd"><span class="unseen">{ word }</span>{ head }</div>
            if !rest.is_empty() { <p>{ rest }</p> }
            if !of.names.is_empty() { <p class="mono s12" title={of.names.join(", ")}>{ listed(&of.names) }</p> }
        </div>
    }
}

/// Each object as text, with the lines that change.
pub fn text(plan: &ChangePlan) -> Html {
    html! { <>{ for plan.writes.iter().map(object) }</> }
}

fn object(write: &PlannedObject) -> Html {
    let lines = changed(&unified(&write.before, &write.after)) as u64;
    difference(format!("{}, {}", write_words(write), count(lines, "line")), &write.before, &write.after)
}

/// One text before and after, in one column.
pub fn difference(head: String, before: &str, after: &str) -> Html {
    let lines = unified(before, after);
    html! {
        <div style="flex:none">
            <h2 class="sec" style="margin-bottom:6px">{ "As text " }<span class="t3">{ head.clone() }</span></h2>
            <div class="frame"><div class="diff one scrolls" role="region" aria-label={head} tabindex="0"><div class="side">{ for lines.iter().zip(words(&lines)).map(|(one, mark)| line(one, mark)) }</div></div></div>
        </div>
    }
}

fn line(line: &Line, mark: Option<Range<usize>>) -> Html {
    let text = |text: &str| match mark.and_then(|mark| Some((text.get(..mark.start)?, text.get(mark.clone())?, text.get(mark.end..)?))) {
        Some((before, word, after)) => html! { <span>{ before }<b>{ word }</b>{ after }</span> },
        None => html! { <span>{ text }</span> },
    };
    match line {
        Line::Same { number, text: said } => html! { <div class="dl"><span class="ln">{ *number }</span><span class="sg"></span>{ text(said) }</div> },
        Line::Gone { number, text: said } => {
            html! { <div class="dl del"><span class="ln">{ *number }</span><span class="sg">{ "−" }</span>{ text(said) }</div> }
        }
        Line::Come { number, text: said } => {
            html! { <div class="dl add"><span class="ln">{ *number }</span><span class="sg">{ "+" }</span>{ text(said) }</div> }
        }
        Line::Fold(hidden) => {
            html! { <div class="dl fold3"><span class="ln">{ "…" }</span><span class="sg"></span><span>{ count(*hidden as u64, "line") }{ " as before" }</span></div> }
        }
    }
}

/// The same for a terminal.
pub fn commands(plan: &ChangePlan) -> Html {
    html! { <>{ for plan.commands.iter().map(|command| html! { <CommandBox command={command.clone()} /> }) }</> }
}
