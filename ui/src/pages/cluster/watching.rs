//! What does the line at the bottom say of a cluster?

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
pub(super) struct WatchingProps {
    /// As many kinds are watched.
    pub(super) kinds: u32,
    pub(super) changed: Option<Timestamp>,
    pub(super) now: Timestamp,
}

/// Says for how many kinds the cluster is watched and when it last changed, for as long as it is shown.
#[component]
pub(super) fn Watching(props: &WatchingProps) -> Html {
    let about = told(props.kinds, props.changed, props.now).into_iter().map(|words| status_line::Said { lead: Lead::None, words: words.into() }).collect();
    use_saying(Said { about, ..Said::default() });
    Html::default()
}

/// `Watching 11 kinds`, `Last change 2 s ago`; what nobody knows is left out.
fn told(kinds: u32, changed: Option<Timestamp>, now: Timestamp) -> Vec<String> {
    let kinds = match kinds {
        0 => None,
        1 => Some("Watching 1 kind".to_owned()),
        kinds => Some(format!("Watching {kinds} kinds")),
    };
    let changed = changed.map(|at| format!("Last change {} ago", age(now.since(at))));
    kinds.into_iter().chain(changed).collect()
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
            assert_eq!(told(watched, changed, now).join(", "), wanted);
        }
    }
}
