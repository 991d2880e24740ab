//! What did the user choose?

use api::call::Effect;
use api::settings::{SaveChoices, SetReleaseToken, Writes};
use api::{Done, Fault, FaultCode, Fix};

use crate::realm::Realm;

/// Refuses what would change something outside of KOS while the user wants no writes.
pub(super) fn allowed(realm: &Realm, effect: Effect) -> Result<(), Fault> {
    match (effect, realm.settings.choices().writes) {
        (Effect::Changes, Writes::Refused) => Err(Fault::new(FaultCode::Invalid, "KOS is in read-only mode and changes nothing.")
            .unharmed("Nothing was changed or started.")
            .fix(Fix::OpenSettings)),
        (Effect::Changes, Writes::Allowed) | (Effect::Nothing, Writes::Allowed | Writes::Refused) => Ok(()),
    }
}

pub(super) async fn save(realm: &Realm, call: &SaveChoices) -> Result<Done, Fault> {
    let saved = realm.settings.save(&call.chosen);
    // They hold for this session even when they could not be written.
    realm.take_choices();
    saved.map(|()| Done)
}

pub(super) async fn set_release_token(realm: &Realm, call: &SetReleaseToken) -> Result<Done, Fault> {
    realm.token.set(call).await.map(|()| Done)
}
