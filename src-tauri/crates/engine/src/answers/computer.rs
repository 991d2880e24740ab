//! What does the user want to know of this machine?

use api::computer::{Recheck, ReportText};
use api::{Done, Fault};

use crate::doctor;
use crate::realm::Realm;

pub(super) async fn check_all(realm: &Realm) -> Result<Done, Fault> {
    realm.doctor.look(&Default::default()).await;
    Ok(Done)
}

pub(super) async fn recheck(realm: &Realm, call: &Recheck) -> Result<Done, Fault> {
    realm.doctor.recheck(call.check).await;
    Ok(Done)
}

pub(super) fn report(realm: &Realm) -> Result<ReportText, Fault> {
    doctor::report(&realm.doctor.checks().rows()).map(|text| ReportText { text })
}
