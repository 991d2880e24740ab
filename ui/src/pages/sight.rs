//! How much of a management cluster may one see, and how does one see more?

use std::rc::Rc;

use api::{Fix, Status, watched::WatchedRow};
use yew::prelude::*;

use super::{
    table::{by_hand::ByHand, denied::Denied},
    waiting::told,
};
use crate::{
    model::quoted::quoted,
    widgets::{Banner, BannerForm, State},
};

/// What a page about clusters knows of what is out of sight.
#[derive(Clone, Default, PartialEq)]
pub struct Sight {
    pub watched: Rc<WatchedRow>,
    /// The name of the context.
    pub context: String,
    /// Who the server says was refused.
    pub identity: String,
    /// A namespace is typed by hand.
    pub on_by_hand: Callback<String>,
    pub on_fix: Callback<Fix>,
}

/// What stands above the rows of namespaces that one may see: that there may be others.
pub(super) fn part(sight: &Sight, what: &str) -> Html {
    let Some(words) = words(&sight.watched) else { return Html::default() };
    let head = format!("You may not list {what} in all namespaces.");
    // Where nothing is seen, what stands in place of the rows asks for a namespace already.
    let actions = if sight.watched.namespaces.is_empty() {
        Html::default()
    } else {
        html! { <ByHand on_by_hand={sight.on_by_hand.clone()} /> }
    };
    html! { <Banner state={State::Warning} form={BannerForm::Flush} {head} {actions}><span class="t2">{ words }</span></Banner> }
}

/// The command that shows the same where one namespace alone is seen; the one of all namespaces would be refused.
pub(super) fn command(sight: &Sight, kinds: &str) -> Option<AttrValue> {
    let WatchedRow { namespaces, denied: Some(_), .. } = &*sight.watched else { return None };
    let [namespace] = namespaces.as_slice() else { return None };
    Some(format!("kubectl --context {} get {kinds} --namespace {namespace} --watch", quoted(&sight.context)).into())
}

/// What stands in place of rows that are not here; who is refused may type a namespace.
pub(super) fn instead(status: &Status, is_empty: bool, sight: &Sight) -> Option<Html> {
    match status {
        Status::Denied { why } if is_empty => Some(html! {
            <Denied why={why.clone()} identity={sight.identity.clone()} by_hand={Vec::<String>::new()} on_namespace={Callback::<String>::noop()} on_by_hand={sight.on_by_hand.clone()} on_fix={sight.on_fix.clone()} />
        }),
        Status::Denied { .. } | Status::Loading | Status::Live | Status::Stale { .. } | Status::Closed => told(status, is_empty),
    }
}

/// `Shown is what stands in shop and web. The server refuses db too.`
fn words(watched: &WatchedRow) -> Option<String> {
    watched.denied.as_ref()?;
    let shown = (!watched.namespaces.is_empty()).then(|| format!("Shown is what stands in {}.", all(&watched.namespaces)));
    let refused = (!watched.refused.is_empty()).then(|| format!("The server refuses {} too.", all(&watched.refused)));
    let words: Vec<String> = shown.into_iter().chain(refused).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

fn all(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use api::{Fault, FaultCode};

    use super::*;

    #[test]
    fn who_sees_one_namespace_is_shown_the_command_of_that_one() {
        let sight = |namespaces: &[&str], denied: Option<Fault>| {
            let namespaces = namespaces.iter().map(|name| (*name).to_owned()).collect();
            Sight { context: "kos mgmt".into(), watched: Rc::new(WatchedRow { namespaces, denied, ..WatchedRow::default() }), ..Sight::default() }
        };
        let denied = || Some(Fault::new(FaultCode::Denied, "no"));
        let one = command(&sight(&["shop"], denied()), "clusters");
        assert_eq!(one.as_deref(), Some("kubectl --context 'kos mgmt' get clusters --namespace shop --watch"));
        assert_eq!(command(&sight(&["shop", "web"], denied()), "clusters"), None, "no one command shows two");
        assert_eq!(command(&sight(&[], None), "clusters"), None);
    }

    #[test]
    fn it_is_said_which_namespaces_are_seen_and_which_are_refused() {
        let names = |all: &str| all.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        for (namespaces, refused, wanted) in [
            ("shop", "", Some("Shown is what stands in shop.")),
            ("shop web a", "db", Some("Shown is what stands in shop, web and a. The server refuses db too.")),
            ("", "db", Some("The server refuses db too.")),
            ("", "", None),
        ] {
            let denied = Some(Fault::new(FaultCode::Denied, "no"));
            let row = WatchedRow { kinds: 9, namespaces: names(namespaces), refused: names(refused), denied };
            assert_eq!(words(&row).as_deref(), wanted);
            assert_eq!(words(&WatchedRow { denied: None, ..row }), None, "all of it is seen");
        }
    }
}
