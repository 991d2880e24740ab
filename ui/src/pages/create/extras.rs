//! Which ports and paths of this machine shall the nodes see?

use api::local::{Access, ExtraMount, Listen, Protocol};
use yew::prelude::*;

use super::{CreateSheetProps, error, valid};
use crate::{
    model::create::{Edit, PortText, field},
    widgets::{Btn, BtnKind, BtnSize, Choice, Field, Icon, IconSize, Input, Pic, Select},
};

const PROTOCOLS: [(Protocol, &str); 3] = [(Protocol::Tcp, "TCP"), (Protocol::Udp, "UDP"), (Protocol::Sctp, "SCTP")];
const LISTENS: [(Listen, &str); 2] = [(Listen::Loopback, "this machine"), (Listen::Everywhere, "everywhere")];
const ACCESSES: [(Access, &str); 2] = [(Access::ReadWrite, "read and write"), (Access::ReadOnly, "read only")];

/// Ports of this machine that lead into the cluster.
pub(super) fn ports(props: &CreateSheetProps) -> Html {
    let wrong = error(props, field::PORTS);
    let lines = &props.draft.ports;
    let rows = lines.iter().enumerate().map(|(n, line)| {
        let set = |change: fn(&mut PortText, String)| changed(props, lines, n, change, Edit::Ports);
        html! {
            <div class="row g6 extra">
                <Input class="mono" label={format!("Host port {}", n + 1)} placeholder="8080" value={line.host.clone()} valid={valid(&wrong)} style="width:84px" on_text={set(|p, text| p.host = text)} />
                <span class="t3">{ "→" }</span>
                <Input class="mono" label={format!("Node port {}", n + 1)} placeholder="80" value={line.node.clone()} valid={valid(&wrong)} style="width:84px" on_text={set(|p, text| p.node = text)} />
                { choose(format!("Protocol {}", n + 1), &PROTOCOLS, line.protocol, set(|p, word| p.protocol = named(&PROTOCOLS, &word, p.protocol)), "width:84px") }
                { choose(format!("Reached from {}", n + 1), &LISTENS, line.listen, set(|p, word| p.listen = named(&LISTENS, &word, p.listen)), "width:132px") }
                { remove(format!("Remove port {}", n + 1), without(props, lines, n, Edit::Ports)) }
            </div>
        }
    });
    html! {
        <Field label="Extra ports" help="From this machine into the first control plane node, for an ingress or a NodePort." error={wrong.clone()}>
            { for rows }
            { add("Add a port", with(props, lines, PortText::blank(), Edit::Ports)) }
        </Field>
    }
}

/// Paths of this machine that every node sees.
pub(super) fn mounts(props: &CreateSheetProps) -> Html {
    let wrong = error(props, field::MOUNTS);
    let lines = &props.draft.spec.mounts;
    let rows = lines.iter().enumerate().map(|(n, line)| {
        let set = |change: fn(&mut ExtraMount, String)| changed(props, lines, n, change, Edit::Mounts);
        html! {
            <div class="row g6 extra">
                <Input class="mono" label={format!("Path here {}", n + 1)} placeholder="/srv/charts" value={line.host_path.clone()} valid={valid(&wrong)} style="width:150px" on_text={set(|m, text| m.host_path = text)} />
                <span class="t3">{ "→" }</span>
                <Input class="mono" label={format!("Path in the nodes {}", n + 1)} placeholder="/charts" value={line.node_path.clone()} valid={valid(&wrong)} style="width:150px" on_text={set(|m, text| m.node_path = text)} />
                { choose(format!("Access {}", n + 1), &ACCESSES, line.access, set(|m, word| m.access = named(&ACCESSES, &word, m.access)), "width:132px") }
                { remove(format!("Remove mount {}", n + 1), without(props, lines, n, Edit::Mounts)) }
            </div>
        }
    });
    let blank = ExtraMount { host_path: String::new(), node_path: String::new(), access: Access::ReadOnly };
    html! {
        <Field label="Extra mounts" help="Folders and files of this machine, at the same place in every node." error={wrong.clone()}>
            { for rows }
            { add("Add a mount", with(props, lines, blank, Edit::Mounts)) }
        </Field>
    }
}

fn changed<L: Clone + 'static>(props: &CreateSheetProps, lines: &[L], n: usize, change: fn(&mut L, String), edit: fn(Vec<L>) -> Edit) -> Callback<String> {
    let lines = lines.to_vec();
    props.on_edit.reform(move |text: String| {
        let mut lines = lines.clone();
        if let Some(line) = lines.get_mut(n) {
            change(line, text);
        }
        edit(lines)
    })
}

fn with<L: Clone + 'static>(props: &CreateSheetProps, lines: &[L], line: L, edit: fn(Vec<L>) -> Edit) -> Callback<MouseEvent> {
    let lines: Vec<L> = lines.iter().cloned().chain([line]).collect();
    props.on_edit.reform(move |_| edit(lines.clone()))
}

fn without<L: Clone + 'static>(props: &CreateSheetProps, lines: &[L], n: usize, edit: fn(Vec<L>) -> Edit) -> Callback<MouseEvent> {
    let lines: Vec<L> = lines.iter().enumerate().filter(|(at, _)| *at != n).map(|(_, line)| line.clone()).collect();
    props.on_edit.reform(move |_| edit(lines.clone()))
}

fn choose<T: Copy + PartialEq>(label: String, of: &[(T, &'static str)], now: T, on_choose: Callback<String>, style: &'static str) -> Html {
    let value = of.iter().find(|(one, _)| *one == now).map_or("", |(_, word)| *word);
    let choices = of.iter().map(|(_, word)| Choice { value: (*word).into(), words: (*word).into() }).collect::<Vec<_>>();
    html! { <Select {label} {value} {choices} {style} {on_choose} /> }
}

fn named<T: Copy>(of: &[(T, &'static str)], word: &str, otherwise: T) -> T {
    of.iter().find(|(_, known)| *known == word).map_or(otherwise, |(one, _)| *one)
}

fn remove(label: String, onclick: Callback<MouseEvent>) -> Html {
    html! { <button type="button" class="btn icon ghost sm" aria-label={label.clone()} title={label} {onclick}><Icon of={Pic::X} size={IconSize::Small} /></button> }
}

fn add(words: &'static str, onclick: Callback<MouseEvent>) -> Html {
    html! { <Btn kind={BtnKind::Ghost} size={BtnSize::Small} {onclick}>{ words }</Btn> }
}
