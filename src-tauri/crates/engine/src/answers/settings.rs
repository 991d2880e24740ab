//! What did the user choose?

use api::settings::{SaveChoices, SetReleaseToken};
use api::{Done, Fault};

use crate::realm::Realm;

pub(super) async fn save(realm: &Realm, call: &SaveChoices) -> Result<Done, Fault> {
    let saved = realm.settings.save(call.choices.clone());
    // They hold for this session even when they could not be written.
    realm.take_choices();
    saved.map(|()| Done)
}

pub(super) async fn set_release_token(realm: &Realm, call: &SetReleaseToken) -> Result<Done, Fault> {
    realm.token.set(call).await.map(|()| Done)
}
