//! How does KOS look, and which contexts are protected?

use api::{
    contexts::{ContextRow, Guard},
    settings::Choices,
};
use yew::prelude::*;

use super::{Action, SettingsSheetProps, setrow};
use crate::{
    model::settings::{MOTIONS, ROW_HEIGHTS, THEMES, open, place, protected},
    widgets::{Btn, BtnKind, BtnSize, Choice, Icon, IconSize, Pic, Segment, Segmented, Select},
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
        Action::Save(choices)
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
    let contexts: Vec<ContextRow> = props.contexts.iter().map(|row| row.as_ref().clone()).collect();
    let guarded = protected(&contexts);
    let mut choices = vec![Choice { value: "".into(), words: "Protect a context…".into() }];
    choices.extend(open(&contexts).into_iter().map(|c| Choice { value: c.id.0.clone().into(), words: c.name.clone().into() }));
    let on_choose = {
        let on = props.on.clone();
        Callback::from(move |id: String| {
            if !id.is_empty() {
                on.emit(Action::Guard(id.into(), Guard::Protected));
            }
        })
    };
    let add = html! { <Select label="Protect a context" value="" {choices} style="width:180px" {on_choose} /> };
    let always = html! { <span class="t3 row g6 s12"><Icon of={Pic::Lock} size={IconSize::Small} />{ "Always on" }</span> };
    html! {
        <>
            { setrow("Protected contexts", html! { "They get the red band, and each write asks for the context name." }, add) }
            <div class="frame" style="margin-bottom:10px">
                <div class="datatable" role="table" aria-label="Protected contexts" style="--cols:minmax(0,1fr) minmax(0,1fr) 80px;--pad:12px">
                    <div class="th" role="row"><div>{ "Context name" }</div><div>{ "File" }</div><div></div></div>
                    if guarded.is_empty() { <div class="tr t3">{ "No context is protected." }</div> }
                    { for guarded.into_iter().map(|context| guarded_row(context, props)) }
                </div>
            </div>
            { setrow("Show the effect before every write", html! { "KOS shows what would change, and the command, before anything is written." }, always.clone()) }
            { setrow("Sign in only when I ask", html! { "KOS never opens a browser by itself, and contacts no server before you open its context." }, always) }
        </>
    }
}

fn guarded_row(context: &ContextRow, props: &SettingsSheetProps) -> Html {
    let id = context.id.clone();
    let onclick = props.on.reform(move |_: MouseEvent| Action::Guard(id.clone(), Guard::Open));
    html! {
        <div class="tr" role="row">
            <div class="name ell">{ &context.name }</div><div class="s12 t2 ell mono">{ context.file.as_str() }</div>
            <div class="row right"><Btn size={BtnSize::Small} kind={BtnKind::Ghost} {onclick}>{ "Release" }</Btn></div>
        </div>
    }
}
