//! Which pages of Cluster API can be gone to?

use std::rc::Rc;

use api::{ContextId, contexts::ContextRow};

use super::{Act, Entry, Form, List, Mark};
use crate::{model::route::Route, widgets::Pic};

type Way = (Pic, &'static str, fn(ContextId) -> Route);

/// As the sidebar names them, in its order.
const WAYS: [Way; 5] = [
    (Pic::Boxes, "Clusters", Route::Clusters),
    (Pic::Server, "Machines", Route::Machines),
    (Pic::Shapes, "Cluster classes", Route::Classes),
    (Pic::Plug, "Providers", Route::Providers),
    (Pic::History, "Past runs", Route::Runs),
];

/// Those of the context one is in, then those of every other management context. Its name stands beside them and not in
/// them: who types it means the context itself.
pub fn ways(here: Option<&ContextId>, managers: &[Rc<ContextRow>]) -> Vec<Entry> {
    let entry = |(icon, words, route): Way, context: &ContextId, sub: &str| Entry {
        list: List::Kinds,
        mark: Mark::Icon(icon),
        words: words.to_owned(),
        form: Form::Said,
        sub: sub.to_owned(),
        key: None,
        act: Act::Go(route(context.clone())),
    };
    let own = here.into_iter().flat_map(|context| WAYS.map(|way| entry(way, context, "of Cluster API in this context")));
    let others = managers.iter().filter(|row| here != Some(&row.id));
    own.chain(others.flat_map(|row| WAYS.map(|way| entry(way, &row.id, &format!("of {}", row.name))))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{palette::find, samples};

    fn context(name: &str) -> Rc<ContextRow> {
        Rc::new(ContextRow { id: name.into(), ..samples::context(name) })
    }

    #[test]
    fn clusters_machines_classes_and_runs_of_each_management_context_can_be_gone_to() {
        let managers = [context("mgmt-a"), context("mgmt-b")];
        let here = ContextId::from("mgmt-a");
        let all = ways(Some(&here), &managers);
        let went = |typed: &str| find(&all, typed).into_iter().map(|found| (found.entry.sub, found.entry.act)).collect::<Vec<_>>();
        let both = |route: fn(ContextId) -> Route| {
            let own = ("of Cluster API in this context".to_owned(), Act::Go(route(here.clone())));
            [own, ("of mgmt-b".to_owned(), Act::Go(route("mgmt-b".into())))]
        };
        assert_eq!(went(":past runs"), both(Route::Runs));
        assert_eq!(went(":machines"), both(Route::Machines));
        assert_eq!(went(":cluster classes"), both(Route::Classes));
        assert_eq!(went(":clusters")[..2], both(Route::Clusters));
        assert_eq!(went("mgmt-b"), [], "a context is found by its own entry");
        assert_eq!(ways(None, &managers).len(), 10, "from the fleet each is named with its context");
        assert_eq!(ways(Some(&"plain".into()), &[]).len(), 5, "any context may hold Cluster API");
    }
}
