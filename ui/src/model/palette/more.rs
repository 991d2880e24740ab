//! What else can be done with what was found?

use std::rc::Rc;

use api::{
    contexts::{ContextRow, Favourite, Guard, Link},
    tables::Kind,
};

use super::{Act, Entry, Form, List, Mark};
use crate::{
    model::{fleet::next_place, route::Route},
    widgets::Pic,
};

/// The actions of an entry, its own first; none for a command, which is one itself.
pub fn more(entry: &Entry, contexts: &[Rc<ContextRow>]) -> Vec<Entry> {
    match &entry.act {
        Act::Enter(id) => contexts.iter().find(|context| context.id == *id).map_or_else(Vec::new, |context| of_context(entry, context, contexts)),
        Act::Go(Route::Object { context, kind, namespace: _, row }) => {
            let name = &entry.words;
            let mut all = vec![action(Pic::Box, format!("Show {name}"), entry.act.clone())];
            let own = row.0.split_once('/').map(|(namespace, _)| namespace).filter(|namespace| !namespace.is_empty());
            let pods = |namespace: &str| Act::Go(Route::Table { context: context.clone(), kind: Kind::Pods, namespace: namespace.to_owned() });
            match (kind, own) {
                (Kind::Pods, Some(namespace)) => all.push(action(Pic::Folder, format!("Show all pods of {namespace}"), pods(namespace))),
                (Kind::Namespaces, _) => all.push(action(Pic::Folder, format!("Show the pods of {name}"), pods(name))),
                (Kind::Pods | Kind::Nodes, _) => {}
            }
            all.push(action(Pic::Copy, format!("Copy the name {name}"), Act::Copy(name.clone())));
            all
        }
        Act::Go(_)
        | Act::Demo
        | Act::Real
        | Act::CheckAll
        | Act::LookAround
        | Act::Help
        | Act::Copy(_)
        | Act::Pin(..)
        | Act::Guard(..)
        | Act::Close(_)
        | Act::Power(..)
        | Act::Choose(_) => {
            vec![]
        }
    }
}

fn of_context(entry: &Entry, context: &ContextRow, all: &[Rc<ContextRow>]) -> Vec<Entry> {
    let (id, name) = (&context.id, &context.name);
    let pin = match context.favourite {
        Favourite::No => action(Pic::Pin, format!("Pin {name} to the rail"), Act::Pin(id.clone(), next_place(all))),
        Favourite::Pinned { .. } => action(Pic::Pin, format!("Take {name} off the rail"), Act::Pin(id.clone(), Favourite::No)),
    };
    let guard = match context.guard {
        Guard::Open => action(Pic::Lock, format!("Protect {name}"), Act::Guard(id.clone(), Guard::Protected)),
        Guard::Protected => action(Pic::Shield, format!("No longer protect {name}…"), Act::Guard(id.clone(), Guard::Open)),
    };
    let mut actions = vec![action(Pic::LayoutGrid, format!("Open {name}"), entry.act.clone()), pin, guard];
    if !matches!(context.link, Link::Unopened) {
        actions.push(action(Pic::X, format!("Close the connection to {name}"), Act::Close(id.clone())));
    }
    actions.push(action(Pic::Copy, format!("Copy the name {name}"), Act::Copy(name.clone())));
    actions
}

fn action(icon: Pic, words: String, act: Act) -> Entry {
    Entry { list: List::Commands, mark: Mark::Icon(icon), words, form: Form::Said, sub: String::new(), key: None, act }
}

#[cfg(test)]
mod tests;
