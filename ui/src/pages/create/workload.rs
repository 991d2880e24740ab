//! Which workload cluster shall be made on it in the same job?

use api::drawing::{ClusterForm, ClusterNetwork};
use yew::prelude::*;

use super::{CONTROL_PLANES, CreateSheetProps, error, valid};
use crate::{
    model::create::{Edit, OnIt, field},
    widgets::{Field, Input, Segmented, Stepper, Switch},
};

const MOST_WORKERS: u8 = 9;

/// A choice, and when it is taken the few fields that matter for a first cluster.
pub(super) fn workload(props: &CreateSheetProps) -> Html {
    let wrong = error(props, field::WORKLOAD);
    let form = props.draft.spec.workload.as_ref();
    if !props.draft.can_hold() {
        return html! { <Field label="Workload cluster" help="It needs the network plug-in and the Docker socket."><span class="t3">{ "left out" }</span></Field> };
    }
    let on_turn = props.on_edit.reform(|on| Edit::OnIt(if on { OnIt::Cluster } else { OnIt::Nothing }));
    html! {
        <>
            <Field label="Workload cluster" help="One job makes both, connects it and gives it its network, up to nodes that are Ready." error={wrong.clone().filter(|_| form.is_none())}>
                <span class="row g8"><Switch on={form.is_some()} label="And a workload cluster on it" {on_turn} /><span>{ "and a workload cluster on it" }</span></span>
            </Field>
            if let Some(form) = form { { fields(props, form, wrong) } }
        </>
    }
}

fn fields(props: &CreateSheetProps, form: &ClusterForm, wrong: Option<Html>) -> Html {
    let changed = |change: fn(&mut ClusterForm, String)| {
        let form = form.clone();
        props.on_edit.reform(move |text: String| {
            let mut form = form.clone();
            change(&mut form, text);
            Edit::Workload(Box::new(form))
        })
    };
    let chosen = CONTROL_PLANES.iter().position(|n| u32::from(*n) == form.control_planes).unwrap_or(0);
    let planes = {
        let form = form.clone();
        props.on_edit.reform(move |place: usize| {
            Edit::Workload(Box::new(ClusterForm { control_planes: CONTROL_PLANES.get(place).copied().unwrap_or(1).into(), ..form.clone() }))
        })
    };
    let workers = form.pools.first().map_or(0, |pool| u8::try_from(pool.replicas).unwrap_or(MOST_WORKERS));
    let on_workers = {
        let form = form.clone();
        props.on_edit.reform(move |n: u8| {
            let mut form = form.clone();
            form.pools.iter_mut().take(1).for_each(|pool| pool.replicas = n.into());
            Edit::Workload(Box::new(form))
        })
    };
    let network = {
        let form = form.clone();
        props.on_edit.reform(move |place: usize| {
            let network = if place == 1 { ClusterNetwork::NotInstalled } else { ClusterNetwork::Kindnet };
            Edit::Workload(Box::new(ClusterForm { network, ..form.clone() }))
        })
    };
    let help = html! { <>{ "Kubernetes " }<span class="mono">{ &form.version }</span>{ ". Its context is called the same." }</> };
    let ranges = html! { <>{ "Pods " }<span class="mono">{ &form.pod_range }</span>{ ", services " }<span class="mono">{ &form.service_range }</span>{ ". Without a network its nodes are not Ready before you add one." }</> };
    html! {
        <>
            <Field label="Its name" {help} error={wrong.clone()}>
                <Input class="mono" label="Name of the workload cluster" value={form.name.clone()} valid={valid(&wrong)} style="width:300px" on_text={changed(|form, text| form.name = text)} />
            </Field>
            <Field label="Its control plane">
                <Segmented label="Control planes of the workload cluster" segments={vec!["1 machine".into(), "3 machines".into(), "5".into()]} {chosen} on_choose={planes} />
            </Field>
            <Field label="Its workers" help="More pools, labels and taints come on its own page.">
                <Stepper value={workers} min={0} max={MOST_WORKERS} label="Workers of the workload cluster" on_value={on_workers} />
            </Field>
            <Field label="Its network" help={ranges}>
                <Segmented label="Network of the workload cluster" segments={vec!["kindnet".into(), "none".into()]} chosen={usize::from(form.network == ClusterNetwork::NotInstalled)} on_choose={network} />
            </Field>
        </>
    }
}
