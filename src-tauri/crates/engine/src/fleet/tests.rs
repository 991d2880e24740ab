use std::path::PathBuf;
use std::sync::Arc;

use api::contexts::{CloseContext, Link, OpenContext, TryNow};
use api::files::FileState;
use api::tables::Kind;
use api::{FaultCode, Request, Timestamp};

use crate::answers::answer;
use crate::demo_fleet::{self, MANAGER, PATIENCE};
use crate::realm::Realm;

/// A context of a file that the user added.
const NAME: &str = "pi-rack";

fn dropped(realm: &Realm) -> bool {
    demo_fleet::row(realm, NAME).problems.iter().any(|problem| problem.rule == "KC33" && problem.sentence.contains("No kubeconfig file names"))
}

/// Since when it answers; a connection that was made anew says another moment.
fn since(realm: &Realm) -> Option<Timestamp> {
    match demo_fleet::row(realm, NAME).link {
        Link::Live { since, .. } => Some(since),
        Link::Unopened | Link::Opening { .. } | Link::Stale { .. } | Link::Unreachable { .. } | Link::NeedsYou { .. } => None,
    }
}

/// Waits until a table that was opened just now has rows.
async fn reads_nodes(realm: &Arc<Realm>) {
    let context = demo_fleet::row(realm, NAME).id;
    let _looked = realm.sessions.table(&context, Kind::Nodes, "").expect("a table of an open context can be opened");
    let table = realm.sessions.live().tables.into_iter().find(|live| live.context == context && live.kind == Kind::Nodes).expect("it is looked at").board;
    let mut news = table.news();
    let filled = async {
        while table.measure().0 == 0 {
            news.changed().await.expect("the board stands");
        }
    };
    tokio::time::timeout(PATIENCE, filled).await.expect("its nodes come in time");
}

#[tokio::test]
async fn an_open_context_that_its_file_dropped_goes_on_until_it_is_closed() {
    let (_home, realm) = demo_fleet::opened().await;
    let context = demo_fleet::live(&realm, NAME).await;
    let began = since(&realm);
    let file = PathBuf::from(demo_fleet::row(&realm, NAME).file.0);
    let text = std::fs::read_to_string(&file).expect("the file is there");

    crate::keep::write(&file, text.replace(NAME, "another").as_bytes()).expect("the file can be written");
    demo_fleet::until(&realm, || dropped(&realm)).await;
    reads_nodes(&realm).await;
    let told = |realm: &Realm| realm.fleet.files().rows().into_iter().find(|row| row.id.as_str() == file.to_string_lossy()).expect("its file is listed");
    assert!(told(&realm).problems.iter().any(|problem| problem.sentence.contains("pi-rack is open although")), "{:?}", told(&realm));

    crate::keep::write(&file, text.as_bytes()).expect("the file can be written");
    demo_fleet::until(&realm, || !dropped(&realm)).await;
    assert_eq!(since(&realm), began, "nothing was interrupted");
    assert!(told(&realm).problems.iter().all(|problem| problem.rule != "KC33"));

    std::fs::remove_file(&file).expect("the file can be removed");
    demo_fleet::until(&realm, || dropped(&realm)).await;
    assert_eq!((since(&realm), told(&realm).state), (began, FileState::Missing));
    answer(&realm, Request::TryNow(TryNow { context: context.clone() })).await.expect("it is open");
    reads_nodes(&realm).await;
    answer(&realm, Request::CloseContext(CloseContext { context: context.clone() })).await.expect("it can be closed");
    assert!(realm.fleet.contexts().rows().iter().all(|row| row.id != context), "once closed its row goes");
    let fault = answer(&realm, Request::OpenContext(OpenContext { context })).await.expect_err("there is no entry to open it by");
    assert_eq!(fault.code, FaultCode::NotFound, "{fault}");
    assert!(fault.sentence.contains("No kubeconfig file names this context"), "{fault}");
    realm.close().await;
}

#[tokio::test]
async fn a_context_of_a_file_that_kos_made_is_closed_when_the_file_goes() {
    let (_home, realm) = demo_fleet::opened().await;
    let context = demo_fleet::live(&realm, MANAGER).await;
    std::fs::remove_file(demo_fleet::row(&realm, MANAGER).file.as_str()).expect("the file can be removed");
    demo_fleet::until(&realm, || realm.fleet.contexts().rows().iter().all(|row| row.id != context)).await;
    let fault = realm.sessions.access(&context).map(drop).expect_err("it is closed");
    assert_eq!(fault.code, FaultCode::NotFound, "{fault}");
    realm.close().await;
}

#[tokio::test]
async fn what_is_written_after_a_file_was_read_and_before_it_is_watched_is_seen() {
    let (home, realm) = demo_fleet::opened().await;
    let file = home.path().join("added");
    let write = |context: &str| {
        let text = format!("contexts:\n- name: {context}\n  context: {{cluster: c, user: u}}\n");
        std::fs::write(&file, text).expect("the file can be written");
    };
    let lists = |context: &str| realm.fleet.contexts().rows().iter().any(|row| row.name == context);
    write("first");
    realm.fleet.change_list(|list| list.files.push(file.clone())).expect("the list can be kept");
    assert!(lists("first"));
    write("second");
    realm.watch_files();
    demo_fleet::until(&realm, || lists("second")).await;
    realm.close().await;
}
