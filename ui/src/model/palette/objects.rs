//! How does an object of an open context stand in the palette?
//!
//! Start at: [`entries`].

use std::rc::Rc;

use api::{
    ContextId,
    contexts::{ContextRow, Guard},
    objects::{ObjectHit, Searched, SearchedRow},
    tables::Kind,
};

use super::{Act, Entry, Form, List, Mark, ask};
use crate::{
    model::{clock, route::Route},
    widgets::Pic,
};

/// The letters that objects are searched for; none where a sign asks for something else.
pub fn wanted(typed: &str) -> Option<String> {
    match ask(typed) {
        (None, text) if !text.is_empty() => Some(text.to_owned()),
        (None | Some(_), _) => None,
    }
}

/// What was found: objects of this context by their kind, those of others by the tile of their context.
pub fn entries(hits: &[ObjectHit], contexts: &[Rc<ContextRow>], here: Option<&ContextId>) -> Vec<Entry> {
    hits.iter().filter_map(|hit| contexts.iter().find(|c| c.id == hit.context).map(|context| entry(hit, context, here == Some(&hit.context)))).collect()
}

fn entry(hit: &ObjectHit, context: &ContextRow, is_here: bool) -> Entry {
    let (list, mark) = if is_here { (List::Here, Mark::Icon(icon(hit.kind))) } else { (List::Elsewhere, Mark::Tile(context.tile.clone())) };
    let mut sub = one(hit.kind).to_owned();
    if !hit.namespace.is_empty() {
        sub.push_str(&format!(" in {}", hit.namespace));
    }
    if !is_here {
        sub.push_str(&format!(", {}", context.name));
    }
    if !is_here && context.guard == Guard::Protected {
        sub.push_str(", protected");
    }
    let act = Act::Go(Route::Object { context: hit.context.clone(), kind: hit.kind, namespace: hit.table.clone(), row: hit.row() });
    Entry { list, mark, words: hit.name.clone(), form: Form::Name, sub, key: None, act }
}

fn icon(kind: Kind) -> Pic {
    match kind {
        Kind::Pods => Pic::Box,
        Kind::Nodes => Pic::Server,
        Kind::Namespaces => Pic::Folder,
    }
}

fn one(kind: Kind) -> &'static str {
    match kind {
        Kind::Pods => "Pod",
        Kind::Nodes => "Node",
        Kind::Namespaces => "Namespace",
    }
}

/// How much is searched: `1,284 objects of 2 open contexts, still reading`.
pub fn reach(rows: &[Rc<SearchedRow>]) -> String {
    if rows.is_empty() {
        return "objects of open contexts are searched too".into();
    }
    let objects: usize = rows.iter().map(|row| row.objects as usize).sum();
    let whole = format!("{} of {}", clock::count(objects as u64, "object"), clock::count(rows.len() as u64, "open context"));
    if rows.iter().any(|row| row.state == Searched::Loading) {
        format!("{whole}, still reading")
    } else if rows.iter().any(|row| row.state == Searched::Part) {
        format!("{whole}, not all may be read")
    } else {
        whole
    }
}

#[cfg(test)]
mod tests;
