//! Do tables stay true when streams break, versions are lost and objects cannot be read?

use std::sync::Arc;
use std::time::Duration;

use api::Status;
use api::contexts::Link;
use api::tables::{Kind, TableRow};
use cluster::session::{Limits, Session};
use cluster::tables::Rows;
use cluster::watch::{Pace, Table};

use crate::fakes::{Eager, Shown, bare_network, screen, target, until};
use crate::server::{After, Reply, Seen, Server, healthy};

/// Waits that a test can afford.
fn pace() -> Pace {
    let ms = Duration::from_millis;
    Pace { poll: ms(20), denied: ms(20), storm: ms(20), ..Pace::default() }
}

fn pod(name: &str, version: u32) -> String {
    format!(r#"{{"metadata":{{"name":"{name}","namespace":"n","resourceVersion":"{version}"}},"status":{{"phase":"Running"}}}}"#)
}

fn list(version: u32, next: &str, pods: &[String]) -> Reply {
    Reply::Json(200, format!(r#"{{"metadata":{{"resourceVersion":"{version}","continue":"{next}"}},"items":[{}]}}"#, pods.join(",")))
}

fn event(kind: &str, object: &str) -> String {
    format!(r#"{{"type":"{kind}","object":{object}}}"#)
}

struct Scene {
    server: Server,
    session: Session,
    shown: tokio::sync::watch::Receiver<Shown>,
    table: Table,
}

/// Opens a table of pods; the script sees lists and watches, each with its own count. Its versions only grow.
async fn scene(lists: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static, watches: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static) -> Scene {
    scene_at(lists, watches, 1_000).await
}

/// The same of a server that says it is at this version when a table asks whether it may go on.
async fn scene_at(
    lists: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static,
    watches: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static,
    version: u32,
) -> Scene {
    scene_paced(lists, watches, version, pace()).await
}

async fn scene_paced(
    lists: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static,
    watches: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static,
    version: u32,
    pace: Pace,
) -> Scene {
    let (seen_lists, seen_watches) = (std::sync::atomic::AtomicUsize::new(0), std::sync::atomic::AtomicUsize::new(0));
    let next = |count: &std::sync::atomic::AtomicUsize| count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
    let server = Server::plain(move |seen, _| match seen.uri.as_str() {
        uri if !uri.starts_with("/api/v1/pods") => healthy(seen),
        "/api/v1/pods?limit=1" => list(version, "more", &[]),
        _ if seen.is_watch() => watches(seen, next(&seen_watches)),
        _ => lists(seen, next(&seen_lists)),
    })
    .await;
    let limits = Limits { answer: Duration::from_secs(5), beat: Duration::from_secs(5) };
    let session = Session::open(target(&format!("http://{}", server.address)), Arc::new(bare_network()), Arc::new(Eager), limits);
    let (sink, shown) = screen();
    let table = Table::open(&session.access(), Rows { kind: Kind::Pods, namespace: "".to_owned() }, Arc::new(Eager), pace, sink);
    Scene { server, session, shown, table }
}

fn quiet(_: &Seen, _: usize) -> Reply {
    Reply::Lines(vec![], After::Stay)
}

#[tokio::test]
async fn pages_are_shown_as_they_come_and_the_first_is_small() {
    let pages = |seen: &Seen, _| match seen.uri.as_str() {
        "/api/v1/pods?limit=100" => list(0, "t/1", &[pod("a", 1)]),
        "/api/v1/pods?limit=2000&continue=t%2F1" => list(7, "", &[pod("b", 2)]),
        other => panic!("{other}"),
    };
    let mut scene = scene(pages, quiet).await;
    let shown = until(&mut scene.shown, |shown| shown.is_live()).await;
    assert_eq!(shown.names(), ["a", "b"]);
    assert_eq!(shown.statuses.first(), Some(&Status::Loading));
    let log = scene.server.until(|log| log.iter().any(Seen::is_watch)).await;
    assert!(
        log.iter()
            .any(|seen| seen.uri.contains("resourceVersion=7") && seen.uri.contains("timeoutSeconds=55") && seen.uri.contains("allowWatchBookmarks=true"))
    );
}

#[tokio::test]
async fn events_change_add_and_remove_rows() {
    let watches = |_: &Seen, n| {
        let lines = vec![event("ADDED", &pod("c", 8)), event("DELETED", &pod("a", 9)), event("ADDED", &pod("d", 10)), event("DELETED", &pod("d", 11))];
        Reply::Lines(if n == 0 { lines } else { vec![] }, After::Stay)
    };
    let mut scene = scene(|_, _| list(7, "", &[pod("a", 1), pod("b", 2)]), watches).await;
    until(&mut scene.shown, |shown| shown.names() == ["b", "c"]).await;
}

#[tokio::test]
async fn a_broken_watch_resumes_from_its_last_version_and_keeps_its_rows() {
    let watches = |_: &Seen, n| match n {
        0 => Reply::Lines(vec![event("ADDED", &pod("b", 8)), event("BOOKMARK", r#"{"metadata":{"resourceVersion":"12"}}"#)], After::Break),
        1 => Reply::Lines(vec![event("ADDED", &pod("c", 13))], After::Stay),
        _ => Reply::Silence,
    };
    let mut scene = scene(|_, _| list(7, "", &[pod("a", 1)]), watches).await;
    let shown = until(&mut scene.shown, |shown| shown.rows.len() == 3).await;
    assert!(shown.fewest >= Some(1));
    let log = scene.server.log();
    let watched: Vec<&Seen> = log.iter().filter(|seen| seen.is_watch()).collect();
    assert!(watched[0].uri.ends_with("resourceVersion=7") && watched[1].uri.ends_with("resourceVersion=12"), "{watched:#?}");
    assert_eq!(log.iter().filter(|seen| seen.uri.starts_with("/api/v1/pods?limit=100")).count(), 1);
}

async fn relists_with_rows_kept(lost: impl Fn() -> Reply + Send + Sync + 'static) {
    let lists = |_: &Seen, n| if n == 0 { list(7, "", &[pod("a", 1), pod("b", 2)]) } else { list(20, "", &[pod("b", 2), pod("c", 19)]) };
    let watches = move |_: &Seen, n| if n == 0 { lost() } else { Reply::Lines(vec![], After::Stay) };
    let mut scene = scene(lists, watches).await;
    let shown = until(&mut scene.shown, |shown| shown.names() == ["b", "c"]).await;
    assert_eq!(shown.fewest, Some(2));
    scene.server.until(|log| log.iter().any(|seen| seen.uri.ends_with("resourceVersion=20"))).await;
}

#[tokio::test]
async fn a_lost_version_as_an_event_relists_and_swaps() {
    relists_with_rows_kept(|| Reply::Lines(vec![event("ERROR", r#"{"code":410,"message":"too old resource version"}"#)], After::Stay)).await;
}

#[tokio::test]
async fn a_lost_version_as_a_status_relists_and_swaps() {
    relists_with_rows_kept(|| Reply::Json(410, r#"{"message":"gone"}"#.into())).await;
}

#[tokio::test]
async fn a_version_that_the_server_does_not_have_yet_relists_and_swaps() {
    let said = r#"{"code":504,"message":"Timeout: Too large resource version: 7, current: 3"}"#;
    relists_with_rows_kept(|| Reply::Json(504, said.into())).await;
    relists_with_rows_kept(|| Reply::Lines(vec![event("ERROR", said)], After::Stay)).await;
}

#[tokio::test]
async fn a_line_from_before_what_is_known_relists_and_swaps() {
    relists_with_rows_kept(|| Reply::Lines(vec![event("BOOKMARK", r#"{"metadata":{"resourceVersion":"3"}}"#)], After::Stay)).await;
    relists_with_rows_kept(|| Reply::Lines(vec![event("ADDED", &pod("old", 3))], After::Stay)).await;
}

#[tokio::test]
async fn a_server_restored_from_a_backup_is_listed_anew_although_it_is_the_same_cluster() {
    for after in [After::Break, After::End] {
        let lists = |_: &Seen, n| if n == 0 { list(70, "", &[pod("a", 1), pod("b", 60)]) } else { list(30, "", &[pod("a", 1), pod("gone-since", 2)]) };
        // As Kubernetes does: a watch from a version that it does not have yet is silent.
        let watches =
            move |seen: &Seen, _| if seen.uri.ends_with("resourceVersion=70") { Reply::Lines(vec![], after) } else { Reply::Lines(vec![], After::Stay) };
        let mut scene = scene_at(lists, watches, 30).await;
        let shown = until(&mut scene.shown, |shown| shown.names() == ["a", "gone-since"]).await;
        assert_eq!(shown.fewest, Some(2), "rows are swapped");
        scene.server.until(|log| log.iter().any(|seen| seen.is_watch() && seen.uri.ends_with("resourceVersion=30"))).await;
    }
}

#[tokio::test]
async fn a_line_that_is_no_event_relists_once() {
    relists_with_rows_kept(|| Reply::Lines(vec![r#"{"type":"ADDED","obj"#.into()], After::Stay)).await;
}

#[tokio::test]
async fn a_storm_of_lost_versions_is_said_and_never_empties_the_table() {
    let watches = |_: &Seen, n| if n < 4 { Reply::Json(410, "{}".into()) } else { Reply::Lines(vec![event("ADDED", &pod("b", 9))], After::Stay) };
    let mut scene = scene(|_, _| list(7, "", &[pod("a", 1)]), watches).await;
    let shown = until(&mut scene.shown, |shown| shown.rows.len() == 2 && shown.is_live()).await;
    assert_eq!(shown.fewest, Some(1));
    assert!(shown.statuses.iter().any(|status| matches!(status, Status::Stale { retry_at: Some(_), .. })));
}

#[tokio::test]
async fn an_object_that_cannot_be_read_is_a_row_beside_the_others() {
    let broken = r#"{"metadata":{"name":"b","namespace":"n","resourceVersion":"2"},"spec":{"containers":7}}"#.to_owned();
    let mut scene = scene(move |_, _| list(7, "", &[pod("a", 1), broken.clone(), pod("c", 3)]), quiet).await;
    let shown = until(&mut scene.shown, |shown| shown.is_live()).await;
    assert_eq!(shown.names(), ["a", "b", "c"]);
    assert!(shown.rows.values().any(|row| matches!(row, TableRow::Unreadable { .. })));
}

#[tokio::test]
async fn a_refused_list_says_so_and_comes_back_when_it_is_allowed() {
    let lists = |_: &Seen, n| if n == 0 { refused() } else { list(7, "", &[pod("a", 1)]) };
    let mut scene = scene(lists, quiet).await;
    let shown = until(&mut scene.shown, |shown| shown.rows.len() == 1 && shown.is_live()).await;
    assert!(shown.statuses.iter().any(|status| matches!(status, Status::Denied { why } if why.cause[0].text == "pods is forbidden")));
}

fn refused() -> Reply {
    Reply::Json(403, r#"{"message":"pods is forbidden"}"#.into())
}

fn was_denied(shown: &Shown) -> bool {
    shown.statuses.iter().any(|status| matches!(status, Status::Denied { .. }))
}

/// The requests that begin a list.
fn lists_of(log: &[Seen]) -> usize {
    log.iter().filter(|seen| seen.uri == "/api/v1/pods?limit=100").count()
}

/// Longer than any test: what is refused is not tried again by itself.
fn for_ever() -> Duration {
    Duration::from_secs(600)
}

#[tokio::test]
async fn a_kind_that_may_only_be_listed_is_polled() {
    let lists = |_: &Seen, n| list(7, "", &[pod(if n < 3 { "a" } else { "b" }, 1)]);
    let mut scene = scene_paced(lists, |_, _| refused(), 1_000, Pace { denied: for_ever(), ..pace() }).await;
    let shown = until(&mut scene.shown, |shown| shown.names() == ["b"]).await;
    assert!(!was_denied(&shown));
    assert_eq!(scene.server.log().iter().filter(|seen| seen.is_watch()).count(), 5, "it is not believed at once, and then it is");
}

#[tokio::test]
async fn a_watch_that_is_refused_once_goes_on() {
    let watches = |_: &Seen, n| if n == 0 { refused() } else { Reply::Lines(vec![event("ADDED", &pod("b", 8))], After::Stay) };
    let mut scene = scene(|_, _| list(7, "", &[pod("a", 1)]), watches).await;
    let shown = until(&mut scene.shown, |shown| shown.names() == ["a", "b"]).await;
    assert!(!was_denied(&shown));
    assert_eq!(lists_of(&scene.server.log()), 1, "nothing was listed anew");
}

#[tokio::test]
async fn a_watch_that_is_allowed_later_is_found_by_itself() {
    let watches = |_: &Seen, n| if n < 7 { refused() } else { Reply::Lines(vec![event("ADDED", &pod("b", 8))], After::Stay) };
    let mut scene = scene(|_, _| list(7, "", &[pod("a", 1)]), watches).await;
    until(&mut scene.shown, |shown| shown.names() == ["a", "b"]).await;
}

#[tokio::test]
async fn a_watch_that_is_allowed_later_is_found_by_who_asks() {
    let is_allowed = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let asked = is_allowed.clone();
    let watches = move |_: &Seen, _| {
        let allowed = asked.load(std::sync::atomic::Ordering::SeqCst);
        if allowed { Reply::Lines(vec![event("ADDED", &pod("b", 8))], After::Stay) } else { refused() }
    };
    let pace = Pace { poll: for_ever(), denied: for_ever(), ..pace() };
    let mut scene = scene_paced(|_, _| list(7, "", &[pod("a", 1)]), watches, 1_000, pace).await;
    scene.server.until(|log| log.iter().filter(|seen| seen.is_watch()).count() == 5).await;
    is_allowed.store(true, std::sync::atomic::Ordering::SeqCst);
    scene.table.look_again();
    until(&mut scene.shown, |shown| shown.names() == ["a", "b"]).await;
}

#[tokio::test]
async fn a_list_that_is_refused_once_after_it_was_allowed_is_not_called_refused() {
    let lists = |_: &Seen, n| match n {
        0 => list(7, "", &[pod("a", 1)]),
        1 => refused(),
        _ => list(20, "", &[pod("b", 19)]),
    };
    let watches = |_: &Seen, n| if n == 0 { Reply::Json(410, "{}".into()) } else { Reply::Lines(vec![], After::Stay) };
    let mut scene = scene(lists, watches).await;
    let shown = until(&mut scene.shown, |shown| shown.names() == ["b"] && shown.is_live()).await;
    assert!(!was_denied(&shown));
    assert_eq!(shown.fewest, Some(1));
}

#[tokio::test]
async fn a_list_that_stays_refused_after_it_was_allowed_is_called_so_and_keeps_its_rows() {
    let lists = |_: &Seen, n| if n == 0 { list(7, "", &[pod("a", 1)]) } else { refused() };
    let pace = Pace { denied: for_ever(), ..pace() };
    let mut scene = scene_paced(lists, |_, _| Reply::Json(410, "{}".into()), 1_000, pace).await;
    let shown = until(&mut scene.shown, was_denied).await;
    assert_eq!((shown.names(), lists_of(&scene.server.log())), (vec!["a"], 6));
}

#[tokio::test]
async fn a_page_that_is_too_large_is_asked_for_in_smaller_ones() {
    let pages = |seen: &Seen, _| match seen.uri.as_str() {
        "/api/v1/pods?limit=100" => list(0, "t/1", &[pod("a", 1)]),
        "/api/v1/pods?limit=500&continue=t%2F1" => list(7, "", &[pod("b", 2)]),
        _ => list(7, "", &(0..200).map(|n| pod(&format!("large-{n}"), 3)).collect::<Vec<_>>()),
    };
    let watches = |_: &Seen, n| if n == 0 { Reply::Json(410, "{}".into()) } else { Reply::Lines(vec![], After::Stay) };
    let mut scene = scene_paced(pages, watches, 1_000, Pace { page_bytes: 4_096, ..pace() }).await;
    scene.server.until(|log| log.iter().filter(|seen| seen.is_watch()).count() == 2).await;
    let shown = until(&mut scene.shown, |shown| shown.is_live()).await;
    assert_eq!(shown.names(), ["a", "b"]);
    let log = scene.server.log();
    let sizes: Vec<&str> = log.iter().filter_map(|seen| seen.uri.strip_prefix("/api/v1/pods?limit=")?.split('&').next()).collect();
    assert_eq!(sizes, ["100", "2000", "1000", "500", "100", "500"], "what fits is remembered");
}

#[tokio::test]
async fn a_page_that_stays_too_large_is_said() {
    let pace = Pace { page_bytes: 10, storm: for_ever(), ..pace() };
    let mut scene = scene_paced(|_, _| list(7, "", &[pod("a", 1)]), quiet, 1_000, pace).await;
    let said = |status: &Status| matches!(status, Status::Stale { why, .. } if why.cause[0].text.contains("one page is larger than"));
    until(&mut scene.shown, |shown| shown.statuses.iter().any(said)).await;
    let sizes: Vec<String> = scene.server.log().into_iter().map(|seen| seen.uri).filter(|uri| uri.starts_with("/api/v1/pods")).collect();
    assert_eq!(sizes, ["/api/v1/pods?limit=100", "/api/v1/pods?limit=50", "/api/v1/pods?limit=50"]);
}

#[tokio::test]
async fn a_list_without_an_end_is_not_followed_for_ever() {
    type Token = fn(usize) -> String;
    let tokens: [(Token, usize); 2] = [(|_| "x".to_owned(), 4), (|n| n.to_string(), 6)];
    // Each is listed a second time at once, and then it is said.
    for (token, requests) in tokens {
        let pace = Pace { pages: 3, storm: for_ever(), ..pace() };
        let mut scene = scene_paced(move |_, n| list(7, &token(n), &[pod("a", 1)]), quiet, 1_000, pace).await;
        let said = |status: &Status| matches!(status, Status::Stale { why, .. } if why.cause[0].text == "the list has no end");
        let shown = until(&mut scene.shown, |shown| shown.statuses.iter().any(said)).await;
        assert_eq!(shown.names(), ["a"]);
        assert_eq!(scene.server.log().iter().filter(|seen| seen.uri.starts_with("/api/v1/pods?limit=")).count(), requests);
    }
}

/// So little that a hundred rows are too many.
fn little() -> Pace {
    Pace { kept_bytes: 64 * 1024, ..pace() }
}

/// What is said of a table that holds too much; nothing is tried before somebody asks.
fn is_too_much(status: &Status) -> bool {
    matches!(status, Status::Stale { why, retry_at: None, .. } if why.sentence.contains("lab has more pods than KOS keeps") && !why.fixes.is_empty())
}

/// Pages without an end, each with other pods than all before.
fn endless(n: usize) -> Reply {
    list(7, &format!("t{n}"), &(0..20).map(|k| pod(&format!("page-{n}-{k}"), 3)).collect::<Vec<_>>())
}

#[tokio::test]
async fn pages_that_are_too_much_together_end_a_list_with_what_fits() {
    let mut scene = scene_paced(|_, n| endless(n), quiet, 1_000, little()).await;
    let shown = until(&mut scene.shown, |shown| shown.statuses.last().is_some_and(is_too_much)).await;
    assert!((20..150).contains(&shown.rows.len()), "{}", shown.rows.len());
    let pages = scene.server.log().iter().filter(|seen| seen.uri.starts_with("/api/v1/pods?limit=")).count();
    assert!(pages < 10, "{pages}");
}

#[tokio::test]
async fn a_later_list_that_is_too_much_leaves_the_rows_as_they_were() {
    let lists = |_: &Seen, n| if n == 0 { list(7, "", &[pod("a", 1), pod("b", 2)]) } else { endless(n) };
    let mut scene = scene_paced(lists, |_, _| Reply::Json(410, "{}".into()), 1_000, little()).await;
    let shown = until(&mut scene.shown, |shown| shown.statuses.last().is_some_and(is_too_much)).await;
    assert_eq!(shown.names(), ["a", "b"]);
}

#[tokio::test]
async fn rows_that_are_added_without_end_end_the_table_until_somebody_asks() {
    let watches = |_: &Seen, n| {
        let added = (0..2_000).map(|k| event("ADDED", &pod(&format!("flood-{k}"), 8 + k)));
        Reply::Lines(if n == 0 { added.collect() } else { vec![] }, After::Stay)
    };
    let mut scene = scene_paced(|_, _| list(7, "", &[pod("a", 1)]), watches, 1_000, little()).await;
    let shown = until(&mut scene.shown, |shown| shown.statuses.last().is_some_and(is_too_much)).await;
    assert!((1..150).contains(&shown.rows.len()), "{}", shown.rows.len());
    assert_eq!(lists_of(&scene.server.log()), 1, "it is not listed again by itself");
    scene.table.look_again();
    until(&mut scene.shown, |shown| shown.names() == ["a"] && shown.is_live()).await;
}

#[tokio::test]
async fn rows_that_change_without_end_are_not_counted_as_more() {
    let watches = |_: &Seen, _| {
        let mut lines: Vec<String> = (0..2_000).map(|k| event("MODIFIED", &pod("a", 8 + k))).collect();
        lines.extend((0..2_000).flat_map(|k| [event("ADDED", &pod(&format!("b{k}"), 3_000 + k)), event("DELETED", &pod(&format!("b{k}"), 3_000 + k))]));
        lines.push(event("ADDED", &pod("last", 9_000)));
        Reply::Lines(lines, After::Stay)
    };
    let mut scene = scene_paced(|_, _| list(7, "", &[pod("a", 1)]), watches, 1_000, little()).await;
    let shown = until(&mut scene.shown, |shown| shown.names() == ["a", "last"]).await;
    assert!(!shown.statuses.iter().any(is_too_much));
}

#[tokio::test]
async fn a_list_that_breaks_off_is_not_taken_for_its_end() {
    let lists = |seen: &Seen, n| match n {
        0 => list(7, "next", &[pod("a", 1)]),
        1 => Reply::Json(500, "{}".into()),
        _ if seen.uri.contains("continue") => list(9, "", &[pod("b", 2)]),
        _ => list(9, "next", &[pod("a", 1)]),
    };
    let mut scene = scene(lists, quiet).await;
    let shown = until(&mut scene.shown, |shown| shown.rows.len() == 2 && shown.is_live()).await;
    assert_eq!(shown.fewest, Some(1));
}

#[tokio::test]
async fn a_server_that_is_busy_is_asked_again_when_it_says() {
    let lists = |_: &Seen, n| if n == 0 { Reply::Json(429, r#"{"message":"slow down"}"#.into()) } else { list(7, "", &[pod("a", 1)]) };
    let mut scene = scene(lists, quiet).await;
    let shown = until(&mut scene.shown, |shown| shown.is_live()).await;
    assert!(shown.statuses.iter().any(|status| matches!(status, Status::Stale { why, .. } if why.cause[0].text == "slow down")));
}

/// As where a kubeconfig names another address now: the rows stay on their board, and what went meanwhile is told by nobody.
#[tokio::test]
async fn a_table_that_is_filled_from_another_connection_loses_what_went_meanwhile() {
    let of = |names: &'static [&'static str]| {
        Server::plain(move |seen, _| match seen.uri.as_str() {
            uri if !uri.starts_with("/api/v1/pods") => healthy(seen),
            _ if seen.is_watch() => Reply::Lines(vec![], After::Stay),
            _ => list(7, "", &names.iter().map(|name| pod(name, 1)).collect::<Vec<_>>()),
        })
    };
    let (sink, mut shown) = screen();
    for (names, fewest) in [(["a", "b"].as_slice(), 2), (["b", "c", "d"].as_slice(), 2)] {
        let server = of(names).await;
        let limits = Limits { answer: Duration::from_secs(5), beat: Duration::from_secs(5) };
        let session = Session::open(target(&format!("http://{}", server.address)), Arc::new(bare_network()), Arc::new(Eager), limits);
        let rows = Rows { kind: Kind::Pods, namespace: String::new() };
        let _table = Table::open(&session.access(), rows, Arc::new(Eager), pace(), sink.clone());
        let now = until(&mut shown, |shown| shown.names() == names).await;
        assert_eq!(now.fewest, Some(fewest), "rows are swapped");
    }
}

/// The sink goes with the task that owned it.
async fn ended(shown: &mut tokio::sync::watch::Receiver<Shown>) {
    let gone = tokio::time::timeout(crate::server::LIMIT, async { while shown.changed().await.is_ok() {} }).await;
    assert!(gone.is_ok());
}

#[tokio::test]
async fn a_dropped_table_ends_its_watch() {
    let mut scene = scene(|_, _| list(7, "", &[pod("a", 1)]), quiet).await;
    until(&mut scene.shown, |shown| shown.is_live()).await;
    drop(scene.table);
    ended(&mut scene.shown).await;
    drop(scene.session);
}

#[tokio::test]
async fn a_table_whose_session_was_dropped_is_closed_and_ends() {
    let mut scene = scene(|_, _| list(7, "", &[pod("a", 1)]), quiet).await;
    until(&mut scene.shown, |shown| shown.is_live()).await;
    let view = scene.session.view();
    drop(scene.session);
    ended(&mut scene.shown).await;
    assert_eq!(scene.shown.borrow().statuses.last(), Some(&Status::Closed));
    assert_eq!(view.borrow().link, Link::Unopened, "other readers do not take it for live either");
    drop(scene.table);
}
