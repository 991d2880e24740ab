//! What does the line at the bottom say of a cluster that is watched?

use api::Timestamp;
use yew::prelude::*;

use crate::{
    model::time::age,
    shell::{
        saying::{Said, use_saying},
        status_line::{self, Lead},
    },
};

#[derive(Properties, PartialEq)]
pub(in crate::pages) struct WatchingProps {
    /// As many kinds are watched.
    pub(in crate::pages) kinds: u32,
    #[prop_or_default]
    pub(in crate::pages) changed: Option<Timestamp>,
    /// What shows the same, where it is not what the page shows as a rule.
    #[prop_or_default]
    pub(in crate::pages) command: Option<AttrValue>,
    pub(in crate::pages) now: Timestamp,
}

/// Says for how many kinds the cluster is watched and when it last changed, for as long as it is shown.
#[component]
pub(in crate::pages) fn Watching(props: &WatchingProps) -> Html {
    use_saying(Said { command: props.command.clone(), about: told(props.kinds, props.changed, props.now), ..Said::default() });
    Html::default()
}

/// `Watching 11 kinds`, `Last change 2 s ago`; what nobody knows is left out.
pub(in crate::pages) fn told(kinds: u32, changed: Option<Timestamp>, now: Timestamp) -> Vec<status_line::Said> {
    let kinds = match kinds {
        0 => None,
        1 => Some("Watching 1 kind".to_owned()),
        kinds => Some(format!("Watching {kinds} kinds")),
    };
    let changed = changed.map(|at| format!("Last change {} ago", age(now.since(at))));
    kinds.into_iter().chain(changed).map(|words| status_line::Said { lead: Lead::None, words: words.into() }).collect()
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use api::capi::{TreeRow, TreeState};

    use super::*;
    use crate::model::parts::Parts;

    #[test]
    fn a_cluster_says_how_many_kinds_are_watched_and_when_it_last_changed() {
        let row = |second: Option<u64>| {
            let (kind, name, since) = ("Machine".into(), "lab-1".into(), second.map(|s| Timestamp(s * 1_000)));
            Rc::new(TreeRow { order: 0, depth: 1, kind, name, state: TreeState::Running, ready: None, since, on_the_way: false })
        };
        let now = Timestamp(100_000);
        for (watched, tree, wanted) in [
            (11, vec![row(Some(40)), row(Some(98)), row(None)], "Watching 11 kinds, Last change 2 s ago"),
            (1, vec![row(None)], "Watching 1 kind"),
            (0, vec![row(Some(10))], "Last change 1 min ago"),
            (0, vec![], ""),
        ] {
            let changed = Parts { tree, ..Parts::default() }.changed();
            let words: Vec<String> = told(watched, changed, now).iter().map(|said| said.words.to_string()).collect();
            assert_eq!(words.join(", "), wanted);
        }
    }
}
