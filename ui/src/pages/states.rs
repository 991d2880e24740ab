//! Which ways are there for data to be missing, and how does each look?
//!
//! The gallery shows the real widgets with made-up rows; it is where one looks before building a view.

use yew::prelude::*;

use crate::widgets::{
    Banner, BannerForm, Btn, BtnKind, BtnSize, Check, EmptyState, Glyph, GlyphSize, Icon, Input, Lead, MachineStrip, Pic, Pill, Ready, Segmented, Skeleton,
    State, Switch, Tag, Voice,
};

const SHAPES: [(State, &str, &str); 11] = [
    (State::Healthy, "Healthy", "disc"),
    (State::Progress, "Progressing", "half ring"),
    (State::Warning, "Warning", "triangle"),
    (State::Failed, "Failed", "square, cross"),
    (State::Unknown, "Unknown", "dashed ring"),
    (State::Stale, "Stale", "clock"),
    (State::Paused, "Paused", "two bars"),
    (State::Idle, "Waiting", "open ring"),
    (State::Done, "Done", "check"),
    (State::Deleting, "Deleting", "ring, minus"),
    (State::Skipped, "Skipped", "dash"),
];

#[component]
pub fn StatesPage() -> Html {
    html! {
        <main class="page"><div class="scroll gutter" style="padding:0 0 16px">
            <div class="pagehead" style="padding-bottom:12px"><div><h1>{ "States" }</h1><p>{ "One alphabet of shapes, and one rule for each way that data can be missing." }</p></div></div>
            <div style="padding:0 14px 16px 24px"><div class="card" style="display:grid;grid-template-columns:repeat(11,1fr);padding:14px 8px">{ for SHAPES.iter().map(shape) }</div></div>
            <div class="statesgrid">
                { sample("Loading", "after 200 ms, never a full-page spinner", Html::default(), loading()) }
                { sample("Empty", "says why, offers the next step", Html::default(), empty()) }
                { sample("Error", "cause, then what to do", Html::default(), error()) }
                { sample("Stale", "keeps the last good data, marks it", stale(), stale_rows()) }
                { sample("Denied", "403 is not empty", Html::default(), denied()) }
                { sample("Offline", "no network, or the machine slept", Html::default(), offline()) }
            </div>
            { controls() }
        </div></main>
    }
}

fn shape((state, word, form): &(State, &'static str, &'static str)) -> Html {
    html! { <div class="col" style="align-items:center;gap:5px"><Glyph state={*state} size={GlyphSize::Large} /><span class="m s12" style="margin-top:3px">{ *word }</span><span class="s11 t3">{ *form }</span></div> }
}

fn sample(title: &'static str, rule: &'static str, above: Html, inside: Html) -> Html {
    html! {
        <div>
            <h2 class="sec" style="margin-bottom:7px">{ title }<span class="t3">{ rule }</span></h2>
            <div class="frame" style="height:232px;display:flex;flex-direction:column">
                { above }
                <div class="datatable" style="--cols:150px minmax(0,1fr) 52px"><div class="th"><div>{ "State" }</div><div>{ "Name" }</div><div class="right">{ "Age" }</div></div></div>
                { inside }
            </div>
        </div>
    }
}

fn loading() -> Html {
    let rows = [(74_u16, 196_u16), (92, 168), (74, 210), (60, 150), (74, 182), (82, 204)].into_iter().map(|(state, name)| {
        html! { <div class="tr"><div><Skeleton width={state} /></div><div><Skeleton width={name} /></div><div class="row right"><Skeleton width={24} /></div></div> }
    });
    html! { <div class="datatable" aria-busy="true" style="--cols:150px minmax(0,1fr) 52px">{ for rows }</div> }
}

fn small(words: &'static str, kind: BtnKind) -> Html {
    html! { <Btn size={BtnSize::Small} {kind}>{ words }</Btn> }
}

fn empty() -> Html {
    let actions = html! { <>{ small("Clear filter", BtnKind::Plain) }{ small("All namespaces", BtnKind::Ghost) }</> };
    html! { <EmptyState head="No pods match “ledgr”" {actions}>{ "1,284 pods in shop and payments are loaded. Did you mean " }<span class="mono" style="color:var(--accent-fg)">{ "ledger" }</span>{ "?" }</EmptyState> }
}

