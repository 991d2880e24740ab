use std::collections::BTreeMap;

use api::capi::{ClusterPart, EventRow, EventTone};
use api::{Row as _, RowId, Timestamp};
use rstest::rstest;

use super::{Page, PageChange};
use crate::explain::Facts;
use crate::lanes::{Usual, lanes};
use crate::object::Object;
use crate::recorded::{self, at};
use crate::{ClusterKey, Graph, Reached, head};

/// What a reader of a page holds.
#[derive(Debug, Default, PartialEq, Eq)]
struct Held(BTreeMap<RowId, ClusterPart>);

impl Held {
    fn take(&mut self, change: PageChange) {
        self.0.extend(change.set.into_iter().map(|row| (row.id(), row)));
        change.gone.iter().for_each(|id| drop(self.0.remove(id)));
    }
}

fn draw(page: &mut Page, graph: &Graph, key: &ClusterKey) -> PageChange {
    let facts = Facts { now: at("13:45:00"), ..Facts::default() };
    let Some(head) = head(graph, key, &facts) else { return page.clear() };
    let lanes = lanes(graph, key, |_| Reached::default(), &Usual::default());
    page.draw(graph, key, &facts, head, lanes.into_iter().map(ClusterPart::Lane).collect())
}

fn anew(graph: &Graph, key: &ClusterKey) -> Held {
    let mut held = Held::default();
    held.take(draw(&mut Page::default(), graph, key));
    held
}

#[rstest]
#[case::of_containers("events/w1-create-1cp-1w.jsonl.gz", "w1")]
#[case::without_containers("events/in-memory.jsonl.gz", "wl1")]
#[case::that_is_upgraded("events/w1-upgrade-1.36.3-1.36.4.jsonl.gz", "w1")]
#[case::that_loses_a_machine("events/w1-mhc-remediation-worker.jsonl.gz", "w1")]
fn after_every_event_of_a_real_cluster_its_page_is_as_one_drawn_anew(#[case] recording: &str, #[case] name: &str) {
    let key = recorded::key("default", name);
    let (mut graph, mut page, mut held) = (Graph::default(), Page::default(), Held::default());
    let mut drawn = 0;
    for event in recorded::events(recording) {
        let Ok(object) = Object::read(&event["object"]) else { continue };
        let touched = if event["type"] == "DELETED" { graph.remove(&object.id) } else { graph.put(object) };
        if touched.as_ref() == Some(&key) {
            held.take(draw(&mut page, &graph, &key));
            assert_eq!(held, anew(&graph, &key), "{event}");
            drawn += 1;
        }
    }
    assert!(drawn > 50, "{drawn}");
}

#[test]
fn the_page_of_a_cluster_that_is_gone_is_empty_and_is_whole_when_it_comes_back() {
    let (graph, key) = (recorded::graph("in-memory/04-running.yaml"), recorded::key("default", "wl1"));
    let (mut page, mut held) = (Page::default(), Held::default());
    let mut all = draw(&mut page, &graph, &key);
    page.draw_written(1, || vec![told("a")], &mut all);
    held.take(all);
    held.take(draw(&mut page, &Graph::default(), &key));
    assert_eq!(held, Held::default());
    held.take(draw(&mut page, &graph, &key));
    assert_eq!(held, anew(&graph, &key));
}

fn told(id: &str) -> ClusterPart {
    let text = String::new;
    ClusterPart::Event(EventRow {
        id: id.into(),
        at: Timestamp(1),
        kind: text(),
        name: text(),
        reason: text(),
        message: text(),
        tone: EventTone::Normal,
        count: 1,
        source: text(),
    })
}

#[test]
fn what_was_written_is_drawn_when_there_is_more_of_it() {
    let mut page = Page::default();
    let mut write = |by_now, ids: &[&str]| {
        let mut change = PageChange::default();
        page.draw_written(by_now, || ids.iter().map(|id| told(id)).collect(), &mut change);
        (change.set.len(), change.gone.len())
    };
    assert_eq!(write(1, &["a"]), (1, 0));
    assert_eq!(write(1, &["nobody", "looks"]), (0, 0));
    assert_eq!(write(3, &["b", "c"]), (2, 1));
}
