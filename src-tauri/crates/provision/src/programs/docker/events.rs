//! When was a container paused, as far as Docker remembers?
//!
//! No list and no inspection tells it. The daemon keeps its last few hundred events, of all that it does.

use std::collections::BTreeMap;

use api::Timestamp;
use serde::Deserialize;

use super::words;

/// Asks when these containers were paused within the last day. The answer ends by itself, because nothing later than `now` is
/// asked for.
pub fn pauses<'a>(names: impl IntoIterator<Item = &'a str>, now: Timestamp) -> Vec<String> {
    let until = format!("{}.{:03}", now.0 / 1_000, now.0 % 1_000);
    let mut args = words(&["events", "--since", "24h", "--until", &until, "--format", "{{json .}}", "--filter", "event=pause"]);
    for name in names {
        args.extend(["--filter".to_owned(), format!("container={name}")]);
    }
    args
}

#[derive(Deserialize)]
struct Event {
    #[serde(rename = "Action")]
    action: String,
    #[serde(rename = "Actor")]
    actor: Actor,
    #[serde(rename = "timeNano")]
    nanoseconds: u64,
}

#[derive(Deserialize)]
struct Actor {
    #[serde(rename = "Attributes")]
    attributes: Attributes,
}

#[derive(Deserialize)]
struct Attributes {
    name: String,
}

/// Reads the answer, one JSON object a line: each container by its name, and when it was paused last.
pub fn paused(out: &str) -> BTreeMap<String, Timestamp> {
    let mut last = BTreeMap::new();
    let events = out.lines().filter_map(|line| serde_json::from_str::<Event>(line).ok());
    for event in events.filter(|event| event.action == "pause") {
        let at = Timestamp(event.nanoseconds / 1_000_000);
        let known = last.entry(event.actor.attributes.name).or_insert(at);
        *known = at.max(*known);
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As Docker 28 writes it.
    const EVENTS: &str = r#"{"status":"pause","id":"5f0c2d1e9a7b","from":"kindest/node:v1.36.4","Type":"container","Action":"pause","Actor":{"ID":"5f0c2d1e9a7b","Attributes":{"image":"kindest/node:v1.36.4","io.x-k8s.kind.cluster":"w1","io.x-k8s.kind.role":"worker","name":"w1-md-0-x"}},"scope":"local","time":1795439070,"timeNano":1795439070123456789}
{"status":"unpause","id":"5f0c2d1e9a7b","from":"kindest/node:v1.36.4","Type":"container","Action":"unpause","Actor":{"ID":"5f0c2d1e9a7b","Attributes":{"name":"w1-md-0-x"}},"scope":"local","time":1795439080,"timeNano":1795439080000000000}
{"Type":"container","Action":"pause","Actor":{"ID":"5f0c2d1e9a7b","Attributes":{"name":"w1-md-0-x"}},"scope":"local","time":1795442400,"timeNano":1795442400500000000}
{"Type":"container","Action":"pause","Actor":{"ID":"77aa","Attributes":{"image":"kindest/haproxy:v20230606-42a2262b","name":"w1-lb"}},"scope":"local","time":1795442401,"timeNano":1795442401000000000}
not JSON at all
{"Type":"container","Action":"pause","Actor":{"ID":"88bb","Attributes":{}},"scope":"local","time":1795442401,"timeNano":1795442401000000000}
"#;

    #[test]
    fn the_last_pause_of_each_container_is_read_and_an_odd_line_hides_no_other() {
        let read: Vec<(String, Timestamp)> = paused(EVENTS).into_iter().collect();
        assert_eq!(read, [("w1-lb".to_owned(), Timestamp(1_795_442_401_000)), ("w1-md-0-x".to_owned(), Timestamp(1_795_442_400_500))]);
        assert_eq!(paused(""), BTreeMap::new(), "Docker remembers nothing");
    }

    #[test]
    fn pauses_are_asked_for_until_now_so_that_the_answer_ends() {
        let asked = pauses(["w1-lb", "w1-md-0-x"], Timestamp(1_795_439_070_045)).join(" ");
        assert_eq!(
            asked,
            "events --since 24h --until 1795439070.045 --format {{json .}} --filter event=pause --filter container=w1-lb --filter container=w1-md-0-x"
        );
    }
}