fn error() -> Html {
    let actions = html! { <><Btn size={BtnSize::Small} icon={Pic::RotateCcw}>{ "Try now" }</Btn>{ small("Connection details", BtnKind::Ghost) }</> };
    html! { <EmptyState lead={Lead::State(State::Failed)} head="dev-eu does not answer" {actions} foot="Next try in 3:40">{ "No route to " }<span class="mono">{ "10.4.0.1:6443" }</span>{ " since 14:02. Other contexts work. This address needs a VPN, judging by earlier sessions." }</EmptyState> }
}

fn stale() -> Html {
    html! { <Banner state={State::Stale} form={BannerForm::Flush} head="Stale since 14:02" actions={small("Try now", BtnKind::Ghost)}><span class="t2">{ "reconnecting, try 3" }</span></Banner> }
}

fn stale_rows() -> Html {
    let rows = [
        (State::Healthy, "Running", "cart-58c9d7f6b-2hf5v", "2 d"),
        (State::Healthy, "Running", "catalog-8jqnw6xhv-bk22p", "6 h"),
        (State::Progress, "Starting", "ledger-7f9b6552b-mgwnl", "12 s"),
        (State::Healthy, "Running", "web-4l6thq9tpl-5vmzt", "2 d"),
    ];
    let rows = rows.into_iter().map(|(state, word, name, age)| html! { <div class="tr dim"><div><Pill {state}>{ word }</Pill></div><div class="name ell">{ name }</div><div class="num t2 right">{ age }</div></div> });
    html! { <div class="datatable" style="--cols:150px minmax(0,1fr) 52px">{ for rows }</div> }
}

fn denied() -> Html {
    let actions =
        html! { <>{ small("Show shop, payments", BtnKind::Plain) }{ small("Type a namespace", BtnKind::Ghost) }{ small("Who can?", BtnKind::Ghost) }</> };
    html! { <EmptyState lead={Lead::Icon(Pic::Lock)} head="You may not list pods in all namespaces" {actions}>{ "The server said 403 for " }<span class="mono">{ "oidc:jo@acme.dev" }</span>{ ". You may list them in 2 namespaces you used before." }</EmptyState> }
}

fn offline() -> Html {
    html! { <EmptyState lead={Lead::Icon(Pic::CloudOff)} head="This machine is offline" actions={small("Go to local clusters", BtnKind::Plain)}>{ "Local clusters keep working. Remote contexts come back by themselves when the network does; nothing is retried until then." }</EmptyState> }
}

fn controls() -> Html {
    html! {
        <div style="padding:18px 24px 0">
            <h2 class="sec" style="margin-bottom:8px">{ "Controls" }</h2>
            <div class="row g8" style="flex-wrap:wrap">
                <Btn kind={BtnKind::Primary}>{ "Primary" }</Btn><Btn>{ "Default" }</Btn><Btn kind={BtnKind::Danger}>{ "Delete lab-b" }</Btn><Btn ready={Ready::No}>{ "Disabled" }</Btn><Btn class="is-focus">{ "Focused" }</Btn><span class="divider"></span>
                <Input label="text" value="text" style="width:92px" /><Input label="focused" class="is-focus" value="focused" style="width:92px" /><span class="input select" style="width:96px"><span>{ "select" }</span><Icon of={Pic::ChevronDown} size={crate::widgets::IconSize::Small} /></span><span class="divider"></span>
                <Segmented label="Example" segments={vec!["One".into(), "Two".into()]} chosen={0} on_choose={Callback::noop()} />
                <Switch on={true} label="On" on_turn={Callback::noop()} /><Switch on={false} label="Off" on_turn={Callback::noop()} /><Check on={true} label="On" on_turn={Callback::noop()} /><Check on={false} label="Off" on_turn={Callback::noop()} />
                <Tag icon={Pic::ShieldOff} tint={State::Failed}>{ "TLS not verified" }</Tag><Pill state={State::Warning} voice={Voice::Filled}>{ "Late" }</Pill>
                <MachineStrip marks={vec![State::Healthy, State::Healthy, State::Progress, State::Warning, State::Failed, State::Paused, State::Idle]} ready={2} />
            </div>
        </div>
    }
}
