//! How does kind’s configuration stay in step with the form?
//!
//! The plan shows the text that KOS writes. Edited by hand, it is read back after a pause: then the form says the same, or
//! each line that it cannot take is named. Start at: [`use_config`].

use api::local::{ConfigRead, ReadConfig, WrongLine};
use gloo_timers::callback::Timeout;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::QUIET_MS;
use crate::{
    feeds::use_call,
    model::create::{Draft, Edit},
};

/// The text as it is typed, and what the form cannot take of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Config {
    /// `None` while nobody edits: the plan’s own text is shown.
    pub typed: Option<String>,
    pub lines: Vec<WrongLine>,
}

/// The configuration with the ways to change it.
pub(super) struct ConfigHandle {
    pub(super) now: Config,
    pub(super) on_text: Callback<String>,
    /// The editor was left: a text that fits is shown as KOS writes it.
    pub(super) on_left: Callback<()>,
    /// The form was changed: what was typed does not count any more.
    pub(super) forget: Callback<()>,
}

#[hook]
pub(super) fn use_config(draft: UseStateHandle<Option<Draft>>) -> ConfigHandle {
    let (config, read) = (use_state(Config::default), use_call::<ReadConfig>());
    {
        let (config, draft) = (config.clone(), draft.clone());
        use_effect_with(config.typed.clone(), move |typed| {
            let asked = typed.clone().zip((*draft).clone());
            let timer = asked.map(|(text, now)| {
                let spec = now.spec.clone();
                Timeout::new(QUIET_MS, move || {
                    let asked = ReadConfig { spec, text: text.clone() };
                    read.ask_then(asked, move |answer| match answer {
                        Ok(ConfigRead::Fits(spec)) => {
                            config.set(Config { typed: Some(text), lines: vec![] });
                            draft.set(Some(now.edited(Edit::Whole(spec.clone()))));
                        }
                        Ok(ConfigRead::Wrong(lines)) => config.set(Config { typed: Some(text), lines: lines.clone() }),
                        Err(fault) => config.set(Config { typed: Some(text), lines: vec![WrongLine { line: 1, sentence: fault.sentence.clone() }] }),
                    });
                })
            });
            move || drop(timer)
        });
    }
    let on_text = {
        let config = config.clone();
        Callback::from(move |text| config.set(Config { typed: Some(text), lines: config.lines.clone() }))
    };
    let forget = {
        let config = config.setter();
        Callback::from(move |()| config.set(Config::default()))
    };
    let on_left = {
        let (config, forget) = (config.clone(), forget.clone());
        Callback::from(move |()| {
            if config.lines.is_empty() {
                forget.emit(());
            }
        })
    };
    ConfigHandle { now: (*config).clone(), on_text, on_left, forget }
}

#[derive(Properties, PartialEq)]
pub(super) struct EditorProps {
    /// What KOS would write.
    pub(super) text: AttrValue,
    pub(super) config: Config,
    pub(super) on_text: Callback<String>,
    pub(super) on_left: Callback<()>,
}

/// The configuration as text that may be edited, with the lines that the form cannot take under it.
#[component]
pub(super) fn Editor(props: &EditorProps) -> Html {
    let shown: AttrValue = props.config.typed.clone().map_or_else(|| props.text.clone(), AttrValue::from);
    let rows = shown.lines().count().clamp(4, 40) + 1;
    let tell = props.on_text.clone();
    let oninput = Callback::from(move |e: InputEvent| {
        if let Some(area) = e.target_dyn_into::<HtmlTextAreaElement>() {
            tell.emit(area.value());
        }
    });
    let onfocusout = props.on_left.reform(|_: FocusEvent| ());
    html! {
        <>
            <textarea class="text" aria-label="kind’s configuration" aria-invalid={(!props.config.lines.is_empty()).then_some("true")} rows={rows.to_string()} wrap="off" spellcheck="false" value={shown} {oninput} {onfocusout} />
            <p class="s12 t3">{ "In step with the form. KOS writes it anew when the form changes; comments do not stay." }</p>
        </>
    }
}
