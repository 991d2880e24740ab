//! Which contexts are protected, by a rule or one by one?

use std::rc::Rc;

use api::{
    contexts::{ContextRow, Guard},
    settings::Choices,
};
use yew::prelude::*;

use super::{Action, setrow};
use crate::{
    model::settings::{Protection, matches_now, new_rule, protections, with_rule},
    widgets::{Btn, BtnKind, BtnSize, Input, Pic, Ready},
};

#[derive(Properties, PartialEq)]
pub(super) struct RulesProps {
    pub choices: Choices,
    pub contexts: Vec<Rc<ContextRow>>,
    pub on: Callback<Action>,
}

/// Rules with what they mean now; a new one is typed into the last row.
#[component]
pub(super) fn Rules(props: &RulesProps) -> Html {
    let typed = use_state(|| None::<String>);
    let begin = {
        let typed = typed.setter();
        Callback::from(move |_: MouseEvent| typed.set(Some(String::new())))
    };
    let field = use_node_ref();
    {
        let field = field.clone();
        use_effect_with(typed.is_some(), move |_| {
            if let Some(field) = field.cast::<web_sys::HtmlElement>() {
                let _ = field.focus();
            }
        });
    }
    {
        let stands = typed.as_ref().is_some_and(|text| props.choices.protect.iter().any(|rule| rule == text.trim()));
        let typed = typed.setter();
        // The row closes when its rule is one of them; what is refused stays as it was typed.
        use_effect_with(props.choices.protect.clone(), move |_| {
            if stands {
                typed.set(None);
            }
        });
    }
    let add = html! { <Btn icon={Pic::Plus} onclick={begin}>{ "Add rule" }</Btn> };
    let protections = protections(&props.choices, &props.contexts);
    html! {
        <>
            { setrow("Protected contexts", html! { "They get the red band, and each write asks for the context name." }, add) }
            <div class="frame" style="margin-bottom:10px">
                <div class="datatable" role="table" aria-label="Protected contexts" style="--cols:minmax(0,1fr) 190px 120px 76px;--pad:12px">
                    <div class="th" role="row">
                        <div role="columnheader">{ "Context name" }</div><div role="columnheader">{ "Matches now" }</div><div role="columnheader">{ "Added by" }</div><div></div>
                    </div>
                    if protections.is_empty() && typed.is_none() { <div class="tr t3" role="row"><span role="cell">{ "No context is protected." }</span></div> }
                    { for protections.iter().map(|p| row(p, props)) }
                    if let Some(text) = &*typed { { entry(text, typed.setter(), &field, props) } }
                </div>
            </div>
        </>
    }
}

fn row(protection: &Protection, props: &RulesProps) -> Html {
    let (name, matches, verb, action) = match protection {
        Protection::Rule { rule, matches, freed } => {
            let verb = if freed.is_empty() { "Remove" } else { "Remove…" };
            (rule.clone(), matches.clone(), verb, Action::Remove(rule.clone()))
        }
        Protection::One { context, name } => (name.clone(), name.clone(), "Release…", Action::Guard(context.clone(), Guard::Open)),
    };
    let onclick = props.on.reform(move |_: MouseEvent| action.clone());
    html! {
        <div class="tr" role="row">
            <div class="name ell" role="cell" title={name.clone()}>{ &name }</div><div class="t2 ell" role="cell" title={matches.clone()}>{ matches }</div><div class="t2" role="cell">{ "you" }</div>
            <div class="row right" role="cell"><Btn size={BtnSize::Small} kind={BtnKind::Ghost} {onclick}>{ verb }</Btn></div>
        </div>
    }
}

fn entry(text: &str, set: UseStateSetter<Option<String>>, node: &NodeRef, props: &RulesProps) -> Html {
    let rule = new_rule(&props.choices, text);
    let save = {
        let (on, choices, rule) = (props.on.clone(), props.choices.clone(), rule.clone());
        Callback::from(move |()| {
            if let Some(rule) = &rule {
                on.emit(Action::Save(Box::new(with_rule(&choices, rule))));
            }
        })
    };
    let onkeydown = {
        let (save, set) = (save.clone(), set.clone());
        Callback::from(move |e: KeyboardEvent| match e.key().as_str() {
            "Enter" => {
                e.prevent_default();
                save.emit(());
            }
            "Escape" => {
                e.stop_propagation();
                set.set(None);
            }
            _ => {}
        })
    };
    let on_text = Callback::from(move |text| set.set(Some(text)));
    html! {
        <div class="tr tall" role="row">
            <div role="cell"><Input class="mono" label="Rule, * stands for anything" placeholder="prod-*" style="height:24px" node={node.clone()} value={text.to_owned()} {on_text} {onkeydown} /></div>
            <div class="t2 ell" role="cell">{ matches_now(text.trim(), &props.contexts) }</div><div class="t2" role="cell">{ "you" }</div>
            <div class="row right" role="cell"><Btn size={BtnSize::Small} ready={Ready::from(rule.is_some())} onclick={save.reform(|_: MouseEvent| ())}>{ "Add" }</Btn></div>
        </div>
    }
}
