//! How does KOS look, and which contexts are protected?

use api::settings::{Choices, Writes};
use yew::prelude::*;

use super::{Action, SettingsSheetProps, rules::Rules, setrow};
use crate::{
    model::{
        hold::{PROTECTED, seconds},
        settings::{MOTIONS, ROW_HEIGHTS, THEMES, place},
    },
    widgets::{Icon, IconSize, Input, Pic, Segment, Segmented, Switch},
};

fn one_of<T: Copy + PartialEq + 'static>(
    props: &SettingsSheetProps,
    label: &'static str,
    list: &'static [(T, &'static str)],
    pics: &[Pic],
    now: T,
    set: fn(&mut Choices, T),
) -> Html {
    let segments =
        list.iter().enumerate().map(|(n, (_, words))| Segment { words: (*words).into(), icon: pics.get(n).copied(), count: None }).collect::<Vec<_>>();
    let choices = props.view.choices.clone();
    let on_choose = props.on.reform(move |chosen: usize| {
        let mut choices = choices.clone();
        if let Some((value, _)) = list.get(chosen) {
            set(&mut choices, *value);
        }
        Action::Save(Box::new(choices))
    });
    html! { <Segmented {label} {segments} chosen={place(list, &now)} {on_choose} /> }
}

pub(super) fn appearance(props: &SettingsSheetProps) -> Html {
    let choices = &props.view.choices;
    let theme = one_of(props, "Theme", &THEMES, &[Pic::Monitor, Pic::Sun, Pic::Moon], choices.theme, |c, v| c.theme = v);
    let rows = one_of(props, "Row height", &ROW_HEIGHTS, &[], choices.rows, |c, v| c.rows = v);
    let motion = one_of(props, "Motion", &MOTIONS, &[], choices.motion, |c, v| c.motion = v);
    html! {
        <>
            { setrow("Theme", html! { "Both themes meet the same contrast." }, theme) }
            { setrow("Row height", html! { "Of tables and trees. 28, 30 or 32 px." }, rows) }
            { setrow("Motion", html! { "System does what the computer asks for. Reduced motion also stops spinners." }, motion) }
        </>
    }
}

pub(super) fn safety(props: &SettingsSheetProps) -> Html {
    let on_turn = {
        let choices = props.view.choices.clone();
        props.on.reform(move |on: bool| Action::Save(Box::new(Choices { writes: if on { Writes::Refused } else { Writes::Allowed }, ..choices.clone() })))
    };
    let read_only = html! { <Switch on={props.view.choices.writes == Writes::Refused} label="Read-only mode" {on_turn} /> };
    let hold = {
        let choices = props.view.choices.clone();
        let on = props.on.clone();
        let on_text = Callback::from(move |text: String| {
            if let Some(write_wait_seconds) = seconds(&text) {
                on.emit(Action::Save(Box::new(Choices { write_wait_seconds, ..choices.clone() })));
            }
        });
        let value = props.view.choices.write_wait_seconds.to_string();
        html! { <Input label="Seconds before a write is sent" {value} {on_text} style="width:72px" end={html! { <span class="t3">{ "s" }</span> }} /> }
    };
    let always = html! { <span class="t3 row g6 s12"><Icon of={Pic::Lock} size={IconSize::Tiny} />{ "Always on" }</span> };
    html! {
        <>
            <Rules choices={props.view.choices.clone()} contexts={props.contexts.clone()} on={props.on.clone()} />
            { setrow("Wait before a write is sent", html! { format!("You can undo during this time. Protected contexts wait at least {PROTECTED} s.") }, hold) }
            { setrow("Show the effect before every write", html! { "KOS shows what would change, and the command, before anything is written." }, always.clone()) }
            { setrow("Read-only mode", html! { "Refuses every action that changes a cluster, a kubeconfig or this machine." }, read_only) }
            { setrow("Sign in only when I ask", html! { "KOS never opens a browser by itself, and contacts no server before you open its context." }, always) }
        </>
    }
}
