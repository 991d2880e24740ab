//! What does KOS say of itself: keys, privacy, version, what is not there yet?

use api::{
    app::About,
    settings::{Choices, Command},
};
use yew::prelude::*;

use crate::{
    model::{
        keys::{Keymap, help},
        welcome::as_note,
    },
    widgets::{Banner, EmptyState, Kbd, Skeleton, State},
};

pub(super) fn signing_in() -> Html {
    html! { <EmptyState head="Not there yet">{ "Signing in through a browser and kept credentials come later. Client certificates, tokens and credential plugins of your kubeconfig files work now." }</EmptyState> }
}

/// All keys, with what of the user's own cannot be taken.
pub(super) fn keyboard(choices: &Choices) -> Html {
    let keymap = Keymap::of(&choices.keys);
    let trouble = (!keymap.troubles.is_empty()).then(|| {
        let lines = keymap.troubles.iter().map(|line| html! { <div>{ line }</div> });
        html! { <Banner state={State::Warning} head="Some of your keys cannot be taken.">{ for lines }</Banner> }
    });
    let groups = help(&keymap).into_iter().map(|(place, keys)| {
        html! {
            <div style="margin-top:12px">
                <h2 class="sec" style="margin-bottom:6px">{ place }</h2>
                <div class="frame">{ for keys.into_iter().map(|(key, does)| html! {
                    <div class="minirow" style="grid-template-columns:minmax(0,1fr) auto;padding:3px 12px"><span>{ does }</span><span class="row g4">{ for key.split(' ').filter(|k| !k.is_empty()).map(cap) }</span></div>
                }) }</div>
            </div>
        }
    });
    html! {
        <>
            { trouble }
            <p class="t2 s12">{ "Keys of your own stand in the settings file, by command: " }<span class="mono">{ r#"keys: {"palette": "Ctrl P"}"# }</span>{ format!(". Commands are {}.", Command::ALL.map(Command::name).join(", ")) }</p>
            { for groups }
        </>
    }
}

fn cap(key: &str) -> Html {
    match key {
        "then" | "–" => html! { <span class="t3 s12">{ key.to_owned() }</span> },
        key => html! { <Kbd keys={key.to_owned()} /> },
    }
}

pub(super) fn about(about: Option<&About>, file: &str) -> Html {
    let Some(about) = about else {
        return html! { <div aria-busy="true"><Skeleton width={220} /></div> };
    };
    let line = |label: &'static str, value: &str| html! { <div class="minirow" style="grid-template-columns:140px minmax(0,1fr);padding:3px 12px"><span class="t3">{ label }</span><span class="mono" style="overflow-wrap:anywhere">{ value.to_owned() }</span></div> };
    html! {
        <>
            <div class="frame">
                { line("Version", &about.version) }{ line("Licence", &about.licence) }{ line("Settings", file) }{ line("State", &about.state_folder) }{ line("Logs", &about.log_folder) }
            </div>
            <h2 class="sec" style="margin:16px 0 6px">{ "Where KOS looked for kubeconfig files" }</h2>
            <div class="frame">{ for about.looked_at.iter().map(|at| html! { <div class="minirow" style="grid-template-columns:minmax(0,1fr) auto;padding:3px 12px"><span class="mono ell">{ &at.place }</span><span class="t3">{ as_note(&at.result) }</span></div> }) }</div>
        </>
    }
}
