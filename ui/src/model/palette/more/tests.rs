use super::*;
use crate::model::samples;

fn context(favourite: Favourite, guard: Guard, link: Link) -> Rc<ContextRow> {
    Rc::new(ContextRow { id: "f#dev".into(), guard, favourite, link, ..samples::context("dev") })
}

fn entry(act: Act) -> Entry {
    action(Pic::Box, "web-1".into(), act)
}

fn words(entry: &Entry, contexts: &[Rc<ContextRow>]) -> Vec<String> {
    more(entry, contexts).into_iter().map(|one| one.words).collect()
}

#[test]
fn a_context_is_pinned_protected_and_closed_from_the_palette() {
    let enter = entry(Act::Enter("f#dev".into()));
    assert_eq!(words(&enter, &[context(Favourite::No, Guard::Open, Link::Unopened)]), ["Open dev", "Pin dev to the rail", "Protect dev", "Copy the name dev"]);
    let live = Link::Live { since: api::Timestamp(0), latency: api::Millis(1) };
    assert_eq!(
        words(&enter, &[context(Favourite::Pinned { place: 0 }, Guard::Protected, live)]),
        ["Open dev", "Take dev off the rail", "No longer protect dev…", "Close the connection to dev", "Copy the name dev"]
    );
    assert_eq!(words(&enter, &[]), Vec::<String>::new(), "a context that left has no actions");
}

#[test]
fn an_object_leads_to_its_neighbours_too() {
    let of = |kind, row: &str| entry(Act::Go(Route::Object { context: "f#dev".into(), kind, namespace: String::new(), row: row.into() }));
    assert_eq!(words(&of(Kind::Pods, "shop/web-1"), &[]), ["Show web-1", "Show all pods of shop", "Copy the name web-1"]);
    assert_eq!(words(&of(Kind::Nodes, "/web-1"), &[]), ["Show web-1", "Copy the name web-1"]);
    assert_eq!(words(&of(Kind::Namespaces, "/web-1"), &[]), ["Show web-1", "Show the pods of web-1", "Copy the name web-1"]);
}

#[test]
fn a_command_has_no_further_actions() {
    assert_eq!(more(&entry(Act::CheckAll), &[]), []);
}
