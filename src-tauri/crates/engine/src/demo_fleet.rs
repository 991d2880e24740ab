//! How does a test stand in the demo fleet?

use std::sync::Arc;
use std::time::Duration;

use api::ContextId;
use api::changes::ClusterAt;
use api::contexts::{ContextRow, Link};

use crate::home::Home;
use crate::realm::Realm;
use crate::settings::Settings;
use crate::stage::{Demo, Stage};

/// A limit that no healthy run meets.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// The context of the demo's management cluster.
pub(crate) const MANAGER: &str = "kind-kos-mgmt";

/// The demo fleet, and the home folder that it stands in until that is dropped.
pub(crate) async fn opened() -> (tempfile::TempDir, Arc<Realm>) {
    standing(Stage::Demo(Demo::default())).await
}

/// The same at a pace of this many seconds a second, as `--pace=60`.
pub(crate) async fn hurried(pace: &str) -> (tempfile::TempDir, Arc<Realm>) {
    standing(Stage::Demo(Demo::default()).told(pace).unwrap().unwrap()).await
}

async fn standing(stage: Stage) -> (tempfile::TempDir, Arc<Realm>) {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::below(folder.path());
    let realm = Realm::open(&home, &Arc::new(Settings::open(&home.config)), stage).await.unwrap();
    (folder, realm)
}

pub(crate) fn row(realm: &Realm, context: &str) -> ContextRow {
    realm.fleet.contexts().rows().into_iter().find(|row| row.name == context).unwrap()
}

/// Waits until the fleet says so.
pub(crate) async fn until(realm: &Realm, done: impl Fn() -> bool) {
    let mut news = realm.fleet.contexts().news();
    let waiting = async {
        while !done() {
            news.changed().await.unwrap();
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.expect("the fleet says so in time");
}

/// Opens a context and waits until its server answers.
pub(crate) async fn live(realm: &Realm, context: &str) -> ContextId {
    let id = row(realm, context).id;
    realm.sessions.open(&id).await.unwrap();
    until(realm, || matches!(row(realm, context).link, Link::Live { .. })).await;
    id
}

/// A cluster of the demo's management cluster.
pub(crate) fn at(realm: &Realm, name: &str) -> ClusterAt {
    ClusterAt { context: row(realm, MANAGER).id, namespace: "default".into(), name: name.into() }
}
