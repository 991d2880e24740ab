//! What is asked before a rule that protects contexts is removed?

use api::settings::Choices;
use yew::prelude::*;

use crate::{
    model::{
        change::listed,
        settings::{Removal, freed, loses, removal, without_rule},
    },
    pages::{ask::AskDialog, typed::TypedName},
    shell::world::use_world,
    widgets::Ready,
};

/// Removes a rule by its text.
pub(super) struct Removing {
    pub(super) remove: Callback<String>,
    /// The question that is open, if any.
    pub(super) asked: Html,
}

/// Removes a rule at once when nothing is open without it; else only after the rule was typed below the contexts that it protects.
#[hook]
pub(super) fn use_removal(save: Callback<Choices>) -> Removing {
    let world = use_world();
    let choices = world.choices();
    let removing = use_state(|| None::<String>);
    // A rule that went meanwhile, by the file or another window, needs no answer.
    let asked = match (*removing).clone().filter(|rule| choices.protect.contains(rule)) {
        Some(rule) => {
            let freed = world.contexts.look(|contexts| freed(&choices, contexts, &rule));
            let on_act = {
                let (save, without) = (save.clone(), without_rule(&choices, &rule));
                Callback::from(move |()| save.emit(without.clone()))
            };
            let on_close = {
                let removing = removing.setter();
                Callback::from(move |()| removing.set(None))
            };
            html! { <RemoveRuleDialog {rule} {freed} {on_act} {on_close} /> }
        }
        None => Html::default(),
    };
    let remove = {
        let removing = removing.setter();
        Callback::from(move |rule: String| {
            let status = world.contexts.status();
            match world.contexts.look(|contexts| removal(&status, &choices, contexts, &rule)) {
                Removal::AtOnce => save.emit(without_rule(&choices, &rule)),
                Removal::Asked => removing.set(Some(rule)),
            }
        })
    };
    Removing { remove, asked }
}

#[derive(Properties, PartialEq)]
pub struct RemoveRuleDialogProps {
    pub rule: String,
    /// The contexts that lose their protection with it.
    pub freed: Vec<String>,
    pub on_act: Callback<()>,
    pub on_close: Callback<()>,
}

#[component]
pub fn RemoveRuleDialog(props: &RemoveRuleDialogProps) -> Html {
    let RemoveRuleDialogProps { rule, freed, on_act, on_close } = props;
    let typed = use_state(String::new);
    let ready = Ready::from(*typed == *rule);
    let act = format!("Remove the rule {rule}");
    let title = format!("{act}?");
    let names = match freed.as_slice() {
        [] => Html::default(),
        freed => html! { <>{ ": " }<span class="mono">{ listed(freed) }</span></> },
    };
    html! {
        <AskDialog {title} note="Nothing in a cluster and no kubeconfig changes." keep="Keep the rule" {act} {ready} on_act={on_act.clone()} on_close={on_close.clone()}>
            <p class="t2">{ loses(freed.len()) }{ names }{ "." }</p>
            <TypedName wanted={rule.clone()} typed={typed.clone()} />
        </AskDialog>
    }
}
