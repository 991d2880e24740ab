//! How does an object of an open context stand in the palette?
//!
//! Start at: [`entries`].

use std::rc::Rc;

use api::{
    ContextId,
    contexts::{ContextRow, Guard},
    objects::{Made, MadeHit, ObjectHit, Searched, SearchedRow},
    tables::{Kind, TableRow},
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
    let act = Route::Object { context: hit.context.clone(), kind: hit.kind, namespace: hit.table.clone(), row: hit.row() };
    let sub = if hit.namespace.is_empty() { one(hit.kind).to_owned() } else { format!("{} in {}", one(hit.kind), hit.namespace) };
    placed(context, is_here, icon(hit.kind), &hit.name, sub, act)
}

/// What management clusters hold, in the same way.
pub fn made(hits: &[MadeHit], contexts: &[Rc<ContextRow>], here: Option<&ContextId>) -> Vec<Entry> {
    let entry = |hit: &MadeHit, context: &ContextRow| {
        let (namespace, name) = (hit.namespace.clone(), hit.name.clone());
        let (icon, sub, route) = match &hit.what {
            Made::Cluster => {
                (Pic::Boxes, format!("Workload cluster in {namespace}"), Route::Cluster { context: hit.context.clone(), namespace: namespace.clone(), name })
            }
            Made::Machine { cluster } => (
                Pic::Server,
                format!("Machine of {cluster} in {namespace}"),
                Route::Machine { context: hit.context.clone(), namespace: namespace.clone(), cluster: cluster.clone(), name },
            ),
        };
        placed(context, here == Some(&hit.context), icon, &hit.name, sub, route)
    };
    hits.iter().filter_map(|hit| contexts.iter().find(|c| c.id == hit.context).map(|context| entry(hit, context))).collect()
}

/// Beside what it is, an object elsewhere says where.
fn placed(context: &ContextRow, is_here: bool, icon: Pic, name: &str, mut sub: String, route: Route) -> Entry {
    let (list, mark) = if is_here { (List::Here, Mark::Icon(icon)) } else { (List::Elsewhere, Mark::Tile(context.tile.clone())) };
    if !is_here {
        sub.push_str(&format!(", {}", context.name));
    }
    if !is_here && context.guard == Guard::Protected {
        sub.push_str(", protected");
    }
    Entry { list, mark, words: name.to_owned(), form: Form::Name, sub, key: None, act: Act::Go(route) }
}

/// Whether namespaces alone are asked for.
pub fn wants_namespaces(typed: &str) -> bool {
    ask(typed).0 == Some(List::Namespaces)
}

/// The namespaces that a context has now, besides those that are listed already because they were typed by hand.
pub fn namespaces(rows: &[Rc<TableRow>], listed: &[Entry], context: &ContextRow) -> Vec<Entry> {
    let typed = |name: &str| listed.iter().any(|entry| entry.list == List::Namespaces && entry.words == name);
    let mut names: Vec<&str> = rows.iter().map(|row| row.name()).filter(|name| !typed(name)).collect();
    names.sort_unstable();
    names.into_iter().map(|name| namespace(context, name)).collect()
}

/// A namespace leads to its pods.
pub fn namespace(context: &ContextRow, name: &str) -> Entry {
    Entry {
        list: List::Namespaces,
        mark: Mark::Icon(Pic::Folder),
        words: name.to_owned(),
        form: Form::Name,
        sub: format!("pods of {}", context.name),
        key: None,
        act: Act::Go(Route::Table { context: context.id.clone(), kind: Kind::Pods, namespace: name.to_owned() }),
    }
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
