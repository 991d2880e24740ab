//! Which further things may be set?

use api::drawing::{FormField, Need, Shape, Variable};
use yew::prelude::*;

use super::{NewClusterSheetProps, error, valid};
use crate::{
    model::drawing::{Edit, class_of, typed, untyped},
    widgets::{Btn, BtnKind, BtnSize, Choice, Field, Input, Pic, Select, Switch},
};

/// The variables of the class with its other ranges, folded until somebody asks, or one of them is wrong.
pub(super) fn all(props: &NewClusterSheetProps, open: bool, on_toggle: Callback<bool>) -> Html {
    let variables = class_of(&props.drawn.form, &props.offer).map_or(&[][..], |class| class.variables.as_slice());
    let hidden = |check: &api::drawing::FormCheck| {
        check.level == api::drawing::Level::Stops && matches!(check.field, Some(FormField::Variable(_) | FormField::Namespace | FormField::ServiceRange))
    };
    let open = open || super::checks(props).iter().any(hidden);
    let words = match variables.len() {
        0 => "Namespace and service range".to_owned(),
        1 => "1 more variable of this class".to_owned(),
        n => format!("{n} more variables of this class"),
    };
    let icon = if open { Pic::ChevronDown } else { Pic::ChevronRight };
    let toggle = on_toggle.reform(move |_: MouseEvent| !open);
    html! {
        <>
            <div class="field"><span class="fl"></span><div><Btn kind={BtnKind::Ghost} size={BtnSize::Small} {icon} class="more" onclick={toggle}>{ words }</Btn></div></div>
            if open {
                { namespace(props) }
                { service_range(props) }
                { for variables.iter().map(|variable| one(props, variable)) }
            }
        </>
    }
}

fn namespace(props: &NewClusterSheetProps) -> Html {
    let error = error(props, &FormField::Namespace, Edit::Namespace);
    html! {
        <Field label="Namespace" help="Of the Cluster, in the management cluster." error={error.clone()}>
            <Input class="mono" label="Namespace" value={props.drawn.form.namespace.clone()} valid={valid(&error)} style="width:220px" on_text={props.on_edit.reform(Edit::Namespace)} />
        </Field>
    }
}

fn service_range(props: &NewClusterSheetProps) -> Html {
    let error = error(props, &FormField::ServiceRange, Edit::ServiceRange);
    html! {
        <Field label="Service range" error={error.clone()}>
            <Input class="mono" label="Service range" value={props.drawn.form.service_range.clone()} valid={valid(&error)} style="width:220px" on_text={props.on_edit.reform(Edit::ServiceRange)} />
        </Field>
    }
}

fn one(props: &NewClusterSheetProps, variable: &Variable) -> Html {
    let field = FormField::Variable(variable.name.clone());
    let error = super::error_of(super::checks(props), &field).map(|check| html! { &check.says });
    let value = props.drawn.form.variables.get(&variable.name);
    let shown = typed(variable, value);
    let edit = {
        let (variable, on_edit) = (variable.clone(), props.on_edit.clone());
        Callback::from(move |text: String| {
            // An empty field takes the default again; where the default is empty too, nothing is lost by it.
            let value = (!text.is_empty()).then(|| untyped(&variable, text));
            on_edit.emit(Edit::Variable(variable.name.clone(), value));
        })
    };
    let control = if !variable.choices.is_empty() {
        let choices: Vec<Choice> =
            variable.choices.iter().map(|json| typed(variable, Some(json))).map(|text| Choice { value: text.clone().into(), words: text.into() }).collect();
        html! { <Select label={variable.name.clone()} value={shown} {choices} style="width:220px" on_choose={edit} /> }
    } else if variable.shape == Shape::Truth {
        let on = shown == "true";
        html! { <Switch {on} label={variable.name.clone()} on_turn={edit.reform(|on: bool| on.to_string())} /> }
    } else {
        html! { <Input class="mono" label={variable.name.clone()} value={shown} valid={valid(&error)} style="width:300px" on_text={edit} /> }
    };
    let needed = if variable.need == Need::Required && variable.default.is_none() { "Needed. " } else { "" };
    let help = html! { { format!("{needed}{}", variable.says) } };
    html! { <Field label={variable.name.clone()} {help} {error}>{ control }</Field> }
}
