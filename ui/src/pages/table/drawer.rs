//! What is known about one object?

use std::rc::Rc;

use api::{Timestamp, tables::TableRow};
use yew::prelude::*;

use super::{
    columns::{created, look},
    state::health,
};
use crate::{
    model::time::{age, binary},
    widgets::{Drawer, Glyph},
};

#[derive(Properties, PartialEq)]
pub struct ObjectProps {
    pub row: Rc<TableRow>,
    pub now: Timestamp,
    pub on_close: Callback<()>,
    pub on_previous: Callback<()>,
    pub on_next: Callback<()>,
}

/// The fields of a row, in words.
#[component]
pub fn Object(props: &ObjectProps) -> Html {
    let row = &*props.row;
    let (state, _) = look(health(row));
    let kind = match row {
        TableRow::Pod(_) => format!("Pod in {}", row.namespace()),
        TableRow::Node(_) => "Node".into(),
        TableRow::Namespace(_) => "Namespace".into(),
        TableRow::Unreadable { namespace, .. } if namespace.is_empty() => "Object that cannot be read".into(),
        TableRow::Unreadable { namespace, .. } => format!("Object in {namespace} that cannot be read"),
    };
    let (said, text) = say(row);
    let made = created(row).map(|at| age(props.now.since(at)));
    html! {
        <Drawer {kind} name={row.name().to_owned()} on_close={props.on_close.clone()} on_previous={Some(props.on_previous.clone())} on_next={Some(props.on_next.clone())}>
            <div class={classes!("say", state.class())}><Glyph {state} /><div class="hd">{ said }</div>if !text.is_empty() { <p>{ text }</p> }</div>
            <section><dl class="kv facts-kv">
                { for fields(row).into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| html! { <><dt>{ name }</dt><dd class="mono">{ value }</dd></> }) }
                if let Some(made) = made { <dt>{ "Created" }</dt><dd>{ format!("{made} ago") }</dd> }
            </dl></section>
        </Drawer>
    }
}

fn say(row: &TableRow) -> (String, String) {
    match row {
        TableRow::Pod(pod) => (pod.status.clone(), format!("{} of {} containers are ready.", pod.ready, pod.containers)),
        TableRow::Node(node) => (node.status.clone(), format!("Room for {} pods.", node.pods)),
        TableRow::Namespace(space) => (space.status.clone(), space.stuck.clone()),
        TableRow::Unreadable { why, .. } => ("KOS cannot read this object".into(), why.clone()),
    }
}

fn fields(row: &TableRow) -> Vec<(&'static str, String)> {
    match row {
        TableRow::Pod(pod) => {
            vec![("Namespace", pod.namespace.clone()), ("Node", pod.node.clone()), ("Pod IP", pod.ip.clone()), ("Restarts", pod.restarts.to_string())]
        }
        TableRow::Node(node) => vec![
            ("Roles", node.roles.join(", ")),
            ("Version", node.version.clone()),
            ("Internal IP", node.internal_ip.clone()),
            ("OS image", node.os_image.clone()),
            ("Kernel", node.kernel.clone()),
            ("Runtime", node.runtime.clone()),
            ("CPU", format!("{} cores", node.cpu_milli / 1000)),
            ("Memory", binary(node.memory_bytes)),
            ("Taints", node.taints.to_string()),
        ],
        TableRow::Namespace(space) => vec![("Labels", space.labels.to_string())],
        TableRow::Unreadable { .. } => vec![],
    }
}
