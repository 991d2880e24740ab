//! How does a context stand in the fleet?
//!
//! Pure: what the files say, what KOS remembers and how the connection is, in one row.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use api::contexts::{Away, ContextRow, Guard, Identity, Link, SignIn};
use api::files::{Problem, Severity};
use api::settings::rule_matches;
use api::{ContextId, Millis};
use cluster::skew::Skew;
use cluster::visible;
use kubeconfig::{CurrentContext, Fleet, Resolved};

use super::held::{DROPPED, Held, Standing};
use crate::answers::check_namespace;
use crate::memory::Remembered;
use crate::tile::tile;

/// What an open connection knows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct View {
    pub(crate) link: Link,
    /// Empty until the server said it.
    pub(crate) version: String,
    pub(crate) identity: Option<Identity>,
    /// When the credential in use ends, where that is known only now.
    pub(crate) expires: Option<api::Timestamp>,
    pub(crate) place: Place,
    /// When its server was not reached.
    pub(crate) away: Vec<Away>,
    /// How far the clock of this computer is off.
    pub(crate) skew: Option<Skew>,
}

/// Whether the cluster at an address is the one that was there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// As far as is known.
    Same,
    /// It was made again, or another one stands there now.
    Taken,
}

/// What tells one cluster from another, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Marks<'a> {
    /// Of its oldest namespace, which is made once in its life.
    pub(crate) uid: Option<&'a str>,
    /// Of the authority that its entry trusts.
    pub(crate) authority: Option<&'a str>,
}

impl Place {
    /// What is known once a cluster answers. One that says the same of itself is the same, also when its authority was
    /// exchanged; of one that does not say which it is, another authority tells another cluster.
    pub(crate) fn after(self, before: Marks, now: Marks) -> Self {
        let differs = match (before.uid, now.uid) {
            (Some(before), Some(now)) => before != now,
            (Some(_) | None, Some(_) | None) => before.authority.zip(now.authority).is_some_and(|(before, now)| before != now),
        };
        if differs { Self::Taken } else { self }
    }
}

/// What the settings say of contexts, by their names.
#[derive(Debug, Default)]
pub(crate) struct Own {
    /// Rules by which contexts are protected.
    pub(crate) protect: Vec<String>,
    /// Where contexts open.
    pub(crate) namespaces: BTreeMap<String, String>,
}

impl Own {
    /// A text that is no namespace counts as none: it would become part of a path.
    fn opens_in(&self, context: &str) -> Option<String> {
        self.namespaces.get(context).filter(|namespace| check_namespace(namespace).is_ok()).cloned()
    }
}

/// Rows of all contexts: those of the files, then those that are open although their file dropped them.
pub(super) fn rows(fleet: &Fleet, held: &Held, remembered: &Remembered, views: &HashMap<ContextId, View>, own: &Own) -> Vec<ContextRow> {
    let listed = fleet.contexts.iter().map(|context| (context, Standing::Listed));
    let all = listed.chain(held.dropped().map(|context| (context, Standing::Dropped))).zip(0..);
    all.map(|((context, standing), order)| row(context, standing, order, remembered, views.get(&context.id), own)).collect()
}

fn row(context: &Resolved, standing: Standing, order: u32, remembered: &Remembered, view: Option<&View>, own: &Own) -> ContextRow {
    let known = remembered.contexts.get(&context.id.0).cloned().unwrap_or_default();
    let expires = view.and_then(|v| v.expires).or(context.sign_in.expires);
    ContextRow {
        id: context.id.clone(),
        name: visible::text(&context.name).into_owned(),
        file: context.file.clone(),
        order,
        tile: tile(&context.name),
        server: visible::text(&context.server).into_owned(),
        namespace: visible::text(&context.namespace).into_owned(),
        namespaces: known.namespaces,
        left_at: own.opens_in(&context.name).unwrap_or(known.left_at),
        sign_in: SignIn { way: context.sign_in.way.clone(), expires },
        tls: context.tls,
        guard: if own.protect.iter().any(|rule| rule_matches(rule, &context.name)) { Guard::Protected } else { known.guard },
        own_guard: known.guard,
        favourite: known.favourite,
        link: view.map_or(Link::Unopened, |v| v.link.clone()),
        version: view.map(|v| v.version.clone()).filter(|v| !v.is_empty()).unwrap_or(known.version),
        identity: view.and_then(|v| v.identity.clone()),
        last_used: known.last_used,
        problems: problems(context, standing, view),
        current_for_kubectl: standing == Standing::Listed && context.current == CurrentContext::Yes && context.id.0.starts_with('#'),
        workload: remembered.workloads.get(context.file.as_str()).map(|kept| kept.of.clone()),
        away: view.map(|v| v.away.clone()).unwrap_or_default(),
    }
}

