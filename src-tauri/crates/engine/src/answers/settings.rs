//! What did the user choose?

use api::settings::SaveChoices;
use api::{Done, Fault};

use crate::realm::Realm;

pub(super) async fn save(realm: &Realm, call: &SaveChoices) -> Result<Done, Fault> {
    let saved = realm.settings.save(call.choices.clone());
    // They hold for this session even when they could not be written.
    realm.take_choices();
    saved.map(|()| Done)
}
