//! How does kind’s configuration stay in step with the form?
//!
//! The plan shows the text that KOS writes. Edited by hand, it is read back after a pause: then the form says the same, or
//! each line that it cannot take is named. Start at: [`use_config`].

use std::cell::RefCell;

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

/// Whether the form says what the editor says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    InStep,
    /// What was typed is not read yet: nothing may begin from the form.
    Behind,
    /// Lines of it cannot be taken, and are named.
    Wrong,
}

/// `said` is the text that the form took last.
fn pace(config: &Config, said: Option<&str>) -> Pace {
    match config.typed.as_deref() {
        None => Pace::InStep,
        Some(_) if !config.lines.is_empty() => Pace::Wrong,
        typed if typed == said => Pace::InStep,
        Some(_) => Pace::Behind,
    }
}

/// What becomes of the editor when its text was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    /// Somebody types in it: it keeps the text as it is.
    Stays,
    /// It was left: the text is shown as KOS writes it.
    Left,
}

/// The configuration with the ways to change it.
pub(super) struct ConfigHandle {
    pub(super) now: Config,
    pub(super) pace: Pace,
    pub(super) on_text: Callback<String>,
    /// The editor was left: a text that fits is shown as KOS writes it, one that was not read yet is read at once.
    pub(super) on_left: Callback<()>,
    /// The form was changed: what was typed does not count any more.
    pub(super) forget: Callback<()>,
}

#[hook]
pub(super) fn use_config(draft: UseStateHandle<Option<Draft>>) -> ConfigHandle {
    let (config, read) = (use_state(Config::default), use_call::<ReadConfig>());
    // What is typed, or changed in the form, while an answer is on its way makes it an answer of before.
    let turn = use_mut_ref(|| 0_u64);
    let said = use_mut_ref(|| None::<String>);
    let take = {
        let (config, draft, turn, said) = (config.setter(), draft.clone(), turn.clone(), said.clone());
        move |text: String, then: Then| {
            let Some(now) = (*draft).clone() else { return };
            let (config, draft, turn, said) = (config.clone(), draft.setter(), turn.clone(), said.clone());
            let asked_at = next(&turn);
            read.ask_then(ReadConfig { spec: now.spec.clone(), text: text.clone() }, move |answer| {
                if *turn.borrow() != asked_at {
                    return;
                }
                match answer {
                    Ok(ConfigRead::Fits(spec)) => {
                        *said.borrow_mut() = Some(text.clone());
                        config.set(match then {
                            Then::Stays => Config { typed: Some(text), lines: vec![] },
                            Then::Left => Config::default(),
                        });
                        draft.set(Some(now.edited(Edit::Whole(spec.clone()))));
                    }
                    Ok(ConfigRead::Wrong(lines)) => config.set(Config { typed: Some(text), lines: lines.clone() }),
                    Err(fault) => config.set(Config { typed: Some(text), lines: vec![WrongLine { line: 1, sentence: fault.sentence.clone() }] }),
                }
            });
        }
    };
    {
        let take = take.clone();
        use_effect_with(config.typed.clone(), move |typed| {
            let timer = typed.clone().map(|text| Timeout::new(QUIET_MS, move || take(text, Then::Stays)));
            move || drop(timer)
        });
    }
    let on_text = {
        let (config, turn, said) = (config.clone(), turn.clone(), said.clone());
        Callback::from(move |text| {
            next(&turn);
            *said.borrow_mut() = None;
            config.set(Config { typed: Some(text), lines: config.lines.clone() });
        })
    };
    let forget = {
        let (config, turn) = (config.setter(), turn.clone());
        Callback::from(move |()| {
            next(&turn);
            config.set(Config::default());
        })
    };
    let step = pace(&config, said.borrow().as_deref());
    let on_left = {
        let (typed, forget) = (config.typed.clone(), forget.clone());
        Callback::from(move |()| match (step, &typed) {
            (Pace::Behind, Some(text)) => take(text.clone(), Then::Left),
            (Pace::InStep, Some(_)) => forget.emit(()),
            (Pace::InStep | Pace::Behind | Pace::Wrong, _) => {}
        })
    };
    ConfigHandle { now: (*config).clone(), pace: step, on_text, on_left, forget }
}

fn next(turn: &RefCell<u64>) -> u64 {
    let mut turn = turn.borrow_mut();
    *turn += 1;
    *turn
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_was_not_read_yet_is_behind_and_one_with_mistakes_stays() {
        let config =
            |typed: Option<&str>, lines: usize| Config { typed: typed.map(str::to_owned), lines: vec![WrongLine { line: 1, sentence: "No.".into() }; lines] };
        for (now, said, step) in [
            (config(None, 0), None, Pace::InStep),
            (config(None, 0), Some("a"), Pace::InStep),
            (config(Some("a"), 0), Some("a"), Pace::InStep),
            (config(Some("ab"), 0), Some("a"), Pace::Behind),
            (config(Some("ab"), 0), None, Pace::Behind),
            (config(Some("ab"), 1), None, Pace::Wrong),
        ] {
            assert_eq!(pace(&now, said), step, "{now:?} after {said:?}");
        }
    }
}
