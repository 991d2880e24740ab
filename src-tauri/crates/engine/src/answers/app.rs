//! What is this program, and where did it look?

use api::app::About;
use api::{Done, Fault};

use crate::realm::Realm;

pub(super) fn about(realm: &Realm) -> Result<About, Fault> {
    Ok(About {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        mode: realm.stage.mode(),
        looked_at: realm.fleet.looked_at(),
        state_folder: realm.home.state.display().to_string(),
        log_folder: realm.home.state.join("logs").display().to_string(),
        licence: "Apache-2.0".to_owned(),
    })
}

pub(super) async fn look_around(realm: &Realm) -> Result<Done, Fault> {
    realm.local.look().await;
    realm.doctor.look(&Default::default()).await;
    Ok(Done)
}
