//! What stands in the way, and what is safe to do?

use api::capi::{Evidence, EvidenceSource, Explanation, Remedy, Weight};
use yew::prelude::*;

use super::{ClusterSheetProps, Side, verbs::Verb};
use crate::{
    model::{
        capi::{Folded, short, why_head},
        change::headed,
        clock::Clock,
    },
    widgets::{Banner, Btn, BtnSize, CommandBox, Glyph, GlyphSize, LinkBtn, Quote, State},
};

/// The explanation beside the tree.
pub(super) fn aside(name: &str, why: &Explanation, props: &ClusterSheetProps, clock: Clock) -> Html {
    let on_verb = &props.on_verb;
    let count = props.parts.conditions.len();
    let on_all = props.on_side.reform(|_: MouseEvent| Side::Conditions);
    let (state, head) = why_head(name, why.weight);
    let class = if why.weight == Weight::Stuck { "fix warning" } else { "fix" };
    html! {
        <aside class="rgt" aria-label="Explainer">
            <section {class} style="padding:14px 16px 16px">
                <h2><Glyph {state} size={GlyphSize::Large} />{ head }</h2>
                <p style="margin-top:7px;line-height:19px">{ &why.sentence }</p>
                { path(name, why) }
                if !why.seen.is_empty() {
                    <div class="lab">{ "What was seen" }</div>
                    { for why.seen.iter().map(|one| html! { <Quote quote={quote(one, clock)} /> }) }
                }
                { remedies(why, on_verb) }
                if let Some(rule) = &why.rule { <p class="s12 t3" style="margin-top:10px">{ "Rule " }<span class="mono">{ rule }</span>{ " matched. " }if count > 0 { <LinkBtn onclick={on_all}>{ format!("Show all {count} conditions") }</LinkBtn> }</p> }
            </section>
            <p class="s12 t3 keeps">{ "KOS keeps conditions and events of this run, so it can be replayed after the cluster is gone." }</p>
        </aside>
    }
}

/// The same in a line, where the window is too narrow for a column: it opens the explanation over the tree.
pub(super) fn banner(name: &str, why: &Explanation, asked: Folded, on_ask: &Callback<Folded>) -> Html {
    let (state, _) = why_head(name, why.weight);
    let (head, rest) = headed(&why.sentence);
    let (words, to) = match asked {
        Folded::Closed => ("See why", Folded::Open),
        Folded::Open => ("Hide why", Folded::Closed),
    };
    let actions = html! { <Btn size={BtnSize::Small} onclick={on_ask.reform(move |_: MouseEvent| to)}>{ words }</Btn> };
    html! { <div class="capi-banner"><Banner {state} head={format!("{head}.")} {actions}>{ rest }</Banner></div> }
}

fn path(cluster: &str, why: &Explanation) -> Html {
    if why.path.len() < 2 {
        return Html::default();
    }
    let last = why.path.len() - 1;
    let stops = why.path.iter().enumerate().map(|(at, stop)| {
        let blocks = at == last && why.weight == Weight::Stuck;
        let state = match (blocks, why.weight) {
            (true, _) => State::Failed,
            (false, Weight::Stuck) => State::Warning,
            (false, Weight::Well | Weight::Normal | Weight::Chosen | Weight::Unclear) => State::Progress,
        };
        html! {
            <div>
                <Glyph {state} />
                <div class="ell" title={format!("{} {}", stop.name, stop.says)}>
                    <span class="kd">{ &stop.kind }</span>{ " " }<span class="mono">{ tail(&stop.name, cluster) }</span>
                    if blocks { <b class="m" style="color:var(--st-failed-fg)">{ " blocks" }</b> } else { <span class="t3">{ format!(" {}", stop.says) }</span> }
                </div>
            </div>
        }
    });
    html! { <><div class="lab">{ "Followed down to the one that blocks" }</div><div class="chain">{ for stops }</div></> }
}

/// A name without what all of its cluster share: `md-0`, `x7k2p`.
fn tail(name: &str, cluster: &str) -> String {
    short(name, cluster).trim_start_matches('…').to_owned()
}

pub(crate) fn quote(one: &Evidence, clock: Clock) -> api::Quote {
    let at = |words: String, before: &str| one.at.map_or_else(|| words.clone(), |at| format!("{words}, {before}{}", clock.exact(at)));
    let source = match &one.source {
        EvidenceSource::Condition { on, kind } => at(format!("Condition {kind} of {on}"), "since "),
        EvidenceSource::Event { on, reason } => at(format!("Event {reason} of {on}"), ""),
        EvidenceSource::Field { on, path } => at(format!("Field {path} of {on}"), "since "),
        EvidenceSource::Controller { name } => at(format!("Log of {name}"), ""),
        EvidenceSource::Container { name } => at(format!("Container log, {name}"), ""),
        EvidenceSource::Docker { container } => at(format!("Docker on {container}"), ""),
    };
    api::Quote { source, text: one.text.clone() }
}

/// A remedy that KOS can do leads to its plan.
pub(in crate::pages) fn act(one: &Remedy, on_verb: &Callback<Verb>) -> Html {
    let Some(change) = one.change.clone() else { return Html::default() };
    let first = one.title.split_whitespace().next().unwrap_or_default();
    let onclick = on_verb.reform(move |_: MouseEvent| Verb::Remedy(change.clone()));
    html! { <Btn size={BtnSize::Small} {onclick}>{ format!("{}…", first.trim_end_matches('…')) }</Btn> }
}

fn remedies(why: &Explanation, on_verb: &Callback<Verb>) -> Html {
    if why.remedies.is_empty() {
        return Html::default();
    }
    let each = why.remedies.iter().enumerate().map(|(at, one)| {
        html! {
            <li>
                <div class="row g8"><span class="num t3">{ at + 1 }</span><span class="grow">{ format!("{}. {}.", one.title.trim_end_matches('…'), one.effect) }</span>{ act(one, on_verb) }</div>
                if let Some(command) = &one.command { <CommandBox command={command.clone()} /> }
            </li>
        }
    });
    html! { <><div class="lab">{ "Safe to do now" }</div><ol class="s12 remedies">{ for each }</ol></> }
}

#[cfg(test)]
mod tests {
    use api::Timestamp;

    use super::*;

    #[test]
    fn what_was_seen_on_another_day_is_quoted_with_its_day() {
        let source = EvidenceSource::Condition { on: "Machine lab-b-1".into(), kind: "Ready".into() };
        let seen = Evidence { source, text: "Waiting".into(), at: Some(Timestamp(34_860_000)) };
        for (days, when) in [(0, "09:41:00"), (3, "1 Jan 09:41:00")] {
            let clock = Clock { now: Timestamp(40_000_000 + days * 86_400_000), zone_minutes: 0 };
            assert_eq!(quote(&seen, clock).source, format!("Condition Ready of Machine lab-b-1, since {when}"));
        }
    }
}
