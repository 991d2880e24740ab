//! What is asked of a new cluster, line by line?

use api::drawing::{ClusterNetwork, FormField};
use yew::prelude::*;

use super::{NewClusterSheetProps, error, valid};
use crate::{
    model::drawing::{Edit, class_of, class_words, image_words, versions},
    widgets::{Choice, Field, Icon, IconSize, Input, LinkBtn, Pic, Pick, Segmented, Select, Tag},
};

const CONTROL_PLANES: [u32; 3] = [1, 3, 5];

pub(super) fn name(props: &NewClusterSheetProps) -> Html {
    let name = &props.drawn.form.name;
    let error = error(props, &FormField::Name, Edit::Name);
    let help = html! { <>{ "Machines are called " }<span class="mono">{ format!("{name}-…") }</span>{ ". Cannot be changed later." }</> };
    let end = if error.is_none() && props.plan.is_some() {
        html! { <span class="good"><Icon of={Pic::Check} size={IconSize::Small} /></span> }
    } else {
        Html::default()
    };
    html! {
        <Field label="Name" {help} error={error.clone()}>
            <Input class="mono" label="Name" value={name.clone()} valid={valid(&error)} {end} style="width:300px" on_text={props.on_edit.reform(Edit::Name)} />
        </Field>
    }
}

pub(super) fn class(props: &NewClusterSheetProps) -> Html {
    let error = super::error_of(super::checks(props), &FormField::Class).map(|check| html! { &check.says });
    let card = |class: &api::drawing::ClassView| {
        let (tag, words) = class_words(class);
        let name = class.name.clone();
        let title = html! { <><span class="mono">{ &class.name.name }</span><span class="grow"></span><Tag>{ tag }</Tag></> };
        let words = if class.trouble.is_empty() { words } else { class.trouble.clone() };
        html! { <Pick on={class.name == props.drawn.form.class} {title} on_choose={props.on_edit.reform(move |()| Edit::Class(name.clone()))}>{ words }</Pick> }
    };
    let onclick = props.on_template.reform(|_: MouseEvent| ());
    let help = html! { <>{ "Or " }<LinkBtn {onclick}>{ "begin with a template of a provider…" }</LinkBtn></> };
    html! {
        <Field label="Class" {help} {error}>
            <div class="picks" role="radiogroup" aria-label="Class">{ for props.offer.classes.iter().map(card) }</div>
        </Field>
    }
}

/// The kinds of pools that the class has.
pub(super) fn workers(props: &NewClusterSheetProps) -> Vec<String> {
    class_of(&props.drawn.form, &props.offer).map(|class| class.workers.clone()).unwrap_or_default()
}

pub(super) fn version(props: &NewClusterSheetProps) -> Html {
    let choices = versions(&props.drawn.form, &props.offer)
        .into_iter()
        .map(|version| Choice { value: version.clone().into(), words: version.into() })
        .collect::<Vec<_>>();
    let help = html! { { image_words(&props.drawn.form, &props.offer) } };
    html! {
        <Field label="Kubernetes" {help} error={error(props, &FormField::Version, Edit::Version)}>
            <Select class="mono" label="Kubernetes version" value={props.drawn.form.version.clone()} {choices} style="width:150px" on_choose={props.on_edit.reform(Edit::Version)} />
        </Field>
    }
}

pub(super) fn control_plane(props: &NewClusterSheetProps) -> Html {
    let asked = props.drawn.form.control_planes;
    // A YAML of one's own may ask for a number that is none of these: then none is chosen.
    let chosen = CONTROL_PLANES.iter().position(|n| *n == asked).unwrap_or(CONTROL_PLANES.len());
    let on_choose = props.on_edit.reform(|place: usize| Edit::ControlPlanes(CONTROL_PLANES.get(place).copied().unwrap_or(1)));
    let to_number = |text: String| Edit::ControlPlanes(text.parse().unwrap_or(1));
    html! {
        <Field label="Control plane" help="3 keeps working when one machine fails. On one laptop, 1 is enough." error={error(props, &FormField::ControlPlanes, to_number)}>
            <Segmented label="Control plane machines" segments={vec!["1 machine".into(), "3 machines".into(), "5".into()]} {chosen} {on_choose} />
        </Field>
    }
}

pub(super) fn network(props: &NewClusterSheetProps) -> Html {
    let chosen = ClusterNetwork::ALL.iter().position(|n| *n == props.drawn.form.network).unwrap_or(0);
    let on_choose = props.on_edit.reform(|place: usize| Edit::Network(ClusterNetwork::ALL.get(place).copied().unwrap_or_default()));
    let help = match props.drawn.form.network {
        ClusterNetwork::Kindnet => "Nodes stay NotReady without one. KOS adds it when the control plane answers.",
        ClusterNetwork::Calico | ClusterNetwork::Cilium => "By a manifest of yours, which KOS asks for when the control plane answers.",
        ClusterNetwork::NotInstalled => "Nodes stay NotReady until you add one.",
    };
    html! {
        <Field label="Network" {help} error={super::error_of(super::checks(props), &FormField::Network).map(|check| html! { &check.says })}>
            <Segmented label="Network plug-in" segments={vec!["kindnet".into(), "Calico".into(), "Cilium".into(), "None".into()]} {chosen} {on_choose} />
        </Field>
    }
}

pub(super) fn pod_range(props: &NewClusterSheetProps) -> Html {
    let error = error(props, &FormField::PodRange, Edit::PodRange);
    html! {
        <Field label="Pod range" error={error.clone()}>
            <Input class="mono" label="Pod range" value={props.drawn.form.pod_range.clone()} valid={valid(&error)} style="width:220px" on_text={props.on_edit.reform(Edit::PodRange)} />
        </Field>
    }
}
