//! What does the user want of a context?

use api::contexts::{AnswerTrust, AskTrust, Asked, CloseContext, Guard, LeaveAt, OpenContext, SetFavourite, SetGuard, SetNamespaces, TryNow};
use api::{ContextId, Done, Fault, FaultCode, Fix};

use crate::realm::Realm;

/// A person types a handful; more is a mistake.
const MOST_NAMESPACES: usize = 100;

pub(super) async fn open(realm: &Realm, call: &OpenContext) -> Result<Done, Fault> {
    realm.fleet.read_before_refusing(&call.context);
    realm.sessions.open(&call.context).await?;
    // The program that it signs in with may be there by now.
    realm.find_programs();
    Ok(Done)
}

pub(super) async fn close(realm: &Realm, call: &CloseContext) -> Result<Done, Fault> {
    realm.fleet.known(&call.context)?;
    realm.sessions.close(&call.context).await;
    Ok(Done)
}

pub(super) fn try_now(realm: &Realm, call: &TryNow) -> Result<Done, Fault> {
    realm.fleet.known(&call.context)?;
    realm.sessions.try_now(&call.context).map(|()| Done)
}

pub(super) fn set_guard(realm: &Realm, call: &SetGuard) -> Result<Done, Fault> {
    let found = realm.fleet.known(&call.context)?;
    match (call.guard, realm.settings.choices().rule_for(&found.name)) {
        (Guard::Protected, _) => {}
        (Guard::Open, Some(rule)) => {
            let fault = Fault::new(FaultCode::Invalid, format!("{} stays protected: the rule {rule} means it.", found.name));
            return Err(fault.unharmed("Nothing was changed.").fix(Fix::OpenSettings));
        }
        (Guard::Open, None) => check_typed(realm, &call.context, &call.typed, "It stays protected.")?,
    }
    realm.fleet.remember(&call.context, |c| c.guard = call.guard).map(|()| Done)
}

/// Refuses what a protected context asks its name for, while that is not typed.
pub(super) fn check_typed(realm: &Realm, context: &ContextId, typed: &str, unharmed: &str) -> Result<(), Fault> {
    let row = realm.fleet.contexts().rows().into_iter().find(|row| row.id == *context && row.guard == Guard::Protected);
    match row.filter(|row| row.name != typed) {
        Some(row) => Err(Fault::new(FaultCode::Invalid, format!("To do this, type {}.", row.name)).unharmed(unharmed)),
        None => Ok(()),
    }
}

pub(super) fn set_favourite(realm: &Realm, call: &SetFavourite) -> Result<Done, Fault> {
    realm.fleet.known(&call.context)?;
    realm.fleet.remember(&call.context, |c| c.favourite = call.favourite).map(|()| Done)
}

pub(super) fn set_namespaces(realm: &Realm, call: &SetNamespaces) -> Result<Done, Fault> {
    realm.fleet.known(&call.context)?;
    if call.namespaces.len() > MOST_NAMESPACES {
        return Err(Fault::new(FaultCode::Invalid, format!("More than {MOST_NAMESPACES} namespaces cannot be kept for one context.")));
    }
    if let Some(odd) = call.namespaces.iter().find(|name| !is_label(name)) {
        return Err(no_namespace(odd));
    }
    realm.fleet.remember(&call.context, |c| c.namespaces = call.namespaces.clone())?;
    // Who types one a second time was given a right meanwhile.
    realm.sessions.look_again(&call.context);
    Ok(Done)
}

pub(super) fn leave_at(realm: &Realm, call: &LeaveAt) -> Result<Done, Fault> {
    realm.fleet.known(&call.context)?;
    check_namespace(&call.namespace)?;
    realm.fleet.remember(&call.context, |c| c.left_at = call.namespace.clone()).map(|()| Done)
}

/// Refuses what no namespace is called: it becomes part of a path. Empty means all of them.
pub(crate) fn check_namespace(name: &str) -> Result<(), Fault> {
    if name.is_empty() || is_label(name) { Ok(()) } else { Err(no_namespace(name)) }
}

fn no_namespace(typed: &str) -> Fault {
    Fault::new(FaultCode::Invalid, "A namespace has lower-case letters, digits and dashes, at most 63.").because("typed", typed)
}

pub(super) async fn ask_trust(realm: &Realm, call: &AskTrust) -> Result<Asked, Fault> {
    realm.sessions.ask_trust(&call.context).await
}

pub(super) async fn answer_trust(realm: &Realm, call: &AnswerTrust) -> Result<Done, Fault> {
    realm.sessions.answer_trust(&call.context, &call.seen, call.answer).await.map(|()| Done)
}

/// A DNS label, as Kubernetes wants it for namespaces.
fn is_label(name: &str) -> bool {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let edge = |c: Option<char>| c.is_some_and(|c| c != '-');
    (1..=63).contains(&name.len()) && name.chars().all(inner) && edge(name.chars().next()) && edge(name.chars().last())
}

#[cfg(test)]
mod tests {
    use super::{check_namespace, is_label};

    #[test]
    fn namespaces_typed_by_hand_are_labels() {
        for (name, good) in [("default", true), ("a", true), ("a-1", true), ("-a", false), ("a-", false), ("A", false), ("", false), ("a/b", false)] {
            assert_eq!(is_label(name), good, "{name}");
        }
        assert!(is_label(&"a".repeat(63)) && !is_label(&"a".repeat(64)));
        assert!(check_namespace("").is_ok() && check_namespace("shop").is_ok() && check_namespace("../shop").is_err());
    }
}
