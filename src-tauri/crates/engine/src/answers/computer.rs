//! What does the user want to know of this machine?

use api::computer::{Recheck, ReportText, RunRemedy};
use api::{Done, Fault, FaultCode, JobId};

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

pub(super) async fn run_remedy(realm: &Realm, call: &RunRemedy) -> Result<JobId, Fault> {
    let offered = realm.doctor.checks().rows().iter().any(|row| row.fixes.iter().any(|fix| fix.remedy == Some(call.remedy)));
    if !offered {
        return Err(Fault::new(FaultCode::Changed, "No check offers this now. Check again to see how the machine is.").unharmed("Nothing was started."));
    }
    realm.local.remedy(call.remedy).await
}

pub(super) fn report(realm: &Realm) -> Result<ReportText, Fault> {
    doctor::report(&realm.doctor.checks().rows()).map(|text| ReportText { text })
}