/// What the files say about an entry, what its name hides, and what only its connection could tell.
fn problems(context: &Resolved, standing: Standing, view: Option<&View>) -> Vec<Problem> {
    let told = |rule: &str, sentence: &str| Problem {
        rule: rule.to_owned(),
        severity: Severity::Risk,
        line: 0,
        entry: format!("context {}", visible::text(&context.name)),
        sentence: sentence.to_owned(),
    };
    let mut all = context.problems.clone();
    if standing == Standing::Dropped {
        let sentence = "No kubeconfig file names this context any more. It stays open until you close it, and opens again only with its entry.";
        all.push(told(DROPPED, sentence));
    }
    if view.is_some_and(|view| view.place == Place::Taken) {
        let sentence = "Another cluster answers at this address than before: it was made again, or one took the place of the other. \
                        Everything shown was read anew.";
        all.push(told("KC31", sentence));
    }
    if let Some(skew) = view.and_then(|view| view.skew) {
        all.push(told("KC34", &skewed(skew)));
    }
    if deceives(&context.name) {
        all.push(told("KC32", "The name has marks that are not seen, or letters that look like others: it may be taken for another name."));
    }
    all
}

/// What a clock that is off does to what is shown.
fn skewed(skew: Skew) -> String {
    let (by, side) = match skew {
        Skew::Ahead(by) => (by, "ahead of"),
        Skew::Behind(by) => (by, "behind"),
    };
    let span = match by {
        Millis(ms @ ..120_000) => format!("{} s", ms / 1_000),
        Millis(ms @ 120_000..7_200_000) => format!("{} min", ms / 60_000),
        Millis(ms) => format!("{} h", ms / 3_600_000),
    };
    format!(
        "The clock of this computer is {span} {side} the server's. Ages are wrong by that, and a certificate may seem to have ended or not to be \
         valid yet."
    )
}

/// Whether a name can look like one that it is not: it has marks that nobody sees, or letters of two scripts that look alike.
fn deceives(name: &str) -> bool {
    let alike = |c: char| matches!(c, '\u{370}'..='\u{3ff}' | '\u{400}'..='\u{52f}' | '\u{ff21}'..='\u{ff5a}');
    matches!(visible::text(name), Cow::Owned(_)) || (name.chars().any(|c| c.is_ascii_alphabetic()) && name.chars().any(alike))
}

#[cfg(test)]
mod tests {
    use api::Millis;
    use cluster::skew::Skew;

    use super::{Marks, Place, deceives, skewed};

    #[test]
    fn a_name_that_looks_like_another_is_known() {
        for name in ["prod", "prod-eu-1", "дом", "arn:aws:eks:eu-west-1:123:cluster/x", "prod (東京)"] {
            assert!(!deceives(name), "{name}");
        }
        for name in ["pr\u{43e}d", "prod\u{200b}", "\u{202e}dorp", "\u{ff50}rod", "α-prod"] {
            assert!(deceives(name), "{name:?}");
        }
    }

    #[test]
    fn a_clock_that_is_off_is_told_by_how_much_and_to_which_side() {
        for (skew, words) in [
            (Skew::Ahead(Millis::seconds(45)), "is 45 s ahead of the server's"),
            (Skew::Behind(Millis::seconds(120)), "is 2 min behind the server's"),
            (Skew::Ahead(Millis::seconds(3_600)), "is 60 min ahead of the server's"),
            (Skew::Behind(Millis::seconds(3 * 3_600)), "is 3 h behind the server's"),
        ] {
            assert!(skewed(skew).contains(words), "{}", skewed(skew));
        }
    }

    #[test]
    fn another_cluster_is_known_by_what_it_says_of_itself() {
        for (before, now, place) in
            [(None, Some("b"), Place::Same), (Some("a"), Some("a"), Place::Same), (Some("a"), None, Place::Same), (Some("a"), Some("b"), Place::Taken)]
        {
            let (before, now) = (Marks { uid: before, authority: None }, Marks { uid: now, authority: None });
            assert_eq!(Place::Same.after(before, now), place, "{before:?}, then {now:?}");
            assert_eq!(Place::Taken.after(before, now), Place::Taken, "it is said until the context is closed");
        }
    }

    #[test]
    fn another_authority_tells_another_cluster_where_nobody_may_ask_which_it_is() {
        let marks = |uid, authority| Marks { uid, authority };
        for (before, now, place) in [
            (marks(None, Some("x")), marks(None, Some("y")), Place::Taken),
            (marks(Some("a"), Some("x")), marks(None, Some("y")), Place::Taken),
            (marks(None, Some("x")), marks(Some("a"), Some("y")), Place::Taken),
            (marks(None, Some("x")), marks(None, Some("x")), Place::Same),
            (marks(None, None), marks(None, Some("y")), Place::Same),
            (marks(None, Some("x")), marks(None, None), Place::Same),
            // Its authority was exchanged; the cluster says that it is the same.
            (marks(Some("a"), Some("x")), marks(Some("a"), Some("y")), Place::Same),
            // One authority may sign for several clusters.
            (marks(Some("a"), Some("x")), marks(Some("b"), Some("x")), Place::Taken),
        ] {
            assert_eq!(Place::Same.after(before, now), place, "{before:?}, then {now:?}");
        }
    }
}
