use std::path::Path;
use std::sync::Arc;

use api::contexts::{Asked, Link};
use api::tables::Kind;
use api::{ContextId, Row, Status};
use sim::server::access::Denial;

use crate::board::Board;
use crate::demo_fleet::{self, MANAGER, PATIENCE};
use crate::objects::Live;
use crate::realm::Realm;

/// A context of a file that the user added.
const NAME: &str = "pi-rack";

/// Waits until a board is filled from a connection.
async fn live<R: Row>(board: &Board<R>) {
    says(board, |status| *status == Status::Live).await;
}

/// Waits until a board says this of itself.
async fn says<R: Row>(board: &Board<R>, wanted: impl Fn(&Status) -> bool) {
    let mut news = board.news();
    let said = async {
        while !wanted(&board.measure().1) {
            news.changed().await.expect("the board stands");
        }
    };
    tokio::time::timeout(PATIENCE, said).await.expect("it is said in time");
}

/// The table of the nodes, looked at for as long as this value lives.
fn nodes(realm: &Realm, context: &ContextId) -> Live {
    let _looked = realm.sessions.table(context, Kind::Nodes, "").expect("a table of an open context can be opened");
    realm.sessions.live().tables.into_iter().find(|live| live.context == *context && live.kind == Kind::Nodes).expect("it is looked at")
}

/// Changes the file of a context, and reads it.
fn edit(realm: &Realm, name: &str, from: &str, to: &str) {
    let file = demo_fleet::row(realm, name).file.0;
    let text = std::fs::read_to_string(&file).expect("the file is there");
    let other = text.replace(from, to);
    assert_ne!(text, other);
    crate::keep::write(Path::new(&file), other.as_bytes()).expect("the file can be written");
    realm.fleet.read_again();
}

fn connects_otherwise(realm: &Realm) {
    edit(realm, NAME, "    insecure-skip-tls-verify: true\n", "    insecure-skip-tls-verify: true\n    disable-compression: true\n");
}

/// Where the entry stands that names the program of a context.
async fn line_of_program(realm: &Realm, context: &ContextId) -> u32 {
    let asked = realm.sessions.ask_trust(context).await.expect("it is described");
    let Asked::Program(question) = asked else { panic!("it runs a program") };
    question.line
}

#[tokio::test]
async fn a_line_above_the_entry_of_a_program_interrupts_nothing() {
    let (_home, realm) = demo_fleet::opened().await;
    // It signs in with a program.
    let name = "staging-eu";
    let context = demo_fleet::row(&realm, name).id;
    let began = realm.sessions.access(&context).expect("the demo has it open").view();
    let line = line_of_program(&realm, &context).await;
    edit(&realm, name, "users:\n", "# Those who may.\nusers:\n");
    realm.sessions.follow_files().await;
    assert!(began.same_channel(&realm.sessions.access(&context).expect("it is open").view()), "it is the same connection");
    assert_eq!(line_of_program(&realm, &context).await, line + 1, "a question names the line as it is now");
    realm.close().await;
}

#[tokio::test]
async fn a_context_that_is_closed_while_it_is_connected_anew_stays_closed() {
    let (_home, realm) = demo_fleet::opened().await;
    let context = demo_fleet::live(&realm, NAME).await;
    connects_otherwise(&realm);
    let mut follow = Box::pin(realm.sessions.follow_files());
    assert!(futures::poll!(&mut follow).is_pending(), "the connection before is on its way out");
    realm.sessions.close(&context).await;
    follow.await;
    assert!(realm.sessions.access(&context).is_err(), "nobody dials behind the user's back");
    assert_eq!(demo_fleet::row(&realm, NAME).link, Link::Unopened);
    realm.close().await;
}

#[tokio::test]
async fn a_context_stays_open_when_the_look_at_its_file_is_ended() {
    let (_home, realm) = demo_fleet::opened().await;
    let context = demo_fleet::live(&realm, NAME).await;
    connects_otherwise(&realm);
    let mut follow = Box::pin(realm.sessions.follow_files());
    assert!(futures::poll!(&mut follow).is_pending(), "the connection before is on its way out");
    drop(follow);
    assert!(realm.sessions.access(&context).is_ok());
    live(&nodes(&realm, &context).board).await;
    realm.close().await;
}

#[tokio::test]
async fn a_table_of_a_closed_context_goes_on_when_that_is_opened_again() {
    let (_home, realm) = demo_fleet::opened().await;
    let context = demo_fleet::live(&realm, NAME).await;
    let table = nodes(&realm, &context);
    live(&table.board).await;
    let rows = table.board.measure().0;

    realm.sessions.close(&context).await;
    assert_eq!(table.board.measure(), (rows, Status::Closed), "what was seen stays");
    realm.sessions.open(&context).await.expect("a closed context can be opened");
    assert_eq!(table.board.measure().1, Status::Loading, "it is not said to be closed any more");
    live(&table.board).await;
    assert_eq!(table.board.measure().0, rows);
    assert!(Arc::ptr_eq(&table.board, &nodes(&realm, &context).board), "who comes later shares it");
    realm.close().await;
}

#[tokio::test]
async fn the_clusters_and_providers_of_a_closed_context_go_on_when_that_is_opened_again() {
    let (_home, realm) = demo_fleet::opened().await;
    let context = demo_fleet::live(&realm, MANAGER).await;
    let managed = realm.sessions.managed(&context, realm.local.board()).expect("it is open");
    let providers = realm.sessions.providers(&context).expect("it is open");
    let (clusters, watched, board) = (managed.clusters(), managed.watched(), providers.board());
    live(&clusters).await;
    live(&board).await;

    realm.sessions.close(&context).await;
    assert_eq!([clusters.measure().1, watched.measure().1, board.measure().1], [Status::Closed, Status::Closed, Status::Closed]);
    realm.sessions.open(&context).await.expect("a closed context can be opened");
    assert_ne!(clusters.measure().1, Status::Closed, "it is waited for, and not called empty");
    live(&clusters).await;
    live(&watched).await;
    live(&board).await;
    let again = realm.sessions.managed(&context, realm.local.board()).expect("it is open");
    assert!(Arc::ptr_eq(&managed, &again), "who comes later shares them");
    realm.close().await;
}

#[tokio::test]
async fn providers_that_were_refused_are_read_when_somebody_asks_again() {
    let (_home, realm) = demo_fleet::opened().await;
    let management = realm.simulated().cluster("kos-mgmt").expect("the demo has it");
    management.behave(|manners| manners.access.denied.push(Denial { plural: "deployments".to_owned(), ..Denial::default() }));
    let context = demo_fleet::live(&realm, MANAGER).await;
    let providers = realm.sessions.providers(&context).expect("it is open");
    let board = providers.board();
    says(&board, |status| matches!(status, Status::Denied { .. })).await;

    management.behave(|manners| manners.access.denied.clear());
    realm.sessions.try_now(&context).expect("it is open");
    live(&board).await;
    realm.close().await;
}
